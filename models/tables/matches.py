"""What a match foretold: where an opening stood for a candidate when it was proposed to them."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class MatchRecord(Base, kw_only=True):
    """The standing of an introduction's opening at the time: three numbers, and no person."""

    __tablename__ = "match_record"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    rank: Mapped[int]
    """From 1, among the openings that were considered."""
    score_permille: Mapped[int]
    considered: Mapped[int]

    __table_args__ = (
        CheckConstraint("rank BETWEEN 1 AND considered", "rank"),
        CheckConstraint("score_permille BETWEEN 0 AND 1000", "score"),
    )
