"""What Tasuki records of itself: the outbox and the audit chain."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ordered_id

_sequence = BigInteger().with_variant(Integer, "sqlite")


class OutboxEvent(Base, kw_only=True):
    """Something that happened, written with what it was about. It holds references only."""

    __tablename__ = "outbox_event"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    type: Mapped[str]
    refs: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When a worker should take it; none once it is done, or where nothing is to be done."""
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(
            "ix_outbox_event_due",
            "due_at",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(None, "created_at"),
    )


class AuditEntry(Base, kw_only=True):
    """One link of a consortium's audit chain."""

    __tablename__ = "audit_entry"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    number: Mapped[int] = mapped_column(_sequence, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[bytes]


class AuditHead(Base, kw_only=True):
    """The last link of a chain: what is published, and what the next link builds on."""

    __tablename__ = "audit_head"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    number: Mapped[int] = mapped_column(_sequence)
    hash: Mapped[bytes]
