"""Hires, as the company and the agency that introduced see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.referrals import Hire
from models.visibility import visible_hires

KEYS = (Hire.joined_on, Hire.id)


async def hires_page(
    read: ReadSession,
    actor: Actor,
    status: object | None,
    asked: PageAsked,
    *,
    descending: bool,
) -> Sequence[Hire]:
    """One page of the hires that the actor sees, by the day of joining."""
    statement = select(Hire).where(*_hires_asked(actor, status))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_hires(read: ReadSession, actor: Actor, status: object | None) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Hire).where(*_hires_asked(actor, status))
    return (await read.scalar(statement)) or 0


def _hires_asked(actor: Actor, status: object | None) -> list[ColumnElement[bool]]:
    return [visible_hires(actor), *matches(Hire.status, status)]


async def hires_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Hire]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(select(Hire).where(visible_hires(actor), Hire.id.in_(ids)))
    return {row.id: row for row in rows}


async def hires_by_referral(
    read: ReadSession, actor: Actor, referral_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Hire]:
    """What each of the referrals led to, where it led to a hire."""
    rows = await read.scalars(
        select(Hire).where(visible_hires(actor), Hire.referral_id.in_(referral_ids))
    )
    return {row.referral_id: row for row in rows}
