"""Who is to be asked, and what was answered: two tables that nothing joins."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Count, enum_column, random_id
from models.rules.surveys import SurveyKind, SurveyQuestion


class SurveyInvitation(Base, kw_only=True):
    """That a candidate is to be asked about a company. It goes with the answer, or unanswered.

    The token of its link is derived from its id.
    """

    __tablename__ = "survey_invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=random_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"))
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[SurveyKind] = enum_column(SurveyKind)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    is_mailed: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_at: Mapped[datetime] = mapped_column(index=True)
    """When the mail is to go; once it went, when the link ends."""

    __table_args__ = (UniqueConstraint("candidate_id", "company_id", "kind"),)


class SurveyOptOut(Base, kw_only=True):
    """That a candidate does not want to be asked."""

    __tablename__ = "survey_opt_out"

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    since: Mapped[datetime]


class SurveyMonth(Base, kw_only=True):
    """How often one score was given in a month. Nothing in it leads to a person."""

    __tablename__ = "survey_month"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    kind: Mapped[SurveyKind] = enum_column(SurveyKind, primary_key=True)
    question: Mapped[SurveyQuestion] = enum_column(SurveyQuestion, primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True)
    answers: Mapped[int] = mapped_column(Count)
    smallest_count: Mapped[int]
    """The consortium's at the first of these answers: what is told of a month never changes."""

    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", "score"),
        CheckConstraint("answers > 0", "answers"),
        CheckConstraint("smallest_count BETWEEN 1 AND 100", "smallest_count"),
        # No row number tells which score was given first.
        {"sqlite_with_rowid": False},
    )
