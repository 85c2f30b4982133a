"""What companies turned down and sought, in numbers: by category, and of no person.

They are exact. `network.needs` says what of them another company is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, extract, func, select

from models.reads.matches import open_openings
from models.session import ReadSession
from models.tables.flows import NeedDay
from models.tables.frozen import FrozenMonth
from models.tables.openings import Opening

Cell = tuple[uuid.UUID, str]
"""A company and a job category."""


async def turned_down_since(
    read: ReadSession, consortium_id: uuid.UUID, company_id: uuid.UUID, first: date
) -> Mapping[Cell, int]:
    """How many people a company turned down since a day."""
    rows = await read.execute(
        select(NeedDay.company_id, NeedDay.category, func.sum(NeedDay.turned_down))
        .where(
            NeedDay.consortium_id == consortium_id,
            NeedDay.company_id == company_id,
            NeedDay.day >= first,
            NeedDay.turned_down > 0,
        )
        .group_by(NeedDay.company_id, NeedDay.category)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


async def turned_down_by_month(
    read: ReadSession,
    consortium_id: uuid.UUID,
    categories: Collection[str],
    first: date,
    last: date,
) -> Sequence[Any]:
    """How many people each company turned down between two days, by category and frozen month.

    Each with the smallest count that its month was frozen with. What is of no frozen month is left
    out.
    """
    month = cast(extract("year", NeedDay.day) * 12 + extract("month", NeedDay.day) - 1, Integer)
    grain = (
        NeedDay.company_id,
        NeedDay.category,
        FrozenMonth.month,
        FrozenMonth.smallest_count,
    )
    rows = await read.execute(
        select(*grain, func.sum(NeedDay.turned_down).label("turned_down"))
        .join(
            FrozenMonth,
            and_(FrozenMonth.consortium_id == NeedDay.consortium_id, FrozenMonth.month == month),
        )
        .where(
            NeedDay.consortium_id == consortium_id,
            NeedDay.day.between(first, last),
            NeedDay.category.in_(sorted(categories)),
            NeedDay.turned_down > 0,
        )
        .group_by(*grain)
    )
    return rows.all()


async def places_of(read: ReadSession, company_id: uuid.UUID, today: date) -> Mapping[Cell, int]:
    """The places of a company's openings that are open."""
    return await _places(read, today, Opening.company_id == company_id)


async def places_in(
    read: ReadSession, consortium_id: uuid.UUID, categories: Collection[str], today: date
) -> Mapping[Cell, int]:
    """The places of all companies' openings that are open, in some categories."""
    return await _places(
        read,
        today,
        Opening.consortium_id == consortium_id,
        Opening.category.in_(sorted(categories)),
    )


async def _places(
    read: ReadSession, today: date, *conditions: ColumnElement[bool]
) -> Mapping[Cell, int]:
    rows = await read.execute(
        select(Opening.company_id, Opening.category, func.sum(Opening.headcount))
        .where(*open_openings(and_(*conditions), today))
        .group_by(Opening.company_id, Opening.category)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}
