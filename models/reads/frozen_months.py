"""Which months are told."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from models.session import ReadSession
from models.tables.frozen import FrozenMonth


async def last_frozen_month(read: ReadSession, consortium_id: uuid.UUID) -> int | None:
    """The last month that is frozen, as `rules.flows.month_of` counts; None before the first."""
    return await read.scalar(
        select(func.max(FrozenMonth.month)).where(FrozenMonth.consortium_id == consortium_id)
    )
