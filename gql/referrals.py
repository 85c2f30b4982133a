"""Referrals, and what is done with them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.candidates import Candidate, candidate
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import DateFilter, Filter
from gql.idempotency import idempotency_key, perform_once
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
from gql.node import Node, encode_id, register_node
from gql.openings import Opening, load_openings
from gql.parties import parties
from gql.payload import Operation, Payload, key_from, mutation, perform
from gql.rewards import Reward, reward
from models.access import Actor, Permission
from models.operations import referrals as operations
from models.reads import hires
from models.reads import referrals as reads
from models.reads.rewards import rewards_by_referral
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.references import reference_of
from models.session import WriteSession
from models.tables.referrals import DeclineReason

if TYPE_CHECKING:
    from gql.consortium import Organization
    from gql.hires import Hire

described(
    Channel,
    "How a candidate was handed over.",
    RELAY_LINK="Through a company's relay link, to an agency.",
    AGENCY_INTRODUCTION="By an agency, to a company.",
    PARTNER_SHARE="From one company to another.",
)
described(
    ReferralStatus,
    "Where a referral stands.",
    REQUESTED="A partner has asked for the candidate.",
    PROPOSED="The candidate is asked whether they agree.",
    AGREED="The candidate has agreed.",
    DELIVERED="The receiver has been told.",
    ACCEPTED="The receiver has taken it up.",
    INTERVIEWING="Interviews are under way.",
    OFFERED="A place has been offered.",
    HIRED="The person has joined.",
    DECLINED="The receiver has said no.",
    WITHDRAWN="The candidate, or who proposed it, has stepped back.",
    RECALLED="Consent or partnership ended.",
    EXPIRED="Nobody answered in time.",
    NO_SUITABLE_OPENING="The agency found no suitable opening.",
)
described(
    DeclineReason,
    "Why the receiver said no.",
    SKILLS="Other skills are sought.",
    EXPERIENCE="More, or other, experience is sought.",
    POSITION_FILLED="The position is filled.",
    CONDITIONS="The conditions do not fit.",
    OTHER="Another reason.",
)


@strawberry.type(
    description="紹介: one hand-over of one candidate. Of a referral through its own relay link a "
    "company learns the day and the agency; everything else is null."
)
class Referral(Node):
    """One referral, as who gave or received it sees it."""

    row: strawberry.Private[reads.ShownReferral]
    reference: str = strawberry.field(
        description="A short name to be noted in files of your own, as AB2C-3D4E. A request to "
        "delete names it, when nothing else of the person is told any more."
    )
    channel: Channel = strawberry.field(description="How the candidate was handed over.")
    created_on: dt.date = strawberry.field(description="The day it was made.")
    status: ReferralStatus | None = strawberry.field(description="Where it stands.")
    decline_reason: DeclineReason | None = strawberry.field(description="Why it was declined.")
    created_at: dt.datetime | None = strawberry.field(description="When it was made.")
    changed_at: dt.datetime | None = strawberry.field(description="When it last changed.")
    delivered_at: dt.datetime | None = strawberry.field(description="When the receiver was told.")
    respond_by: dt.datetime | None = strawberry.field(
        description="When it expires unless the candidate answers."
    )
    shared_until: dt.datetime | None = strawberry.field(
        description="Between partners: until when the terms it began under show the candidate."
    )
    is_asked: bool = strawberry.field(
        description="Between partners: whether the receiver asked for the candidate."
    )

    @relation(description="Who gave it.")
    @staticmethod
    async def giver(
        parents: list[Referral], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.from_id for p in parents])

    @relation(description="Who received it.")
    @staticmethod
    async def receiver(
        parents: list[Referral], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.to_id for p in parents])

    @relation(description="The candidate; null where you may not learn who it was.")
    @staticmethod
    async def candidate(parents: list[Referral], ctx: Context) -> list[Candidate | None]:
        async with ctx.database.read() as read:
            found = await reads.candidates_of(read, ctx.signed_in(), [p.row for p in parents])
        return [candidate(one) for one in found]

    @relation(description="The opening it is about.")
    @staticmethod
    async def opening(parents: list[Referral], ctx: Context) -> list[Opening | None]:
        keys = [p.row.opening_id for p in parents if p.row.opening_id]
        found = await load_openings(ctx, keys) if keys else {}
        return [found.get(p.row.opening_id) if p.row.opening_id else None for p in parents]

    @relation(description="The referral before it; told to who gave this one.")
    @staticmethod
    async def previous(parents: list[Referral], ctx: Context) -> list[Referral | None]:
        keys = [p.row.previous_id for p in parents if p.row.previous_id]
        found = await load_referrals(ctx, keys) if keys else {}
        return [found.get(p.row.previous_id) if p.row.previous_id else None for p in parents]

    @relation(description="The hire that it led to.")
    @staticmethod
    async def hire(
        parents: list[Referral], ctx: Context
    ) -> list[Annotated[Hire, strawberry.lazy("gql.hires")] | None]:
        from gql.hires import hire  # noqa: PLC0415  (hires know referrals)

        keys = [p.row.id for p in parents]
        async with ctx.database.read() as read:
            found = await hires.hires_by_referral(read, ctx.signed_in(), keys)
        return [hire(found[key]) if key in found else None for key in keys]

    @relation(
        description="Between partners: what it earned by the terms it began under, at most 10: of "
        "each promise, whether it stands, was withheld, or was taken back."
    )
    @staticmethod
    async def rewards(parents: list[Referral], ctx: Context) -> list[list[Reward]]:
        async with ctx.database.read() as read:
            found = await rewards_by_referral(read, ctx.signed_in(), [p.row.id for p in parents])
        return [[reward(one) for one in found[p.row.id]] for p in parents]

    @relation(description="Whether a free hire is reserved for it, or was spent on it.")
    @staticmethod
    async def is_free(parents: list[Referral], ctx: Context) -> list[bool]:
        async with ctx.database.read() as read:
            found = await reads.free_referrals(read, ctx.signed_in(), [p.row.id for p in parents])
        return [p.row.id in found for p in parents]


def referral(row: reads.ShownReferral) -> Referral:
    """A referral as the actor sees it."""
    return Referral(
        id=encode_id("Referral", row.id),
        row=row,
        reference=reference_of(row.id),
        channel=row.channel,
        created_on=row.created_on,
        status=row.status,
        decline_reason=row.decline_reason,
        created_at=row.created_at,
        changed_at=row.changed_at,
        delivered_at=row.delivered_at,
        respond_by=row.respond_by,
        shared_until=row.shared_until,
        is_asked=row.is_asked,
    )


async def load_referrals(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Referral]:
    """The referrals of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.referrals_by_id(read, ctx.signed_in(), keys)
    return {key: referral(row) for key, row in rows.items()}


