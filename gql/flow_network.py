"""The flow network: the part that is asked for, and what is asked of it.

Nothing is read or computed that is not selected: each field begins its own work.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any, TypeVar

import numpy as np
import strawberry

from gql.batch import Batched, relation
from gql.context import Context
from gql.enums import described
from gql.flow_edge_metrics import EdgeMetrics
from gql.flow_giving import GivingMetrics
from gql.flow_groups import GroupMetrics
from gql.flow_near import FlowPairEdge, NearFields, pairs_page, place_of
from gql.flow_outcomes import OutcomeMetrics
from gql.flow_rows import (
    FlowAnswer,
    OfNode,
    by_node,
    connection_type,
    each,
    page_of,
    rows_asked,
    told,
)
from gql.flow_standing import StandingMetrics
from gql.kept_answers import KeptAnswer
from gql.lists import After, Before, First, Last
from gql.payload import key_from
from models.access import Permission
from models.errors import InvalidInput
from models.rules.flows import Level
from models.rules.lifecycles import Channel, ReferralStatus
from network.answering import Answer, Seen
from network.computing import METRICS, Takes
from network.edges import WINDOW_MAX_DAYS, Window
from network.metrics.strength import strength
from network.questions import Question, Scope, View
from network.reading import reached, read_version
from network.storing import NotKept

A = TypeVar("A", bound=FlowAnswer)

NETWORK_COST_POINTS = 50

described(
    View,
    "What an edge of the network is.",
    HAND_OVERS="One hand-over: who passed someone on, and to whom.",
    RELAYS="A whole journey: its first company, and the company that hired.",
)
described(
    Level,
    "What a node of the network is.",
    ORGANIZATION="An organization.",
    INDUSTRY_DIVISION="All organizations of one division of industries.",
    PREFECTURE="All organizations of one prefecture.",
)


@strawberry.input(description="Which part of the flow network, and how it is looked at.")
class FlowNetworkFilter:
    """At most ten years."""

    first_day: dt.date = strawberry.field(description="The first day.")
    last_day: dt.date = strawberry.field(description="The last day.")
    view: View = strawberry.field(default=View.HAND_OVERS, description="What an edge is.")
    level: Level = strawberry.field(default=Level.ORGANIZATION, description="What a node is.")
    channels: list[Channel] | None = strawberry.field(
        default=None, description="Only these channels."
    )
    events: list[ReferralStatus] | None = strawberry.field(
        default=None,
        description="Only what came to one of these states. Where silent: that someone was handed "
        "over; of relays, that the journey ended with a hire.",
    )
    source_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="An imported history, asked instead of the consortium's own flows.",
    )


@strawberry.type(description="A node that has an edge.")
class FlowNodeEdge(OfNode):
    """Nothing but the node."""


@strawberry.type(
    description="A part of the flow network. Each field is computed only where it is asked for."
)
class FlowNetwork(
    GivingMetrics, OutcomeMetrics, StandingMetrics, GroupMetrics, EdgeMetrics, NearFields
):
    """One question, at one data version."""

    question: strawberry.Private[Question]
    kept: strawberry.Private[KeptAnswer | None]
    data_version: str = strawberry.field(
        description="What it is answered from: another where an answer could be another."
    )
    first_day: dt.date = strawberry.field(description="The first day asked for.")
    last_day: dt.date = strawberry.field(description="The last day asked for.")
    view: View = strawberry.field(description="What an edge is.")
    level: Level = strawberry.field(description="What a node is.")
    channels: list[Channel] | None = strawberry.field(description="The channels; null for all.")
    events: list[ReferralStatus] | None = strawberry.field(
        description="The states that were asked for; null where none was named."
    )

    async def seen(self, ctx: Context, takes: Takes = Takes.FLOW) -> Seen:
        """What it is answered from."""
        if self.kept is None:
            return await ctx.analyses.seen(self.question, self.data_version, takes)
        kept = await self.kept.read(ctx)
        directory = await ctx.analyses.directory(self.question.scope)
        return kept.seen(self.question, self.data_version, directory)

    async def ask(self, ctx: Context, kind: type[A], metric: str, **parameters: Any) -> A:
        """What one metric says of it."""
        return told(ctx, kind, await self._answer(ctx, metric, **parameters))

    async def months_around(self, ctx: Context, key: str) -> Answer:
        """What a node gave and took by month."""
        place = place_of(await self.seen(ctx, Takes.TABLE), key, "key")
        return await self._answer(ctx, "node_months", node=place)

    async def _answer(self, ctx: Context, metric: str, **parameters: Any) -> Answer:
        seen = await self.seen(ctx, METRICS[metric].takes)
        if self.kept is not None:
            return (await self.kept.read(ctx)).answer(metric, seen)
        if METRICS[metric].takes_months:
            parameters["months"] = seen.months_of(metric, self.question)
        return await ctx.analyses.answer(metric, seen, tuple(sorted(parameters.items())))

    async def _of_whole_months(self, ctx: Context, question: Question) -> tuple[Seen, int]:
        """What is seen on the days with everybody's figures, own ones included; how many they are.

        An organization's own rows of other days would be set against no days.
        """
        seen = await ctx.analyses.seen(question, self.data_version)
        scope = replace(question.scope, window=seen.told_to_all(question))
        if scope != question.scope:
            seen = await ctx.analyses.seen(replace(question, scope=scope), self.data_version)
        return seen, seen.days_of(question)

    async def changed(
        self, ctx: Context, kind: type[A], first_day: dt.date, last_day: dt.date
    ) -> A:
        """What moved since another window."""
        if self.kept is not None:
            raise NotKept
        window = window_of(first_day, last_day, "sinceFirstDay")
        scope = replace(self.question.scope, window=window)
        other = replace(self.question, scope=scope)
        async with ctx.database.read() as read:
            other = await reached(read, other)
        before, before_days = await self._of_whole_months(ctx, other)
        after, after_days = await self._of_whole_months(ctx, self.question)
        days = {"before_days": before_days, "after_days": after_days}
        answer = await ctx.analyses.compared("change", before, after, tuple(sorted(days.items())))
        return told(ctx, kind, answer)

    @relation(
        description="The first day of which others' figures are told: whole months that "
        "lie in the window and are closed; null where there is none.",
        cost=1,
    )
    @staticmethod
    async def told_from(parents: list[FlowNetwork], ctx: Context) -> Batched[dt.date | None]:
        return await each(parents, lambda p: _told(ctx, p, "first"))

    @relation(description="The last day of which others' figures are told.", cost=1)
    @staticmethod
    async def told_until(parents: list[FlowNetwork], ctx: Context) -> Batched[dt.date | None]:
        return await each(parents, lambda p: _told(ctx, p, "last"))

    @relation(description="The nodes that have an edge, those with most people first.")
    @staticmethod
    async def nodes(
        parents: list[FlowNetwork],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Batched[connection_type(FlowNodeEdge)]:  # type: ignore[valid-type]
        asked = rows_asked(1, first, after, last, before)

        async def page(parent: FlowNetwork) -> Any:
            seen = await parent.seen(ctx)
            found = strength(seen.prepared.flow)
            ranking = by_node(seen.parties, found.given + found.taken)
            return await page_of(ctx, FlowNodeEdge, ranking, asked, lambda _: {})

        return await each(parents, page)

    @relation(description="The edges, those with most people first.")
    @staticmethod
    async def edges(
        parents: list[FlowNetwork],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Batched[connection_type(FlowPairEdge)]:  # type: ignore[valid-type]
        asked = rows_asked(2, first, after, last, before)

        async def page(parent: FlowNetwork) -> Any:
            seen = await parent.seen(ctx)
            every = np.ones(seen.prepared.flow.columns.weight.shape, bool)
            return await pairs_page(ctx, seen, every, asked)

        return await each(parents, page)


async def _told(ctx: Context, parent: FlowNetwork, end: str) -> dt.date | None:
    months = (await parent.seen(ctx)).months
    return getattr(months, end) if months else None


@strawberry.type
class FlowNetworkQuery:
    """The root field of the network."""

    @relation(
        description="The flow network in a window. Your own organization's rows are exact; of "
        "others, whole months that are closed are told, in multiples of the smallest count.",
        cost=NETWORK_COST_POINTS,
    )
    @staticmethod
    async def flow_network(
        parents: list[Any],
        ctx: Context,
        where: Annotated[FlowNetworkFilter, strawberry.argument(description="Which part of it.")],
    ) -> list[FlowNetwork]:
        return [await network_of(ctx, question_of(ctx, where))] * len(parents)


def question_of(ctx: Context, where: FlowNetworkFilter) -> Question:
    """What is asked. Raises `InvalidInput` naming the filter."""
    actor = ctx.permitted(Permission.READ_FLOWS)
    window = window_of(where.first_day, where.last_day, "where")
    source_id = where.source_id and key_from(
        where.source_id, "FlowSource", "flow source", "where", "sourceId"
    )
    if source_id and (where.view is View.RELAYS or where.level is not Level.ORGANIZATION):
        raise InvalidInput(
            "where",
            ja="取り込んだ履歴には、紹介ごとの表示と個々の名前だけがあります。",
            en="An imported history has hand-overs between names alone: neither relays nor groups.",
        )
    own_id = None if source_id else actor.organization_id
    return Question(
        scope=Scope(actor.consortium_id, own_id, window, source_id or None),
        view=where.view,
        level=where.level,
        channels=None if where.channels is None else frozenset(where.channels),
        events=None if where.events is None else frozenset(where.events),
    )


def window_of(first_day: dt.date, last_day: dt.date, argument: str) -> Window:
    """The days from one to another. Raises `InvalidInput`, naming the argument."""
    try:
        return Window(first_day, last_day)
    except ValueError:
        raise InvalidInput(
            argument,
            ja=f"期間は開始日から終了日まで{WINDOW_MAX_DAYS:,}日以内で指定してください。",
            en=f"Let the window run from a day to a later one, over at most {WINDOW_MAX_DAYS:,}.",
        ) from None


async def network_of(ctx: Context, question: Question) -> FlowNetwork:
    """The network that a question is about, at the data version of now."""
    async with ctx.database.read() as read:
        version = await read_version(read, question.scope)
        until_today = await reached(read, question)
    return replace(_network(question, version, None), question=until_today)


def kept_network(question: Question, version: str, kept: KeptAnswer) -> FlowNetwork:
    """The network as a job found it, with what the job computed."""
    return _network(question, version, kept)


def _network(question: Question, version: str, kept: KeptAnswer | None) -> FlowNetwork:
    return FlowNetwork(
        question=question,
        kept=kept,
        data_version=version,
        first_day=question.scope.window.first,
        last_day=question.scope.window.last,
        view=question.view,
        level=question.level,
        channels=None if question.channels is None else sorted(question.channels),
        events=None if question.events is None else sorted(question.events),
    )
