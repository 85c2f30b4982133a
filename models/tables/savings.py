"""What companies state of themselves, for what they saved to be worked out from."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Yen


class HiringAssumptions(Base, kw_only=True):
    """What a company states from a day on, until the next day it states something for.

    It alone reads it. What is stated for the same day again takes its place.
    """

    __tablename__ = "hiring_assumptions"

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    cost_per_hire_yen: Mapped[int | None] = mapped_column(Yen, default=None)
    hires_a_year: Mapped[int | None] = mapped_column(default=None)
    advertising_yen_a_year: Mapped[int | None] = mapped_column(Yen, default=None)
    agency_hires_a_year: Mapped[int | None] = mapped_column(default=None)
    agency_fee_percent: Mapped[int | None] = mapped_column(default=None)
    yearly_pay_yen: Mapped[int | None] = mapped_column(Yen, default=None)
    participation_yen_a_year: Mapped[int | None] = mapped_column(Yen, default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    """Where the numbers come from, in the company's own words."""
    stated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("cost_per_hire_yen >= 0", "cost_per_hire"),
        CheckConstraint("hires_a_year >= 0", "hires"),
        CheckConstraint("advertising_yen_a_year >= 0", "advertising"),
        CheckConstraint("agency_hires_a_year >= 0", "agency_hires"),
        CheckConstraint("agency_fee_percent BETWEEN 0 AND 100", "agency_fee_percent"),
        CheckConstraint("yearly_pay_yen >= 0", "yearly_pay"),
        CheckConstraint("participation_yen_a_year >= 0", "participation"),
    )
