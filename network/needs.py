"""What companies turned down and sought, as another company may be told it.

Of another company only whole months that are over are told, and of each month, category and company
how many people it turned down as a multiple of the smallest count (`models.rules.rounding`). A
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

from models.reads.members import smallest_count_of
from models.reads.needs import (
    Cell,
    places_in,
    places_of,
    turned_down_by_month,
    turned_down_since,
)
from models.rules.partner_fit import Need
from models.rules.rounding import draw_for, told
from models.session import ReadSession
from network.edges import Window, whole_months

NEED_MONTHS = 12


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
    turned_down = await turned_down_since(read, consortium_id, company_id, months_back(today))
    sought = await places_of(read, company_id, today)
    return _joined(turned_down, sought).get(company_id, {})


async def told_needs(
    read: ReadSession, consortium_id: uuid.UUID, *, categories: Collection[str], today: date
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    """The needs of all companies in some categories, as another company is told them."""
    months = whole_months(Window(months_back(today), today), today)
    assert months is not None
    smallest_count = await smallest_count_of(read, consortium_id)
    draw = draw_for(read.vault.blind, consortium_id)
    turned_down: Counter[Cell] = Counter()
    for row in await turned_down_by_month(
        read, consortium_id, categories, months.first, months.last
    ):
        cell = f"need|{int(row.year):04d}-{int(row.month):02d}|{row.company_id.hex}|{row.category}"
        turned_down[row.company_id, row.category] += told(
            int(row.turned_down), smallest_count=smallest_count, cell=cell, draw=draw
        )
    return _joined(turned_down, await places_in(read, consortium_id, categories, today))


def _joined(
    turned_down: Mapping[Cell, int], sought: Mapping[Cell, int]
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    found: dict[uuid.UUID, dict[str, Need]] = {}
    for company_id, category in turned_down.keys() | sought.keys():
        key = (company_id, category)
        need = Need(turned_down.get(key, 0), sought.get(key, 0))
        found.setdefault(company_id, {})[category] = need
    return found
