"""Which of an agency's candidates to which openings: advice that needs persons, for agencies only.

Nothing is written and nothing is sent: what the agency makes of it are introductions, one by one,
to each of which the candidate agrees or not.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.access import Actor
from models.errors import InvalidInput, NotFound
from models.reads.candidates import ShownCandidate, shown
from models.reads.matches import (
    FoundMatch,
    open_openings,
    position_of,
    require_placing,
    with_exclusions,
)
from models.rules.allocation import CANDIDATES_MAX, OPENINGS_MAX, Allocation, Fit, Seats, allocate
from models.rules.bounds import require_between
from models.rules.lifecycles import CaseStatus
from models.rules.matching import FITS_PERMILLE_MIN, Person, Position, judge, match
from models.rules.openings import HEADCOUNT_MAX
from models.session import ReadSession
from models.tables.openings import Opening
from models.tables.referrals import Case
from models.visibility import visible_cases, visible_openings


@dataclass(frozen=True, slots=True)
class AskAllocation:
    """Whom to allocate to which openings, and to each company at most how many."""

    candidate_ids: Sequence[uuid.UUID]
    opening_ids: Sequence[uuid.UUID]
    per_company_max: int | None = None


@dataclass(frozen=True, slots=True)
class AllocatedPair:
    """A candidate and the opening they get: their ``choice``-th of ``choices`` that fit."""

    found: FoundMatch
    choice: int
    choices: int


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A candidate who gets none, and how many openings would have fitted."""

    candidate: ShownCandidate
    choices: int


@dataclass(frozen=True, slots=True)
class Allocated:
    """Who gets what, who gets none, and the proof."""

    pairs: Sequence[AllocatedPair]
    left_over: Sequence[LeftOver]
    pairs_checked: int
    blocking_pairs: int


async def allocation(read: ReadSession, actor: Actor, ask: AskAllocation) -> Allocated:
    """The stable allocation that the candidates like best.

    Raises `Forbidden`, `LicenceNotValid`, `InvalidInput` out of bounds, and `NotFound` for a
    candidate without an open case of the agency or an opening that is not open to it.
    """
    today = await require_placing(read, actor)
    _check(ask)
    openings = await _openings(read, actor, ask.opening_ids, today)
    seen = await _candidates(read, actor, ask.candidate_ids)
    people = await with_exclusions(read, seen)
    positions = {key: position_of(row) for key, row in openings.items()}
    seats = {
        key: Seats(company_id=row.company_id, headcount=row.headcount)
        for key, row in openings.items()
    }
    found = await asyncio.to_thread(_allocate, people, positions, seats, ask.per_company_max)
    return _told(found, seen, openings, people, positions)


def _check(ask: AskAllocation) -> None:
    for name, ids, most in (
        ("candidateIds", ask.candidate_ids, CANDIDATES_MAX),
        ("openingIds", ask.opening_ids, OPENINGS_MAX),
    ):
        if len(ids) > most:
            raise InvalidInput(
                name,
                ja=f"一度に指定できるのは{most}件までです。",
                en=f"Give at most {most} at once.",
            )
    if ask.per_company_max is not None:
        require_between("perCompanyMax", ask.per_company_max, 1, HEADCOUNT_MAX)


async def _candidates(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, ShownCandidate]:
    in_care = await read.scalars(
        select(Case.candidate_id).where(
            visible_cases(actor), Case.status == CaseStatus.OPEN, Case.candidate_id.in_(ids)
        )
    )
    seen = await shown(read, actor, in_care)
    if not set(ids) <= set(seen):
        raise NotFound("candidateIds", what="candidate")
    return seen


async def _openings(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID], today: date
) -> dict[uuid.UUID, Opening]:
    rows = await read.scalars(
        select(Opening).where(*open_openings(visible_openings(actor), today), Opening.id.in_(ids))
    )
    found = {row.id: row for row in rows}
    if not set(ids) <= set(found):
        raise NotFound("openingIds", what="opening")
    return found


def _allocate(
    people: Mapping[uuid.UUID, Person],
    positions: Mapping[uuid.UUID, Position],
    seats: Mapping[uuid.UUID, Seats],
    per_company_max: int | None,
) -> tuple[Allocation, Counter[uuid.UUID]]:
    fits = [
        Fit(
            candidate_id=person.id,
            opening_id=position.id,
            score_permille=judged.score_permille,
            wish_permille=judged.wish_permille,
        )
        for person in people.values()
        for position in positions.values()
        if (judged := judge(person, position)) and judged.score_permille >= FITS_PERMILLE_MIN
    ]
    choices = Counter(fit.candidate_id for fit in fits)
    return allocate(fits, seats, per_company_max=per_company_max), choices


def _told(
    found: tuple[Allocation, Counter[uuid.UUID]],
    seen: Mapping[uuid.UUID, ShownCandidate],
    openings: Mapping[uuid.UUID, Opening],
    people: Mapping[uuid.UUID, Person],
    positions: Mapping[uuid.UUID, Position],
) -> Allocated:
    result, choices = found
    pairs = []
    for pair in result.pairs:
        candidate_id, opening_id = pair.fit.candidate_id, pair.fit.opening_id
        fitting = match(people[candidate_id], positions[opening_id])
        assert fitting is not None, "only what fits was allocated"
        told = FoundMatch(seen[candidate_id], openings[opening_id], fitting)
        pairs.append(AllocatedPair(told, pair.choice, pair.choices))
    placed = {pair.fit.candidate_id for pair in result.pairs}
    left_over = [LeftOver(seen[key], choices[key]) for key in sorted(seen) if key not in placed]
    return Allocated(pairs, left_over, result.pairs_checked, len(result.blocking))
