"""The vocabularies, for clients that offer their words to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.terms import Term
from models.vocabulary.industries import INDUSTRIES
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS


@strawberry.type(description="The words that openings, candidates and members are described by.")
class Vocabularies:
    """Each in its own order. They change with a release of Tasuki only."""

    job_categories: list[Term] = strawberry.field(description="Job categories.")
    prefectures: list[Term] = strawberry.field(description="Prefectures, by JIS X 0401.")
    skills: list[Term] = strawberry.field(description="Skills.")
    industries: list[Term] = strawberry.field(
        description="Divisions and major groups of the Japan Standard Industrial Classification."
    )


def _terms(words: Iterable[Any]) -> list[Term]:
    found = (Term.of(word.code, word.name) for word in words)
    return [term for term in found if term]


@strawberry.type
class VocabularyQuery:
    """The root field of the vocabularies."""

    @relation(description="The words that things are described by.")
    @staticmethod
    async def vocabularies(
        parents: list[Any],
        ctx: Context,
    ) -> list[Vocabularies]:
        """The same for everyone who has signed in."""
        ctx.signed_in()
        found = Vocabularies(
            job_categories=_terms(JOB_CATEGORIES.values()),
            prefectures=_terms(PREFECTURES.values()),
            skills=_terms(SKILLS.values()),
            industries=_terms(INDUSTRIES.values()),
        )
        return [found] * len(parents)
