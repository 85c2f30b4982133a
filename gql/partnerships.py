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
from models.reads.partnership_policies import policy_in_force
from models.rules.lifecycles import PartnershipStatus, PartyStatus, TermsStatus
from models.rules.partnership_policy import PolicyBreach, breaches
from models.rules.partnerships import OVERDUE_DAYS, PartnershipDeed, is_overdue
from models.rules.sharing import CandidateField
from models.tables import partnerships as tables

if TYPE_CHECKING:
    from gql.consortium import Organization
    from gql.meetings import Meeting

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
    row: strawberry.Private[tables.Terms]
    left_at: strawberry.Private[dt.datetime | None]
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
        return await _companies(ctx, [p.row.proposer_id for p in parents])

    @relation(
        description="What of it the consortium's policy does not allow; it remains in force. Empty "
        "where it is within the policy."
    )
    @staticmethod
    async def policy_breaches(parents: list[Terms], ctx: Context) -> list[list[PolicyBreach]]:
        actor = ctx.permitted(Permission.READ_PARTNERSHIPS)
        async with ctx.database.read() as read:
            policy = (await policy_in_force(read, actor.consortium_id)).policy
            said = await rewards.said_by_terms(read, [p.row for p in parents])
        return [list(breaches(policy, said[p.key])) for p in parents]

    @relation(description="The companies that accepted it, the first one first.")
    @staticmethod
    async def accepted_by(parents: list[Terms], ctx: Context) -> list[list[_Organization]]:
        async with ctx.database.read() as read:
            found = await reads.acceptances_by_terms(read, {p.key: p.left_at for p in parents})
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
    left_at: strawberry.Private[dt.datetime | None]
    changed_since: strawberry.Private[bool]
    name: str = strawberry.field(description="What it is called.")
    status: PartnershipStatus = strawberry.field(
        description="Where it stands. To a company that left it is over; it reads what it was "
        "party to, as it stood then, and nothing of what happened since."
    )
    created_at: dt.datetime = strawberry.field(description="When it was proposed.")
    changed_at: dt.datetime = strawberry.field(description="When it last changed.")
    listed_at: dt.datetime | None = strawberry.field(
        description="When the records of the pool were last brought in line with it; null while "
        "that is under way. What can be read follows at once."
    )
    waiting_since: dt.datetime | None = strawberry.field(
        description="Since when answers to it, or to other terms, are waited for; null where none "
        "are."
    )
    is_overdue: bool = strawberry.field(
        description=f"Whether answers have been waited for longer than {OVERDUE_DAYS} days."
    )

    @relation(description="The company that proposed it; null where a consortium admin did.")
    @staticmethod
    async def proposer(parents: list[Partnership], ctx: Context) -> list[_Organization | None]:
        return await _companies(ctx, [p.proposer_key for p in parents])

    @relation(description="The companies that were asked to take part, at most 20.")
    @staticmethod
    async def parties(parents: list[Partnership], ctx: Context) -> list[list[PartnershipParty]]:
        async with ctx.database.read() as read:
            found = await reads.parties_by_partnership(read, {p.key: p.left_at for p in parents})
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
        keys, actor = [p.key for p in parents], ctx.signed_in()
        async with ctx.database.read() as read:
            pages = await reads.history_by_partnership(read, actor, keys, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=_step,
            position=lambda row: (row.at, row.id),
            count=counting_each(ctx, lambda read, listed: reads.count_history(read, actor, listed)),
        )

    @relation(description="Its feedback meetings, the latest first.")
    @staticmethod
    async def meetings(
        parents: list[Partnership],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Annotated[Meeting, strawberry.lazy("gql.meetings")]]]:
        from gql.meetings import meetings_of  # noqa: PLC0415  (it builds on us)

        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        return await meetings_of(ctx, [p.key for p in parents], asked)


async def _terms_of(
    ctx: Context, parents: Sequence[Partnership], status: TermsStatus
) -> list[Terms | None]:
    async with ctx.database.read() as read:
        keys = [p.key for p in parents]
        found = await reads.terms_by_partnership(read, ctx.signed_in(), keys, status)
    return [terms(found[p.key]) if p.key in found else None for p in parents]


def terms(seen: reads.SeenTerms) -> Terms:
    """A version of the terms as its parties read it."""
    row, state = seen.row, seen.state
    told = (job_category(code) for code in row.categories)
    return Terms(
        id=encode_id("Terms", row.id),
        key=row.id,
        row=row,
        left_at=seen.left_at,
        number=row.number,
        status=state.status,
        fields=[CandidateField(name) for name in row.fields],
        categories=[term for term in told if term is not None],
        shared_days=row.shared_days,
        notice_days=row.notice_days,
        proposed_at=row.proposed_at,
        in_force_at=state.in_force_at,
        ended_at=state.ended_at,
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


def partnership(seen: reads.SeenPartnership, now: dt.datetime) -> Partnership:
    """A partnership as who sees it reads it."""
    row, left_at = seen.row, seen.left_at
    return Partnership(
        id=encode_id("Partnership", row.id),
        key=row.id,
        proposer_key=row.proposer_id,
        left_at=left_at,
        changed_since=left_at is not None and row.changed_at > left_at,
        name=row.name,
        status=seen.status,
        created_at=row.created_at,
        changed_at=min(row.changed_at, left_at or row.changed_at),
        listed_at=row.listed_at if left_at is None else left_at,
        waiting_since=seen.waiting_since,
        is_overdue=is_overdue(seen.waiting_since, now),
    )


async def load_partnerships(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Partnership]:
    """The partnerships of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.partnerships_by_id(read, ctx.signed_in(), keys)
        return {key: partnership(row, read.now) for key, row in rows.items()}


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
    search: str | None = strawberry.field(
        default=None,
        description="With these words, at most 100 characters, in their name, or in the name or "
        "corporate number of one of their companies.",
    )
    is_overdue: bool | None = strawberry.field(
        default=None, description="Whether answers have been waited for too long."
    )


class PartnershipOrderField(StrEnum):
    """What partnerships can be sorted by."""

    CREATED_AT = "CREATED_AT"
    WAITING_SINCE = "WAITING_SINCE"


described(
    PartnershipOrderField,
    "What partnerships can be sorted by.",
    CREATED_AT="When they were proposed.",
    WAITING_SINCE="Since when answers are waited for; those where none are, are left out.",
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
        by, direction = sorting(order_by, (PartnershipOrderField.CREATED_AT, Direction.DESC))
        is_by_age = by is PartnershipOrderField.CREATED_AT
        keys = reads.BY_AGE if is_by_age else reads.BY_WAITING
        async with ctx.database.read() as read:
            now = read.now
            rows = await reads.partnerships_page(
                read, actor, chosen, asked, keys=keys, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=lambda seen: partnership(seen, now),
            position=lambda seen: (
                seen.row.created_at if is_by_age else seen.waiting_since,
                seen.row.id,
            ),
            count=counting(
                ctx, lambda read: reads.count_partnerships(read, actor, chosen, keys=keys)
            ),
        )
        return [found] * len(parents)
