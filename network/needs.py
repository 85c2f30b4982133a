"""What companies turned down and sought, as another company may be told it.

Of another company only whole months that are over are told, and of each month, category and
company how many people it turned down as a multiple of the smallest count (`network.rounding`). A
month that is over never changes, since `need_day` is kept by the day on which a thing was noted:
who asks every day, and compares, learns no more than who asks once a month, and the difference of
two months is a difference of rounded cells. What is sought are the places of the openings that are
open today. They are no persons: their sum is told at once, in a band alone.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, select

from models.reads.matches import open_openings
from models.rules.partner_fit import Need
from models.session import ReadSession
from models.tables.consortium import Consortium
from models.tables.flows import NeedDay
from models.tables.openings import Opening
from network.edges import Window, whole_months
from network.rounding import draw_for, told

NEED_MONTHS = 12

Cell = tuple[uuid.UUID, str]
"""A company and a job category."""


def months_back(today: date, months: int = NEED_MONTHS) -> date:
    """The first day of the month so many months before this one.

    >>> months_back(date(2026, 3, 31))
    datetime.date(2025, 3, 1)
    """
    number = today.year * 12 + today.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


async def own_needs(
    read: ReadSession, consortium_id: uuid.UUID, company_id: uuid.UUID, today: date
) -> Mapping[str, Need]:
    """Whom a company turned down since `NEED_MONTHS` months ago, and seeks; exact, by category."""
    rows = await read.execute(
        select(NeedDay.category, func.sum(NeedDay.turned_down))
        .where(
            NeedDay.consortium_id == consortium_id,
            NeedDay.company_id == company_id,
            NeedDay.day >= months_back(today),
            NeedDay.turned_down > 0,
        )
        .group_by(NeedDay.category)
    )
    turned_down = {row[0]: int(row[1]) for row in rows}
    sought = await _sought(read, today, Opening.company_id == company_id)
    return _joined(
        {(company_id, category): number for category, number in turned_down.items()}, sought
    ).get(company_id, {})


async def told_needs(
    read: ReadSession, consortium_id: uuid.UUID, *, categories: Collection[str], today: date
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    """The needs of all companies in some categories, as another company is told them."""
    months = whole_months(Window(months_back(today), today), today)
    assert months is not None
    smallest_count = await read.scalar(
        select(Consortium.smallest_count).where(Consortium.id == consortium_id)
    )
    assert smallest_count is not None
    draw = draw_for(read.vault.blind, consortium_id)
    turned_down: Counter[Cell] = Counter()
    for row in await _monthly(read, consortium_id, categories, months):
        cell = f"need|{int(row.year):04d}-{int(row.month):02d}|{row.company_id.hex}|{row.category}"
        turned_down[row.company_id, row.category] += told(
            int(row.turned_down), smallest_count=smallest_count, cell=cell, draw=draw
        )
    sought = await _sought(
        read,
        today,
        Opening.consortium_id == consortium_id,
        Opening.category.in_(sorted(categories)),
    )
    return _joined(turned_down, sought)


def _joined(
    turned_down: Mapping[Cell, int], sought: Mapping[Cell, int]
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    found: dict[uuid.UUID, dict[str, Need]] = {}
    for company_id, category in turned_down.keys() | sought.keys():
        key = (company_id, category)
        need = Need(turned_down.get(key, 0), sought.get(key, 0))
        found.setdefault(company_id, {})[category] = need
    return found


async def _sought(
    read: ReadSession, today: date, *conditions: ColumnElement[bool]
) -> Mapping[Cell, int]:
    """The places of the openings that are open, by company and category."""
    rows = await read.execute(
        select(Opening.company_id, Opening.category, func.sum(Opening.headcount))
        .where(*open_openings(and_(*conditions), today))
        .group_by(Opening.company_id, Opening.category)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


async def _monthly(
    read: ReadSession,
    consortium_id: uuid.UUID,
    categories: Collection[str],
    months: Window,
) -> Any:
    year, month = extract("year", NeedDay.day), extract("month", NeedDay.day)
    return await read.execute(
        select(
            NeedDay.company_id,
            NeedDay.category,
            year.label("year"),
            month.label("month"),
            func.sum(NeedDay.turned_down).label("turned_down"),
        )
        .where(
            NeedDay.consortium_id == consortium_id,
            NeedDay.day >= months.first,
            NeedDay.day <= months.last,
            NeedDay.category.in_(sorted(categories)),
            NeedDay.turned_down > 0,
        )
        .group_by(NeedDay.company_id, NeedDay.category, year, month)
    )
