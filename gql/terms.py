"""Words of the vocabularies."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry

from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS
from models.vocabulary.text import Text


@strawberry.type(description="A word of a vocabulary: its code and its names.")
class Term:
    """An industry, a prefecture, a job category or a skill."""

    code: str = strawberry.field(description="The stable code.")
    name: str = strawberry.field(description="The name in Japanese.")
    name_en: str = strawberry.field(description="The name in English.")

    @classmethod
    def of(cls, code: str | None, name: Text | None) -> Term | None:
        """The term of a code; none where the code is unknown."""
        return cls(code=code, name=name.ja, name_en=name.en) if code and name else None


def job_category(code: str | None) -> Term | None:
    """The term of a job category."""
    found = JOB_CATEGORIES.get(code or "")
    return Term.of(code, found and found.name)


def prefecture(code: str | None) -> Term | None:
    """The term of a prefecture."""
    found = PREFECTURES.get(code or "")
    return Term.of(code, found and found.name)


def prefectures(codes: Iterable[str] | None) -> list[Term] | None:
    """The terms of prefectures; none where nothing is told."""
    return None if codes is None else [term for code in codes if (term := prefecture(code))]


def skills(codes: Iterable[str] | None) -> list[Term] | None:
    """The terms of skills; none where nothing is told."""
    if codes is None:
        return None
    found = (Term.of(code, SKILLS[code].name) for code in codes if code in SKILLS)
    return [term for term in found if term]
