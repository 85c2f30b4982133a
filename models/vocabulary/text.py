"""A text in the two languages people read here."""

import re
import unicodedata
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in Japanese and in English."""

    ja: str
    en: str

    def in_(self, locale: str) -> str:
        """The words for a locale: English for "en", Japanese for anything else."""
        return self.en if locale == "en" else self.ja


def vocabulary_key(text: str) -> str:
    """The form in which two spellings of a term are the same: width, case and spacing aside."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"\s+", " ", folded).strip()


def two_digit_key(text: str) -> str:
    """As `vocabulary_key`, with the zero back that a spreadsheet dropped: "9" is "09"."""
    key = vocabulary_key(text)
    return "0" + key if re.fullmatch(r"[0-9]", key) else key
