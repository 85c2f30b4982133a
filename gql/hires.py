"""Hires."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import described
from gql.free_hires import FreeHire, load_free_hires
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.parties import parties
from gql.payload import Payload, key_from, mutation
from gql.referrals import Referral, load_referrals
from gql.scalars import Yen
from models.access import Permission
from models.operations import referrals as operations
from models.reads import hires as reads
from models.rules.lifecycles import HireStatus
from models.tables import referrals as tables

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    HireStatus,
    "What became of a hire.",
    JOINED="The person has joined.",
    LEFT_EARLY="The person left within the guarantee.",
    LEFT="The person has left.",
)


@strawberry.type(description="採用: the end of a referral that worked.")
class Hire(Node):
    """One hire, as the company and the introducing agency see it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[tables.Hire]
    joined_on: dt.date = strawberry.field(description="The day the person joined.")
    fee_yen: Yen = strawberry.field(description="The agency's fee: 0 under a free hire.")
    status: HireStatus = strawberry.field(description="What became of it.")
    is_free: bool = strawberry.field(description="Whether a free hire was spent on it.")

    @relation(description="The referral that worked.")
    @staticmethod
    async def referral(parents: list[Hire], ctx: Context) -> list[Referral | None]:
        found = await load_referrals(ctx, [p.row.referral_id for p in parents])
        return [found.get(p.row.referral_id) for p in parents]

    @relation(description="The company that hired.")
    @staticmethod
    async def company(
        parents: list[Hire], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.company_id for p in parents])

    @relation(description="The agency that introduced.")
    @staticmethod
    async def introducer(
        parents: list[Hire], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.introducer_id for p in parents])

    @relation(description="The free hire that was spent; told to its company.")
    @staticmethod
    async def free_hire(parents: list[Hire], ctx: Context) -> list[FreeHire | None]:
        keys = [p.row.free_hire_id for p in parents if p.row.free_hire_id]
        found = await load_free_hires(ctx, keys) if keys else {}
        return [found.get(p.row.free_hire_id) if p.row.free_hire_id else None for p in parents]


def hire(row: tables.Hire) -> Hire:
    """A hire as either side sees it."""
    return Hire(
        id=encode_id("Hire", row.id),
        key=row.id,
        row=row,
        joined_on=row.joined_on,
        fee_yen=Yen(row.fee_yen),
        status=row.status,
        is_free=row.free_hire_id is not None,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Hire]:
    async with ctx.database.read() as read:
        rows = await reads.hires_by_id(read, ctx.signed_in(), keys)
    return {key: hire(row) for key, row in rows.items()}


register_node("Hire", _load)


@strawberry.type
class HireQuery:
    """The root fields about hires."""

    @relation(description="Hires by your company, or through your agency, the newest first.")
    @staticmethod
    async def hires(
        parents: list[Any],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Hire]]:
        actor = ctx.permitted(Permission.READ_REFERRALS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        async with ctx.database.read() as read:
            rows = await reads.hires_page(read, actor, asked, descending=True)
        found = connect(
            rows,
            asked,
            node=hire,
            position=lambda row: (row.joined_on, row.id),
            count=counting(ctx, lambda read: reads.count_hires(read, actor)),
        )
        return [found] * len(parents)


@strawberry.input(description="A hire to be recorded.")
class RecordHireInput:
    """Through which introduction, since when, for which fee."""

    referral_id: strawberry.ID = strawberry.field(description="The introduction that worked.")
    joined_on: dt.date = strawberry.field(description="The day the person joined, up to today.")
    fee_yen: Yen | None = strawberry.field(
        default=None, description="The agency's fee; leave it out under a free hire."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of the hire.")
class HirePayload(Payload):
    """The hire, or why not."""

    hire: Hire | None = strawberry.field(default=None, description="The hire.")


@strawberry.type
class HireMutation:
    """What both sides do when a person joins."""

    @mutation(
        Permission.HANDLE_REFERRALS,
        description="Record that a person has joined: a reserved free hire is spent.",
    )
    async def record_hire(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RecordHireInput, strawberry.argument(description="What happened.")],
    ) -> HirePayload:
        def command() -> operations.RecordHire:
            key = key_from(input.referral_id, "Referral", "referral", "referralId")
            return operations.RecordHire(key, input.joined_on, input.fee_yen)

        return await perform_once(
            info.context,
            HirePayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.record_hire,
            thing="hire",
            type_name="Hire",
        )
