"""What candidates ask of the consortium that needs a person to answer."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed, enum_column, random_id
from models.rules.lifecycles import RequestStatus
from models.rules.requests import RequestKind


class CandidateRequest(Base, kw_only=True):
    """One request and its answer. Both texts are sealed under the candidate's key."""

    __tablename__ = "candidate_request"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), index=True)
    kind: Mapped[RequestKind] = enum_column(RequestKind)
    status: Mapped[RequestStatus] = enum_column(RequestStatus, default=RequestStatus.OPEN)
    question: Mapped[bytes] = mapped_column(Sealed)
    answer: Mapped[bytes | None] = mapped_column(Sealed, default=None)
    """What the candidate was told: an answer, or the reason of a refusal."""
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    """The last day, where the consortium is, on which it is to be answered."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (
        Index(None, "consortium_id", "status", "due_on", "id"),
        CheckConstraint("(status = 'OPEN') = (ended_at IS NULL)", "ended"),
        CheckConstraint("(status = 'OPEN') = (answer IS NULL)", "answer"),
    )
