"""What companies turned down and sought, as another company may be told it.

Of another company only whole months that are frozen are told, and of each month, category and
company how many people it turned down as a multiple of the smallest count that the month was frozen
with (`models.rules.rounding`): a new smallest count rounds nothing anew. A month that is frozen
never changes, since `need_day` is kept by the day on which a thing was noted:
who asks every day, and compares, learns no more than who asks once a month, and the difference of
two months is a difference of rounded cells. What is sought are the places of the openings that are
open today. They are no persons: their sum is told at once, in a band alone.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from models.reads.needs import (
    Cell,
    places_in,
    places_of,
    turned_down_by_month,
    turned_down_since,
)
from models.rules.flows import month_begins
from models.rules.partner_fit import Need
from models.rules.rounding import Draw, draw_for, told
from models.session import ReadSession
from network.edges import Window
from network.told_months import told_months

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
    return joined_needs(turned_down, sought).get(company_id, {})


async def told_needs(
    read: ReadSession, consortium_id: uuid.UUID, *, categories: Collection[str], today: date
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    """The needs of all companies in some categories, as another company is told them."""
    months = await needs_window(read, consortium_id, today)
    turned_down: Mapping[Cell, int] = {}
    if months is not None:
        turned_down = await told_turned_down(read, consortium_id, months, categories=categories)
    return joined_needs(turned_down, await places_in(read, consortium_id, categories, today))


async def needs_window(read: ReadSession, consortium_id: uuid.UUID, today: date) -> Window | None:
    """The months of which others are told whom a company turned down; of those nothing changes."""
    return await told_months(read, consortium_id, Window(months_back(today), today), today=today)


async def told_turned_down(
    read: ReadSession, consortium_id: uuid.UUID, months: Window, *, categories: Collection[str]
) -> Mapping[Cell, int]:
    """How many people each company is told to have turned down in months that are frozen."""
    rows = await turned_down_by_month(read, consortium_id, categories, months.first, months.last)
    return await asyncio.to_thread(_told, rows, draw_for(read.vault.blind, consortium_id))


def _told(rows: Sequence[Any], draw: Draw) -> Mapping[Cell, int]:
    found: Counter[Cell] = Counter()
    for company_id, category, month, smallest_count, turned_down in rows:
        cell = f"need|{month_begins(month):%Y-%m}|{company_id.hex}|{category}"
        found[company_id, category] += told(
            int(turned_down), smallest_count=smallest_count, cell=cell, draw=draw
        )
    return found


def joined_needs(
    turned_down: Mapping[Cell, int], sought: Mapping[Cell, int]
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    """What companies turned down and seek, by company and category."""
    found: dict[uuid.UUID, dict[str, Need]] = {}
    for company_id, category in turned_down.keys() | sought.keys():
        key = (company_id, category)
        need = Need(turned_down.get(key, 0), sought.get(key, 0))
        found.setdefault(company_id, {})[category] = need
    return found
