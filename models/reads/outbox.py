"""What was written into the outbox lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from models.outbox import Event, EventType
from models.session import ReadSession
from models.tables.records import OutboxEvent

EVENTS_MAX = 1_000


async def events_since(read: ReadSession, since: datetime) -> list[Event]:
    """The latest events of transactions that began at ``since`` or later, the oldest first."""
    rows = await read.scalars(
        select(OutboxEvent)
        .where(OutboxEvent.created_at >= since)
        .order_by(OutboxEvent.created_at.desc(), OutboxEvent.id.desc())
        .limit(EVENTS_MAX)
    )
    found = [Event(EventType(row.type), row.consortium_id, row.refs, row.id) for row in rows]
    return found[::-1]
