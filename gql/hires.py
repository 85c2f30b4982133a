"""Hires."""

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
from gql.free_hires import FreeHire, load_free_hires
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.outcomes import HireOutcome
from gql.parties import parties
from gql.payload import Anyone, Payload, key_from, mutation
from gql.referrals import Referral, load_referrals
from gql.scalars import Yen
from models.access import Actor, Permission
from models.operations import outcomes
from models.operations import referrals as operations
from models.reads import hires as reads
from models.rules.lifecycles import HireStatus
from models.rules.outcomes import ExitReason
from models.session import WriteSession
from models.tables import referrals as tables

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    HireStatus,
    "What became of a hire.",
    JOINED="The person has joined.",
    LEFT_EARLY="The person left within the guarantee.",
    LEFT="The person has left after it, or there was no guarantee.",
)


@strawberry.type(description="採用: the end of a referral that worked.")
class Hire(HireOutcome, Node):
    """One hire, as the company and the introducing agency see it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[tables.Hire]
    joined_on: dt.date = strawberry.field(description="The day the person joined.")
    fee_yen: Yen = strawberry.field(description="The agency's fee: 0 under a free hire.")
    status: HireStatus = strawberry.field(description="What became of it.")
    is_free: bool = strawberry.field(
        description="Whether a free hire was spent on it. It came back if the person left early."
    )
    left_on: dt.date | None = strawberry.field(description="The last day of employment.")
    refund_yen: Yen | None = strawberry.field(
        description="What the agency owes back of its fee, by the rules of the day of joining; "
        "null unless the person left early and there was a fee. The two sides settle it."
    )

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
        left_on=row.left_on,
        refund_yen=None if row.refund_yen is None else Yen(row.refund_yen),
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Hire]:
    async with ctx.database.read() as read:
        rows = await reads.hires_by_id(read, ctx.signed_in(), keys)
    return {key: hire(row) for key, row in rows.items()}


register_node("Hire", _load)


@strawberry.input(description="Which hires.")
class HireFilter:
    """All of the conditions that are given."""

    status: Filter[HireStatus] | None = strawberry.field(
        default=None, description="By what became of them."
    )


@strawberry.type
class HireQuery:
    """The root fields about hires."""

    @relation(description="Hires by your company, or through your agency, the newest first.")
    @staticmethod
    async def hires(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            HireFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Hire]]:
        actor = ctx.permitted(Permission.READ_REFERRALS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        status = where.status if where else None
        async with ctx.database.read() as read:
            rows = await reads.hires_page(read, actor, status, asked, descending=True)
        found = connect(
            rows,
            asked,
            node=hire,
            position=lambda row: (row.joined_on, row.id),
            count=counting(ctx, lambda read: reads.count_hires(read, actor, status)),
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


@strawberry.input(description="An exit to be recorded.")
class RecordExitInput:
    """Who left, when, and why where it is told."""

    hire_id: strawberry.ID = strawberry.field(description="The hire.")
    left_on: dt.date = strawberry.field(
        description="The last day of employment, from the day of joining up to today."
    )
    reason: ExitReason | None = strawberry.field(
        default=None,
        description="Why, for both sides to read: it changes nothing of what is owed.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An exit to be taken back.")
class ReverseExitInput:
    """Of which hire."""

    hire_id: strawberry.ID = strawberry.field(description="The hire.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of the hire.")
class HirePayload(Payload):
    """The hire, or why not."""

    hire: Hire | None = strawberry.field(default=None, description="The hire.")


@strawberry.type
class HireMutation:
    """What both sides do when a person joins, and leaves."""

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

        return await _once(info, input.idempotency_key, command, operations.record_hire)

    @mutation(
        Permission.HANDLE_REFERRALS,
        description="Record that a person has left. Within the guarantee a free hire comes back, "
        "or the refund of the fee is worked out.",
    )
    async def record_exit(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RecordExitInput, strawberry.argument(description="What happened.")],
    ) -> HirePayload:
        def command() -> outcomes.RecordExit:
            key = key_from(input.hire_id, "Hire", "hire", "hireId")
            return outcomes.RecordExit(key, input.left_on, input.reason)

        return await _once(info, input.idempotency_key, command, outcomes.record_exit)

    @mutation(
        Anyone.SIGNED_IN,
        description="Take back an exit that was recorded by mistake: for the side that recorded "
        "it, and for consortium admins, who are answered no hire. A free hire that came back is "
        "spent on the hire again.",
    )
    async def reverse_exit(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReverseExitInput, strawberry.argument(description="Of which hire.")],
    ) -> HirePayload:
        def command() -> outcomes.ReverseExit:
            return outcomes.ReverseExit(key_from(input.hire_id, "Hire", "hire", "hireId"))

        return await _once(info, input.idempotency_key, command, outcomes.reverse_exit)


async def _once(
    info: strawberry.Info[Context],
    key: str | None,
    command: Callable[[], Any],
    operation: Callable[[WriteSession, Actor, Any], Awaitable[uuid.UUID]],
) -> HirePayload:
    return await perform_once(
        info.context,
        HirePayload,
        key=key,
        command=command,
        operation=operation,
        thing="hire",
        type_name="Hire",
    )
