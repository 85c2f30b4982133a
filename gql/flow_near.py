"""Between two nodes, and around one."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import strawberry

from gql.batch import Batched, relation
from gql.connection import PageArguments
from gql.context import Context
from gql.flow_outcomes import FlowMonth, months_of
from gql.flow_rows import (
    METRIC_COST_POINTS,
    FlowAnswer,
    FlowNode,
    NodeKey,
    OfPair,
    by_pair,
    connection_type,
    each,
    flow_node,
    page_of,
    rows_asked,
    rows_field,
)
from gql.lists import After, Before, First, Last
from gql.node import decode_id
from models.errors import InvalidInput, NotFound
from network.answering import Answer, Seen
from network.metrics.between import ROUTES_MAX

ROUTES_SILENT = 3


@strawberry.type(description="How many people passed from one node to another.")
class FlowPairEdge(OfPair):
    """An edge of the graph."""

    people: float = strawberry.field(
        description="How many; exact where your organization gave or was handed them."
    )


@strawberry.type(description="A way from one node to another.")
class FlowRoute:
    """The shorter, the more people pass on each of its edges."""

    chain: list[FlowNode] = strawberry.field(description="The nodes, the first one first.")
    length: float = strawberry.field(description="The sum of 1 ÷ people over its edges.")
    people_min: float = strawberry.field(description="People on its weakest edge.")


def _cut(answer: Answer) -> Any:
    edges = np.array(answer.result.cut.edges, np.float64).reshape(-1, 3)
    return by_pair(
        answer.parties, edges[:, 2], edges[:, 0].astype(np.int64), edges[:, 1].astype(np.int64)
    )


@strawberry.type(description="The best ways between two nodes, and what limits them.")
class FlowBetween(FlowAnswer):
    """Routes, and the narrowest cut."""

    routes: list[FlowRoute] = strawberry.field(description="The ways, the shortest first.")
    people_max: float = strawberry.field(description="The most people that can pass over all ways.")
    cut_count: int = strawberry.field(description="How many edges limit that.")
    cut = rows_field(
        FlowPairEdge,
        description="The edges that limit it, those with most people first.",
        ranking=_cut,
        values=lambda answer, row: {
            "people": float(answer.result.cut.edges[row][2]),
        },
    )

    @classmethod
    def values(cls, ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        routes = [
            FlowRoute(
                chain=[flow_node(ctx, answer.parties, place) for place in route.nodes],
                length=float(route.length),
                people_min=float(route.people_min),
            )
            for route in found.routes
        ]
        return {
            "routes": routes,
            "people_max": float(found.cut.people_max),
            "cut_count": len(found.cut.edges),
        }


@strawberry.type(description="One node and those around it.")
class FlowEgo:
    """Its neighbours, and what passes among them."""

    seen: strawberry.Private[Seen]
    place: strawberry.Private[int]
    network: strawberry.Private[Any]
    node: FlowNode = strawberry.field(description="The node.")
    given: float = strawberry.field(description="People it passed on.")
    taken: float = strawberry.field(description="People it was passed.")
    neighbour_count: int = strawberry.field(description="How many it gives to or takes from.")

    @relation(description="The edges among it and its neighbours, those with most people first.")
    @staticmethod
    async def edges(
        parents: list[FlowEgo],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Batched[connection_type(FlowPairEdge)]:  # type: ignore[valid-type]
        asked = rows_asked(2, first, after, last, before)

        async def page(parent: FlowEgo) -> Any:
            columns = parent.seen.prepared.flow.columns
            near = _near(parent.seen, parent.place)
            return await pairs_page(
                ctx, parent.seen, near[columns.source] & near[columns.target], asked
            )

        return await each(parents, page)

    @relation(description="What it gave, month by month.", cost=METRIC_COST_POINTS)
    @staticmethod
    async def given_months(parents: list[FlowEgo], ctx: Context) -> Batched[list[FlowMonth]]:
        return await each(parents, lambda parent: _months(ctx, parent, "given"))

    @relation(description="What it was passed, month by month.", cost=METRIC_COST_POINTS)
    @staticmethod
    async def taken_months(parents: list[FlowEgo], ctx: Context) -> Batched[list[FlowMonth]]:
        return await each(parents, lambda parent: _months(ctx, parent, "taken"))


async def _months(ctx: Context, parent: FlowEgo, side: str) -> list[FlowMonth]:
    found = await parent.network.months_around(ctx, parent.node.key)
    return months_of(getattr(found.result, side))


async def pairs_page(
    ctx: Context, seen: Seen, kept: npt.NDArray[np.bool_], asked: PageArguments
) -> Any:
    """A page of some edges of a question, those with most people first."""
    columns = seen.prepared.flow.columns
    people = columns.weight[kept]
    ranking = by_pair(seen.parties, people, columns.source[kept], columns.target[kept])
    return await page_of(
        ctx, FlowPairEdge, ranking, asked, lambda row: {"people": float(people[row])}
    )


def _near(seen: Seen, place: int) -> Any:
    columns = seen.prepared.flow.columns
    near = np.zeros(len(seen.prepared.keys), bool)
    near[columns.target[columns.source == place]] = True
    near[columns.source[columns.target == place]] = True
    near[place] = True
    return near


def ego_of(ctx: Context, network: Any, seen: Seen, place: int) -> FlowEgo:
    """The surroundings of a node."""
    columns = seen.prepared.flow.columns
    return FlowEgo(
        seen=seen,
        place=place,
        network=network,
        node=flow_node(ctx, seen.parties, place),
        given=float(columns.weight[columns.source == place].sum()),
        taken=float(columns.weight[columns.target == place].sum()),
        neighbour_count=int(_near(seen, place).sum()) - 1,
    )


def place_of(seen: Seen, key: str, argument: str) -> int:
    """Where a node is. Raises `NotFound` for one that has no edge here."""
    place = seen.parties.place_of(key_of_node(key))
    if place is None:
        raise NotFound(argument, what="node")
    return place


def key_of_node(asked: str) -> str:
    """The key of a node, of which an organization's global id is another name."""
    found = decode_id(asked)
    return found[1].hex if found and found[0] in ("Company", "Agency") else asked


