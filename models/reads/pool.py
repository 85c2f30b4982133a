"""The shared pool, as one company sees it: whom partners turned down and who agreed to be seen.

It is ordered by the day of listing alone, then by an opaque id. What a filter asks of a field holds
only where that field is shown: by a hidden one nobody is found.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.rules.lifecycles import TermsStatus
from models.rules.sharing import CandidateField
from models.session import ReadSession
from models.tables.candidates import Candidate, Disclosure
from models.tables.partnerships import Terms
from models.visibility import names, visible_listings

KEYS = (Disclosure.opened_on, Disclosure.candidate_id)


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """Criteria that a company states: any of them, each None where nothing is asked."""

    category: object | None = None
    prefecture: object | None = None
    experience_years: object | None = None
    skills: Sequence[str] | None = None
    """All of these."""
    listed_on: object | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One candidate in the pool: who shows them, in which partnership, since which day."""

    id: uuid.UUID
    """By what the company that sees it knows it: not the candidate's."""
    candidate_id: uuid.UUID
    provider_id: uuid.UUID
    partnership_id: uuid.UUID
    listed_on: date


COLUMNS: tuple[Any, ...] = (
    Disclosure.candidate_id,
    Disclosure.provider_id,
    Disclosure.partnership_id,
    Disclosure.opened_on,
)


def _conditions(read: ReadSession, actor: Actor, where: PoolFilter) -> list[ColumnElement[bool]]:
    return [
        visible_listings(actor, read.now),
        *matches(Disclosure.opened_on, where.listed_on, "listedOn"),
        *_by(CandidateField.CATEGORY, matches(Candidate.category, where.category, "category")),
        *_by(
            CandidateField.PREFECTURE,
            matches(Candidate.prefecture, where.prefecture, "prefecture"),
        ),
        *_by(
            CandidateField.EXPERIENCE,
            matches(Candidate.experience_years, where.experience_years, "experienceYears"),
        ),
        *_by(CandidateField.SKILLS, [names(Candidate.skills, one) for one in where.skills or ()]),
    ]


def _by(field: CandidateField, asked: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """What is asked of a candidate's field, where the listing and the terms in force show it."""
    if not asked:
        return []
    shown_now = exists(
        select(Terms.id).where(
            Terms.partnership_id == Disclosure.partnership_id,
            Terms.status == TermsStatus.IN_FORCE,
            names(Terms.fields, field.value),
        )
    )
    fits = exists(select(Candidate.id).where(Candidate.id == Disclosure.candidate_id, *asked))
    return [and_(names(Disclosure.fields, field.value), shown_now, fits)]


async def pool_page(
    read: ReadSession, actor: Actor, where: PoolFilter, asked: PageAsked
) -> Sequence[Listing]:
    """One page of the pool that the actor's company sees, the last listed first."""
    statement = select(*COLUMNS).where(*_conditions(read, actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=True)
    return [_listing(read, actor, row) for row in rows]


async def count_pool(read: ReadSession, actor: Actor, where: PoolFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Disclosure).where(*_conditions(read, actor, where))
    return (await read.scalar(statement)) or 0


async def listings_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Listing]:
    """Those of the listings that are in the pool that the actor's company sees."""
    if actor.organization_id is None:
        return {}
    candidate_ids = [read.vault.listed_candidate(actor.organization_id, one) for one in ids]
    rows = await read.execute(
        select(*COLUMNS).where(
            visible_listings(actor, read.now), Disclosure.candidate_id.in_(candidate_ids)
        )
    )
    found = [_listing(read, actor, row) for row in rows]
    return {one.id: one for one in found}


def _listing(read: ReadSession, actor: Actor, row: Row[Any]) -> Listing:
    assert actor.organization_id is not None
    return Listing(
        read.vault.listing_id(actor.organization_id, row.candidate_id),
        row.candidate_id,
        row.provider_id,
        row.partnership_id,
        row.opened_on,
    )
