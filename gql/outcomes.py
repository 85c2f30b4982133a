"""What became of hires: `gql.hires` takes it in."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.parties import parties
from models.reads import outcomes as reads
from models.rules.outcomes import ExitReason

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    ExitReason,
    "Why a person left, in the widest of words. It changes nothing of what is owed.",
    PERSON="The person wished to.",
    COMPANY="The company wished it.",
    AGREED="Both agreed on it.",
    TERM_ENDED="The contract had a term, which ended.",
)


@strawberry.type(description="That the person has stayed so many days.")
class HireMilestone:
    """One milestone that was reached."""

    days: int = strawberry.field(description="Days stayed: 30, 90 or 180.")
    reached_on: dt.date = strawberry.field(description="The day on which it was reached.")


@strawberry.type(description="How the exit of a person was recorded.")
class HireExit:
    """The exit that stands."""

    by_key: strawberry.Private[uuid.UUID]
    reason: ExitReason | None = strawberry.field(description="Why, where it was told.")
    recorded_at: dt.datetime = strawberry.field(description="When it was recorded.")

    @relation(description="The side that recorded it; it can also take it back, by `reverseExit`.")
    @staticmethod
    async def recorded_by(
        parents: list[HireExit], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.by_key for p in parents])


@strawberry.type
class HireOutcome:
    """What a hire has of its outcome."""

    @relation(
        description="The last day on which leaving is leaving early, by the rules of the day of "
        "joining; null without a guarantee."
    )
    @staticmethod
    async def guarantee_ends_on(parents: list[Any], ctx: Context) -> list[dt.date | None]:
        async with ctx.database.read() as read:
            return await reads.guarantee_ends(read, [p.row for p in parents])

    @relation(description="The milestones that the person has reached, noted once a day has begun.")
    @staticmethod
    async def milestones(parents: list[Any], ctx: Context) -> list[list[HireMilestone]]:
        keys = [p.key for p in parents]
        async with ctx.database.read() as read:
            found = await reads.milestones_by_hire(read, ctx.signed_in(), keys)
        return [
            [HireMilestone(days=one.days, reached_on=one.reached_on) for one in found.get(key, ())]
            for key in keys
        ]

    @relation(description="How the exit was recorded; null while the person stays.")
    @staticmethod
    async def exit(parents: list[Any], ctx: Context) -> list[HireExit | None]:
        keys = [p.key for p in parents]
        async with ctx.database.read() as read:
            found = await reads.exits_by_hire(read, ctx.signed_in(), keys)
        return [
            HireExit(by_key=row.by_id, reason=row.reason, recorded_at=row.recorded_at)
            if (row := found.get(key))
            else None
            for key in keys
        ]
