"""The frame of every mail that Tasuki writes: plain text, and a light HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import chain
from zoneinfo import ZoneInfo

from models.rules.mail_html import button, mail_page, paragraphs
from models.rules.mail_template import RenderedMail
from models.vocabulary.text import Text

GREETING = Text("{name} 様", "Dear {name},")
_FOOTER = Text(
    "このメールは、企業と人材紹介会社が協力して採用を進める仕組み「Tasuki」からお送りしています。",
    "Sent by Tasuki, a platform on which companies and agencies hire together.",
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
    link = f"{letter.button}:\n{letter.url}"
    text = "\n\n".join([*letter.before, link, *letter.after, f"----------\n{footer}"]) + "\n"
    content = [
        *chain.from_iterable(map(paragraphs, letter.before)),
        button(letter.url, letter.button),
        *chain.from_iterable(map(paragraphs, letter.after)),
    ]
    html = mail_page(letter.locale, letter.subject, content, escape(footer))
    return RenderedMail(letter.subject, text, html)


def local(instant: datetime, time_zone: str, locale: str) -> str:
    """An instant as the reader's consortium writes it."""
    there = instant.astimezone(ZoneInfo(time_zone))
    written = f"{there:%Y-%m-%d %H:%M}"
    return written if locale != "en" else f"{written} ({time_zone})"
