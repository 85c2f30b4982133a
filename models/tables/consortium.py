"""The tenant, its organizations, and the relay's rules in versions."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column, ordered_id
from models.rules.counting import CountRule, OpenLinks
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.rules.outcomes import STANDARD_REFUNDS, RefundRows, refund_rows


class Consortium(Base, kw_only=True):
    """The companies and agencies that work under one set of rules. Nothing crosses over."""

    __tablename__ = "consortium"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(default="Asia/Tokyo")
    smallest_count: Mapped[int] = mapped_column(default=3)
    retention_months: Mapped[int] = mapped_column(default=6, server_default="6")
    """So many months after the last activity a candidate's record goes."""
    request_days: Mapped[int] = mapped_column(default=14, server_default="14")
    """Within so many days a candidate's request is to be answered."""
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("smallest_count BETWEEN 1 AND 100", "smallest_count"),
        CheckConstraint("retention_months BETWEEN 3 AND 24", "retention_months"),
        CheckConstraint("request_days BETWEEN 1 AND 60", "request_days"),
    )


class Organization(Base, kw_only=True):
    """A company or an agency of one consortium."""

    __tablename__ = "organization"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[OrganizationKind] = enum_column(OrganizationKind)
    corporate_number: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    """The name as `rules.company_names.company_name_key` compares it."""
    name_en: Mapped[str | None] = mapped_column(default=None)
    name_en_key: Mapped[str | None] = mapped_column(default=None)
    """The English name, compared likewise."""
    industry_division: Mapped[str | None] = mapped_column(default=None)
    industry_group: Mapped[str | None] = mapped_column(default=None)
    prefecture: Mapped[str | None] = mapped_column(default=None)
    mail_domain: Mapped[str | None] = mapped_column(default=None)
    licence_number: Mapped[str | None] = mapped_column(default=None)
    licence_expires_on: Mapped[date | None] = mapped_column(default=None)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("consortium_id", "corporate_number"),
        Index(None, "consortium_id", "kind", "name", "id"),
        Index(None, "consortium_id", "name_key"),
        Index(None, "consortium_id", "name_en_key"),
        CheckConstraint("length(corporate_number) = 13", "corporate_number"),
    )


class Membership(Base, kw_only=True):
    """An organization's place in its consortium."""

    __tablename__ = "membership"

    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organization.id"), primary_key=True
    )
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    status: Mapped[MembershipStatus] = enum_column(MembershipStatus)
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None] = mapped_column(default=None)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    grace_ends_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (Index(None, "consortium_id", "status"),)


class Program(Base, kw_only=True):
    """The consortium's relay: one, with rules that change by version."""

    __tablename__ = "program"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"), unique=True)
    created_at: Mapped[datetime]


class ProgramVersion(Base, kw_only=True):
    """One version of the rules. It is never changed; a change is the next version."""

    __tablename__ = "program_version"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=ordered_id)
    program_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    effective_from: Mapped[datetime]
    counts_per_free_hire: Mapped[int] = mapped_column(default=10)
    count_rule: Mapped[CountRule] = enum_column(CountRule, default=CountRule.EACH_COMPANY)
    window_days: Mapped[int] = mapped_column(default=365)
    free_hire_valid_days: Mapped[int] = mapped_column(default=730)
    default_agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    open_links: Mapped[OpenLinks] = enum_column(OpenLinks, default=OpenLinks.ALL)
    guarantee_days: Mapped[int] = mapped_column(default=90)
    refund_schedule: Mapped[RefundRows] = mapped_column(
        JSON, default_factory=lambda: refund_rows(STANDARD_REFUNDS)
    )
    """What of a fee is owed back, by days stayed: see `rules.outcomes.refunds_of`."""
    grace_days: Mapped[int] = mapped_column(default=180)
    link_limit: Mapped[int] = mapped_column(default=100)
    """Counts of one link within ten minutes, above which more are held for review."""
    device_limit: Mapped[int] = mapped_column(default=10)
    """Counts from one device within a day, above which more are held for review."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("program_id", "number"),
        Index(None, "program_id", "effective_from"),
        CheckConstraint("counts_per_free_hire BETWEEN 1 AND 1000", "counts_per_free_hire"),
        CheckConstraint("window_days BETWEEN 1 AND 3650", "window_days"),
        CheckConstraint("free_hire_valid_days BETWEEN 1 AND 3650", "free_hire_valid_days"),
        CheckConstraint("guarantee_days BETWEEN 0 AND 365", "guarantee_days"),
        CheckConstraint("grace_days BETWEEN 0 AND 3650", "grace_days"),
        CheckConstraint("link_limit BETWEEN 1 AND 100000", "link_limit"),
        CheckConstraint("device_limit BETWEEN 1 AND 1000", "device_limit"),
    )