register_node("Referral", load_referrals)


@strawberry.input(description="Which referrals.")
class ReferralFilter:
    """All of the conditions that are given."""

    channel: Filter[Channel] | None = strawberry.field(
        default=None, description="By how they were handed over."
    )
    status: Filter[ReferralStatus] | None = strawberry.field(
        default=None,
        description="By where they stand. Those whose status is hidden from you are left out.",
    )
    created_on: DateFilter | None = strawberry.field(default=None, description="By their day.")


class ReferralOrderField(StrEnum):
    """What referrals can be sorted by."""

    CREATED_ON = "CREATED_ON"


described(ReferralOrderField, "What referrals can be sorted by.", CREATED_ON="Their day.")


@strawberry.input(description="How referrals are sorted.")
class ReferralOrder:
    """One order."""

    field: ReferralOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


Where = Annotated[ReferralFilter | None, strawberry.argument(description="Which of them.")]
OrderBy = Annotated[
    list[ReferralOrder] | None, strawberry.argument(description="At most one order.")
]
CURSOR = (dt.date, uuid.UUID)


def position(row: reads.ShownReferral) -> tuple[dt.date, uuid.UUID]:
    """A referral's place in a list."""
    return row.created_on, row.id


def _chosen(where: ReferralFilter | None) -> reads.ReferralFilter:
    return reads.ReferralFilter(**vars(where)) if where else reads.ReferralFilter()


def _is_descending(order_by: Sequence[ReferralOrder] | None) -> bool:
    _, direction = sorting(order_by, (ReferralOrderField.CREATED_ON, Direction.DESC))
    return bool(direction is Direction.DESC)


@strawberry.type
class OrganizationReferrals:
    """What companies and agencies have of referrals: `gql.consortium` takes it in."""

    @relation(
        description="Of your own organization: the referrals it gave and received. Of another: "
        "those between it and yours. The newest first where silent."
    )
    @staticmethod
    async def referrals(
        parents: list[Any],
        ctx: Context,
        where: Where = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Referral]]:
        actor, chosen = ctx.signed_in(), _chosen(where)
        asked = PageArguments.of(first=first, after=after, last=last, before=before, kinds=CURSOR)
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            pages = await reads.referrals_by_organization(
                read, actor, keys, chosen, asked, descending=_is_descending(order_by)
            )
        return connect_each(
            keys,
            pages,
            asked,
            node=referral,
            position=position,
            count=counting_each(
                ctx,
                lambda read, some: reads.count_referrals_by_organization(read, actor, some, chosen),
            ),
        )


