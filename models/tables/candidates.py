"""Candidates, what they allowed, and what was provided of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed, enum_column, random_id
from models.rules.lifecycles import ConsentStatus
from models.rules.sharing import Acquired, Employment, ExclusionReason, Purpose

LISTED = "purpose = 'PARTNER_SHARING' AND closed_at IS NULL"
"""The records of who is listed in the pool for whom."""


class Candidate(Base, kw_only=True):
    """A person who registered, known once per consortium."""

    __tablename__ = "candidate"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    key_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    email_hash: Mapped[bytes | None]
    phone_hash: Mapped[bytes | None] = mapped_column(default=None)
    sealed: Mapped[bytes | None] = mapped_column(Sealed)
    """Name, address, phone, wishes and present employer: `rules.sharing.SEALED_FIELDS`."""
    locale: Mapped[str] = mapped_column(default="ja")
    category: Mapped[str | None] = mapped_column(default=None)
    experience_years: Mapped[int | None] = mapped_column(default=None)
    prefecture: Mapped[str | None] = mapped_column(default=None)
    desired_prefectures: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    skills: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    employment: Mapped[Employment] = enum_column(Employment)
    created_on: Mapped[date]
    created_at: Mapped[datetime]
    last_active_at: Mapped[datetime] = mapped_column(index=True)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("consortium_id", "email_hash"),
        Index(None, "consortium_id", "phone_hash"),
    )


class Exclusion(Base, kw_only=True):
    """An organization a candidate is never shown to: blocked, or where they work now."""

    __tablename__ = "exclusion"

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organization.id"), primary_key=True
    )
    reason: Mapped[ExclusionReason] = enum_column(ExclusionReason, primary_key=True)
    created_at: Mapped[datetime]


class ExcludedName(Base, kw_only=True):
    """A name a candidate excludes, member or not: whoever joins under it is excluded at once."""

    __tablename__ = "excluded_name"

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    name_hash: Mapped[bytes] = mapped_column(primary_key=True, index=True)
    """The name's key, hashed under a key of the installation, within the consortium."""
    reason: Mapped[ExclusionReason] = enum_column(ExclusionReason, primary_key=True)
    created_at: Mapped[datetime]


class Consent(Base, kw_only=True):
    """What a candidate allowed: one purpose, certain fields, certain recipients."""

    __tablename__ = "consent"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    purpose: Mapped[Purpose] = enum_column(Purpose)
    fields: Mapped[list[str]] = mapped_column(JSON)
    text_version: Mapped[str]
    status: Mapped[ConsentStatus] = enum_column(ConsentStatus, default=ConsentStatus.ACTIVE)
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    standing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"), default=None)
    """The standing consent by which this one was given for one partner, without a question."""

    __table_args__ = (
        Index(None, "candidate_id", "purpose", "status"),
        Index(None, "status", "expires_at"),
    )


class ConsentRecipient(Base, kw_only=True):
    """One organization that a consent names."""

    __tablename__ = "consent_recipient"

    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organization.id"), primary_key=True
    )


class Disclosure(Base, kw_only=True):
    """The record that certain fields of a candidate were provided to an organization."""

    __tablename__ = "disclosure"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """Who provided; none where the candidate themselves did, through the form."""
    recipient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"))
    purpose: Mapped[Purpose] = enum_column(Purpose)
    fields: Mapped[list[str]] = mapped_column(JSON)
    acquired: Mapped[Acquired] = enum_column(Acquired)
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("partnership.id"), default=None
    )
    """The partnership it was provided in, between companies."""
    terms_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("terms.id"), default=None)
    """The version of its terms."""
    opened_at: Mapped[datetime]
    opened_on: Mapped[date | None] = mapped_column(default=None)
    """Of a listing in the pool, the day in the consortium's time zone: it is sorted by that."""
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "candidate_id", "recipient_id", "closed_at"),
        Index(None, "recipient_id", "opened_at"),
        Index(None, "provider_id", "opened_at"),
        Index(
            "ix_disclosure_pool",
            "recipient_id",
            "opened_on",
            "candidate_id",
            sqlite_where=text(LISTED),
            postgresql_where=text(LISTED),
        ),
        Index(
            "uq_disclosure_listed",
            "candidate_id",
            "recipient_id",
            unique=True,
            sqlite_where=text(LISTED),
            postgresql_where=text(LISTED),
        ),
        CheckConstraint("(partnership_id IS NULL) = (terms_id IS NULL)", "terms"),
    )


class SignInLink(Base, kw_only=True):
    """A mailed link to a candidate's own pages. Its token is derived from its id."""

    __tablename__ = "sign_in_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class CandidateSession(Base, kw_only=True):
    """A candidate's signed-in browser. Only the hash of its cookie is stored."""

    __tablename__ = "candidate_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
