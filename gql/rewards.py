"""Rewards of partnerships: what terms promise, the agencies' answers, what referrals earned."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import described
from gql.filters import Filter
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.parties import parties
from gql.payload import Payload, key_from, mutation, perform
from models.access import Actor, Permission
from models.operations import fundings as operations
from models.reads import rewards as reads
from models.rules.ledger import Unit
from models.rules.lifecycles import TermsStatus
from models.rules.rewards import ClauseOffered, RewardEvent, RewardWithheld
from models.session import WriteSession

if TYPE_CHECKING:
    from gql.consortium import Organization
    from gql.referrals import Referral

described(
    Unit,
    "What an account is kept in.",
    COUNT="Counts of persons.",
    FREE_HIRE="Free hires.",
    REWARD="Yen.",
)
described(
    TermsStatus,
    "Where a version of the terms stands.",
    PROPOSED="It waits for every party's yes.",
    IN_FORCE="Every party accepted it.",
    SUPERSEDED="A later version took its place.",
    REJECTED="It was rejected, or taken back.",
)
described(
    RewardEvent,
    "What is rewarded of a referral between partners.",
    REFERRAL="The receiver has taken the candidate up.",
    HIRE="The candidate has joined. An exit inside the guarantee takes it back.",
    STAYED_90="The candidate has stayed ninety days.",
)
described(
    RewardWithheld,
    "Why a reward was not posted when its event came.",
    LICENCE_LAPSED="The agency's licence was not valid that day.",
    AGENCY_LEFT="The agency was no member any more.",
    COMPANY_LEFT="The company was no member any more.",
)

_Organization = Annotated["Organization", strawberry.lazy("gql.consortium")]


@strawberry.type(
    description="報酬条項: one promise of a partnership's terms. Never to a candidate."
)
class RewardClause:
    """What is promised, at which event, and the agency that is part of it."""

    agency_key: strawberry.Private[uuid.UUID]
    event: RewardEvent = strawberry.field(description="What it rewards.")
    unit: Unit = strawberry.field(
        description="Bonus counts or free hires, for the company that gave the candidate on; or "
        "yen, from the company that received them to the agency."
    )
    amount: int = strawberry.field(description="How much of the unit.")

    @relation(description="The agency that funds it; of yen, the one that receives them.")
    @staticmethod
    async def agency(parents: list[RewardClause], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.agency_key for p in parents])


def clause(row: ClauseOffered) -> RewardClause:
    """A promise as its parties read it."""
    return RewardClause(agency_key=row.agency_id, event=row.event, unit=row.unit, amount=row.amount)


@strawberry.type(
    description="報酬への合意: an agency's part in one version of a partnership's terms. They are "
    "in force only once it has said yes."
)
class Funding(Node):
    """What an agency answers."""

    row: strawberry.Private[reads.ShownFunding]
    partnership_name: str = strawberry.field(description="What the partnership is called.")
    terms_number: int = strawberry.field(description="Which version of its terms it is.")
    status: TermsStatus = strawberry.field(description="Where that version stands.")
    proposed_at: dt.datetime = strawberry.field(description="When the agency was asked.")
    accepted_at: dt.datetime | None = strawberry.field(description="When it said yes.")
    stopped_at: dt.datetime | None = strawberry.field(
        description="When it stopped: referrals that begin later earn nothing by its rewards."
    )

    @relation(description="The agency.")
    @staticmethod
    async def agency(parents: list[Funding], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.row.agency_id for p in parents])

    @relation(description="The companies of the partnership, at most 20.")
    @staticmethod
    async def companies(parents: list[Funding], ctx: Context) -> list[list[_Organization]]:
        async with ctx.database.read() as read:
            found = await reads.companies_by_partnership(
                read, [p.row.partnership_id for p in parents]
            )
        told = await parties(ctx, [key for keys in found.values() for key in keys])
        by_key = {one.key: one for one in told if one is not None}
        return [
            [by_key[key] for key in found[p.row.partnership_id] if key in by_key] for p in parents
        ]

    @relation(description="What is promised that the agency is named in, at most 10.")
    @staticmethod
    async def rewards(parents: list[Funding], ctx: Context) -> list[list[RewardClause]]:
        async with ctx.database.read() as read:
            found = await reads.clauses_by_funding(read, [p.row.id for p in parents])
        return [[clause(one) for one in found[p.row.id]] for p in parents]


def funding(row: reads.ShownFunding) -> Funding:
    """An agency's part as who sees it reads it."""
    return Funding(
        id=encode_id("Funding", row.id),
        row=row,
        partnership_name=row.partnership_name,
        terms_number=row.terms_number,
        status=row.status,
        proposed_at=row.proposed_at,
        accepted_at=row.accepted_at,
        stopped_at=row.stopped_at,
    )


async def _load_fundings(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Funding]:
    async with ctx.database.read() as read:
        rows = await reads.fundings_by_id(read, ctx.signed_in(), keys)
    return {key: funding(row) for key, row in rows.items()}


register_node("Funding", _load_fundings)