@strawberry.type
class ReferralQuery:
    """The root fields about referrals."""

    @relation(
        description="The referrals that your organization gave and received, the newest first "
        "where silent."
    )
    @staticmethod
    async def referrals(
        parents: list[Any],
        ctx: Context,
        where: Where = None,
        order_by: OrderBy = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Referral]]:
        actor, chosen = ctx.permitted(Permission.READ_REFERRALS), _chosen(where)
        asked = PageArguments.of(first=first, after=after, last=last, before=before, kinds=CURSOR)
        async with ctx.database.read() as read:
            rows = await reads.referrals_page(
                read, actor, chosen, asked, descending=_is_descending(order_by)
            )
        found = connect(
            rows,
            asked,
            node=referral,
            position=position,
            count=counting(ctx, lambda read: reads.count_referrals(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="An introduction to be proposed.")
class IntroduceCandidateInput:
    """Whom, to which company."""

    candidate_id: strawberry.ID = strawberry.field(
        description="The candidate, whose case your agency keeps."
    )
    company_id: strawberry.ID = strawberry.field(description="The company.")
    opening_id: strawberry.ID | None = strawberry.field(
        default=None, description="An opening of that company."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which referral.")
class ReferralInput:
    """One that your organization gave or received."""

    id: strawberry.ID = strawberry.field(description="The referral's id.")


@strawberry.input(description="A referral to be declined.")
class DeclineReferralInput:
    """Which, and why."""

    id: strawberry.ID = strawberry.field(description="The referral's id.")
    reason: DeclineReason = strawberry.field(description="Why.")


@strawberry.type(description="What became of the referral.")
class ReferralPayload(Payload):
    """The referral, or why not."""

    referral: Referral | None = strawberry.field(
        default=None, description="The referral as it stands now."
    )


@strawberry.type
class ReferralMutation:
    """What agencies and companies do with introductions."""

    @mutation(
        Permission.HANDLE_CASES,
        description="Ask a candidate to agree to an introduction. The company learns of it once "
        "they do.",
    )
    async def introduce_candidate(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            IntroduceCandidateInput, strawberry.argument(description="Whom, and to whom.")
        ],
    ) -> ReferralPayload:
        def command() -> operations.IntroduceCandidate:
            opening_id = input.opening_id
            return operations.IntroduceCandidate(
                key_from(input.candidate_id, "Candidate", "candidate", "candidateId"),
                key_from(input.company_id, "Company", "company", "companyId"),
                key_from(opening_id, "Opening", "opening", "openingId") if opening_id else None,
            )

        return await perform_once(
            info.context,
            ReferralPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.introduce_candidate,
            thing="referral",
            type_name="Referral",
        )

    @mutation(
        Permission.HANDLE_REFERRALS,
        description="Take a proposal back that the company has not learned of yet.",
    )
    async def withdraw_proposal(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReferralInput, strawberry.argument(description="Which.")],
    ) -> ReferralPayload:
        return await _change(info, input, operations.withdraw_proposal)

    @mutation(Permission.HANDLE_REFERRALS, description="Take up an introduction that you received.")
    async def accept_referral(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReferralInput, strawberry.argument(description="Which.")],
    ) -> ReferralPayload:
        return await _change(info, input, operations.accept_referral)

    @mutation(
        Permission.HANDLE_REFERRALS,
        description="Decline an introduction that you received. You can read no more of the "
        "candidate, and a free hire reserved for it is released.",
    )
    async def decline_referral(
        self,
        info: strawberry.Info[Context],
        input: Annotated[DeclineReferralInput, strawberry.argument(description="Which.")],
    ) -> ReferralPayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "Referral", "referral", "id")
            command = operations.DeclineReferral(key, input.reason)
            return await operations.decline_referral(tx, actor, command)

        return await _perform(info, run)

    @mutation(Permission.HANDLE_REFERRALS, description="Say that interviews have begun.")
    async def start_interviews(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReferralInput, strawberry.argument(description="Which.")],
    ) -> ReferralPayload:
        return await _change(info, input, operations.start_interviews)

    @mutation(Permission.HANDLE_REFERRALS, description="Say that a place has been offered.")
    async def make_offer(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReferralInput, strawberry.argument(description="Which.")],
    ) -> ReferralPayload:
        return await _change(info, input, operations.make_offer)


async def _perform(info: strawberry.Info[Context], operation: Operation) -> ReferralPayload:
    return await perform(
        info.context, ReferralPayload, operation, thing="referral", type_name="Referral"
    )


async def _change(
    info: strawberry.Info[Context],
    input: ReferralInput,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> ReferralPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        key = key_from(input.id, "Referral", "referral", "id")
        return await operation(tx, actor, key)

    return await _perform(info, run)
