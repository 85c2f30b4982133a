"""Requests to delete what a candidate no longer allows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.candidates import Candidate, load_candidates
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, register_node
from gql.parties import parties
from gql.payload import Payload, key_from, mutation, perform
from gql.referrals import Referral, load_referrals
from gql.users import User, load_users
from models.access import Actor, Permission
from models.operations import deletions as operations
from models.reads import deletions as reads
from models.rules.deletions import DeletionReason, is_overdue
from models.rules.lifecycles import DeletionStatus
from models.rules.sharing import CandidateField
from models.session import WriteSession
from models.tables import deletions as tables

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    DeletionStatus,
    "Where a request to delete stands.",
    OPEN="The recipient has not confirmed it yet.",
    CONFIRMED="The recipient confirmed that it has deleted what it had.",
    LAPSED="The candidate allowed it anew before it was confirmed: nothing is to be deleted.",
)
described(
    DeletionReason,
    "Why something is to be deleted, as far as the recipient may know.",
    NO_LONGER_ALLOWED="The candidate no longer allows it.",
    ERASED="The candidate has been erased.",
)


@strawberry.type(
    description="削除の依頼: what an organization was given of a candidate is to be deleted from "
    "its own files, unless the law has it keep that. It names no person."
)
class DeletionRequest(Node):
    """A request, as the recipient and consortium admins see it."""

    row: strawberry.Private[tables.DeletionRequest]
    status: DeletionStatus = strawberry.field(description="Where it stands.")
    reason: DeletionReason = strawberry.field(description="Why.")
    fields: list[CandidateField] = strawberry.field(
        description="What was given and is to be deleted."
    )
    asked_at: dt.datetime = strawberry.field(description="When it was asked.")
    due_at: dt.datetime = strawberry.field(description="By when it is to be confirmed.")
    is_overdue: bool = strawberry.field(description="Whether it should have been confirmed by now.")
    confirmed_at: dt.datetime | None = strawberry.field(description="When it was confirmed.")

    @relation(description="Who is to delete.")
    @staticmethod
    async def recipient(
        parents: list[DeletionRequest], ctx: Context
    ) -> list[Annotated[Organization, strawberry.lazy("gql.consortium")] | None]:
        return await parties(ctx, [p.row.recipient_id for p in parents])

    @relation(
        description="The last hand-over with which the recipient was given it, by which it finds "
        "its own files. Told to the recipient only."
    )
    @staticmethod
    async def referral(parents: list[DeletionRequest], ctx: Context) -> list[Referral | None]:
        keys = [p.row.referral_id for p in parents if p.row.referral_id is not None]
        found = await load_referrals(ctx, keys) if keys else {}
        return [found.get(p.row.referral_id) if p.row.referral_id else None for p in parents]

    @relation(
        description="Whom it is about, as the recipient still sees them; the id is the one by "
        "which it knew them. Told to the recipient only."
    )
    @staticmethod
    async def candidate(parents: list[DeletionRequest], ctx: Context) -> list[Candidate | None]:
        found = await load_candidates(ctx, [p.row.candidate_id for p in parents])
        return [found.get(p.row.candidate_id) for p in parents]

    @relation(description="Who confirmed it; told to administrators, and null for a program.")
    @staticmethod
    async def confirmed_by(parents: list[DeletionRequest], ctx: Context) -> list[User | None]:
        keys = [p.row.confirmed_by_id for p in parents if p.row.confirmed_by_id is not None]
        found = await load_users(ctx, keys) if keys else {}
        return [
            found.get(p.row.confirmed_by_id) if p.row.confirmed_by_id else None for p in parents
        ]


def deletion_request(row: tables.DeletionRequest, at: dt.datetime) -> DeletionRequest:
    """A request as it stands at an instant."""
    return DeletionRequest(
        id=encode_id("DeletionRequest", row.id),
        row=row,
        status=row.status,
        reason=row.reason,
        fields=[CandidateField(name) for name in row.fields],
        asked_at=row.asked_at,
        due_at=row.due_at,
        is_overdue=is_overdue(row.status, row.due_at, at),
        confirmed_at=row.confirmed_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DeletionRequest]:
    async with ctx.database.read() as read:
        rows = await reads.deletions_by_id(read, ctx.signed_in(), keys)
        return {key: deletion_request(row, read.now) for key, row in rows.items()}


register_node("DeletionRequest", _load)


@strawberry.input(description="Which requests to delete.")
class DeletionRequestFilter:
    """All of the conditions that are given."""

    status: Filter[DeletionStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )


class DeletionRequestOrderField(StrEnum):
    """What requests to delete can be sorted by."""

    DUE_AT = "DUE_AT"


described(
    DeletionRequestOrderField,
    "What requests to delete can be sorted by.",
    DUE_AT="When they are due.",
)


@strawberry.input(description="How requests to delete are sorted.")
class DeletionRequestOrder:
    """One order."""

    field: DeletionRequestOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.type
class DeletionQuery:
    """The root fields about requests to delete."""

    @relation(
        description="Requests to delete that were sent to your organization; for consortium admins "
        "all of them. The earliest due first where silent."
    )
    @staticmethod
    async def deletion_requests(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            DeletionRequestFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[DeletionRequestOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[DeletionRequest]]:
        actor = ctx.permitted(Permission.READ_DELETIONS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        status = where.status if where else None
        _, direction = sorting(order_by, (DeletionRequestOrderField.DUE_AT, Direction.ASC))
        async with ctx.database.read() as read:
            rows = await reads.deletions_page(
                read, actor, status, asked, descending=direction is Direction.DESC
            )
            now = read.now
        found = connect(
            rows,
            asked,
            node=lambda row: deletion_request(row, now),
            position=lambda row: (row.due_at, row.id),
            count=counting(ctx, lambda read: reads.count_deletions(read, actor, status)),
        )
        return [found] * len(parents)


@strawberry.input(description="A deletion to be confirmed.")
class ConfirmDeletionInput:
    """Of which request."""

    id: strawberry.ID = strawberry.field(description="The request's id.")


@strawberry.type(description="What became of the request to delete.")
class DeletionRequestPayload(Payload):
    """The request, or why not."""

    deletion_request: DeletionRequest | None = strawberry.field(
        default=None, description="The request as it stands now."
    )


@strawberry.type
class DeletionMutation:
    """What recipients answer."""

    @mutation(
        Permission.HANDLE_REFERRALS,
        description="Confirm that your organization has deleted what it was asked to. Who confirms "
        "it and when is kept, and the candidate sees that it was confirmed.",
    )
    async def confirm_deletion(
        self,
        info: strawberry.Info[Context],
        input: Annotated[ConfirmDeletionInput, strawberry.argument(description="Which.")],
    ) -> DeletionRequestPayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "DeletionRequest", "deletion request", "id")
            return await operations.confirm_deletion(tx, actor, key)

        return await perform(
            info.context,
            DeletionRequestPayload,
            run,
            thing="deletion_request",
            type_name="DeletionRequest",
        )
