"""The agency's cases."""

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
from gql.lists import (
    MATCHES_COST_POINTS,
    MATCHES_SILENT,
    After,
    Before,
    First,
    FirstMatches,
    Last,
    connect,
    connect_each,
    counting,
    counting_each,
    sorting,
)
from gql.node import Node, encode_id, register_node
from gql.payload import Operation, Payload, key_from, mutation, perform
from gql.referrals import CURSOR, Referral, load_referrals, position, referral
from models.access import Actor, Permission
from models.operations import cases as operations
from models.operations.cases import CaseOutcome
from models.reads import cases as reads
from models.rules.lifecycles import CaseStatus
from models.session import WriteSession
from models.tables import referrals as tables

if TYPE_CHECKING:
    from gql.matches import Match

described(
    CaseStatus,
    "Where a case stands.",
    OPEN="The agency looks after the candidate.",
    CLOSED="It does no longer.",
)
described(
    CaseOutcome,
    "How a case ends without a hire.",
    WITHDRAWN="The candidate has stepped back.",
    NO_SUITABLE_OPENING="No suitable opening was found.",
)


@strawberry.type(description="An agency looking after a candidate.")
class Case(Node):
    """One case, as its agency sees it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[tables.Case]
    status: CaseStatus = strawberry.field(description="Where it stands.")
    opened_at: dt.datetime = strawberry.field(description="When it was opened.")
    changed_at: dt.datetime = strawberry.field(description="When it last changed.")
    closed_at: dt.datetime | None = strawberry.field(description="When it was closed.")

    @relation(description="The candidate.")
    @staticmethod
    async def candidate(parents: list[Case], ctx: Context) -> list[Candidate | None]:
        found = await load_candidates(ctx, [p.row.candidate_id for p in parents])
        return [found.get(p.row.candidate_id) for p in parents]

    @relation(description="The relay referral that opened it.")
    @staticmethod
    async def referral(parents: list[Case], ctx: Context) -> list[Referral | None]:
        found = await load_referrals(ctx, [p.row.referral_id for p in parents])
        return [found.get(p.row.referral_id) for p in parents]

    @relation(description="The agency's note; null to who may not read the candidate's own words.")
    @staticmethod
    async def note(parents: list[Case], ctx: Context) -> list[str | None]:
        async with ctx.database.read() as read:
            found = await reads.notes(read, ctx.signed_in(), [p.row for p in parents])
        return [found.get(p.key) for p in parents]

    @relation(description="The agency's introductions of the candidate, the newest first.")
    @staticmethod
    async def introductions(
        parents: list[Case],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Referral]]:
        actor = ctx.signed_in()
        asked = PageArguments.of(first=first, after=after, last=last, before=before, kinds=CURSOR)
        keys = [p.row.candidate_id for p in parents]
        async with ctx.database.read() as read:
            pages = await reads.introductions_by_candidate(read, actor, keys, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=referral,
            position=position,
            count=counting_each(
                ctx, lambda read, some: reads.count_introductions(read, actor, some)
            ),
        )

    @relation(
        description="The openings you see that fit the candidate best; empty once it is closed.",
        cost=MATCHES_COST_POINTS,
    )
    @staticmethod
    async def matches(
        parents: list[Case], ctx: Context, first: FirstMatches = MATCHES_SILENT
    ) -> list[list[Annotated[Match, strawberry.lazy("gql.matches")]] | None]:
        from gql.matches import of_cases  # noqa: PLC0415  (matches know cases)

        return await of_cases(ctx, [p.row for p in parents], first)


def case(row: tables.Case) -> Case:
    """A case as its agency sees it."""
    return Case(
        id=encode_id("Case", row.id),
        key=row.id,
        row=row,
        status=row.status,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Case]:
    async with ctx.database.read() as read:
        rows = await reads.cases_by_id(read, ctx.signed_in(), keys)
    return {key: case(row) for key, row in rows.items()}


register_node("Case", _load)


@strawberry.input(description="Which cases.")
class CaseFilter:
    """All of the conditions that are given."""

    status: Filter[CaseStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )


class CaseOrderField(StrEnum):
    """What cases can be sorted by."""

    OPENED_AT = "OPENED_AT"
    CHANGED_AT = "CHANGED_AT"


described(
    CaseOrderField,
    "What cases can be sorted by.",
    OPENED_AT="When they were opened.",
    CHANGED_AT="When they last changed.",
)


@strawberry.input(description="How cases are sorted.")
class CaseOrder:
    """One order."""

    field: CaseOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


@strawberry.type
class CaseQuery:
    """The root fields about cases."""

    @relation(description="Your agency's cases, the newest first where silent.")
    @staticmethod
    async def cases(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            CaseFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[CaseOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Case]]:
        actor = ctx.permitted(Permission.READ_CASES)
        by, direction = sorting(order_by, (CaseOrderField.OPENED_AT, Direction.DESC))
        by_age = by is CaseOrderField.OPENED_AT
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = reads.CaseFilter(**vars(where)) if where else reads.CaseFilter()
        async with ctx.database.read() as read:
            rows = await reads.cases_page(
                read,
                actor,
                chosen,
                asked,
                keys=reads.BY_AGE if by_age else reads.BY_CHANGE,
                descending=direction is Direction.DESC,
            )
        found = connect(
            rows,
            asked,
            node=case,
            position=lambda row: (row.opened_at if by_age else row.changed_at, row.id),
            count=counting(ctx, lambda read: reads.count_cases(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="A note on a case.")
class NoteOnCaseInput:
    """It takes the place of the earlier one."""

    id: strawberry.ID = strawberry.field(description="The case's id.")
    note: str = strawberry.field(description="Up to 4000 characters; empty to clear it.")


@strawberry.input(description="A case to be closed.")
class CloseCaseInput:
    """Which, and why."""

    id: strawberry.ID = strawberry.field(description="The case's id.")
    outcome: CaseOutcome = strawberry.field(description="How it ends.")


@strawberry.type(description="What became of the case.")
class CasePayload(Payload):
    """The case, or why not."""

    case: Case | None = strawberry.field(default=None, description="The case as it stands now.")


@strawberry.type
class CaseMutation:
    """What agencies do with their cases."""

    @mutation(Permission.HANDLE_CASES, description="Keep a note on a case, sealed.")
    async def note_on_case(
        self,
        info: strawberry.Info[Context],
        input: Annotated[NoteOnCaseInput, strawberry.argument(description="The note.")],
    ) -> CasePayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "Case", "case", "id")
            return await operations.note_on_case(tx, actor, operations.NoteOnCase(key, input.note))

        return await _perform(info, run)

    @mutation(
        Permission.HANDLE_CASES,
        description="Stop looking after a candidate: your agency can read no more of them.",
    )
    async def close_case(
        self,
        info: strawberry.Info[Context],
        input: Annotated[CloseCaseInput, strawberry.argument(description="Which, and why.")],
    ) -> CasePayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "Case", "case", "id")
            return await operations.close_case(tx, actor, operations.CloseCase(key, input.outcome))

        return await _perform(info, run)


async def _perform(info: strawberry.Info[Context], operation: Operation) -> CasePayload:
    return await perform(info.context, CasePayload, operation, thing="case", type_name="Case")
