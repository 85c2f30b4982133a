"""The queue of candidates' requests, and what a consortium admin answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, register_node
from gql.payload import Payload, key_from, mutation, perform
from models.access import Actor, Permission
from models.operations import requests as operations
from models.reads import requests as reads
from models.rules.lifecycles import RequestStatus
from models.rules.requests import RequestKind
from models.session import WriteSession

described(
    RequestKind,
    "What a candidate's request is about.",
    DISCLOSURE="To be given what is held in another form.",
    CORRECTION="A correction that candidates cannot make themselves.",
    STOP_OF_USE="To stop a use, or that something is passed on.",
    SHOWING="A question about who was shown their data.",
    COMPLAINT="A complaint.",
)
described(
    RequestStatus,
    "Where a candidate's request stands.",
    OPEN="It waits for an answer.",
    ANSWERED="It was answered.",
    REFUSED="It was refused, with a reason.",
)


@strawberry.type(
    description="What a candidate asks of the consortium that needs a person. For consortium "
    "admins, to whom it is addressed; it says who asks only where the text does."
)
class CandidateRequest(Node):
    """One of the queue."""

    candidate_key: str = strawberry.field(
        description="Opaque, one for each candidate: as the audit log names them."
    )
    kind: RequestKind = strawberry.field(description="What it is about.")
    status: RequestStatus = strawberry.field(description="Where it stands.")
    text: str | None = strawberry.field(
        description="What is asked, in the candidate's words; null once the person is erased."
    )
    answer: str | None = strawberry.field(
        description="What the candidate was told: the answer, or why it is refused."
    )
    sent_at: dt.datetime = strawberry.field(description="When it was sent.")
    due_on: dt.date = strawberry.field(description="The last day on which to answer it.")
    is_overdue: bool = strawberry.field(description="Whether it is open and that day has passed.")
    ended_at: dt.datetime | None = strawberry.field(description="When it was answered or refused.")


def candidate_request(row: reads.ReadRequest) -> CandidateRequest:
    """A request as a consortium admin reads it."""
    return CandidateRequest(
        id=encode_id("CandidateRequest", row.id),
        candidate_key=str(row.candidate_id),
        kind=row.kind,
        status=row.status,
        text=row.question,
        answer=row.answer,
        sent_at=row.sent_at,
        due_on=row.due_on,
        is_overdue=row.is_overdue,
        ended_at=row.ended_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, CandidateRequest]:
    actor = ctx.signed_in()
    if not actor.may(Permission.ANSWER_REQUESTS):
        return {}
    async with ctx.database.read() as read:
        rows = await reads.requests_by_id(read, actor, keys)
    return {key: candidate_request(row) for key, row in rows.items()}


register_node("CandidateRequest", _load)


@strawberry.input(description="Which requests of candidates.")
class CandidateRequestFilter:
    """All of the conditions that are given."""

    status: Filter[RequestStatus] | None = strawberry.field(
        default=None, description="By where it stands; OPEN is what waits."
    )
    kind: Filter[RequestKind] | None = strawberry.field(
        default=None, description="By what it is about."
    )


class CandidateRequestOrderField(StrEnum):
    """What requests can be sorted by."""

    DUE_ON = "DUE_ON"


described(
    CandidateRequestOrderField,
    "What requests of candidates can be sorted by.",
    DUE_ON="The last day on which to answer: of those that are open, the overdue ones first.",
)


@strawberry.input(description="How requests of candidates are sorted.")
class CandidateRequestOrder:
    """One order."""

    field: CandidateRequestOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")


@strawberry.type
class RequestQuery:
    """The root fields of those who answer."""

    @relation(
        description="What candidates ask of the consortium, answered ones too unless filtered, "
        "the first due first where silent."
    )
    @staticmethod
    async def candidate_requests(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            CandidateRequestFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[CandidateRequestOrder] | None,
            strawberry.argument(description="At most one order."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[CandidateRequest]]:
        """Paged by the day on which they are due."""
        actor = ctx.permitted(Permission.ANSWER_REQUESTS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        chosen = reads.RequestFilter(**vars(where)) if where else reads.RequestFilter()
        _, direction = sorting(order_by, (CandidateRequestOrderField.DUE_ON, Direction.ASC))
        async with ctx.database.read() as read:
            rows = await reads.requests_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found: Connection[CandidateRequest] = connect(
            rows,
            asked,
            node=candidate_request,
            position=lambda row: (row.due_on, row.id),
            count=counting(ctx, lambda read: reads.count_requests(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="What a candidate is told.")
class AnswerRequestInput:
    """Which, and what."""

    id: strawberry.ID = strawberry.field(description="The request's id.")
    text: str = strawberry.field(
        description="The answer, or the reason of a refusal, in at most 2000 characters."
    )


@strawberry.type(description="What became of the request.")
class CandidateRequestPayload(Payload):
    """The request, or why not."""

    request: CandidateRequest | None = strawberry.field(
        default=None, description="The request as it stands now."
    )


@strawberry.type
class RequestMutation:
    """What those who answer do."""

    @mutation(
        Permission.ANSWER_REQUESTS,
        description="Answer a candidate's request. The answer is mailed to them.",
    )
    async def answer_request(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AnswerRequestInput, strawberry.argument(description="The answer.")],
    ) -> CandidateRequestPayload:
        """`OPEN → ANSWERED`."""
        return await _end(info, input, operations.answer_request)

    @mutation(
        Permission.ANSWER_REQUESTS,
        description="Refuse a candidate's request, with the reason, which is mailed to them.",
    )
    async def refuse_request(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AnswerRequestInput, strawberry.argument(description="The reason.")],
    ) -> CandidateRequestPayload:
        """`OPEN → REFUSED`."""
        return await _end(info, input, operations.refuse_request)


async def _end(
    info: strawberry.Info[Context], input: AnswerRequestInput, operation: Any
) -> CandidateRequestPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        key = key_from(input.id, "CandidateRequest", "request", "id")
        ended: uuid.UUID = await operation(tx, actor, operations.EndRequest(key, input.text))
        return ended

    return await perform(
        info.context,
        CandidateRequestPayload,
        run,
        thing="request",
        type_name="CandidateRequest",
    )
