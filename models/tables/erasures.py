"""What is left of an erased person: that they were erased, and the names the law makes us keep."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed
from models.tables.candidates import CandidateSession, ExcludedName, Exclusion, SignInLink
from models.tables.inactivity import DeletionNotice
from models.tables.requests import CandidateRequest
from models.tables.surveys import SurveyInvitation, SurveyOptOut

OWN_TABLES = (
    Exclusion,
    ExcludedName,
    SignInLink,
    CandidateSession,
    CandidateRequest,
    DeletionNotice,
    SurveyInvitation,
    SurveyOptOut,
)
"""What belongs to the person alone, and goes without a trace."""


class Erasure(Base, kw_only=True):
    """One key of an erased person: it is destroyed once the erasure is committed.

    Beside the key store's own tombstones, which outlive a restore of this database, these rows
    outlive a restore of the key store.
    """

    __tablename__ = "erasure"

    key_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    erased_at: Mapped[datetime]
    key_destroyed_at: Mapped[datetime | None] = mapped_column(default=None)
    forgotten_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the keyed hashes of the address were replaced, by which a person counts once."""

    __table_args__ = (
        Index(
            "ix_erasure_waiting",
            "key_id",
            sqlite_where=text("key_destroyed_at IS NULL"),
            postgresql_where=text("key_destroyed_at IS NULL"),
        ),
        Index(None, "forgotten_at", "erased_at"),
    )


class RegisterKey(Base, kw_only=True):
    """The key under which a consortium's statutory registers keep the names of erased persons."""

    __tablename__ = "register_key"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    key_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class RegisterName(Base, kw_only=True):
    """The name of an erased person, for the records of provision that must still name them."""

    __tablename__ = "register_name"

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(Sealed)
    """Sealed under the consortium's register key."""
    keep_until: Mapped[datetime] = mapped_column(index=True)