@strawberry.type
class NearFields:
    """The fields of the network about one node or two."""

    @relation(
        description="The best ways from one node to another, the most people that can pass, and "
        "the edges that limit it.",
        cost=METRIC_COST_POINTS,
    )
    @staticmethod
    async def between(
        parents: list[Any],
        ctx: Context,
        from_: Annotated[
            strawberry.ID,
            strawberry.argument(name="from", description="The node to start at, by key or id."),
        ],
        to: Annotated[
            strawberry.ID, strawberry.argument(description="The node to end at, by key or id.")
        ],
        routes: Annotated[
            int, strawberry.argument(description=f"How many ways, 1 to {ROUTES_MAX}.")
        ] = ROUTES_SILENT,
    ) -> Batched[FlowBetween]:
        if not 1 <= routes <= ROUTES_MAX:
            raise InvalidInput(
                "routes",
                ja=f"経路は1〜{ROUTES_MAX}本で指定してください。",
                en=f"Ask for 1 to {ROUTES_MAX} routes.",
            )
        if from_ == to:
            raise InvalidInput(
                "to", ja="異なる2つを指定してください。", en="Name two different nodes."
            )

        async def ask(parent: Any) -> FlowBetween:
            seen = await parent.seen(ctx)
            ends = place_of(seen, from_, "from"), place_of(seen, to, "to")
            found: FlowBetween = await parent.ask(
                ctx, FlowBetween, "between", giver=ends[0], taker=ends[1], routes=routes
            )
            return found

        return await each(parents, ask)

    @relation(description="A node and those around it; null where it has no edge.")
    @staticmethod
    async def ego(parents: list[Any], ctx: Context, key: NodeKey) -> Batched[FlowEgo | None]:
        async def ask(parent: Any) -> FlowEgo | None:
            seen = await parent.seen(ctx)
            place = seen.parties.place_of(key_of_node(key))
            return None if place is None else ego_of(ctx, parent, seen, place)

        return await each(parents, ask)
