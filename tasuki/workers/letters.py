"""The frame of every mail that Tasuki writes: plain text, and a light HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from models.rules.mail_template import RenderedMail
from models.vocabulary.text import Text

GREETING = Text("{name} 様", "Dear {name},")
_FOOTER = Text(
    "このメールは、企業と人材紹介会社が協力して採用を進める仕組み「Tasuki」からお送りしています。",
    "Sent by Tasuki, a platform on which companies and agencies hire together.",
)
_PAGE = """\
<!DOCTYPE html>
<html lang="{lang}" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.7">
<div style="max-width:36em;margin:0 auto">
{content}
<hr style="border:0;border-top:1px solid #888888;margin:32px 0 16px">
<p style="font-size:13px;margin:0">{footer}</p>
</div>
</body>
</html>
"""
_BUTTON_STYLE = (
    "display:inline-block;padding:12px 24px;border:1px solid #7aa7f0;border-radius:6px;"
    "background-color:#0b57d0;color:#ffffff;font-weight:bold;text-decoration:none"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail's words in one language: paragraphs, a button, paragraphs."""

    locale: str
    subject: str
    before: Sequence[str]
    button: str
    url: str
    after: Sequence[str]


def rendered(letter: Letter) -> RenderedMail:
    """The mail in both forms."""
    footer = _FOOTER.in_(letter.locale)
    button = f"{letter.button}:\n{letter.url}"
    text = "\n\n".join([*letter.before, button, *letter.after, f"----------\n{footer}"]) + "\n"
    url = escape(letter.url)
    link = (
        f'<p style="margin:1.5em 0"><a href="{url}" style="{_BUTTON_STYLE}">'
        f"{escape(letter.button)}</a><br>"
        f'<a href="{url}" style="color:inherit;word-break:break-all">{url}</a></p>'
    )
    content = [*map(_paragraph, letter.before), link, *map(_paragraph, letter.after)]
    html = _PAGE.format(
        lang="en" if letter.locale == "en" else "ja",
        title=escape(letter.subject),
        content="\n".join(content),
        footer=escape(footer),
    )
    return RenderedMail(letter.subject, text, html)


def _paragraph(text: str) -> str:
    return f'<p style="margin:0 0 1em">{escape(text)}</p>'


def local(instant: datetime, time_zone: str, locale: str) -> str:
    """An instant as the reader's consortium writes it."""
    there = instant.astimezone(ZoneInfo(time_zone))
    written = f"{there:%Y-%m-%d %H:%M}"
    return written if locale != "en" else f"{written} ({time_zone})"
