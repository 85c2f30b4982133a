"""Which openings fit a candidate, and which of an agency's candidates fit an opening.

For agencies with a valid licence and for the candidate themselves; never for companies. An agency
matches by what it sees of each candidate (`reads.candidates`) and by nothing else: candidates are
never chosen by a column in SQL, since that would tell of fields that are hidden.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select

from models.access import Actor, Permission, require
from models.reads.candidates import (
    DescribedCandidate,
    ShownCandidate,
    described,
    shown,
)
from models.reads.licences import licensed_today
from models.reads.openings import openings_by_id
from models.rules.lifecycles import CaseStatus, MembershipStatus, OpeningStatus
from models.rules.matching import (
    Match,
    Person,
    Position,
    Standing,
    best_people,
    best_positions,
    standing,
)
from models.session import ReadSession
from models.tables.candidates import Exclusion
from models.tables.consortium import Membership
from models.tables.openings import Opening
from models.tables.referrals import Case
from models.visibility import visible_cases, visible_openings

OPENINGS_MAX = 2_000
"""So many openings are considered: of a wanted category first, then the newest."""
CASES_MAX = 2_000
"""So many open cases are considered, the newest."""


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A candidate and an opening that fit, as an agency sees them."""

    candidate: ShownCandidate
    opening: Opening
    match: Match


def is_for_agencies(actor: Actor) -> bool:
    """Whether the actor works with cases; to nobody else is a match told."""
    return actor.organization_id is not None and actor.may(Permission.READ_CASES)


async def require_placing(read: ReadSession, actor: Actor) -> date:
    """Today, for an agency that may place people. Raises `Forbidden` and `LicenceNotValid`."""
    require(actor, Permission.READ_CASES)
    assert actor.organization_id is not None
    return await licensed_today(read, actor.organization_id)


async def matches_of_candidates(
    read: ReadSession, actor: Actor, candidate_ids: Iterable[uuid.UUID], most: int
) -> dict[uuid.UUID, list[FoundMatch]]:
    """The openings that fit each candidate best, of those that the agency sees.

    Raises `Forbidden` and `LicenceNotValid`.
    """
    today = await require_placing(read, actor)
    seen = await shown(read, actor, candidate_ids)
    people = await with_exclusions(read, seen)
    positions = await open_positions(read, visible_openings(actor), people.values(), today)
    best = await asyncio.to_thread(_best_positions, people, positions, most)
    chosen = [one.id for some in best.values() for one, _ in some]
    openings = await openings_by_id(read, actor, chosen)
    return {
        candidate_id: [
            FoundMatch(seen[candidate_id], openings[one.id], found)
            for one, found in some
            if one.id in openings
        ]
        for candidate_id, some in best.items()
    }


def _best_positions(
    people: Mapping[uuid.UUID, Person], positions: Sequence[Position], most: int
) -> dict[uuid.UUID, list[tuple[Position, Match]]]:
    return {key: best_positions(person, positions, most) for key, person in people.items()}


async def matches_of_openings(
    read: ReadSession, actor: Actor, openings: Sequence[Opening], most: int
) -> dict[uuid.UUID, list[FoundMatch]]:
    """The agency's candidates who fit each opening best, of those with an open case.

    Raises `Forbidden` and `LicenceNotValid`.
    """
    today = await require_placing(read, actor)
    people = await with_exclusions(read, await described(read, actor, await _in_care(read, actor)))
    wanted = await _open_among(read, actor, openings, today)
    best = await asyncio.to_thread(_best_people, list(people.values()), wanted, most)
    seen = await shown(read, actor, (one.id for some in best.values() for one, _ in some))
    return {
        opening.id: [
            FoundMatch(seen[one.id], opening, found)
            for one, found in best[opening.id]
            # What is hidden once the person's key was looked for is not told.
            if one.id in seen and person_of(seen[one.id], one.excluded) == one
        ]
        for opening in wanted
    }


def _best_people(
    people: Sequence[Person], openings: Sequence[Opening], most: int
) -> dict[uuid.UUID, list[tuple[Person, Match]]]:
    return {one.id: best_people(position_of(one), people, most) for one in openings}


