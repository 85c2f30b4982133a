"""The openings that fit a candidate, for their own eyes. Reading them sends nothing to anyone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.access import Actor
from models.operations.agreements import candidate_of
from models.reads.agency_moves import name_of
from models.reads.licences import licensed_today
from models.reads.matches import exclusions_by_candidate, open_positions
from models.rules.handovers import LicenceNotValid
from models.rules.lifecycles import CaseStatus
from models.rules.matching import FITS_PERMILLE_MIN, Match, Person, Position, best_positions
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.consortium import Organization
from models.tables.openings import Opening
from models.tables.referrals import Case
from models.visibility import openings_of_agency
from models.vocabulary.text import Text

OWN_MATCHES_MAX = 10


@dataclass(frozen=True, slots=True)
class OwnMatch:
    """An opening that fits, as the candidate reads it. They see no number, but the reasons."""

    title: str
    company: Text
    prefecture: str | None
    reasons: tuple[Text, ...]
    missing: tuple[Text, ...]


async def own_matches(read: ReadSession, actor: Actor) -> list[OwnMatch] | None:
    """At most ten openings that fit the candidate, best first.

    They are those that the agency looking after them could introduce them to; none of a company
    they excluded. None where no agency with a valid licence looks after them.
    """
    candidate_id = candidate_of(actor)
    agency_id = await read.scalar(
        select(Case.agency_id).where(
            Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
        )
    )
    if agency_id is None:
        return None
    try:
        today = await licensed_today(read, agency_id)
    except LicenceNotValid:
        return None
    person = await _oneself(read, candidate_id)
    visible = openings_of_agency(actor.consortium_id, agency_id)
    positions = await open_positions(read, visible, [person], today)
    best = await asyncio.to_thread(best_positions, person, positions, OWN_MATCHES_MAX)
    return await _told(read, [one for one in best if one[1].score_permille >= FITS_PERMILLE_MIN])


async def _oneself(read: ReadSession, candidate_id: uuid.UUID) -> Person:
    columns: tuple[Any, ...] = (
        Candidate.category,
        Candidate.skills,
        Candidate.experience_years,
        Candidate.prefecture,
        Candidate.desired_prefectures,
    )
    row = (await read.execute(select(*columns).where(Candidate.id == candidate_id))).one()
    excluded = await exclusions_by_candidate(read, [candidate_id])
    return Person(
        id=candidate_id,
        category=row.category,
        skills=frozenset(row.skills or ()),
        experience_years=row.experience_years,
        prefecture=row.prefecture,
        desired_prefectures=frozenset(row.desired_prefectures or ()),
        excluded=excluded.get(candidate_id, frozenset()),
    )


async def _told(read: ReadSession, best: Sequence[tuple[Position, Match]]) -> list[OwnMatch]:
    rows = await read.execute(
        select(Opening.id, Opening.title, Organization)
        .join(Organization, Organization.id == Opening.company_id)
        .where(Opening.id.in_([position.id for position, _ in best]))
    )
    found: Mapping[uuid.UUID, Any] = {row[0]: row for row in rows}
    return [
        OwnMatch(
            title=found[position.id][1],
            company=name_of(found[position.id][2]),
            prefecture=position.prefecture,
            reasons=fitting.reasons,
            missing=fitting.missing,
        )
        for position, fitting in best
        if position.id in found
    ]
