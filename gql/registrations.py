"""Registrations as the company sees them: days, counts and reasons, never persons."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.filters import DateFilter, Filter
from gql.lists import After, Before, First, Last, connect_each, counting_each
from gql.node import Node, encode_id, register_node
from models.reads import registrations as reads
from models.rules.counting import NotCountedReason
from models.rules.lifecycles import CountStatus
from models.rules.standing import why_counted, why_not_counted


@strawberry.type(
    description="A registration through one of your relay links: the day and what became of its "
    "count. Not who, not when, not through which link."
)
class Registration(Node):
    """For the company whose link it was."""

    completed_on: dt.date = strawberry.field(description="The day of the registration.")
    count_status: CountStatus = strawberry.field(description="What became of its count.")
    not_counted_reason: NotCountedReason | None = strawberry.field(
        description="Why it does not count, where a rule says so."
    )
    why_counted: str | None = strawberry.field(
        description="Why it counts, in your language; null where it does not."
    )
    why_not_counted: str | None = strawberry.field(
        description="Why it does not count, or not yet, in your language; null where it does."
    )
    program_version: int = strawberry.field(
        description="The number of the program version that judged it."
    )


def registration(ctx: Context, row: reads.ShownRegistration) -> Registration:
    """A registration as its company sees it."""
    counted = why_counted(row.count_status)
    not_counted = why_not_counted(row.count_status, row.not_counted_reason)
    return Registration(
        id=encode_id("Registration", row.id),
        completed_on=row.completed_on,
        count_status=row.count_status,
        not_counted_reason=row.not_counted_reason,
        why_counted=counted and counted.in_(ctx.locale),
        why_not_counted=not_counted and not_counted.in_(ctx.locale),
        program_version=row.program_version,
    )


async def load_registrations(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Registration]:
    """The registrations of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.registrations_by_id(read, ctx.signed_in(), keys)
    return {key: registration(ctx, row) for key, row in rows.items()}


register_node("Registration", load_registrations)


@strawberry.input(description="Which registrations.")
class RegistrationFilter:
    """All of the conditions that are given."""

    count_status: Filter[CountStatus] | None = strawberry.field(
        default=None, description="By what became of their count."
    )
    completed_on: DateFilter | None = strawberry.field(default=None, description="By their day.")


@strawberry.type(description="The registrations of one day.")
class RegistrationDay:
    """Days without any are left out."""

    day: dt.date = strawberry.field(description="The day.")
    registered: int = strawberry.field(description="How many registered.")
    counted: int = strawberry.field(description="How many of them count.")


@strawberry.type
class CompanyRegistrations:
    """What a company has of registrations: `gql.consortium` takes it in."""

    @relation(
        description="The registrations through its relay links, the newest day first; told to the "
        "company itself."
    )
    @staticmethod
    async def registrations(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            RegistrationFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Registration]]:
        actor = ctx.signed_in()
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        chosen = reads.RegistrationFilter(**vars(where)) if where else reads.RegistrationFilter()
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            pages = await reads.registrations_by_company(read, actor, keys, chosen, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=lambda row: registration(ctx, row),
            position=lambda row: (row.completed_on, row.id),
            count=counting_each(
                ctx, lambda read, some: reads.count_registrations(read, actor, some, chosen)
            ),
        )

    @relation(
        description="The registrations through its relay links by day, at most 366 days; told to "
        "the company itself.",
    )
    @staticmethod
    async def registration_days(
        parents: list[Any],
        ctx: Context,
        from_: Annotated[dt.date, strawberry.argument(name="from", description="The first day.")],
        to: Annotated[dt.date, strawberry.argument(description="The last day.")],
    ) -> list[list[RegistrationDay]]:
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            found = await reads.registration_days(read, ctx.signed_in(), keys, from_, to)
        return [[_day(one) for one in found.get(key, ())] for key in keys]


def _day(one: reads.RegistrationDay) -> RegistrationDay:
    return RegistrationDay(day=one.day, registered=one.registered, counted=one.counted)
