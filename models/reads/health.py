"""What an operator's monitoring asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.session import ReadSession
from models.tables.consortium import Consortium
from models.tables.records import AuditHead, OutboxEvent


@dataclass(frozen=True, slots=True)
class Chain:
    """The published end of one consortium's audit chain."""

    consortium: str
    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Health:
    """The outbox's backlog and the ends of the audit chains."""

    outbox_due: int
    outbox_oldest_at: datetime | None
    chains: list[Chain]


async def health(read: ReadSession) -> Health:
    """By two statements."""
    due, oldest = (
        await read.execute(
            select(func.count(), func.min(OutboxEvent.created_at)).where(
                OutboxEvent.due_at <= read.now
            )
        )
    ).one()
    heads = await read.execute(
        select(Consortium.slug, AuditHead.number, AuditHead.hash)
        .join(AuditHead, AuditHead.consortium_id == Consortium.id)
        .order_by(Consortium.slug)
    )
    return Health(due, oldest, [Chain(*head) for head in heads])
