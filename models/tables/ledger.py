"""The append-only ledger: accounts, entries, and the free hires that counts earn."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Count, enum_column, ordered_id, random_id
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus


class Account(Base, kw_only=True):
    """One organization's holding of one unit under one program. ``balance`` is a cache of entries.

    Counts and free hires are companies'. Of yen, a company has what it paid, below zero, and an
    agency what it received; a trigger refuses yen for a company.
    """

    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    program_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """Whose it is: a company, or of yen also an agency. Nobody else can have one."""
    unit: Mapped[Unit] = enum_column(Unit)
    book: Mapped[Book] = enum_column(Book, default=Book.BALANCE)
    balance: Mapped[int] = mapped_column(Count, default=0)
    entries: Mapped[int] = mapped_column(default=0)
    """How many entries there are: the number of the last one."""

    __table_args__ = (
        UniqueConstraint("company_id", "program_id", "unit", "book"),
        CheckConstraint("unit = 'REWARD' OR balance >= 0", "balance"),
    )


class Entry(Base, kw_only=True):
    """One posting. It is never changed or deleted; a correction names the one it reverses."""

    __tablename__ = "entry"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    number: Mapped[int]
    """1, 2, 3 … within the account."""
    amount: Mapped[int] = mapped_column(Count)
    kind: Mapped[EntryKind] = enum_column(EntryKind)
    posting_id: Mapped[uuid.UUID]
    """Entries made together share it."""
    posted_at: Mapped[datetime]
    posted_on: Mapped[date]
    """The day in the consortium's time zone: all that the company may learn of the time."""
    program_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program_version.id"))
    registration_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("registration.id"), default=None
    )
    free_hire_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("free_hire.id"), default=None)
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("entry.id"), unique=True, default=None
    )
    reward_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reward.id"), default=None)

    __table_args__ = (
        UniqueConstraint("account_id", "number"),
        Index(
            "uq_entry_counted_registration",
            "registration_id",
            unique=True,
            sqlite_where=text("kind = 'COUNTED'"),
            postgresql_where=text("kind = 'COUNTED'"),
        ),
        Index(None, "free_hire_id"),
        Index(
            "ix_entry_reward_id",
            "reward_id",
            sqlite_where=text("reward_id IS NOT NULL"),
            postgresql_where=text("reward_id IS NOT NULL"),
        ),
        CheckConstraint(
            "kind NOT IN ('BONUS', 'GRANTED', 'REWARDED') OR reward_id IS NOT NULL", "reward"
        ),
        CheckConstraint("amount <> 0", "amount"),
        CheckConstraint("kind <> 'COUNTED' OR registration_id IS NOT NULL", "counted"),
    )


class FreeHire(Base, kw_only=True):
    """What N counts earn: one hire without a fee."""

    __tablename__ = "free_hire"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    program_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    program_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program_version.id"))
    status: Mapped[FreeHireStatus] = enum_column(FreeHireStatus, default=FreeHireStatus.AVAILABLE)
    earned_at: Mapped[datetime]
    earned_on: Mapped[date]
    expires_at: Mapped[datetime]
    referral_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("referral.id"), unique=True, default=None
    )
    """The introduction it is reserved for or was spent on."""
    reserved_at: Mapped[datetime | None] = mapped_column(default=None)
    spent_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "company_id", "status", "expires_at", "id"),
        Index(None, "status", "expires_at"),
        CheckConstraint(
            "(status IN ('RESERVED', 'SPENT')) = (referral_id IS NOT NULL)", "referral"
        ),
    )


class IdempotencyKey(Base, kw_only=True):
    """The first answer to a key, so that asking again changes nothing."""

    __tablename__ = "idempotency_key"

    actor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str]
    payload_hash: Mapped[bytes]
    answer_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    """The id of the thing that the first answer made or changed."""
    created_at: Mapped[datetime] = mapped_column(index=True)
