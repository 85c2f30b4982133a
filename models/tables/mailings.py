"""Rejection mails: templates, the people turned down, and the job that writes to them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed, enum_column, ordered_id, random_id
from models.rules.lifecycles import MailingStatus, MailStatus


class MailTemplate(Base, kw_only=True):
    """A company's rejection mail in one language, with the link's place in it."""

    __tablename__ = "mail_template"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("company_id", "name", "locale"),
        CheckConstraint("locale IN ('ja', 'en')", "locale"),
    )


class Mailing(Base, kw_only=True):
    """One list of people turned down, one link, one template name: sent once to each."""

    __tablename__ = "mailing"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("relay_link.id"))
    template_name: Mapped[str]
    status: Mapped[MailingStatus] = enum_column(MailingStatus, default=MailingStatus.DRAFT)
    key_id: Mapped[uuid.UUID]
    """The key that the people of this mailing are sealed under."""
    total: Mapped[int]
    purge_after: Mapped[datetime]
    purged_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "company_id", "created_at", "id"),
        Index(None, "purged_at", "purge_after"),
    )


class Rejection(Base, kw_only=True):
    """A company's own record that a person was turned down. No one else sees it."""

    __tablename__ = "rejection"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    mailing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mailing.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    line: Mapped[int]
    email_hash: Mapped[bytes | None]
    sealed: Mapped[bytes | None] = mapped_column(Sealed)
    """Name, address and opening; nulled when the timer runs out."""
    locale: Mapped[str]
    category: Mapped[str | None] = mapped_column(default=None)
    stage: Mapped[str | None] = mapped_column(default=None)
    rejected_on: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[MailStatus] = enum_column(MailStatus, default=MailStatus.QUEUED)
    failure: Mapped[str | None] = mapped_column(default=None)
    """The mail server's reply code and class; never its text, which may quote the address."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        UniqueConstraint("mailing_id", "email_hash"),
        UniqueConstraint("mailing_id", "line"),
        Index(None, "mailing_id", "status"),
    )
