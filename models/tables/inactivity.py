"""What candidates were told before their record goes for want of activity."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, random_id
from models.rules.inactivity import NoticeStage


class DeletionNotice(Base, kw_only=True):
    """One notice about one silence: however often the timer runs, it is sent once.

    The token of its link is derived from its id.
    """

    __tablename__ = "deletion_notice"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    stage: Mapped[NoticeStage] = enum_column(NoticeStage)
    silent_since: Mapped[datetime]
    goes_on: Mapped[date]
    """The day that it tells, where the consortium is."""
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("candidate_id", "stage", "silent_since"),)
