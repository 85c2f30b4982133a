"""What waits for whoever is signed in."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from models.access import Permission
from models.reads import waiting as reads
from models.reads.waiting import WaitingKind

described(
    WaitingKind,
    "A kind of thing that waits for somebody.",
    PROPOSALS="Partnerships proposed to your company, which has not answered.",
    TERMS="Other terms, proposed for partnerships of yours, that your company has not answered.",
    INTRODUCTIONS="Candidates introduced to your company, which has not said yes or no.",
    FUNDINGS="Rewards that name your agency, which has not answered.",
    DELETIONS="Requests to delete what was received, not confirmed yet.",
    REQUESTS="Requests of candidates that are to be answered.",
    HELD_COUNTS="Counts that are held for a decision.",
    ANSWERS="Partnerships in which companies' answers are late.",
)


@strawberry.type(description="How much of one kind waits.")
class Waiting:
    """One kind."""

    kind: WaitingKind = strawberry.field(description="Of what.")
    count: int = strawberry.field(description="How many of them; at least one.")
    overdue: int = strawberry.field(description="How many of these for longer than they should.")


@strawberry.type
class WaitingQuery:
    """The root field of what waits."""

    @relation(
        description="What waits for you, kind by kind. Kinds of which nothing waits are left out."
    )
    @staticmethod
    async def waiting(parents: list[Any], ctx: Context) -> list[list[Waiting]]:
        """The same for all parents."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        async with ctx.database.read() as read:
            found = await reads.waiting(read, actor)
        told = [Waiting(kind=one.kind, count=one.count, overdue=one.overdue) for one in found]
        return [told] * len(parents)
