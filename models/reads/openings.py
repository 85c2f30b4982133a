"""Openings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.openings import Opening
from models.visibility import visible_openings

KEYS = (Opening.created_at, Opening.id)


@dataclass(frozen=True, slots=True)
class OpeningFilter:
    """Which openings: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    category: object | None = None
    prefecture: object | None = None
    title: object | None = None
    company_id: uuid.UUID | None = None


def _conditions(actor: Actor, where: OpeningFilter) -> list[ColumnElement[bool]]:
    conditions = [
        visible_openings(actor),
        *matches(Opening.status, where.status, "status"),
        *matches(Opening.category, where.category, "category"),
        *matches(Opening.prefecture, where.prefecture, "prefecture"),
        *matches(Opening.title, where.title, "title"),
    ]
    if where.company_id is not None:
        conditions.append(Opening.company_id == where.company_id)
    return conditions


async def openings_page(
    read: ReadSession, actor: Actor, where: OpeningFilter, asked: PageAsked, *, descending: bool
) -> Sequence[Opening]:
    """One page of the openings that the actor sees, by age."""
    statement = select(Opening).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_openings(read: ReadSession, actor: Actor, where: OpeningFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Opening).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def openings_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Opening]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(Opening).where(visible_openings(actor), Opening.id.in_(list(dict.fromkeys(ids))))
    )
    return {row.id: row for row in rows}
