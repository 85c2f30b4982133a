"""Positions that companies want to fill."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.lifecycles import OpeningStatus


class Opening(Base, kw_only=True):
    """A position, kept by the company itself or by an agency for it."""

    __tablename__ = "opening"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    keeper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """Who keeps it: the company, or the agency that was given it."""
    title: Mapped[str]
    category: Mapped[str]
    prefecture: Mapped[str | None] = mapped_column(default=None)
    skills: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    experience_years_min: Mapped[int | None] = mapped_column(default=None)
    """So many years of experience are asked for; None where it does not say."""
    headcount: Mapped[int] = mapped_column(default=1)
    open_until: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[OpeningStatus] = enum_column(OpeningStatus, default=OpeningStatus.OPEN)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "consortium_id", "status", "created_at", "id"),
        Index(None, "company_id", "created_at", "id"),
        Index(None, "keeper_id", "created_at", "id"),
        CheckConstraint("headcount BETWEEN 1 AND 1000", "headcount"),
        CheckConstraint("experience_years_min BETWEEN 0 AND 50", "experience_years"),
    )
