"""What is told of the flows of months that are over: written once, and never changed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Count, enum_column
from models.rules.lifecycles import Channel, ReferralStatus


class FrozenMonth(Base, kw_only=True):
    """A month whose cells are told from now on. One without a row is not told at all."""

    __tablename__ = "frozen_month"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    """A `rules.flows.month_of`."""
    smallest_count: Mapped[int]
    """The consortium's when the month was frozen."""
    frozen_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("smallest_count > 0", "smallest_count"),)


class FlowTold(Base, kw_only=True):
    """How many referrals are told to have come to a state in a month, between two organizations.

    The sum over ``before`` and ``waited`` is a multiple of the month's smallest count: that sum is
    the cell which is rounded.
    """

    __tablename__ = "flow_told"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    channel: Mapped[Channel] = enum_column(Channel, primary_key=True)
    event: Mapped[ReferralStatus] = enum_column(ReferralStatus, primary_key=True)
    before: Mapped[ReferralStatus] = enum_column(ReferralStatus, held_by="before", primary_key=True)
    waited: Mapped[int] = mapped_column(primary_key=True)
    told: Mapped[int] = mapped_column(Count)

    __table_args__ = (CheckConstraint("told > 0", "told"),)


class JourneyTold(Base, kw_only=True):
    """How many journeys with one chain of organizations are told to have ended in a month.

    Those that ended by one hop add up to what `FlowTold` has of that hop.
    """

    __tablename__ = "journey_told"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = enum_column(Channel, primary_key=True)
    outcome: Mapped[ReferralStatus] = enum_column(ReferralStatus, primary_key=True)
    told: Mapped[int] = mapped_column(Count)

    __table_args__ = (CheckConstraint("told > 0", "told"),)
