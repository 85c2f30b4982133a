"""Person-free aggregates, kept by the operations in the same transaction."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Count, enum_column
from models.rules.lifecycles import Channel, ReferralStatus


class FlowDay(Base, kw_only=True):
    """How many referrals of a channel came to a state on a day, between two organizations."""

    __tablename__ = "flow_day"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    to_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    channel: Mapped[Channel] = enum_column(Channel, primary_key=True)
    event: Mapped[ReferralStatus] = enum_column(ReferralStatus, primary_key=True)
    before: Mapped[ReferralStatus] = enum_column(ReferralStatus, held_by="before", primary_key=True)
    """The state that was left; where a referral began with the event, the event itself."""
    waited: Mapped[int] = mapped_column(primary_key=True)
    """Days since the state before, as the lower bound of `rules.flows.WAITING_DAYS`."""
    referrals: Mapped[int] = mapped_column(Count)

    __table_args__ = (
        CheckConstraint("referrals > 0", "referrals"),
        Index(None, "from_id", "day"),
        Index(None, "to_id", "day"),
    )


class JourneyDay(Base, kw_only=True):
    """How many journeys with one chain of organizations ended on a day, and how."""

    __tablename__ = "journey_day"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(primary_key=True)
    """Hexadecimal organization ids, joined by ``>``."""
    channel: Mapped[Channel] = enum_column(Channel, primary_key=True)
    """That of the referral whose end it was: the last of the chain, but for a registration with
    another company that ended because of the same hire (``RELAY_LINK`` and ``HIRED``)."""
    outcome: Mapped[ReferralStatus] = enum_column(ReferralStatus, primary_key=True)
    journeys: Mapped[int] = mapped_column(Count)

    __table_args__ = (CheckConstraint("journeys > 0", "journeys"),)


class NeedDay(Base, kw_only=True):
    """What a company turned down and sought, by job category and the day on which it was noted.

    It is never noted for a day before: of a month that is over nothing changes.
    """

    __tablename__ = "need_day"

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    turned_down: Mapped[int] = mapped_column(Count, default=0)
    sought: Mapped[int] = mapped_column(Count, default=0)

    __table_args__ = (Index(None, "company_id", "day"),)
