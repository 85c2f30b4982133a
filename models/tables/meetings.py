"""Feedback meetings: when they are, what was shown and decided there, and what came of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.comparisons import Figure
from models.rules.lifecycles import MeetingStatus


class Meeting(Base, kw_only=True):
    """A regular review of a partnership, or of the whole consortium."""

    __tablename__ = "meeting"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("partnership.id"))
    """Whose meeting it is; none for the consortium's."""
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("meeting.id"), default=None)
    """The last one before it that had figures, once its own are frozen."""
    status: Mapped[MeetingStatus] = enum_column(MeetingStatus, default=MeetingStatus.SCHEDULED)
    title: Mapped[str]
    starts_at: Mapped[datetime]
    duration_minutes: Mapped[int]
    place: Mapped[str | None] = mapped_column(default=None)
    url: Mapped[str | None] = mapped_column(default=None)
    agenda: Mapped[str | None] = mapped_column(default=None)
    minutes: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=0)
    """How often what a calendar shows of it changed."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "consortium_id", "starts_at", "id"),
        Index(None, "partnership_id", "starts_at", "id"),
        Index(None, "previous_id"),
        CheckConstraint("duration_minutes BETWEEN 5 AND 1440", "duration"),
        CheckConstraint("status <> 'REVIEWED' OR reviewed_at IS NOT NULL", "reviewed"),
        CheckConstraint(
            "status NOT IN ('DECIDED', 'REVIEWED') OR decided_at IS NOT NULL", "decided"
        ),
    )


class MeetingPack(Base, kw_only=True):
    """The figures of a meeting as they were when it was prepared. Never changed or deleted."""

    __tablename__ = "meeting_pack"

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `rules.meeting_packs` writes and reads it."""
    hash: Mapped[bytes]
    """Keyed, of the document's canonical text (`operations.meeting_packs.HASH_PURPOSE`)."""
    first_on: Mapped[date]
    last_on: Mapped[date]
    """The days that it tells of, both included, in the consortium's time zone."""
    told_through: Mapped[date | None]
    """The last day of the last closed month that it tells of others; none where there is none."""
    prepared_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("first_on <= last_on", "days"),)


class MeetingDecision(Base, kw_only=True):
    """What a meeting decided, who sees to it by when, and which figure it is meant to move."""

    __tablename__ = "meeting_decision"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    """1, 2, 3 … within the meeting."""
    text: Mapped[str]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), default=None)
    """The organization that sees to it; none where the consortium's admins do."""
    owner_name: Mapped[str | None] = mapped_column(default=None)
    """The person there, as they wrote it."""
    due_on: Mapped[date | None] = mapped_column(default=None)
    figure: Mapped[Figure | None] = enum_column(Figure, default=None)
    """What it is meant to move; none where nothing is to be measured."""
    giver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), default=None)
    receiver_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organization.id"), default=None
    )
    """Of which hand-overs; none where of all."""
    terms_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("terms.id"), unique=True, default=None
    )
    """The amendment that sprang from it."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint(
            "figure IS NOT NULL OR (giver_id IS NULL AND receiver_id IS NULL)", "measure"
        ),
    )


class DecisionEffect(Base, kw_only=True):
    """What was measured before and after a decision. Never changed or deleted."""

    __tablename__ = "decision_effect"

    decision_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meeting_decision.id"), primary_key=True
    )
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `rules.decision_effects` writes and reads it."""
    measured_at: Mapped[datetime]
