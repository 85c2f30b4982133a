"""Exits that a consortium admin can take back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, key_of, register_node
from gql.parties import parties
from models.access import Permission
from models.reads import recorded_exits as reads
from models.rules.lifecycles import HireStatus

if TYPE_CHECKING:
    from gql.consortium import Organization

_Organization = Annotated["Organization", strawberry.lazy("gql.consortium")]


@strawberry.type(
    description="An exit that stands, for consortium admins, without the person: what it takes to "
    "find the one to take back by `reverseExit`."
)
class RecordedExit(Node):
    """One exit and its hire."""

    row: strawberry.Private[reads.StandingExit]
    hire_id: strawberry.ID = strawberry.field(description="The hire's id, for `reverseExit`.")
    status: HireStatus = strawberry.field(description="Whether it was an early one.")
    joined_on: dt.date = strawberry.field(description="The day of joining.")
    left_on: dt.date = strawberry.field(description="The last day of employment.")
    recorded_at: dt.datetime = strawberry.field(description="When it was recorded.")

    @relation(description="The company that hired.")
    @staticmethod
    async def company(parents: list[RecordedExit], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.row.company_id for p in parents])

    @relation(description="The organization that introduced.")
    @staticmethod
    async def introducer(parents: list[RecordedExit], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.row.introducer_id for p in parents])

    @relation(description="The side that recorded it.")
    @staticmethod
    async def recorded_by(parents: list[RecordedExit], ctx: Context) -> list[_Organization | None]:
        return await parties(ctx, [p.row.by_id for p in parents])


def _exit(row: reads.StandingExit) -> RecordedExit:
    return RecordedExit(
        id=encode_id("RecordedExit", row.id),
        row=row,
        hire_id=encode_id("Hire", row.hire_id),
        status=row.status,
        joined_on=row.joined_on,
        left_on=row.left_on,
        recorded_at=row.recorded_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RecordedExit]:
    async with ctx.database.read() as read:
        rows = await reads.exits_by_id(read, ctx.signed_in(), keys)
    return {key: _exit(row) for key, row in rows.items()}


register_node("RecordedExit", _load)


@strawberry.input(description="Which exits.")
class RecordedExitFilter:
    """All of the conditions that are given."""

    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those of one company's hires."
    )


@strawberry.type
class RecordedExitQuery:
    """The root field about exits that can be taken back."""

    @relation(
        description="The exits that stand, the latest recorded first; for consortium admins. Of "
        "the person nothing is told."
    )
    @staticmethod
    async def recorded_exits(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            RecordedExitFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[RecordedExit]]:
        actor = ctx.permitted(Permission.REVIEW_COUNTS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        company_id = None
        if where is not None and where.company_id is not None:
            # An id of anything else is like one of a company without exits.
            company_id = key_of(where.company_id, "Company") or uuid.UUID(int=0)
        async with ctx.database.read() as read:
            rows = await reads.exits_page(read, actor, company_id, asked)
        found = connect(
            rows,
            asked,
            node=_exit,
            position=lambda row: (row.recorded_at, row.id),
            count=counting(ctx, lambda read: reads.count_exits(read, actor, company_id)),
        )
        return [found] * len(parents)
