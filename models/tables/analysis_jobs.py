"""Analyses of the network that take longer than a request, and what came of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, random_id
from models.rules.lifecycles import AnalysisStatus


class AnalysisJob(Base, kw_only=True):
    """One question with its metrics, asked on behalf of one organization, or of the consortium.

    Only they see it: the answer holds their own rows exactly.
    """

    __tablename__ = "analysis_job"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    asked_by: Mapped[uuid.UUID | None]
    """The user, or the API token."""
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    metrics: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[AnalysisStatus] = enum_column(AnalysisStatus, default=AnalysisStatus.QUEUED)
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int]
    data_version: Mapped[str | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    failure: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """A code, and what it says in both languages."""
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until then no other worker takes it; whoever works on it says so again and again."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "consortium_id", "organization_id", "created_at", "id"),
        Index(None, "status", "created_at"),
        Index(None, "ended_at"),
        CheckConstraint("(status = 'RUNNING') = (claimed_until IS NOT NULL)", "claimed"),
        CheckConstraint(
            "(status IN ('QUEUED', 'RUNNING')) = (ended_at IS NULL)",
            "ended",
        ),
        CheckConstraint("steps_done BETWEEN 0 AND steps_total", "steps"),
    )
