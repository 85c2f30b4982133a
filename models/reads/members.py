"""The consortium and its members, as those in it see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.rules.flows import local_day
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.session import ReadSession
from models.tables.consortium import Consortium, Membership, Organization
from models.visibility import visible_consortia, visible_organizations

BY_NAME = (Organization.name, Organization.id)
BY_AGE = (Organization.created_at, Organization.id)


@dataclass(frozen=True, slots=True)
class Member:
    """An organization and its place in the consortium."""

    organization: Organization
    status: MembershipStatus
    invited_at: datetime
    joined_at: datetime | None
    left_at: datetime | None
    grace_ends_at: datetime | None
    licence_is_valid: bool


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members: all of the conditions, each None where nothing is asked."""

    kind: object | None = None
    status: object | None = None
    name: object | None = None
    corporate_number: object | None = None
    industry_division: object | None = None
    prefecture: object | None = None


async def consortium_of(read: ReadSession, actor: Actor) -> Consortium:
    """The actor's consortium."""
    return (await read.scalars(select(Consortium).where(visible_consortia(actor)))).one()


async def smallest_count_of(read: ReadSession, consortium_id: uuid.UUID) -> int:
    """The number below which none is told, and of which those told to others are multiples."""
    rows = await read.scalars(
        select(Consortium.smallest_count).where(Consortium.id == consortium_id)
    )
    return rows.one()


async def time_zone_of(read: ReadSession, consortium_id: uuid.UUID) -> str:
    """The time zone whose days a consortium counts in."""
    rows = await read.scalars(select(Consortium.time_zone).where(Consortium.id == consortium_id))
    return rows.one()


def _conditions(actor: Actor, where: MemberFilter) -> list[ColumnElement[bool]]:
    return [
        visible_organizations(actor),
        *matches(Organization.kind, where.kind, "kind"),
        *matches(Membership.status, where.status, "status"),
        *matches(Organization.name, where.name, "name"),
        *matches(Organization.corporate_number, where.corporate_number, "corporateNumber"),
        *matches(Organization.industry_division, where.industry_division, "industryDivision"),
        *matches(Organization.prefecture, where.prefecture, "prefecture"),
    ]


def _members(conditions: Sequence[ColumnElement[bool]]) -> Any:
    return (
        select(
            Organization,
            Membership.status,
            Membership.invited_at,
            Membership.joined_at,
            Membership.left_at,
            Membership.grace_ends_at,
            Consortium.time_zone,
        )
        .join(Membership, Membership.organization_id == Organization.id)
        .join(Consortium, Consortium.id == Organization.consortium_id)
        .where(*conditions)
    )


def _member(read: ReadSession, row: Any) -> Member:
    organization: Organization = row[0]
    expires_on = organization.licence_expires_on
    return Member(
        organization=organization,
        status=row.status,
        invited_at=row.invited_at,
        joined_at=row.joined_at,
        left_at=row.left_at,
        grace_ends_at=row.grace_ends_at,
        licence_is_valid=organization.kind is OrganizationKind.AGENCY
        and expires_on is not None
        and expires_on >= local_day(read.now, row.time_zone),
    )


async def members_page(
    read: ReadSession,
    actor: Actor,
    where: MemberFilter,
    asked: PageAsked,
    *,
    keys: tuple[Any, ...] = BY_NAME,
    descending: bool = False,
) -> list[Member]:
    """One page of the members, past ones included, by name or by age."""
    statement = _members(_conditions(actor, where))
    rows = await page_rows(read, statement, keys, asked, descending=descending)
    return [_member(read, row) for row in rows]


async def count_members(read: ReadSession, actor: Actor, where: MemberFilter) -> int:
    """How many there are."""
    statement = (
        select(func.count())
        .select_from(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(*_conditions(actor, where))
    )
    return (await read.scalar(statement)) or 0


async def members_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Member]:
    """Those of the ids that the actor sees."""
    conditions = [visible_organizations(actor), Organization.id.in_(ids)]
    rows = (await read.execute(_members(conditions))).all()
    return {row[0].id: _member(read, row) for row in rows}
