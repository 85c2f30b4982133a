"""The queue of held counts, and what a consortium admin decides."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.consortium import Company, load_organizations
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter
from gql.ledger import Entry
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, load_nodes, register_node
from gql.payload import Payload, do, key_from, mutation, perform
from models.access import Actor, Permission
from models.operations import reviews as operations
from models.operations.reviews import Resolution
from models.reads import reviews as reads
from models.rules.counting import HoldReason, NotCountedReason
from models.rules.lifecycles import CountStatus
from models.session import WriteSession
from models.tables.links import LinkUsage

described(
    Resolution,
    "What a consortium admin decides about a held count.",
    COUNT="Let it count, where the rules allow.",
    REFUSE="It does not count.",
)


@strawberry.type(description="What spoke for holding a count: numbers, never persons.")
class HeldEvidence:
    """Its own registration is among each of the numbers."""

    through_link: int = strawberry.field(
        description="Registrations through the same link within the ten minutes before."
    )
    from_device: int = strawberry.field(
        description="Registrations from the same device within the day before."
    )
    same_phone: int = strawberry.field(
        description="Registrations with the same telephone number through the company's links."
    )


@strawberry.type(description="A registration whose count was held for review. Never who it was.")
class HeldCount(Node):
    """For consortium admins."""

    key: strawberry.Private[uuid.UUID]
    company_key: strawberry.Private[uuid.UUID]
    completed_on: dt.date = strawberry.field(description="The day of the registration.")
    campaign: str = strawberry.field(description="The campaign of the link.")
    usage: LinkUsage = strawberry.field(description="Where the link is used.")
    hold_reason: HoldReason = strawberry.field(description="Why it was held.")
    status: CountStatus = strawberry.field(description="What became of the count.")
    not_counted_reason: NotCountedReason | None = strawberry.field(
        description="Why it does not count, where it does not."
    )
    decision_note: str | None = strawberry.field(description="The reasons that were given.")
    decided_at: dt.datetime | None = strawberry.field(description="When it was last decided.")
    company_mail_domain: str | None = strawberry.field(description="The company's own mail domain.")

    @relation(description="The company whose link it was.")
    @staticmethod
    async def company(parents: list[HeldCount], ctx: Context) -> list[Company | None]:
        """All of them at once."""
        found = await load_organizations(ctx, [parent.company_key for parent in parents])
        companies = [found.get(parent.company_key) for parent in parents]
        return [one if isinstance(one, Company) else None for one in companies]

    @relation(description="What spoke for holding it.")
    @staticmethod
    async def evidence(parents: list[HeldCount], ctx: Context) -> list[HeldEvidence | None]:
        """All of them at once."""
        actor = ctx.permitted(Permission.REVIEW_COUNTS)
        async with ctx.database.read() as read:
            found = await reads.evidence(read, actor, [parent.key for parent in parents])
        return [_evidence(found.get(parent.key)) for parent in parents]


def _evidence(found: reads.Evidence | None) -> HeldEvidence | None:
    if found is None:
        return None
    return HeldEvidence(
        through_link=found.through_link,
        from_device=found.from_device,
        same_phone=found.same_phone,
    )


def held_count(row: reads.HeldCount) -> HeldCount:
    """A held count as a reviewer sees it."""
    return HeldCount(
        id=encode_id("HeldCount", row.id),
        key=row.id,
        company_key=row.company_id,
        completed_on=row.completed_on,
        campaign=row.campaign,
        usage=row.usage,
        hold_reason=row.hold_reason,
        status=row.status,
        not_counted_reason=row.not_counted_reason,
        decision_note=row.decision_note,
        decided_at=row.decided_at,
        company_mail_domain=row.company_mail_domain,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, HeldCount]:
    actor = ctx.signed_in()
    if not actor.may(Permission.REVIEW_COUNTS):
        return {}
    async with ctx.database.read() as read:
        rows = await reads.held_by_id(read, actor, keys)
    return {key: held_count(row) for key, row in rows.items()}


register_node("HeldCount", _load)


@strawberry.input(description="Which held counts.")
class HeldCountFilter:
    """All of the conditions that are given."""

    status: Filter[CountStatus] | None = strawberry.field(
        default=None, description="By what became of the count; HELD is what waits."
    )
    hold_reason: Filter[HoldReason] | None = strawberry.field(
        default=None, description="By why it was held."
    )


class HeldCountOrderField(StrEnum):
    """What held counts can be sorted by."""

    COMPLETED_ON = "COMPLETED_ON"


described(
    HeldCountOrderField,
    "What held counts can be sorted by.",
    COMPLETED_ON="The day of the registration.",
)


@strawberry.input(description="How held counts are sorted.")
class HeldCountOrder:
    """One order."""

    field: HeldCountOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.type
class ReviewQuery:
    """The root fields of reviewers."""

    @relation(
        description="Counts that were held for review, decided ones too unless filtered, the "
        "oldest first where silent."
    )
    @staticmethod
    async def held_counts(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            HeldCountFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[HeldCountOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[HeldCount]]:
        """Paged by day."""
        actor = ctx.permitted(Permission.REVIEW_COUNTS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        chosen = reads.HeldFilter(**vars(where)) if where else reads.HeldFilter()
        _, direction = sorting(order_by, (HeldCountOrderField.COMPLETED_ON, Direction.ASC))
        async with ctx.database.read() as read:
            rows = await reads.held_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found: Connection[HeldCount] = connect(
            rows,
            asked,
            node=held_count,
            position=lambda row: (row.completed_on, row.id),
            count=counting(ctx, lambda read: reads.count_held(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="A decision about a held count.")
class ResolveHeldCountInput:
    """Which, what, and why."""

    id: strawberry.ID = strawberry.field(description="The held count's id.")
    resolution: Resolution = strawberry.field(description="What is decided.")
    reason: str = strawberry.field(description="Why, in at most 1000 characters. It is kept.")


@strawberry.type(description="What became of the held count.")
class HeldCountPayload(Payload):
    """The held count, or why not."""

    held_count: HeldCount | None = strawberry.field(
        default=None, description="The count as it stands now."
    )


@strawberry.input(description="A count to be taken back.")
class ReverseCountInput:
    """Which, and why."""

    entry_id: strawberry.ID = strawberry.field(
        description="The id of the ledger entry that made the count."
    )
    reason: str = strawberry.field(description="Why, in at most 1000 characters. It is kept.")


@strawberry.type(description="What became of the count.")
class ReverseCountPayload(Payload):
    """The entry, or why not."""

    entry: Entry | None = strawberry.field(
        default=None, description="The ledger entry whose count was taken back."
    )


@strawberry.type
class ReviewMutation:
    """What reviewers decide."""

    @mutation(
        Permission.REVIEW_COUNTS,
        description="Decide about a held count, by the rules of the day it happened.",
    )
    async def resolve_held_count(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ResolveHeldCountInput, strawberry.argument(description="The decision.")],
    ) -> HeldCountPayload:
        """`HELD → COUNTED | NOT_COUNTED`."""

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "HeldCount", "held count", "id")
            command = operations.ResolveHeldCount(key, input.resolution, input.reason)
            return await operations.resolve_held_count(tx, actor, command)

        return await perform(
            info.context, HeldCountPayload, run, thing="held_count", type_name="HeldCount"
        )

    @mutation(
        Permission.REVIEW_COUNTS,
        description="Take a count back: from what is left over, from an available free hire, or "
        "as a debt. The person is never counted for the company again.",
    )
    async def reverse_count(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ReverseCountInput, strawberry.argument(description="Which.")],
    ) -> ReverseCountPayload:
        """`COUNTED → REVERSED`."""

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.entry_id, "Entry", "count", "entryId")
            return await operations.reverse_count(
                tx, actor, operations.ReverseCount(key, input.reason)
            )

        _, refusal = await do(info.context, ReverseCountPayload, run)
        if refusal:
            return refusal
        [entry] = await load_nodes(info.context, [input.entry_id])
        return ReverseCountPayload(entry=entry)
