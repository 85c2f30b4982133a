"""The flow network's edges."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import PageArguments, PageInfo, encode_cursor
from gql.consortium import Organization, load_organizations
from gql.context import Context
from gql.lists import After, Before, First, Last, slice_of
from models.access import Permission
from models.errors import InvalidInput
from models.reads import members as reads
from models.rules.flows import local_day
from models.rules.lifecycles import Channel, ReferralStatus
from network.edges import WINDOW_MAX_DAYS, Edge, Window, told_edges

FLOW_COST_POINTS = 50


@strawberry.type(description="How many referrals passed from one organization to another.")
class FlowEdge:
    """One pair, channel and event. Its node is where they went."""

    from_key: strawberry.Private[uuid.UUID]
    to_key: strawberry.Private[uuid.UUID]
    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")
    channel: Channel = strawberry.field(description="By which way they passed.")
    event: ReferralStatus = strawberry.field(description="The state that they came to.")
    referrals: int = strawberry.field(
        description="How many; exact where your organization gave or was handed them, but for "
        "what became of those who registered through your links. Else a multiple of the "
        "consortium's smallest count for each closed month."
    )

    @relation(description="The organization they came from.", name="from")
    @staticmethod
    async def from_(parents: list[FlowEdge], ctx: Context) -> list[Organization | None]:
        """All of them at once."""
        found = await load_organizations(ctx, [parent.from_key for parent in parents])
        return [found.get(parent.from_key) for parent in parents]

    @relation(description="The organization they went to.")
    @staticmethod
    async def node(parents: list[FlowEdge], ctx: Context) -> list[Organization | None]:
        """All of them at once."""
        found = await load_organizations(ctx, [parent.to_key for parent in parents])
        return [found.get(parent.to_key) for parent in parents]


@strawberry.type(description="A page of the flow network's edges.")
class FlowConnection:
    """Each edge leads from an organization to its node."""

    edges: list[FlowEdge] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(description="How many edges there are.")


@strawberry.input(description="Which days, channels and events of the network.")
class FlowWindow:
    """At most ten years."""

    first_day: dt.date = strawberry.field(description="The first day.")
    last_day: dt.date = strawberry.field(description="The last day.")
    channels: list[Channel] | None = strawberry.field(
        default=None, description="Only these channels."
    )
    events: list[ReferralStatus] | None = strawberry.field(
        default=None, description="Only these events."
    )


@strawberry.type
class FlowQuery:
    """The root fields about the network."""

    @relation(
        description="The edges of the flow network in a window, by the organizations' ids. Of "
        "others only whole months that are over are told.",
        cost=FLOW_COST_POINTS,
    )
    @staticmethod
    async def flow_edges(
        parents: list[Any],
        ctx: Context,
        where: Annotated[FlowWindow, strawberry.argument(description="Which part of it.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[FlowConnection]:
        """Paged by pair, channel and event."""
        actor = ctx.permitted(Permission.READ_FLOWS)
        asked = PageArguments.of(
            first=first,
            after=after,
            last=last,
            before=before,
            kinds=(uuid.UUID, uuid.UUID, str, str),
        )
        window = window_of(where)
        async with ctx.database.read() as read:
            consortium = await reads.consortium_of(read, actor)
            found = await told_edges(
                read,
                actor.consortium_id,
                window,
                today=local_day(read.now, consortium.time_zone),
                own_id=actor.organization_id,
                channels=where.channels,
                events=where.events,
            )
        return [_page(found, asked)] * len(parents)


def window_of(where: FlowWindow) -> Window:
    """The days that are asked for. Raises `InvalidInput` for too many, or none."""
    try:
        return Window(where.first_day, where.last_day)
    except ValueError:
        raise InvalidInput(
            "where",
            ja=f"期間は開始日から終了日まで{WINDOW_MAX_DAYS:,}日以内で指定してください。",
            en=f"Let the window run from a day to a later one, over at most {WINDOW_MAX_DAYS:,}.",
        ) from None


def _position(edge: Edge) -> tuple[uuid.UUID, uuid.UUID, str, str]:
    return edge.from_id, edge.to_id, edge.channel.value, edge.event.value


def _page(found: list[Edge], asked: PageArguments) -> FlowConnection:
    shown = slice_of(found, asked, _position)
    return FlowConnection(
        edges=[
            FlowEdge(
                cursor=encode_cursor(_position(edge)),
                from_key=edge.from_id,
                to_key=edge.to_id,
                channel=edge.channel,
                event=edge.event,
                referrals=edge.referrals,
            )
            for edge in shown.rows
        ],
        page_info=shown.page_info,
        total_count=len(found),
    )
