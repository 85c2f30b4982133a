"""Relay links."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.lifecycles import LinkStatus


class LinkUsage(StrEnum):
    """Where a link is used: in rejection mails, or in public (a page, a poster)."""

    REJECTION_MAIL = "REJECTION_MAIL"
    PUBLIC = "PUBLIC"


class RelayLink(Base, kw_only=True):
    """A secret URL of one company, for one campaign. Its token is derived from its id."""

    __tablename__ = "relay_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    campaign: Mapped[str]
    opening_title: Mapped[str | None] = mapped_column(default=None)
    stage: Mapped[str | None] = mapped_column(default=None)
    usage: Mapped[LinkUsage] = enum_column(LinkUsage, default=LinkUsage.REJECTION_MAIL)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), default=None)
    status: Mapped[LinkStatus] = enum_column(LinkStatus, default=LinkStatus.ACTIVE)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("relay_link.id"), unique=True, default=None
    )
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "company_id", "created_at", "id"),
        Index(None, "status", "expires_at"),
    )
