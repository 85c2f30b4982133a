"""What terms promise for referrals between partners, who answers for it, and what was earned."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Yen, enum_column, ordered_id, random_id
from models.rules.ledger import Unit
from models.rules.rewards import RewardEvent, RewardWithheld


class Funding(Base, kw_only=True):
    """An agency's part in one version of terms: it is named there, and answers."""

    __tablename__ = "funding"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    terms_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("terms.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    proposed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    """From when on a referral that begins earns nothing by its clauses."""

    __table_args__ = (
        UniqueConstraint("terms_id", "agency_id"),
        Index(None, "agency_id", "proposed_at", "id"),
        CheckConstraint("stopped_at IS NULL OR accepted_at IS NOT NULL", "stopped"),
    )


class RewardClause(Base, kw_only=True):
    """One promise of one version of terms. It names no person: nothing goes to a candidate."""

    __tablename__ = "reward_clause"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    terms_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("terms.id"))
    number: Mapped[int]
    """1, 2, 3 … within the version."""
    event: Mapped[RewardEvent] = enum_column(RewardEvent)
    unit: Mapped[Unit] = enum_column(Unit)
    amount: Mapped[int] = mapped_column(Yen)
    """Of the unit; for ``REWARD`` in yen."""
    funding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("funding.id"), index=True)

    __table_args__ = (
        UniqueConstraint("terms_id", "number", name="uq_reward_clause_number"),
        UniqueConstraint(
            "terms_id", "event", "unit", "funding_id", name="uq_reward_clause_promise"
        ),
        CheckConstraint(
            "amount BETWEEN 1 AND 10000000 AND (unit <> 'COUNT' OR amount <= 10) "
            "AND (unit <> 'FREE_HIRE' OR amount <= 3)",
            "amount",
        ),
    )


class Reward(Base, kw_only=True):
    """That a referral earned what a clause of its terms promised, or why that was withheld.

    One that is taken back is reversed, and stays; what stands is there once.
    """

    __tablename__ = "reward"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reward_clause.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    withheld: Mapped[RewardWithheld | None] = enum_column(RewardWithheld, default=None)
    posted_at: Mapped[datetime]
    posted_on: Mapped[date]
    """The day in the consortium's time zone."""
    reversed_at: Mapped[datetime | None] = mapped_column(default=None)
    reversed_on: Mapped[date | None] = mapped_column(default=None)

    __table_args__ = (
        Index(
            "uq_reward_standing",
            "clause_id",
            "referral_id",
            unique=True,
            sqlite_where=text("reversed_at IS NULL"),
            postgresql_where=text("reversed_at IS NULL"),
        ),
        CheckConstraint("(reversed_at IS NULL) = (reversed_on IS NULL)", "reversed"),
    )
