"""Partnerships: what they are, and where they stand."""

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
from gql.lists import (
    After,
    Before,
    First,
    Last,
    connect,
    connect_each,
    counting,
    counting_each,
    sorting,
)
from gql.node import Node, encode_id, key_of, register_node
from gql.parties import parties
from gql.rewards import Funding, RewardClause, clause, funding
from gql.terms import Term, job_category
from models.access import Permission
from models.reads import partnerships as reads
from models.reads import rewards
from models.rules.lifecycles import PartnershipStatus, PartyStatus, TermsStatus
from models.rules.partnerships import PartnershipDeed
from models.rules.sharing import CandidateField
from models.tables import partnerships as tables

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    PartnershipStatus,
    "Where a partnership stands.",
    PROPOSED="It waits for every company's answer.",
    ACTIVE="Candidates are shown under its terms.",
    SUSPENDED="Nothing new is shown for now.",
    ENDED="It is over. What candidates agreed to runs on to its deadline.",
    DECLINED="A company said no to the proposal.",
    WITHDRAWN="The proposal was taken back.",
)
described(
    PartyStatus,
    "How a company stands to a partnership.",
    INVITED="It has not answered the proposal yet.",
    JOINED="It takes part.",
    DECLINED="It said no.",
    LEFT="It takes part no more.",
)
described(
    PartnershipDeed,
    "What happened to a partnership.",
    PROPOSED="It was proposed.",
    ACCEPTED="A company said yes.",
    DECLINED="A company said no.",
    WITHDRAWN="The proposal was taken back.",
    BEGAN="It began.",
    SUSPENDED="It was suspended.",
    RESUMED="It was resumed.",
    GAVE_NOTICE="A company gave notice.",
    LEFT="A company left.",
    ENDED="It ended.",
    TERMS_PROPOSED="Other terms were proposed.",
    TERMS_ACCEPTED="A company accepted the proposed terms.",
    TERMS_REJECTED="The proposed terms were rejected.",
    TERMS_IN_FORCE="The proposed terms came into force.",
    FUNDING_ACCEPTED="An agency agreed to its part in the rewards.",
    FUNDING_DECLINED="An agency said no to its part in the rewards.",
    FUNDING_STOPPED="An agency stopped its part for referrals that begin later.",
)

_Organization = Annotated["Organization", strawberry.lazy("gql.consortium")]


@strawberry.type(
    description="提携条件: one version of what the companies of a partnership show each other. It "
    "is in force only once every party, and every agency its rewards name, accepted it."
)
class Terms(Node):
    """One version of a partnership's terms."""

    key: strawberry.Private[uuid.UUID]
    proposer_key: strawberry.Private[uuid.UUID | None]
    number: int = strawberry.field(description="1, 2, 3 … within the partnership.")
    status: TermsStatus = strawberry.field(description="Where it stands.")
    fields: list[CandidateField] = strawberry.field(
        description="What is shown: in the pool those that identify nobody, all of them once the "
        "candidate agreed."
    )
    categories: list[Term] = strawberry.field(
        description="For which job categories; empty if for all."
    )
    shared_days: int = strawberry.field(
        description="So many days what an agreed referral shows can be read, whatever becomes of "
        "the partnership."
    )
    notice_days: int = strawberry.field(
        description="So many days before leaving a company says so."
    )
    proposed_at: dt.datetime = strawberry.field(description="When it was proposed.")
    in_force_at: dt.datetime | None = strawberry.field(description="Since when it is in force.")
    ended_at: dt.datetime | None = strawberry.field(
        description="When it was superseded or rejected."
    )

    @relation(description="Who proposed it; null where a consortium admin did.")
    @staticmethod
    async def proposer(parents: list[Terms], ctx: Context) -> list[_Organization | None]:
        return await _companies(ctx, [p.proposer_key for p in parents])

    @relation(description="The companies that accepted it, the first one first.")
    @staticmethod
    async def accepted_by(parents: list[Terms], ctx: Context) -> list[list[_Organization]]:
        async with ctx.database.read() as read:
            found = await reads.acceptances_by_terms(read, [p.key for p in parents])
        told = await parties(ctx, [one for p in parents for one in found[p.key]])
        by_key = {one.key: one for one in told if one is not None}
        return [[by_key[key] for key in found[p.key] if key in by_key] for p in parents]

    @relation(description="What it promises for referrals between the companies, at most 10.")
    @staticmethod
    async def rewards(parents: list[Terms], ctx: Context) -> list[list[RewardClause]]:
        async with ctx.database.read() as read:
            found = await rewards.clauses_by_terms(read, [p.key for p in parents])
        return [[clause(one) for one in found[p.key]] for p in parents]

    @relation(description="The agencies that its rewards name, and their answers.")
    @staticmethod
    async def fundings(parents: list[Terms], ctx: Context) -> list[list[Funding]]:
        async with ctx.database.read() as read:
            found = await rewards.fundings_by_terms(read, [p.key for p in parents])
        return [[funding(one) for one in found[p.key]] for p in parents]


