"""What only the demo does."""

from __future__ import annotations

from sqlalchemy import update

from models.session import WriteSession
from models.tables.records import OutboxEvent


async def leave_undone(tx: WriteSession) -> None:
    """Take every waiting event off the workers: an invented history sends no mails."""
    await tx.execute(
        update(OutboxEvent)
        .where(OutboxEvent.due_at.is_not(None))
        .values(due_at=None, done_at=tx.now)
        .execution_options(synchronize_session=False)
    )
