"""People and programs that sign in."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.access import Role
from models.base import Base, enum_column, ordered_id, random_id


class UserStatus(StrEnum):
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


_ROLE_FITS = """
(role IN ('CONSORTIUM_ADMIN', 'ANALYST') AND organization_id IS NULL)
OR (role IN ('ADMIN', 'RECRUITER', 'VIEWER') AND organization_id IS NOT NULL)
"""


class User(Base, kw_only=True):
    """A person who acts for one organization or for the consortium."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organization.id"), default=None
    )
    role: Mapped[Role] = enum_column(Role)
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    """The address as `rules.addresses.normalise_email` compares it."""
    password_hash: Mapped[str | None] = mapped_column(default=None)
    locale: Mapped[str] = mapped_column(default="ja")
    status: Mapped[UserStatus] = enum_column(UserStatus, default=UserStatus.INVITED)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("consortium_id", "email_key"),
        Index(None, "organization_id", "name", "id"),
        CheckConstraint(_ROLE_FITS, "role_fits"),
        CheckConstraint("locale IN ('ja', 'en')", "locale"),
    )


class UserSession(Base, kw_only=True):
    """A signed-in browser. Only the hash of its cookie is stored."""

    __tablename__ = "user_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInFailure(Base, kw_only=True):
    """Attempts with one address, known or not: to sign in since its last success, or to have its
    password reset; each under a hash of its own.
    """

    __tablename__ = "sign_in_failure"

    address_hash: Mapped[bytes] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(index=True)


class Invitation(Base, kw_only=True):
    """A mailed link by which an invited user chooses a password. Its token is derived."""

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class PasswordReset(Base, kw_only=True):
    """A mailed link by which a user chooses a new password. Its token is derived.

    It is deleted when it is used. One that was asked for with an unknown address is nobody's: it
    is written so that the answer costs the same.
    """

    __tablename__ = "password_reset"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("user_account.id"), index=True, default=None
    )
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base, kw_only=True):
    """A program that acts for one organization or for the consortium, with a role."""

    __tablename__ = "api_token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organization.id"), index=True, default=None
    )
    role: Mapped[Role] = enum_column(Role)
    name: Mapped[str]
    prefix: Mapped[str]
    """The first letters, by which its owner recognises it in a list."""
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_by: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("user_account.id"), default=None
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "consortium_id", "created_at", "id"),
        CheckConstraint(_ROLE_FITS, "role_fits"),
    )
