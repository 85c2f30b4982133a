"""How hires turned out: exits, milestones, and what a company compares them with."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Yen, enum_column, random_id
from models.rules.lifecycles import HireStatus
from models.rules.outcomes import ExitReason


class HireExit(Base, kw_only=True):
    """That a person left, as one side recorded it. One that was a mistake is reversed, and stays.

    The hire itself has what the exit that stands says.
    """

    __tablename__ = "hire_exit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    hire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hire.id"), index=True)
    status: Mapped[HireStatus] = enum_column(HireStatus)
    left_on: Mapped[date]
    reason: Mapped[ExitReason | None] = enum_column(ExitReason, default=None)
    refund_yen: Mapped[int | None] = mapped_column(Yen, default=None)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entry.id"), default=None)
    """The entry that gave the free hire back."""
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """The side that recorded it."""
    recorded_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(
            "uq_hire_exit_standing",
            "hire_id",
            unique=True,
            sqlite_where=text("reversed_at IS NULL"),
            postgresql_where=text("reversed_at IS NULL"),
        ),
        CheckConstraint("status <> 'JOINED'", "status"),
    )


class HireMilestone(Base, kw_only=True):
    """That a person has stayed so many days. One that an exit proves wrong is undone, and stays."""

    __tablename__ = "hire_milestone"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    hire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hire.id"), index=True)
    days: Mapped[int]
    reached_on: Mapped[date]
    noted_at: Mapped[datetime]
    undone_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(
            "uq_hire_milestone_standing",
            "hire_id",
            "days",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )


class CompanyBaseline(Base, kw_only=True):
    """What a company says of its hires outside the network. It alone reads it."""

    __tablename__ = "company_baseline"

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    stayed_30_percent: Mapped[int | None] = mapped_column(default=None)
    stayed_90_percent: Mapped[int | None] = mapped_column(default=None)
    stayed_180_percent: Mapped[int | None] = mapped_column(default=None)
    cost_per_hire_yen: Mapped[int | None] = mapped_column(Yen, default=None)
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("stayed_30_percent BETWEEN 0 AND 100", "stayed_30_percent"),
        CheckConstraint("stayed_90_percent BETWEEN 0 AND 100", "stayed_90_percent"),
        CheckConstraint("stayed_180_percent BETWEEN 0 AND 100", "stayed_180_percent"),
        CheckConstraint("cost_per_hire_yen >= 0", "cost_per_hire"),
    )