@strawberry.type(description="One company of a partnership.")
class PartnershipParty:
    """How one company stands to it."""

    company_key: strawberry.Private[uuid.UUID]
    status: PartyStatus = strawberry.field(description="How it stands to the partnership.")
    answered_at: dt.datetime | None = strawberry.field(description="When it answered the proposal.")
    leaves_at: dt.datetime | None = strawberry.field(
        description="When it leaves, once it has given notice."
    )

    @relation(description="The company.")
    @staticmethod
    async def company(parents: list[PartnershipParty], ctx: Context) -> list[_Organization | None]:
        return await _companies(ctx, [p.company_key for p in parents])


@strawberry.type(description="Something that happened to a partnership.")
class PartnershipStep(Node):
    """One line of its history."""

    company_key: strawberry.Private[uuid.UUID | None]
    deed: PartnershipDeed = strawberry.field(description="What happened.")
    at: dt.datetime = strawberry.field(description="When.")
    terms_number: int | None = strawberry.field(
        description="Which version of the terms it is about."
    )
    reason: str | None = strawberry.field(description="Why, as whoever did it wrote.")

    @relation(description="The company that did it; null where a consortium admin or time did.")
    @staticmethod
    async def company(parents: list[PartnershipStep], ctx: Context) -> list[_Organization | None]:
        return await _companies(ctx, [p.company_key for p in parents])


async def _companies(ctx: Context, keys: Sequence[uuid.UUID | None]) -> list[Organization | None]:
    told = await parties(ctx, [key for key in keys if key is not None])
    by_key = {one.key: one for one in told if one is not None}
    return [by_key.get(key) if key is not None else None for key in keys]


@strawberry.type(
    description="提携: an agreement of two or more companies to show each other candidates, as far "
    "as each candidate agreed."
)
class Partnership(Node):
    """A partnership, as its companies and consortium admins see it."""

    key: strawberry.Private[uuid.UUID]
    proposer_key: strawberry.Private[uuid.UUID | None]
    name: str = strawberry.field(description="What it is called.")
    status: PartnershipStatus = strawberry.field(description="Where it stands.")
    created_at: dt.datetime = strawberry.field(description="When it was proposed.")
    changed_at: dt.datetime = strawberry.field(description="When it last changed.")
    listed_at: dt.datetime | None = strawberry.field(
        description="When the records of the pool were last brought in line with it; null while "
        "that is under way. What can be read follows at once."
    )

    @relation(description="The company that proposed it; null where a consortium admin did.")
    @staticmethod
    async def proposer(parents: list[Partnership], ctx: Context) -> list[_Organization | None]:
        return await _companies(ctx, [p.proposer_key for p in parents])

    @relation(description="The companies that were asked to take part, at most 20.")
    @staticmethod
    async def parties(parents: list[Partnership], ctx: Context) -> list[list[PartnershipParty]]:
        async with ctx.database.read() as read:
            found = await reads.parties_by_partnership(read, [p.key for p in parents])
        return [[_party(row) for row in found.get(p.key, ())] for p in parents]

    @relation(description="The terms in force.")
    @staticmethod
    async def terms(parents: list[Partnership], ctx: Context) -> list[Terms | None]:
        return await _terms_of(ctx, parents, TermsStatus.IN_FORCE)

    @relation(description="The terms that wait for every party's yes.")
    @staticmethod
    async def proposed_terms(parents: list[Partnership], ctx: Context) -> list[Terms | None]:
        return await _terms_of(ctx, parents, TermsStatus.PROPOSED)

    @relation(description="What happened to it, the latest first.")
    @staticmethod
    async def history(
        parents: list[Partnership],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[PartnershipStep]]:
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        keys = [p.key for p in parents]
        async with ctx.database.read() as read:
            pages = await reads.history_by_partnership(read, keys, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=_step,
            position=lambda row: (row.at, row.id),
            count=counting_each(ctx, reads.count_history),
        )


