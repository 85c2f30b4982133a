"""The consortium and its members.

A feature that adds fields to companies or agencies writes them as a class of its own, whose batch
functions read ``parent.key``, and names it among the bases of `Company` or `Agency` here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter, StringFilter
from gql.ledger import CompanyLedger, OrganizationRewards
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, load_nodes, register_node
from gql.partnership_policies import ConsortiumPolicy
from gql.referrals import OrganizationReferrals
from gql.registrations import CompanyRegistrations
from gql.retention import CompanyBaselines, OrganizationRetention
from gql.scalars import CorporateNumber
from gql.terms import Term
from models.access import Actor, Permission
from models.reads import members as reads
from models.reads.members import Member
from models.reads.program_versions import program_of
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.tables import consortium as tables
from models.vocabulary.industries import INDUSTRIES
from models.vocabulary.prefectures import PREFECTURES

if TYPE_CHECKING:
    from gql.programs import Program

described(
    MembershipStatus,
    "An organization's place in the consortium.",
    INVITED="Asked to join.",
    ACTIVE="A member.",
    LEFT="No member any more.",
)


@strawberry.interface(description="A company or an agency of the consortium, past or present.")
class Organization(Node):
    """What every member knows of every other."""

    key: strawberry.Private[uuid.UUID]
    corporate_number: CorporateNumber = strawberry.field(description="法人番号, verified.")
    name: str = strawberry.field(description="The registered name.")
    name_en: str | None = strawberry.field(description="The name in English.")
    industry_division: Term | None = strawberry.field(
        description="Division of the Japan Standard Industrial Classification; null if unknown."
    )
    industry_group: Term | None = strawberry.field(
        description="Major group of the same classification; null if unknown."
    )
    prefecture: Term | None = strawberry.field(
        description="Where its head office is, by JIS X 0401; null if unknown."
    )
    mail_domain: str | None = strawberry.field(
        description="Its own mail domain; told to itself and to consortium admins only."
    )
    membership_status: MembershipStatus = strawberry.field(
        description="Its place in the consortium."
    )
    joined_at: dt.datetime | None = strawberry.field(description="When it became a member.")
    left_at: dt.datetime | None = strawberry.field(description="When it left.")


@strawberry.type(description="企業: a company that hires.")
class Company(
    CompanyLedger,
    CompanyRegistrations,
    CompanyBaselines,
    OrganizationReferrals,
    OrganizationRetention,
    OrganizationRewards,
    Organization,
):
    """A company."""

    grace_ends_at: dt.datetime | None = strawberry.field(
        description="When the balance of a company that left lapses; told to itself and to "
        "consortium admins only."
    )


@strawberry.type(description="人材紹介会社: a staffing agency that looks after candidates.")
class Agency(OrganizationReferrals, OrganizationRetention, OrganizationRewards, Organization):
    """An agency."""

    licence_number: str | None = strawberry.field(description="有料職業紹介事業許可番号.")
    licence_expires_on: dt.date | None = strawberry.field(
        description="The last day on which the licence is valid."
    )
    licence_is_valid: bool = strawberry.field(
        description="Whether the licence is valid today: without it nobody is introduced."
    )


def organization(actor: Actor, member: Member) -> Company | Agency:
    """A member as the actor sees it."""
    row = member.organization
    group = INDUSTRIES.get(row.industry_group or "")
    division = INDUSTRIES.get(row.industry_division or "")
    place = PREFECTURES.get(row.prefecture or "")
    knows_inside = actor.may(Permission.MANAGE_MEMBERS) or actor.organization_id == row.id
    shared: dict[str, Any] = {
        "id": encode_id(type_name_of(row.kind), row.id),
        "key": row.id,
        "corporate_number": row.corporate_number,
        "name": row.name,
        "name_en": row.name_en,
        "industry_division": Term.of(row.industry_division, division and division.name),
        "industry_group": Term.of(row.industry_group, group and group.name),
        "prefecture": Term.of(row.prefecture, place and place.name),
        "mail_domain": row.mail_domain if knows_inside else None,
        "membership_status": member.status,
        "joined_at": member.joined_at,
        "left_at": member.left_at,
    }
    if row.kind is OrganizationKind.COMPANY:
        return Company(**shared, grace_ends_at=member.grace_ends_at if knows_inside else None)
    return Agency(
        **shared,
        licence_number=row.licence_number,
        licence_expires_on=row.licence_expires_on,
        licence_is_valid=member.licence_is_valid,
    )


def type_name_of(kind: OrganizationKind) -> str:
    """The type of an organization in the schema."""
    return "Company" if kind is OrganizationKind.COMPANY else "Agency"


async def load_organizations(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Company | Agency]:
    """The organizations of many rows at once, as relations to them need it."""
    actor = ctx.permitted(Permission.READ_CONSORTIUM)
    async with ctx.database.read() as read:
        found = await reads.members_by_id(read, actor, list(dict.fromkeys(keys)))
    return {key: organization(actor, member) for key, member in found.items()}


async def _load_companies(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Company]:
    found = await load_organizations(ctx, keys)
    return {key: one for key, one in found.items() if isinstance(one, Company)}


async def _load_agencies(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Agency]:
    found = await load_organizations(ctx, keys)
    return {key: one for key, one in found.items() if isinstance(one, Agency)}


register_node("Company", _load_companies)
register_node("Agency", _load_agencies)


@strawberry.input(description="Which members.")
class MemberFilter:
    """All of the conditions that are given."""

    kind: Filter[OrganizationKind] | None = strawberry.field(
        default=None, description="Companies or agencies."
    )
    status: Filter[MembershipStatus] | None = strawberry.field(
        default=None, description="By their place in the consortium."
    )
    name: StringFilter | None = strawberry.field(default=None, description="By name.")
    corporate_number: StringFilter | None = strawberry.field(
        default=None, description="By corporate number."
    )
    industry_division: StringFilter | None = strawberry.field(
        default=None, description="By the code of the industry's division."
    )
    prefecture: StringFilter | None = strawberry.field(
        default=None, description="By the code of the prefecture."
    )


class MemberOrderField(StrEnum):
    """What members can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


