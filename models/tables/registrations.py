"""The candidate's way in, and who was counted for whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed, enum_column, random_id
from models.rules.counting import HoldReason, NotCountedReason
from models.rules.lifecycles import CountStatus, RegistrationStatus


class Registration(Base, kw_only=True):
    """A form that was sent, and what became of it and of its count."""

    __tablename__ = "registration"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("relay_link.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    key_id: Mapped[uuid.UUID]
    sealed: Mapped[bytes | None] = mapped_column(Sealed)
    """The form as it was sent; nulled once it became a candidate, or expired."""
    email_hash: Mapped[bytes | None]
    phone_hash: Mapped[bytes | None]
    device_hash: Mapped[bytes | None]
    purposes: Mapped[list[str]] = mapped_column(JSON)
    """The consents given with the form, as `rules.sharing.Purpose`."""
    text_version: Mapped[str]
    locale: Mapped[str]
    status: Mapped[RegistrationStatus] = enum_column(
        RegistrationStatus, default=RegistrationStatus.STARTED
    )
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_on: Mapped[date | None] = mapped_column(default=None)
    """The day in the consortium's time zone: all that the company may learn of the time."""
    candidate_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("candidate.id"), index=True, default=None
    )
    program_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("program_version.id"), default=None
    )
    count_status: Mapped[CountStatus] = enum_column(CountStatus, default=CountStatus.PENDING)
    not_counted_reason: Mapped[NotCountedReason | None] = enum_column(
        NotCountedReason, default=None
    )
    hold_reason: Mapped[HoldReason | None] = enum_column(HoldReason, default=None)
    decision_note: Mapped[str | None] = mapped_column(default=None)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "company_id", "completed_on", "id"),
        Index("ix_registration_link_completed", "link_id", "completed_at"),
        Index("ix_registration_device_completed", "device_hash", "completed_at"),
        Index(None, "status", "expires_at"),
        Index(None, "consortium_id", "email_hash", "started_at"),
        Index(
            "ix_registration_held",
            "consortium_id",
            "completed_at",
            "id",
            sqlite_where=text("count_status = 'HELD'"),
            postgresql_where=text("count_status = 'HELD'"),
        ),
    )


class CountedPerson(Base, kw_only=True):
    """A person, as a keyed hash, counts at most once for a company and program.

    The hash outlives an erasure, so that register, erase, register again counts once.
    """

    __tablename__ = "counted_person"

    program_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program.id"), primary_key=True)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    person_hash: Mapped[bytes] = mapped_column(primary_key=True)
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registration.id"), unique=True)
    counted_at: Mapped[datetime]

    __table_args__ = (Index(None, "program_id", "person_hash", "counted_at"),)
