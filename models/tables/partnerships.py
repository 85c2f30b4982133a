"""Partnerships of companies, their terms in versions, and what happened to them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.lifecycles import PartnershipStatus, PartyStatus, TermsStatus
from models.rules.partnerships import PartnershipDeed


class Partnership(Base, kw_only=True):
    """An agreement of two or more companies to show each other candidates."""

    __tablename__ = "partnership"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    name: Mapped[str]
    status: Mapped[PartnershipStatus] = enum_column(
        PartnershipStatus, default=PartnershipStatus.PROPOSED
    )
    proposer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The company that proposed it; none where a consortium admin did."""
    suspender_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organization.id"), default=None
    )
    """The company that suspended it; none where a consortium admin did."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    listing_round: Mapped[int] = mapped_column(default=0)
    """How often the pool had to be brought in line with it. The last round counts."""
    listed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the pool was last brought in line with it; none while that is under way."""

    __table_args__ = (Index(None, "consortium_id", "created_at", "id"),)


class PartnershipParty(Base, kw_only=True):
    """One company of a partnership."""

    __tablename__ = "partnership_party"

    partnership_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("partnership.id"), primary_key=True
    )
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    status: Mapped[PartyStatus] = enum_column(PartyStatus, default=PartyStatus.INVITED)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    leaves_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it leaves, once it has given notice."""
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it left: what happened since is not its to read."""

    __table_args__ = (
        Index(None, "company_id", "partnership_id"),
        Index(None, "status", "leaves_at"),
    )


class Terms(Base, kw_only=True):
    """One version of what a partnership's companies show each other, and for how long."""

    __tablename__ = "terms"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partnership.id"))
    number: Mapped[int]
    """1, 2, 3 … within the partnership."""
    status: Mapped[TermsStatus] = enum_column(TermsStatus, default=TermsStatus.PROPOSED)
    fields: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    shared_days: Mapped[int]
    notice_days: Mapped[int]
    proposer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    proposed_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        Index(
            "uq_terms_in_force",
            "partnership_id",
            unique=True,
            sqlite_where=text("status = 'IN_FORCE'"),
            postgresql_where=text("status = 'IN_FORCE'"),
        ),
        Index(
            "uq_terms_proposed",
            "partnership_id",
            unique=True,
            sqlite_where=text("status = 'PROPOSED'"),
            postgresql_where=text("status = 'PROPOSED'"),
        ),
        CheckConstraint("shared_days BETWEEN 1 AND 365", "shared_days"),
        CheckConstraint("notice_days BETWEEN 0 AND 180", "notice_days"),
        CheckConstraint("status <> 'IN_FORCE' OR in_force_at IS NOT NULL", "in_force"),
    )


class TermsAcceptance(Base, kw_only=True):
    """A party's yes to one version of the terms."""

    __tablename__ = "terms_acceptance"

    terms_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("terms.id"), primary_key=True)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    accepted_at: Mapped[datetime]


class PartnershipStep(Base, kw_only=True):
    """What happened to a partnership, when, through whom, and why."""

    __tablename__ = "partnership_step"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partnership.id"))
    deed: Mapped[PartnershipDeed] = enum_column(PartnershipDeed)
    company_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The company that did it; none where a consortium admin, or time, did."""
    terms_number: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    at: Mapped[datetime]

    __table_args__ = (Index(None, "partnership_id", "at", "id"),)


class PartnershipPolicy(Base, kw_only=True):
    """Which terms a consortium allows; without a row, all that terms can say."""

    __tablename__ = "partnership_policy"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    fields: Mapped[list[str]] = mapped_column(JSON)
    categories: Mapped[list[str]] = mapped_column(JSON)
    """For which job categories; an empty list means for all."""
    shared_days_max: Mapped[int]
    notice_days_min: Mapped[int]
    rewards_allowed: Mapped[bool]
    companies_may_propose: Mapped[bool]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("shared_days_max BETWEEN 1 AND 365", "shared_days_max"),
        CheckConstraint("notice_days_min BETWEEN 0 AND 180", "notice_days_min"),
    )