described(
    MemberOrderField,
    "What members can be sorted by.",
    NAME="Their name.",
    CREATED_AT="When they were taken in.",
)


@strawberry.input(description="How members are sorted.")
class MemberOrder:
    """One order."""

    field: MemberOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.type(description="コンソーシアム: the companies and agencies under one set of rules.")
class Consortium(ConsortiumPolicy, Node):
    """The tenant."""

    key: strawberry.Private[uuid.UUID]
    slug: str = strawberry.field(description="Its short name, as in addresses.")
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="Where its days begin.")
    smallest_count: int = strawberry.field(
        description="Figures about others are told in multiples of this."
    )
    retention_months: int = strawberry.field(
        description="So many months after the last activity a candidate's record goes."
    )
    request_days: int = strawberry.field(
        description="Within so many days a candidate's request is to be answered."
    )
    created_at: dt.datetime = strawberry.field(description="When it was set up.")

    @relation(description="Its relay and the rules.")
    @staticmethod
    async def program(
        parents: list[Consortium], ctx: Context
    ) -> list[Annotated[Program, strawberry.lazy("gql.programs")] | None]:
        """Only the actor's own consortium is ever a parent."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        async with ctx.database.read() as read:
            row = await program_of(read, actor)
        [found] = await load_nodes(ctx, [encode_id("Program", row.id)] if row else [""])
        return [found] * len(parents)

    @relation(description="The members, past ones included, by name where silent.")
    @staticmethod
    async def members(
        parents: list[Consortium],
        ctx: Context,
        where: Annotated[
            MemberFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[MemberOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Organization]]:
        """Only the actor's own consortium is ever a parent."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        by, direction = sorting(order_by, (MemberOrderField.NAME, Direction.ASC))
        by_name = by is MemberOrderField.NAME
        asked = PageArguments.of(
            first=first,
            after=after,
            last=last,
            before=before,
            kinds=(str if by_name else dt.datetime, uuid.UUID),
        )
        chosen = reads.MemberFilter(**vars(where)) if where else reads.MemberFilter()
        async with ctx.database.read() as read:
            rows = await reads.members_page(
                read,
                actor,
                chosen,
                asked,
                keys=reads.BY_NAME if by_name else reads.BY_AGE,
                descending=direction is Direction.DESC,
            )
        found: Connection[Organization] = connect(
            rows,
            asked,
            node=lambda member: organization(actor, member),
            position=lambda member: (
                member.organization.name if by_name else member.organization.created_at,
                member.organization.id,
            ),
            count=counting(ctx, lambda read: reads.count_members(read, actor, chosen)),
        )
        return [found] * len(parents)


def consortium(row: tables.Consortium) -> Consortium:
    """A row as its members see it."""
    return Consortium(
        id=encode_id("Consortium", row.id),
        key=row.id,
        slug=row.slug,
        name=row.name,
        time_zone=row.time_zone,
        smallest_count=row.smallest_count,
        retention_months=row.retention_months,
        request_days=row.request_days,
        created_at=row.created_at,
    )


async def _own(ctx: Context) -> Consortium:
    actor = ctx.permitted(Permission.READ_CONSORTIUM)
    async with ctx.database.read() as read:
        return consortium(await reads.consortium_of(read, actor))


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Consortium]:
    own = await _own(ctx)
    return {own.key: own} if own.key in keys else {}


register_node("Consortium", _load)


@strawberry.type
class ConsortiumQuery:
    """The root fields about the consortium."""

    @relation(description="Your consortium.")
    @staticmethod
    async def consortium(parents: list[Any], ctx: Context) -> list[Consortium]:
        """The actor's own."""
        return [await _own(ctx)] * len(parents)
