"""The shared pool, and passing candidates on between partners."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.candidates import Candidate, load_candidates
from gql.connection import Connection, PageArguments, Position
from gql.context import Context
from gql.filters import DateFilter, IntFilter, StringFilter
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.parties import parties
from gql.partnerships import Partnership, load_partnerships
from gql.payload import key_from, mutation
from gql.referrals import ReferralPayload
from models.access import Permission
from models.errors import InvalidInput
from models.operations import partner_referrals as operations
from models.reads import pool as reads
from models.vocabulary.skills import SKILLS

if TYPE_CHECKING:
    from gql.consortium import Organization

SKILLS_MAX = 20


@strawberry.type(
    description="A candidate in the pool: whom a partner turned down, and who agreed to be seen."
)
class PoolListing(Node):
    """One candidate, and why they are there."""

    row: strawberry.Private[reads.Listing]
    listed_on: dt.date = strawberry.field(description="The day they were listed for you.")

    @relation(description="The candidate, as far as they agreed and the terms permit.")
    @staticmethod
    async def candidate(parents: list[PoolListing], ctx: Context) -> list[Candidate | None]:
        found = await load_candidates(ctx, [p.row.candidate_id for p in parents])
        return [found.get(p.row.candidate_id) for p in parents]

    @relation(description="The partner through whose link they came.")
    @staticmethod
    async def partner(
        parents: list[PoolListing], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.provider_id for p in parents])

    @relation(description="The partnership under whose terms they are shown.")
    @staticmethod
    async def partnership(parents: list[PoolListing], ctx: Context) -> list[Partnership | None]:
        found = await load_partnerships(ctx, [p.row.partnership_id for p in parents])
        return [found.get(p.row.partnership_id) for p in parents]


def listing(row: reads.Listing) -> PoolListing:
    """A listing as the company that sees it reads it."""
    return PoolListing(id=encode_id("PoolListing", row.id), row=row, listed_on=row.listed_on)


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, PoolListing]:
    async with ctx.database.read() as read:
        rows = await reads.listings_by_id(read, ctx.signed_in(), keys)
    return {key: listing(row) for key, row in rows.items()}


register_node("PoolListing", _load)


@strawberry.input(
    description="Criteria for the pool. By a field that is not shown nobody is found."
)
class PoolFilter:
    """All of the conditions that are given."""

    category: StringFilter | None = strawberry.field(
        default=None, description="By the code of the job category."
    )
    prefecture: StringFilter | None = strawberry.field(
        default=None, description="By the code of the prefecture they live in."
    )
    experience_years: IntFilter | None = strawberry.field(
        default=None, description="By years of experience."
    )
    skills: list[str] | None = strawberry.field(
        default=None, description="Who has all of these: codes of skills, at most 20."
    )
    listed_on: DateFilter | None = strawberry.field(default=None, description="By their day.")


def _chosen(where: PoolFilter | None) -> reads.PoolFilter:
    if where is None:
        return reads.PoolFilter()
    _check_skills(where.skills)
    return reads.PoolFilter(**vars(where))


def _check_skills(skills: Sequence[str] | None) -> None:
    if skills is not None and (len(skills) > SKILLS_MAX or not set(skills) <= set(SKILLS)):
        raise InvalidInput(
            "skills",
            ja=f"スキルは一覧のコードで{SKILLS_MAX}個まで指定してください。",
            en=f"Give at most {SKILLS_MAX} skills by their codes.",
        )


def _listed_candidate(ctx: Context, listing_id: uuid.UUID) -> uuid.UUID:
    """Whom the actor's company knows by an id of the pool."""
    organization_id = ctx.signed_in().organization_id
    if organization_id is None:
        return listing_id
    return ctx.database.vault.listed_candidate(organization_id, listing_id)


def _place(ctx: Context, position: Position | None) -> Position | None:
    """Where a cursor stands in the table: cursors hold the ids of the pool."""
    if position is None or position[1] is None:
        return position
    return position[0], _listed_candidate(ctx, position[1])


@strawberry.type
class PoolQuery:
    """The root fields about the pool."""

    @relation(
        description="The shared pool that your company sees. It is in the order of the day of "
        "listing, the latest first, and within a day in no order that means anything."
    )
    @staticmethod
    async def pool(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            PoolFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[PoolListing]]:
        actor, chosen = ctx.permitted(Permission.READ_POOL), _chosen(where)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        asked = replace(asked, after=_place(ctx, asked.after), before=_place(ctx, asked.before))
        async with ctx.database.read() as read:
            rows = await reads.pool_page(read, actor, chosen, asked)
        found = connect(
            rows,
            asked,
            node=listing,
            position=lambda row: (row.listed_on, row.id),
            count=counting(ctx, lambda read: reads.count_pool(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="Whom to offer to a partner.")
class OfferCandidateInput:
    """Someone who came through your link and gave you their name."""

    candidate_id: strawberry.ID = strawberry.field(description="The candidate.")
    company_id: strawberry.ID = strawberry.field(description="The partner.")
    category: str = strawberry.field(
        description="The code of the job category for which they had applied to you: the terms of "
        "your partnership must be for it."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Whom to ask, out of the pool.")
class AskForCandidateInput:
    """Someone in the pool that your company sees."""

    candidate_id: strawberry.ID = strawberry.field(
        description="The candidate, by the id that the pool tells."
    )
    opening_id: strawberry.ID | None = strawberry.field(
        default=None, description="The opening of yours that it is about."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type
class PoolMutation:
    """What partners do with candidates."""

    @mutation(
        Permission.SHARE_CANDIDATES,
        description="Ask a candidate whom you turned down whether a partner may know them. It "
        "learns of it once they agree: at once where their standing consent covers it.",
    )
    async def offer_candidate(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            OfferCandidateInput, strawberry.argument(description="Whom, and to whom.")
        ],
    ) -> ReferralPayload:
        def command() -> operations.OfferCandidate:
            return operations.OfferCandidate(
                key_from(input.candidate_id, "Candidate", "candidate", "candidateId"),
                key_from(input.company_id, "Company", "company", "companyId"),
                input.category,
            )

        return await perform_once(
            info.context,
            ReferralPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.offer_candidate,
            thing="referral",
            type_name="Referral",
        )

    @mutation(
        Permission.SHARE_CANDIDATES,
        description="Ask someone in the pool whether you may know who they are. Where their "
        "standing consent covers it, the referral is delivered at once, and they are told by mail.",
    )
    async def ask_for_candidate(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AskForCandidateInput, strawberry.argument(description="Whom.")],
    ) -> ReferralPayload:
        def command() -> operations.AskForCandidate:
            opening_id = input.opening_id
            listed = key_from(input.candidate_id, "Candidate", "candidate", "candidateId")
            return operations.AskForCandidate(
                _listed_candidate(info.context, listed),
                key_from(opening_id, "Opening", "opening", "openingId") if opening_id else None,
            )

        return await perform_once(
            info.context,
            ReferralPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.ask_for_candidate,
            thing="referral",
            type_name="Referral",
        )
