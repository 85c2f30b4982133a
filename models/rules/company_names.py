"""Comparing the names of companies as people write them."""

from __future__ import annotations

import re
import unicodedata

_LEGAL_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)"
    r"|\b(?:co\.?,?\s*ltd|corporation|corp|incorporated|inc|limited|ltd|k\.?k|g\.?k)\b\.?"
)
_NOT_LETTERS = re.compile(r"[\W_]+")


def company_name_key(name: str) -> str:
    """The part of a name that tells companies apart: no legal form, spaces or punctuation.

    >>> company_name_key("株式会社　サンプル") == company_name_key("サンプル(株)")
    True
    >>> company_name_key("Sample Co., Ltd.")
    'sample'
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _NOT_LETTERS.sub("", _LEGAL_FORMS.sub("", folded))
