"""The light HTML page that every mail is, beside its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

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

# The page sets no colours but the button's: each mail client has its own for light and dark.
_BUTTON_STYLE = (
    "display:inline-block;padding:12px 24px;border:1px solid #7aa7f0;border-radius:6px;"
    "background-color:#0b57d0;color:#ffffff;font-weight:bold;text-decoration:none"
)


def mail_page(locale: str, title: str, content: Iterable[str], footer: str) -> str:
    """The page. ``content`` and ``footer`` are HTML already, the title is not."""
    return _PAGE.format(
        lang="en" if locale == "en" else "ja",
        title=escape(title),
        content="\n".join(content),
        footer=footer,
    )


def paragraphs(text: str) -> list[str]:
    """Blank lines part paragraphs, other line ends are kept."""
    parts = (part.strip() for part in re.split(r"\n[ \t]*\n", text))
    return [
        f'<p style="margin:0 0 1em">{escape(part).replace(chr(10), "<br>")}</p>'
        for part in parts
        if part
    ]


def button(link: str, words: str) -> str:
    """A button with these words, and below it where it leads."""
    return (
        f'<p style="margin:1.5em 0"><a href="{escape(link)}" style="{_BUTTON_STYLE}">'
        f"{escape(words)}</a><br>{bare_link(link)}</p>"
    )


def bare_link(url: str) -> str:
    """The URL itself, to read and to copy, in the colour of the text around it."""
    shown = escape(url)
    return f'<a href="{shown}" style="color:inherit;word-break:break-all">{shown}</a>'
