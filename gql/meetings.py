"""Feedback meetings: when they are, what was shown, said and decided, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter
from gql.lists import (
    After,
    Before,
    First,
    Last,
    connect,
    connect_each,
    counting,
    counting_each,
    sorting,
)
from gql.meeting_packs import MeetingComparison, MeetingPack, comparison, organizations, pack
from gql.node import Node, encode_id, key_of, register_node
from gql.partnerships import Partnership, Terms, load_partnerships, terms
from gql.scalars import URL
from models.access import Permission
from models.reads import meetings as reads
from models.reads.partnerships import terms_by_id
from models.rules.comparisons import Figure
from models.rules.decision_effects import Obstacle, effect_in_words, seen_effect
from models.rules.lifecycles import MeetingStatus
from models.rules.meetings import FOLLOWING

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    MeetingStatus,
    "Where a feedback meeting stands.",
    SCHEDULED="It is to come.",
    PREPARED="Its figures are frozen.",
    HELD="It took place, and has its minutes.",
    DECIDED="What it decided is written down.",
    REVIEWED="What its decisions changed was measured.",
    CANCELLED="It was called off.",
)
described(
    Obstacle,
    "Why nothing was measured of a decision.",
    TERMS_NOT_IN_FORCE="The terms that sprang from it were not in force.",
    NO_TIME_SINCE="No day had passed since then.",
)

_Organization = Annotated["Organization", strawberry.lazy("gql.consortium")]


@strawberry.type(description="What was measured before and after a decision.")
class DecisionEffect:
    """As many days before as after. Frozen when it was measured."""

    measured_at: dt.datetime = strawberry.field(description="When it was measured.")
    obstacle: Obstacle | None = strawberry.field(description="Why nothing was; else null.")
    first_day_before: dt.date | None = strawberry.field(description="The first day before.")
    last_day_before: dt.date | None = strawberry.field(description="The last day before.")
    first_day_after: dt.date | None = strawberry.field(description="The first day after.")
    last_day_after: dt.date | None = strawberry.field(description="The last day after.")
    comparison: MeetingComparison = strawberry.field(description="What was found.")


@strawberry.type(description="What a meeting decided.")
class MeetingDecision(Node):
    """Who sees to it by when, and which figure it is meant to move."""

    key: strawberry.Private[uuid.UUID]
    seen: strawberry.Private[reads.SeenDecision]
    number: int = strawberry.field(description="1, 2, 3 … within the meeting.")
    text: str = strawberry.field(description="What was decided.")
    owner_name: str | None = strawberry.field(description="The person who sees to it.")
    due_on: dt.date | None = strawberry.field(description="By when.")
    figure: Figure | None = strawberry.field(
        description="What it is meant to move; null where nothing is to be measured."
    )
    effect: DecisionEffect | None = strawberry.field(
        description="What came of it, once the meeting is reviewed."
    )

    @relation(description="The organization that sees to it; null where the consortium does.")
    @staticmethod
    async def owner(parents: list[MeetingDecision], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.seen.row.owner_id for p in parents])

    @relation(description="Of whose hand-overs it is measured; null where of all parties'.")
    @staticmethod
    async def giver(parents: list[MeetingDecision], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.seen.row.giver_id for p in parents])

    @relation(description="Of hand-overs to whom it is measured; null where to all parties.")
    @staticmethod
    async def receiver(parents: list[MeetingDecision], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.seen.row.receiver_id for p in parents])

    @relation(description="The terms that were proposed because of it.")
    @staticmethod
    async def terms(parents: list[MeetingDecision], ctx: Context) -> list[Terms | None]:
        keys = [p.seen.row.terms_id for p in parents]
        async with ctx.database.read() as read:
            wanted = [key for key in keys if key is not None]
            found = await terms_by_id(read, ctx.signed_in(), wanted)
        return [terms(found[key]) if key is not None and key in found else None for key in keys]


@strawberry.type(
    description="定例会: a regular review of a partnership, or of the whole consortium."
)
class Meeting(Node):
    """A meeting, as those who take part see it."""

    key: strawberry.Private[uuid.UUID]
    row: strawberry.Private[Any]
    title: str = strawberry.field(description="What it is called.")
    status: MeetingStatus = strawberry.field(description="Where it stands.")
    is_of_consortium: bool = strawberry.field(
        description="Whether it is the whole consortium's, not a partnership's."
    )
    starts_at: dt.datetime = strawberry.field(description="When it begins.")
    duration_minutes: int = strawberry.field(description="How long it takes.")
    place: str | None = strawberry.field(description="Where it is.")
    url: URL | None = strawberry.field(description="Where it is on the web.")
    agenda: str | None = strawberry.field(description="What it is about.")
    minutes: str | None = strawberry.field(description="What was said.")
    changed_at: dt.datetime = strawberry.field(description="When it last changed.")
    decided_at: dt.datetime | None = strawberry.field(description="When its decisions were made.")
    reviewed_at: dt.datetime | None = strawberry.field(description="When they were measured.")
    calendar_url: URL = strawberry.field(description="Its calendar file.")
    pack_html_url: URL | None = strawberry.field(
        description="Its figures as a page; null before they are frozen."
    )
    pack_pdf_url: URL | None = strawberry.field(
        description="The same as a PDF; null before they are frozen."
    )

    @relation(description="Whose meeting it is; null for the consortium's.")
    @staticmethod
    async def partnership(parents: list[Meeting], ctx: Context) -> list[Partnership | None]:
        keys = [p.row.partnership_id for p in parents]
        found = await load_partnerships(ctx, [key for key in keys if key is not None])
        return [found.get(key) if key is not None else None for key in keys]

    @relation(description="The meeting before it that had figures, once its own are frozen.")
    @staticmethod
    async def previous(
        parents: list[Meeting], ctx: Context
    ) -> list[Annotated[Meeting, strawberry.lazy("gql.meetings")] | None]:
        keys = [p.row.previous_id for p in parents]
        found = await load_meetings(ctx, [key for key in keys if key is not None])
        return [found.get(key) if key is not None else None for key in keys]

    @relation(description="Its figures, once they are frozen.")
    @staticmethod
    async def pack(parents: list[Meeting], ctx: Context) -> list[MeetingPack | None]:
        async with ctx.database.read() as read:
            found = await reads.figures_by_meeting(read, ctx.signed_in(), [p.key for p in parents])
        return [pack(found[p.key], ctx.locale) if p.key in found else None for p in parents]

    @relation(description="What it decided, at most 20.")
    @staticmethod
    async def decisions(parents: list[Meeting], ctx: Context) -> list[list[MeetingDecision]]:
        actor = ctx.signed_in()
        async with ctx.database.read() as read:
            found = await reads.decisions_by_meeting(read, actor, [p.key for p in parents])
        return [[_decision(ctx, one) for one in found[p.key]] for p in parents]


def meeting(ctx: Context, seen: reads.SeenMeeting) -> Meeting:
    """A meeting as who sees it reads it."""
    row, node_id = seen.row, encode_id("Meeting", seen.row.id)
    is_reviewed = seen.status is MeetingStatus.REVIEWED
    of = f"{ctx.base_url}/meetings/{node_id}"
    is_frozen = seen.status in FOLLOWING
    return Meeting(
        id=node_id,
        key=row.id,
        row=row,
        title=row.title,
        status=seen.status,
        is_of_consortium=row.partnership_id is None,
        starts_at=row.starts_at,
        duration_minutes=row.duration_minutes,
        place=row.place,
        url=URL(row.url) if row.url else None,
        agenda=row.agenda,
        minutes=row.minutes,
        changed_at=min(row.changed_at, seen.left_at or row.changed_at),
        decided_at=row.decided_at,
        reviewed_at=row.reviewed_at if is_reviewed else None,
        calendar_url=URL(f"{of}.ics"),
        pack_html_url=URL(f"{of}/pack.html") if is_frozen else None,
        pack_pdf_url=URL(f"{of}/pack.pdf") if is_frozen else None,
    )


def _decision(ctx: Context, seen: reads.SeenDecision) -> MeetingDecision:
    row = seen.row
    return MeetingDecision(
        id=encode_id("MeetingDecision", row.id),
        key=row.id,
        seen=seen,
        number=row.number,
        text=row.text,
        owner_name=row.owner_name,
        due_on=row.due_on,
        figure=row.figure,
        effect=_effect(ctx, seen),
    )


def _effect(ctx: Context, seen: reads.SeenDecision) -> DecisionEffect | None:
    if seen.effect is None or seen.measured_at is None:
        return None
    effect = seen.effect
    told = seen_effect(effect, ctx.signed_in().organization_id)
    before, after = effect.days or (None, None)
    return DecisionEffect(
        measured_at=seen.measured_at,
        obstacle=effect.obstacle,
        first_day_before=before.first if before else None,
        last_day_before=before.last if before else None,
        first_day_after=after.first if after else None,
        last_day_after=after.last if after else None,
        comparison=comparison(told, effect_in_words(effect, told).in_(ctx.locale)),
    )


async def load_meetings(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Meeting]:
    """The meetings of many rows at once."""
    async with ctx.database.read() as read:
        rows = await reads.meetings_by_id(read, ctx.signed_in(), keys)
    return {key: meeting(ctx, row) for key, row in rows.items()}


async def _load_decisions(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, MeetingDecision]:
    async with ctx.database.read() as read:
        rows = await reads.decisions_by_id(read, ctx.signed_in(), keys)
    return {key: _decision(ctx, row) for key, row in rows.items()}


register_node("Meeting", load_meetings)
register_node("MeetingDecision", _load_decisions)


async def meetings_of(
    ctx: Context, keys: Sequence[uuid.UUID], asked: PageArguments
) -> list[Connection[Meeting]]:
    """A page of each partnership's meetings, the latest first."""
    actor = ctx.signed_in()
    async with ctx.database.read() as read:
        pages = await reads.meeting_ids_by_partnership(read, actor, keys, asked)
        listed = [row.id for rows in pages.values() for row in rows]
        rows = await reads.meetings_by_id(read, actor, listed)
    return connect_each(
        keys,
        pages,
        asked,
        node=lambda row: meeting(ctx, rows[row.id]),
        position=lambda row: (row.starts_at, row.id),
        count=counting_each(
            ctx, lambda read, which: reads.count_by_partnership(read, actor, which)
        ),
    )


