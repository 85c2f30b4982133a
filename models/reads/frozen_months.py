"""Which months are told."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from models.rules.flows import month_of
from models.session import ReadSession
from models.tables.flows import FlowDay
from models.tables.frozen import FrozenMonth


async def last_frozen_month(read: ReadSession, consortium_id: uuid.UUID) -> int | None:
    """The last month that is frozen, as `rules.flows.month_of` counts; None before the first."""
    return await read.scalar(
        select(func.max(FrozenMonth.month)).where(FrozenMonth.consortium_id == consortium_id)
    )


async def next_frozen_month(read: ReadSession, consortium_id: uuid.UUID) -> int | None:
    """The month that is frozen next, once it is over; None where nothing has flowed yet."""
    last = await last_frozen_month(read, consortium_id)
    if last is not None:
        return last + 1
    first = await read.scalar(
        select(func.min(FlowDay.day)).where(FlowDay.consortium_id == consortium_id)
    )
    return month_of(first) if first is not None else None
