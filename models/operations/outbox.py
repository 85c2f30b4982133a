"""The outbox as workers use it: events are taken on a lease, then finished or put off."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update

from models.outbox import EventType
from models.session import ReadSession, WriteSession
from models.tables.records import OutboxEvent


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event that one worker acts on. ``attempt`` is 1 the first time it is taken."""

    id: uuid.UUID
    type: EventType
    consortium_id: uuid.UUID
    refs: Mapping[str, str]
    attempt: int

    def ref(self, name: str) -> uuid.UUID:
        """The id of what the event is about."""
        return uuid.UUID(self.refs[name])


async def anything_due(read: ReadSession, types: Collection[EventType]) -> bool:
    """Whether it is worth asking for events: a look that takes no lock."""
    found = await read.scalar(select(exists().where(*_due(read, types))))
    return bool(found)


async def take_events(
    tx: WriteSession, types: Collection[EventType], *, most: int, lease: timedelta
) -> Sequence[TakenEvent]:
    """Up to ``most`` due events, the longest due first. Until ``lease`` ends no one else has them.

    Should the worker die, they are due again when the lease has ended.
    """
    due = (
        select(OutboxEvent.id)
        .where(*_due(tx, types))
        .order_by(OutboxEvent.due_at, OutboxEvent.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = (await tx.scalars(due)).all()
    if not ids:
        return []
    rows = await tx.execute(
        update(OutboxEvent)
        .where(OutboxEvent.id.in_(ids))
        .values(due_at=tx.now + lease, attempts=OutboxEvent.attempts + 1)
        .returning(
            OutboxEvent.id,
            OutboxEvent.type,
            OutboxEvent.consortium_id,
            OutboxEvent.refs,
            OutboxEvent.attempts,
        )
        .execution_options(synchronize_session=False)
    )
    taken = [
        TakenEvent(row.id, EventType(row.type), row.consortium_id, row.refs, row.attempts)
        for row in rows
    ]
    return sorted(taken, key=lambda event: ids.index(event.id))


def _due(session: ReadSession, types: Collection[EventType]) -> tuple[ColumnElement[bool], ...]:
    # Only types this worker knows: a newer version may write others.
    names = sorted(kind.value for kind in types)
    return (OutboxEvent.due_at <= session.now, OutboxEvent.type.in_(names))


async def finish_event(tx: WriteSession, event: TakenEvent, failure: str | None = None) -> bool:
    """Nothing more is to be done about the event. False where that was so already."""
    finished = await tx.scalar(
        update(OutboxEvent)
        .where(OutboxEvent.id == event.id, OutboxEvent.done_at.is_(None))
        .values(done_at=tx.now, due_at=None, failure=failure)
        .returning(OutboxEvent.id)
        .execution_options(synchronize_session=False)
    )
    return finished is not None


async def put_off(tx: WriteSession, event: TakenEvent, *, until: datetime, failure: str) -> None:
    """Try again then, unless another worker has the event by now."""
    await tx.execute(
        update(OutboxEvent)
        .where(
            OutboxEvent.id == event.id,
            OutboxEvent.attempts == event.attempt,
            OutboxEvent.done_at.is_(None),
        )
        .values(due_at=until, failure=failure)
    )