async def _open_among(
    read: ReadSession, actor: Actor, openings: Sequence[Opening], today: date
) -> list[Opening]:
    ids = [one.id for one in openings]
    found = set(
        await read.scalars(
            select(Opening.id).where(
                *open_openings(visible_openings(actor), today), Opening.id.in_(ids)
            )
        )
    )
    return [one for one in openings if one.id in found]


async def _in_care(read: ReadSession, actor: Actor) -> Sequence[uuid.UUID]:
    rows = await read.scalars(
        select(Case.candidate_id)
        .where(visible_cases(actor), Case.status == CaseStatus.OPEN)
        .order_by(Case.opened_at.desc(), Case.id.desc())
        .limit(CASES_MAX)
    )
    return rows.all()


async def standing_of(
    read: ReadSession, actor: Actor, candidate_id: uuid.UUID, opening_id: uuid.UUID, today: date
) -> Standing | None:
    """Where an opening stands for a candidate among all that the agency sees at this moment."""
    people = await with_exclusions(read, await described(read, actor, [candidate_id]))
    person = people.get(candidate_id)
    if person is None:
        return None
    positions = await open_positions(read, visible_openings(actor), [person], today)
    return standing(person, positions, opening_id)


def person_of(seen: DescribedCandidate | ShownCandidate, excluded: frozenset[uuid.UUID]) -> Person:
    """A candidate as a match takes them: what is not shown is not known."""
    desired = seen.desired_prefectures
    return Person(
        id=seen.id,
        category=seen.category,
        skills=None if seen.skills is None else frozenset(seen.skills),
        experience_years=seen.experience_years,
        prefecture=seen.prefecture,
        desired_prefectures=None if desired is None else frozenset(desired),
        excluded=excluded,
    )


def position_of(row: Any) -> Position:
    """An opening as a match takes it."""
    return Position(
        id=row.id,
        company_id=row.company_id,
        category=row.category,
        skills=frozenset(row.skills or ()),
        experience_years_min=row.experience_years_min,
        prefecture=row.prefecture,
    )


async def with_exclusions(
    read: ReadSession, seen: Mapping[uuid.UUID, DescribedCandidate | ShownCandidate]
) -> dict[uuid.UUID, Person]:
    """The candidates with the companies they are never shown to."""
    excluded = await exclusions_by_candidate(read, list(seen))
    return {key: person_of(one, excluded.get(key, frozenset())) for key, one in seen.items()}


async def exclusions_by_candidate(
    read: ReadSession, candidate_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """The organizations that each candidate is never shown to."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in await read.execute(
        select(Exclusion.candidate_id, Exclusion.organization_id).where(
            Exclusion.candidate_id.in_(candidate_ids)
        )
    ):
        found.setdefault(row.candidate_id, set()).add(row.organization_id)
    return {key: frozenset(some) for key, some in found.items()}


def open_openings(visible: ColumnElement[bool], today: date) -> list[ColumnElement[bool]]:
    """The conditions of openings that seek people today, of companies that are members."""
    return [
        visible,
        Opening.status == OpeningStatus.OPEN,
        or_(Opening.open_until.is_(None), Opening.open_until >= today),
        Opening.company_id.in_(
            select(Membership.organization_id).where(
                Membership.consortium_id == Opening.consortium_id,
                Membership.status == MembershipStatus.ACTIVE,
            )
        ),
    ]


async def open_positions(
    read: ReadSession, visible: ColumnElement[bool], people: Iterable[Person], today: date
) -> list[Position]:
    """The openings to be considered for some people, at most `OPENINGS_MAX`."""
    wanted = sorted({one.category for one in people if one.category is not None})
    columns: tuple[Any, ...] = (
        Opening.id,
        Opening.company_id,
        Opening.category,
        Opening.skills,
        Opening.experience_years_min,
        Opening.prefecture,
    )
    rows = await read.execute(
        select(*columns)
        .where(*open_openings(visible, today))
        .order_by(
            case((Opening.category.in_(wanted), 0), else_=1),
            Opening.created_at.desc(),
            Opening.id.desc(),
        )
        .limit(OPENINGS_MAX)
    )
    return [position_of(row) for row in rows]