async def _terms_of(
    ctx: Context, parents: Sequence[Partnership], status: TermsStatus
) -> list[Terms | None]:
    async with ctx.database.read() as read:
        found = await reads.terms_by_partnership(read, [p.key for p in parents], status)
    return [terms(found[p.key]) if p.key in found else None for p in parents]


def terms(row: tables.Terms) -> Terms:
    """A version of the terms as its parties read it."""
    told = (job_category(code) for code in row.categories)
    return Terms(
        id=encode_id("Terms", row.id),
        key=row.id,
        proposer_key=row.proposer_id,
        number=row.number,
        status=row.status,
        fields=[CandidateField(name) for name in row.fields],
        categories=[term for term in told if term is not None],
        shared_days=row.shared_days,
        notice_days=row.notice_days,
        proposed_at=row.proposed_at,
        in_force_at=row.in_force_at,
        ended_at=row.ended_at,
    )


def _party(row: tables.PartnershipParty) -> PartnershipParty:
    return PartnershipParty(
        company_key=row.company_id,
        status=row.status,
        answered_at=row.answered_at,
        leaves_at=row.leaves_at,
    )


def _step(row: Any) -> PartnershipStep:
    return PartnershipStep(
        id=encode_id("PartnershipStep", row.id),
        company_key=row.company_id,
        deed=row.deed,
        at=row.at,
        terms_number=row.terms_number,
        reason=row.reason,
    )


def partnership(row: tables.Partnership) -> Partnership:
    """A partnership as who sees it reads it."""
    return Partnership(
        id=encode_id("Partnership", row.id),
        key=row.id,
        proposer_key=row.proposer_id,
        name=row.name,
        status=row.status,
        created_at=row.created_at,
        changed_at=row.changed_at,
        listed_at=row.listed_at,
    )


async def load_partnerships(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Partnership]:
    """The partnerships of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.partnerships_by_id(read, ctx.signed_in(), keys)
    return {key: partnership(row) for key, row in rows.items()}


async def _load_terms(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Terms]:
    async with ctx.database.read() as read:
        rows = await reads.terms_by_id(read, ctx.signed_in(), keys)
    return {key: terms(row) for key, row in rows.items()}


async def _load_steps(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, PartnershipStep]:
    async with ctx.database.read() as read:
        rows = await reads.steps_by_id(read, ctx.signed_in(), keys)
    return {key: _step(row) for key, row in rows.items()}


register_node("Partnership", load_partnerships)
register_node("PartnershipStep", _load_steps)
register_node("Terms", _load_terms)


@strawberry.input(description="Which partnerships.")
class PartnershipFilter:
    """All of the conditions that are given."""

    status: Filter[PartnershipStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )
    name: StringFilter | None = strawberry.field(default=None, description="By name.")
    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those that one company was asked to take part in."
    )


class PartnershipOrderField(StrEnum):
    """What partnerships can be sorted by."""

    CREATED_AT = "CREATED_AT"


described(
    PartnershipOrderField,
    "What partnerships can be sorted by.",
    CREATED_AT="When they were proposed.",
)


@strawberry.input(description="How partnerships are sorted.")
class PartnershipOrder:
    """One order."""

    field: PartnershipOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


def _chosen(where: PartnershipFilter | None) -> reads.PartnershipFilter:
    if where is None:
        return reads.PartnershipFilter()
    asked = dict(vars(where))
    if where.company_id is not None:
        # An id of anything else is like one of a company without partnerships.
        asked["company_id"] = key_of(where.company_id, "Company") or uuid.UUID(int=0)
    return reads.PartnershipFilter(**asked)


@strawberry.type
class PartnershipQuery:
    """The root fields about partnerships."""

    @relation(description="The partnerships that you see, the newest first where silent.")
    @staticmethod
    async def partnerships(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            PartnershipFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[PartnershipOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Partnership]]:
        actor = ctx.permitted(Permission.READ_PARTNERSHIPS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = _chosen(where)
        _, direction = sorting(order_by, (PartnershipOrderField.CREATED_AT, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.partnerships_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=partnership,
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_partnerships(read, actor, chosen)),
        )
        return [found] * len(parents)
