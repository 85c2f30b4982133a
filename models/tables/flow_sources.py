"""Flows from before the consortium, or from elsewhere: labelled sources apart from its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Count, enum_column, ordered_id
from models.rules.lifecycles import ReferralStatus


class FlowSource(Base, kw_only=True):
    """A file of aggregated flows that an admin imported. It is replaced or removed whole."""

    __tablename__ = "flow_source"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    label: Mapped[str]
    smallest_count: Mapped[int]
    """Its own: 1 where its numbers are public already."""
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with every replacement."""
    nodes: Mapped[int]
    people: Mapped[int] = mapped_column(Count)
    """All that is told of it, added up."""
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    """Of the dated flows; None where none is dated."""
    imported_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("consortium_id", "label"),
        CheckConstraint("smallest_count BETWEEN 1 AND 100", "smallest_count"),
        CheckConstraint("version > 0", "version"),
    )


class FlowImported(Base, kw_only=True):
    """How many people of a source are told to have gone from one node to another in a period."""

    __tablename__ = "flow_imported"

    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("flow_source.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_node: Mapped[str]
    to_node: Mapped[str]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    """The period: a month or a year. None where the file does not date it."""
    outcome: Mapped[ReferralStatus] = enum_column(ReferralStatus)
    told: Mapped[int] = mapped_column(Count)

    __table_args__ = (
        CheckConstraint("told > 0", "told"),
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", "period"),
    )
