"""An agency's cases."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows, page_rows_by_parent
from models.reads.candidates import shown
from models.reads.referrals import COLUMNS, KEYS, ShownReferral, show
from models.rules.lifecycles import Channel
from models.rules.sharing import CandidateField
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.referrals import Case, Referral
from models.visibility import given_referrals, visible_cases

BY_AGE = (Case.opened_at, Case.id)
BY_CHANGE = (Case.changed_at, Case.id)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: any of the conditions, each None where nothing is asked."""

    status: object | None = None


def _conditions(actor: Actor, where: CaseFilter) -> list[ColumnElement[bool]]:
    return [visible_cases(actor), *matches(Case.status, where.status, "status")]


async def cases_page(
    read: ReadSession,
    actor: Actor,
    where: CaseFilter,
    asked: PageAsked,
    *,
    keys: tuple[Any, ...] = BY_AGE,
    descending: bool,
) -> Sequence[Case]:
    """One page of the agency's cases, by age or by their last change."""
    statement = select(Case).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, keys, asked, descending=descending)
    return [row[0] for row in rows]


async def count_cases(read: ReadSession, actor: Actor, where: CaseFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Case).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def cases_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Case]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(select(Case).where(visible_cases(actor), Case.id.in_(ids)))
    return {row.id: row for row in rows}


async def cases_of(
    read: ReadSession, actor: Actor, candidate_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Case]:
    """The last case that the actor's agency had for each candidate."""
    rows = await read.scalars(
        select(Case)
        .where(visible_cases(actor), Case.candidate_id.in_(candidate_ids))
        .order_by(Case.opened_at, Case.id)
    )
    return {row.candidate_id: row for row in rows}


async def notes(
    read: ReadSession, actor: Actor, cases: Iterable[Case]
) -> Mapping[uuid.UUID, str | None]:
    """The notes of cases, for who may read the candidate's own words; None for the others."""
    noted = [case for case in cases if case.note is not None]
    people = await shown(read, actor, (case.candidate_id for case in noted))
    readable = [
        case
        for case in noted
        if case.candidate_id in people and people[case.candidate_id].sees(CandidateField.WISHES)
    ]
    if not readable:
        return {}
    key_ids = {
        row.id: row.key_id
        for row in await read.execute(
            select(Candidate.id, Candidate.key_id).where(
                Candidate.id.in_([case.candidate_id for case in readable])
            )
        )
    }
    keys = await read.vault.keys(key_ids.values())
    found: dict[uuid.UUID, str | None] = {}
    for case in readable:
        key = keys.get(key_ids[case.candidate_id])
        found[case.id] = key.unseal(case.note)["note"] if key and case.note else None
    return found


async def introductions_by_candidate(
    read: ReadSession,
    actor: Actor,
    candidate_ids: Sequence[uuid.UUID],
    asked: PageAsked,
) -> dict[uuid.UUID, list[ShownReferral]]:
    """The newest introductions that the actor's agency made of each candidate."""
    statement = select(*COLUMNS).where(
        given_referrals(actor), Referral.channel == Channel.AGENCY_INTRODUCTION
    )
    pages = await page_rows_by_parent(
        read,
        statement,
        KEYS,
        asked,
        parents=list(dict.fromkeys(candidate_ids)),
        parent=Referral.candidate_id,
        descending=True,
    )
    return {key: [show(actor, row) for row in rows] for key, rows in pages.items()}


async def count_introductions(
    read: ReadSession, actor: Actor, candidate_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, int]:
    """How many introductions the actor's agency made of each candidate."""
    rows = await read.execute(
        select(Referral.candidate_id, func.count())
        .where(
            given_referrals(actor),
            Referral.channel == Channel.AGENCY_INTRODUCTION,
            Referral.candidate_id.in_(candidate_ids),
        )
        .group_by(Referral.candidate_id)
    )
    return {row[0]: row[1] for row in rows}
