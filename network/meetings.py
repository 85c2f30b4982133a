"""What the figures of a meeting tell of others: the same as every other answer does."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from models.operations.meeting_records import Telling
from models.reads.frozen_months import last_frozen_month, next_frozen_month
from models.rules.flows import month_begins, month_of
from models.rules.meeting_figures import Days
from models.rules.meetings import MonthNotFrozen
from models.rules.partner_fit import Need
from models.rules.told_figures import ToldCell, ToldFigures, whole_months_in
from models.session import ReadSession
from models.tables.frozen import FlowTold
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.needs import told_needs

_DAY = timedelta(days=1)


async def told_figures(
    read: ReadSession,
    consortium_id: uuid.UUID,
    days: Days,
    *,
    today: date,
    parties: Collection[uuid.UUID] | None,
) -> ToldFigures:
    """The frozen months of some days, as they are told: by pair of the parties, or all together.

    Raises `MonthNotFrozen` where one of the months is over and not frozen yet.
    """
    over = whole_months_in(days, today - _DAY)
    awaited = await next_frozen_month(read, consortium_id)
    if over is not None and awaited is not None and month_of(over.last) >= awaited:
        raise MonthNotFrozen
    last = await last_frozen_month(read, consortium_id)
    months = whole_months_in(days, month_begins(last + 1) - _DAY) if last is not None else None
    if months is None:
        return ToldFigures(None, ())
    if parties is None:
        return ToldFigures(months, await _all_together(read, consortium_id, months))
    return ToldFigures(months, await _by_pair(read, consortium_id, months, parties))


async def _all_together(
    read: ReadSession, consortium_id: uuid.UUID, months: Days
) -> tuple[ToldCell, ...]:
    grain = (FlowTold.channel, FlowTold.event, FlowTold.month)
    rows = await read.execute(
        select(*grain, func.sum(FlowTold.told))
        .where(
            FlowTold.consortium_id == consortium_id,
            FlowTold.month.between(month_of(months.first), month_of(months.last)),
        )
        .group_by(*grain)
    )
    return tuple(ToldCell(None, None, *row[:3], int(row[3])) for row in rows)


async def _by_pair(
    read: ReadSession, consortium_id: uuid.UUID, months: Days, parties: Collection[uuid.UUID]
) -> tuple[ToldCell, ...]:
    grain = (FlowTold.from_id, FlowTold.to_id, FlowTold.channel, FlowTold.event, FlowTold.month)
    rows = await read.execute(
        select(*grain, func.sum(FlowTold.told))
        .where(
            FlowTold.consortium_id == consortium_id,
            FlowTold.month.between(month_of(months.first), month_of(months.last)),
            FlowTold.from_id.in_(parties),
            FlowTold.to_id.in_(parties),
        )
        .group_by(*grain)
    )
    return tuple(ToldCell(*row[:5], int(row[5])) for row in rows)


async def _told_needs(
    read: ReadSession, consortium_id: uuid.UUID, *, today: date
) -> Mapping[uuid.UUID, Mapping[str, Need]]:
    return await told_needs(read, consortium_id, categories=JOB_CATEGORIES, today=today)


TELLING = Telling(told_figures, _told_needs)
"""How meetings are told of others."""
