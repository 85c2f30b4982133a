"""Free hires."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.idempotency import idempotency_key, perform_once
from gql.node import Node, encode_id, register_node
from gql.parties import parties
from gql.payload import Payload, key_from, mutation, perform
from gql.referrals import Referral, load_referrals
from models.access import Actor, Permission
from models.operations import free_hires as operations
from models.reads import free_hires as reads
from models.rules.lifecycles import FreeHireStatus
from models.session import WriteSession

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    FreeHireStatus,
    "Where a free hire stands.",
    AVAILABLE="It can be put on an introduction.",
    RESERVED="It is on an introduction.",
    SPENT="The person has joined.",
    EXPIRED="It ran out unused.",
    TAKEN_BACK="It was taken back, because a count that earned it was.",
)


@strawberry.type(description="無料採用枠: one hire without a fee, which counts have earned.")
class FreeHire(Node):
    """One free hire, as its company sees it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[reads.ShownFreeHire]
    status: FreeHireStatus = strawberry.field(description="Where it stands.")
    earned_on: dt.date = strawberry.field(description="The day it was earned.")
    expires_on: dt.date = strawberry.field(
        description="The day it runs out unless it is reserved or spent by then."
    )

    @relation(description="The company that earned it.")
    @staticmethod
    async def company(
        parents: list[FreeHire], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.company_id for p in parents])

    @relation(description="The introduction it is reserved for, or was spent on.")
    @staticmethod
    async def referral(parents: list[FreeHire], ctx: Context) -> list[Referral | None]:
        keys = [p.row.referral_id for p in parents if p.row.referral_id]
        found = await load_referrals(ctx, keys) if keys else {}
        return [found.get(p.row.referral_id) if p.row.referral_id else None for p in parents]


def free_hire(row: reads.ShownFreeHire) -> FreeHire:
    """A free hire as its company sees it."""
    return FreeHire(
        id=encode_id("FreeHire", row.id),
        key=row.id,
        row=row,
        status=row.status,
        earned_on=row.earned_on,
        expires_on=row.expires_on,
    )


async def load_free_hires(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, FreeHire]:
    """The free hires of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.free_hires_by_id(read, ctx.signed_in(), keys)
    return {key: free_hire(row) for key, row in rows.items()}


register_node("FreeHire", load_free_hires)


@strawberry.input(description="A free hire to be put on an introduction.")
class RedeemFreeHireInput:
    """On which introduction. The free hire that runs out first is taken."""

    referral_id: strawberry.ID = strawberry.field(
        description="An agency's introduction that your company has accepted."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which free hire.")
class FreeHireInput:
    """One of your company."""

    id: strawberry.ID = strawberry.field(description="The free hire's id.")


@strawberry.type(description="What became of the free hire.")
class FreeHirePayload(Payload):
    """The free hire, or why not."""

    free_hire: FreeHire | None = strawberry.field(
        default=None, description="The free hire as it stands now."
    )


@strawberry.type
class FreeHireMutation:
    """What a company does with its free hires."""

    @mutation(
        Permission.SPEND_FREE_HIRES,
        description="Put a free hire on an introduction: it is reserved now, spent when the "
        "person joins, and released when it falls through.",
    )
    async def redeem_free_hire(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RedeemFreeHireInput, strawberry.argument(description="On which.")],
    ) -> FreeHirePayload:
        def command() -> operations.RedeemFreeHire:
            key = key_from(input.referral_id, "Referral", "referral", "referralId")
            return operations.RedeemFreeHire(key)

        return await perform_once(
            info.context,
            FreeHirePayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.redeem_free_hire,
            thing="free_hire",
            type_name="FreeHire",
        )

    @mutation(
        Permission.SPEND_FREE_HIRES, description="Take a reserved free hire off its introduction."
    )
    async def release_free_hire(
        self,
        info: strawberry.Info[Context],
        input: Annotated[FreeHireInput, strawberry.argument(description="Which.")],
    ) -> FreeHirePayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "FreeHire", "free hire", "id")
            return await operations.release_free_hire(tx, actor, key)

        return await perform(
            info.context, FreeHirePayload, run, thing="free_hire", type_name="FreeHire"
        )
