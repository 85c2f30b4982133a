"""What organizations that were given a person's data are asked to delete."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.deletions import DeletionReason
from models.rules.lifecycles import DeletionStatus


class DeletionRequest(Base, kw_only=True):
    """One recipient is asked to delete what it was given of one candidate.

    It holds nothing of the person: the recipient finds its own files by the hand-over.
    """

    __tablename__ = "deletion_request"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    recipient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    """The last hand-over with which the recipient was given what identifies the person."""
    reason: Mapped[DeletionReason] = enum_column(DeletionReason)
    fields: Mapped[list[str]] = mapped_column(JSON)
    """What was given and may be kept no longer: names of fields, no values."""
    status: Mapped[DeletionStatus] = enum_column(DeletionStatus, default=DeletionStatus.OPEN)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_notice_at: Mapped[datetime | None]
    """When the recipient is reminded, or told that it is late; none where nothing is to be told."""
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    """The person, or the program, that confirmed it."""

    __table_args__ = (
        Index(None, "candidate_id", "recipient_id"),
        Index(None, "recipient_id", "due_at", "id"),
        Index(None, "consortium_id", "due_at", "id"),
        Index(None, "next_notice_at"),
        Index(
            "uq_deletion_request_open",
            "candidate_id",
            "recipient_id",
            unique=True,
            sqlite_where=text("status = 'OPEN'"),
            postgresql_where=text("status = 'OPEN'"),
        ),
        CheckConstraint("(status = 'CONFIRMED') = (confirmed_at IS NOT NULL)", "confirmed"),
        CheckConstraint("status = 'OPEN' OR next_notice_at IS NULL", "notice"),
        CheckConstraint("due_at > asked_at", "due"),
    )
