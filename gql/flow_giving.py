"""Who gives and who takes."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.batch import Batched, relation
from gql.connection import Connection
from gql.context import Context
from gql.flow_rows import FlowAnswer, FlowNode, by_node, each, flow_node, ranked, rows_asked
from gql.lists import After, Before, First, Last

METRIC_COST_POINTS = 100


@strawberry.type(description="What one node gave and took.")
class FlowStrengthRow:
    """People, in numbers."""

    node: FlowNode = strawberry.field(description="The node.")
    given: float = strawberry.field(description="People it passed on.")
    taken: float = strawberry.field(description="People it was passed.")
    net: float = strawberry.field(description="Given less taken.")


@strawberry.type(description="Who gives and who takes.")
class FlowStrength(FlowAnswer):
    """Sums of the edges' weights."""

    @relation(description="All nodes, the largest net giver first.")
    @staticmethod
    async def rows(
        parents: list[FlowStrength],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Batched[Connection[FlowStrengthRow]]:
        asked = rows_asked(1, first, after, last, before)

        async def page(parent: FlowStrength) -> Connection[FlowStrengthRow]:
            found, parties = parent.answer.result, parent.answer.parties

            def row(number: int) -> FlowStrengthRow:
                return FlowStrengthRow(
                    node=flow_node(ctx, parties, number),
                    given=float(found.given[number]),
                    taken=float(found.taken[number]),
                    net=float(found.net[number]),
                )

            return await ranked(ctx, by_node(parties, found.net), asked, row)

        return await each(parents, page)


@strawberry.type
class GivingMetrics:
    """The fields of the network about giving and taking."""

    @relation(description="Who gives and who takes: sums of weights.", cost=METRIC_COST_POINTS)
    @staticmethod
    async def strength(parents: list[Any], ctx: Context) -> Batched[FlowStrength]:
        return await each(parents, lambda p: p.ask(ctx, FlowStrength, "strength"))
