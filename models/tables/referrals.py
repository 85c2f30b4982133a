"""Hand-overs: referrals, the agency's cases, and hires."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed, Yen, enum_column, random_id
from models.rules.lifecycles import CaseStatus, Channel, HireStatus, ReferralStatus


class DeclineReason(StrEnum):
    """Why the receiver said no."""

    SKILLS = "SKILLS"
    EXPERIENCE = "EXPERIENCE"
    POSITION_FILLED = "POSITION_FILLED"
    CONDITIONS = "CONDITIONS"
    OTHER = "OTHER"


class Referral(Base, kw_only=True):
    """One hand-over of one candidate from one organization to another: an edge of the graph."""

    __tablename__ = "referral"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    channel: Mapped[Channel] = enum_column(Channel)
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    status: Mapped[ReferralStatus] = enum_column(ReferralStatus)
    link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("relay_link.id"), default=None)
    opening_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opening.id"), default=None)
    previous_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("referral.id"), index=True, default=None
    )
    decline_reason: Mapped[DeclineReason | None] = enum_column(DeclineReason, default=None)
    created_at: Mapped[datetime]
    created_on: Mapped[date]
    """The day in the consortium's time zone: all that a referring company may learn."""
    changed_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the receiver first learned of it; none while only the candidate is asked."""
    respond_by: Mapped[datetime | None] = mapped_column(default=None)
    """When it expires unless the candidate has answered."""
    terms_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("terms.id"), default=None)
    """Between partners: the version of their terms that it stays under."""
    is_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Between partners: whether the receiver asked for the candidate, from the pool."""
    is_unasked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Between partners: whether the candidate is not asked, for what is theirs alone to know.

    To who began it, it is as any other that nobody answers.
    """
    shared_until: Mapped[datetime | None] = mapped_column(default=None)
    """Between partners: until when the pinned terms show the candidate, once delivered."""

    __table_args__ = (
        Index(
            "ix_referral_relayed",
            "from_id",
            "candidate_id",
            sqlite_where=text("channel = 'RELAY_LINK'"),
            postgresql_where=text("channel = 'RELAY_LINK'"),
        ),
        Index(
            "ix_referral_terms",
            "terms_id",
            "status",
            sqlite_where=text("terms_id IS NOT NULL"),
            postgresql_where=text("terms_id IS NOT NULL"),
        ),
        CheckConstraint("(channel = 'PARTNER_SHARE') = (terms_id IS NOT NULL)", "terms"),
        CheckConstraint(
            "NOT is_unasked OR (channel = 'PARTNER_SHARE' AND delivered_at IS NULL)", "unasked"
        ),
        Index("ix_referral_given", "from_id", "created_on", "id"),
        Index("ix_referral_received", "to_id", "created_on", "id"),
        Index("ix_referral_between", "from_id", "to_id", "created_on", "id"),
        Index(None, "status", "respond_by"),
        Index(
            "uq_referral_open_introduction",
            "candidate_id",
            "to_id",
            unique=True,
            sqlite_where=text(
                "status IN ('REQUESTED','PROPOSED','AGREED','DELIVERED','ACCEPTED',"
                "'INTERVIEWING','OFFERED') AND channel <> 'RELAY_LINK' AND NOT is_unasked"
            ),
            postgresql_where=text(
                "status IN ('REQUESTED','PROPOSED','AGREED','DELIVERED','ACCEPTED',"
                "'INTERVIEWING','OFFERED') AND channel <> 'RELAY_LINK' AND NOT is_unasked"
            ),
        ),
        CheckConstraint("from_id <> to_id", "two_sides"),
        CheckConstraint("(channel = 'RELAY_LINK') = (link_id IS NOT NULL)", "link"),
        CheckConstraint("(status = 'DECLINED') = (decline_reason IS NOT NULL)", "declined"),
    )


class ReferralStep(Base, kw_only=True):
    """When a referral came to a state, and through whom."""

    __tablename__ = "referral_step"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    status: Mapped[ReferralStatus] = enum_column(ReferralStatus, primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(default=None)


class Case(Base, kw_only=True):
    """An agency looking after a candidate. A candidate has at most one that is open."""

    __tablename__ = "agency_case"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"))
    """The relay-link referral that opened it, or the first of the cases it follows."""
    status: Mapped[CaseStatus] = enum_column(CaseStatus, default=CaseStatus.OPEN)
    note: Mapped[bytes | None] = mapped_column(Sealed, default=None)
    """The agency's own note, sealed under the candidate's key."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    move_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the candidate was asked to move, because the agency may go on no more."""
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index("ix_agency_case_agency", "agency_id", "opened_at", "id"),
        Index(
            "ix_agency_case_unasked",
            "agency_id",
            sqlite_where=text("status = 'OPEN' AND move_asked_at IS NULL"),
            postgresql_where=text("status = 'OPEN' AND move_asked_at IS NULL"),
        ),
        Index(
            "uq_agency_case_open",
            "candidate_id",
            unique=True,
            sqlite_where=text("status = 'OPEN'"),
            postgresql_where=text("status = 'OPEN'"),
        ),
    )


class Hire(Base, kw_only=True):
    """The end of a referral that worked."""

    __tablename__ = "hire"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    introducer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    joined_on: Mapped[date]
    fee_yen: Mapped[int] = mapped_column(Yen)
    program_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program_version.id"))
    """The rules of the day of joining: its guarantee judges an exit."""
    free_hire_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("free_hire.id"), default=None)
    status: Mapped[HireStatus] = enum_column(HireStatus, default=HireStatus.JOINED)
    left_on: Mapped[date | None] = mapped_column(default=None)
    """The last day of employment."""
    refund_yen: Mapped[int | None] = mapped_column(Yen, default=None)
    """What of the fee is owed back; none unless a person left early for whom a fee was due."""
    next_milestone_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the next milestone may be noted; none where no other is to come."""
    recorded_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "company_id", "joined_on", "id"),
        Index(None, "introducer_id", "joined_on", "id"),
        Index(  # one that was given back after an early exit can be spent on another hire
            "uq_hire_free_hire",
            "free_hire_id",
            unique=True,
            sqlite_where=text("status <> 'LEFT_EARLY'"),
            postgresql_where=text("status <> 'LEFT_EARLY'"),
        ),
        Index(None, "next_milestone_at"),
        CheckConstraint("fee_yen >= 0", "fee"),
        CheckConstraint("(status = 'JOINED') = (left_on IS NULL)", "left"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", "left_after_joining"),
        CheckConstraint(
            "(refund_yen IS NOT NULL) = (status = 'LEFT_EARLY' AND free_hire_id IS NULL)", "refund"
        ),
        CheckConstraint(
            "refund_yen IS NULL OR refund_yen BETWEEN 0 AND fee_yen", "refund_within_fee"
        ),
        CheckConstraint("free_hire_id IS NULL OR fee_yen = 0", "free"),
    )