@strawberry.input(description="Which meetings.")
class MeetingFilter:
    """All of the conditions that are given."""

    status: Filter[MeetingStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )
    partnership_id: strawberry.ID | None = strawberry.field(
        default=None, description="Those of one partnership."
    )
    is_of_consortium: bool | None = strawberry.field(
        default=None, description="Whether they are the whole consortium's."
    )


class MeetingOrderField(StrEnum):
    """What meetings can be sorted by."""

    STARTS_AT = "STARTS_AT"


described(MeetingOrderField, "What meetings can be sorted by.", STARTS_AT="When they begin.")


@strawberry.input(description="How meetings are sorted.")
class MeetingOrder:
    """One order."""

    field: MeetingOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


def _chosen(where: MeetingFilter | None) -> reads.MeetingFilter:
    if where is None:
        return reads.MeetingFilter()
    asked = dict(vars(where))
    if where.partnership_id is not None:
        # An id of anything else is like one of a partnership without meetings.
        asked["partnership_id"] = key_of(where.partnership_id, "Partnership") or uuid.UUID(int=0)
    return reads.MeetingFilter(**asked)


@strawberry.type
class MeetingQuery:
    """The root fields about meetings."""

    @relation(description="The meetings that you see, the latest first where silent.")
    @staticmethod
    async def meetings(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            MeetingFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[MeetingOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Meeting]]:
        actor = ctx.permitted(Permission.READ_MEETINGS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = _chosen(where)
        _, direction = sorting(order_by, (MeetingOrderField.STARTS_AT, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.meetings_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=lambda seen: meeting(ctx, seen),
            position=lambda seen: (seen.row.starts_at, seen.row.id),
            count=counting(ctx, lambda read: reads.count_meetings(read, actor, chosen)),
        )
        return [found] * len(parents)
