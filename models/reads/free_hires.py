"""A company's free hires."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows_by_parent
from models.reads.ledger import Ids, seen_companies
from models.rules.flows import local_day
from models.rules.lifecycles import FreeHireStatus
from models.session import ReadSession
from models.tables.consortium import Consortium
from models.tables.ledger import FreeHire
from models.visibility import visible_free_hires

KEYS = (FreeHire.earned_on, FreeHire.id)


@dataclass(frozen=True, slots=True)
class ShownFreeHire:
    """One free hire as its company sees it. The day on which it runs out, not the time: that
    would tell when the count was made that earned it.
    """

    id: uuid.UUID
    company_id: uuid.UUID
    status: FreeHireStatus
    earned_on: date
    expires_on: date
    referral_id: uuid.UUID | None


COLUMNS: tuple[Any, ...] = (
    FreeHire.id,
    FreeHire.company_id,
    FreeHire.status,
    FreeHire.earned_on,
    FreeHire.expires_at,
    FreeHire.referral_id,
)


def _free_hires_asked(actor: Actor, status: object | None) -> list[ColumnElement[bool]]:
    return [visible_free_hires(actor), *matches(FreeHire.status, status, "status")]


async def free_hires_by_company(
    read: ReadSession,
    actor: Actor,
    company_ids: Ids,
    status: object | None,
    asked: PageAsked,
) -> dict[uuid.UUID, list[ShownFreeHire]]:
    """The same page of each company's free hires, the newest first: two statements."""
    pages = await page_rows_by_parent(
        read,
        select(*COLUMNS).where(*_free_hires_asked(actor, status)),
        KEYS,
        asked,
        parents=seen_companies(actor, company_ids),
        parent=FreeHire.company_id,
        descending=True,
    )
    zone = await _time_zone(read, actor)
    return {key: [_free_hire(row, zone) for row in rows] for key, rows in pages.items()}


async def count_free_hires(
    read: ReadSession, actor: Actor, company_ids: Ids, status: object | None
) -> Mapping[uuid.UUID, int]:
    """How many free hires each company has, or ever had."""
    rows = await read.execute(
        select(FreeHire.company_id, func.count())
        .where(*_free_hires_asked(actor, status), FreeHire.company_id.in_(list(company_ids)))
        .group_by(FreeHire.company_id)
    )
    return {row[0]: row[1] for row in rows}


async def free_hires_by_id(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, ShownFreeHire]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(
        select(*COLUMNS).where(visible_free_hires(actor), FreeHire.id.in_(list(ids)))
    )
    zone = await _time_zone(read, actor)
    return {row.id: _free_hire(row, zone) for row in rows}


async def free_hires_by_referral(
    read: ReadSession, actor: Actor, referral_ids: Ids
) -> Mapping[uuid.UUID, ShownFreeHire]:
    """The free hire on each referral, for the company whose it is."""
    rows = await read.execute(
        select(*COLUMNS).where(
            visible_free_hires(actor), FreeHire.referral_id.in_(list(referral_ids))
        )
    )
    zone = await _time_zone(read, actor)
    return {row.referral_id: _free_hire(row, zone) for row in rows}


async def _time_zone(read: ReadSession, actor: Actor) -> str:
    zone = await read.scalar(
        select(Consortium.time_zone).where(Consortium.id == actor.consortium_id)
    )
    assert zone is not None
    return zone


def _free_hire(row: Any, zone: str) -> ShownFreeHire:
    return ShownFreeHire(
        id=row.id,
        company_id=row.company_id,
        status=row.status,
        earned_on=row.earned_on,
        expires_on=local_day(row.expires_at, zone),
        referral_id=row.referral_id,
    )