@strawberry.type(
    description="報酬: what a referral between partners earned by a promise of the terms it began "
    "under. It is never changed; what no longer holds is taken back."
)
class Reward(Node):
    """One reward, as the two companies and the agency see it."""

    row: strawberry.Private[reads.ShownReward]
    event: RewardEvent = strawberry.field(description="What was rewarded.")
    unit: Unit = strawberry.field(description="What the amount is in.")
    amount: int = strawberry.field(description="How much was promised.")
    withheld: RewardWithheld | None = strawberry.field(
        description="Why it was not posted; null where it was."
    )
    posted_on: dt.date = strawberry.field(description="The day it was posted, or withheld.")
    reversed_on: dt.date | None = strawberry.field(description="The day it was taken back.")

    @relation(description="The agency that funds it; of yen, the one that receives them.")
    @staticmethod
    async def agency(parents: list[Reward], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.row.agency_id for p in parents])

    @relation(description="The referral that earned it; told to the two companies.")
    @staticmethod
    async def referral(
        parents: list[Reward], ctx: Context
    ) -> list[Annotated[Referral, strawberry.lazy("gql.referrals")] | None]:
        from gql.referrals import load_referrals  # noqa: PLC0415  (referrals know rewards)

        found = await load_referrals(ctx, [p.row.referral_id for p in parents])
        return [found.get(p.row.referral_id) for p in parents]


def reward(row: reads.ShownReward) -> Reward:
    """A reward as who sees it reads it."""
    return Reward(
        id=encode_id("Reward", row.id),
        row=row,
        event=row.event,
        unit=row.unit,
        amount=row.amount,
        withheld=row.withheld,
        posted_on=row.posted_on,
        reversed_on=row.reversed_on,
    )


async def load_rewards(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Reward]:
    """The rewards of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.rewards_by_id(read, ctx.signed_in(), keys)
    return {key: reward(row) for key, row in rows.items()}


register_node("Reward", load_rewards)


@strawberry.input(description="One promise of terms.")
class RewardClauseInput:
    """What is promised, at which event."""

    event: RewardEvent = strawberry.field(description="What it rewards.")
    unit: Unit = strawberry.field(
        description="Bonus counts or free hires, for the company that gives a candidate on; or "
        "yen, from the company that receives them to the agency."
    )
    amount: int = strawberry.field(
        description="How much: 1 to 10 counts, 1 to 3 free hires, or 1 to 10,000,000 yen."
    )
    agency_id: strawberry.ID = strawberry.field(
        description="The agency that funds it, or that receives the yen: a member with a valid "
        "licence. The terms wait for its yes."
    )

    def offered(self) -> ClauseOffered:
        """As the operations take it. Raises `NotFound`."""
        agency_id = key_from(self.agency_id, "Agency", "agency", "terms", "rewards")
        return ClauseOffered(self.event, self.unit, self.amount, agency_id)


@strawberry.input(description="Which parts in terms.")
class FundingFilter:
    """All of the conditions that are given."""

    status: Filter[TermsStatus] | None = strawberry.field(
        default=None, description="By where the terms stand."
    )


@strawberry.type
class RewardQuery:
    """The root fields about rewards."""

    @relation(
        description="For an agency: the terms that name it in a reward. For others: the agencies' "
        "parts in the terms that they see. The newest first."
    )
    @staticmethod
    async def fundings(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            FundingFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Funding]]:
        actor = ctx.permitted(Permission.READ_REWARDS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        status = where.status if where else None
        async with ctx.database.read() as read:
            rows = await reads.fundings_page(read, actor, status, asked)
        found = connect(
            rows,
            asked,
            node=funding,
            position=lambda row: (row.proposed_at, row.id),
            count=counting(ctx, lambda read: reads.count_fundings(read, actor, status)),
        )
        return [found] * len(parents)


@strawberry.input(description="Which part in terms.")
class FundingInput:
    """One of your agency."""

    id: strawberry.ID = strawberry.field(description="The id of the agency's part.")


@strawberry.type(description="What became of an agency's part in terms.")
class FundingPayload(Payload):
    """The agency's part, or why not."""

    funding: Funding | None = strawberry.field(
        default=None, description="The agency's part as it stands now."
    )


Which = Annotated[FundingInput, strawberry.argument(description="Which.")]
Info = strawberry.Info[Context]


async def _change(
    info: Info,
    input: FundingInput,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> FundingPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, key_from(input.id, "Funding", "reward terms", "id"))

    return await perform(info.context, FundingPayload, run, thing="funding", type_name="Funding")


@strawberry.type
class RewardMutation:
    """What agencies answer."""

    @mutation(
        Permission.FUND_REWARDS,
        description="Say yes to the rewards that your agency is named in. The last yes, of "
        "companies and agencies, brings the terms into force.",
    )
    async def accept_funding(self, info: Info, input: Which) -> FundingPayload:
        return await _change(info, input, operations.accept_funding)

    @mutation(
        Permission.FUND_REWARDS,
        description="Say no to them: the proposed terms are rejected, and a partnership that was "
        "only proposed is declined.",
    )
    async def decline_funding(self, info: Info, input: Which) -> FundingPayload:
        return await _change(info, input, operations.decline_funding)

    @mutation(
        Permission.FUND_REWARDS,
        description="Have no part in rewards of referrals that begin from now on. Those that have "
        "begun earn what they were promised.",
    )
    async def stop_funding(self, info: Info, input: Which) -> FundingPayload:
        return await _change(info, input, operations.stop_funding)
