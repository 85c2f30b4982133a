"""How people come from one organization to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node
from network.kernels.betweenness import distances
from network.kernels.routes import shortest_ways
from network.metrics.fragility import GroupCut, cut_between

ROUTES_MAX = 20


@dataclass(frozen=True, slots=True)
class Route:
    """The nodes on the way, its length Σ 1 ÷ people, and the people on its weakest edge."""

    nodes: tuple[Node, ...]
    length: float
    people_min: float


@dataclass(frozen=True, slots=True)
class Between:
    """The shortest routes, the shortest first, and the narrowest cut."""

    giver: Node
    taker: Node
    routes: tuple[Route, ...]
    cut: GroupCut


def between(flow: FlowGraph, giver: Node, taker: Node, *, routes: int = 3) -> Between:
    r"""The best ways from one node to another, and the most people that can pass.

    .. math:: length(v_0 \dots v_m) = \sum_{l=1}^{m} \frac{1}{w_{v_{l-1} v_l}}

    A route passes no node twice. Of equally long ones, that through earlier nodes comes first. The
    cut is `network.metrics.fragility.cut_between`'s.

    Source: J. Yen, "Finding the k shortest loopless paths in a network", Management Science 17
    (1971).

    >>> flow = FlowGraph.of(["a", "b", "c"], [0, 1, 0], [1, 2, 2], [4, 4, 1])
    >>> found = between(flow, "a", "c")
    >>> found.routes[0]
    Route(nodes=('a', 'b', 'c'), length=0.5, people_min=4.0)
    >>> found.routes[1].nodes, found.cut.people_max
    (('a', 'c'), 5.0)

    Raises:
        ValueError: The two are one, or not of the flow, or too many routes are asked for.
    """
    if not 1 <= routes <= ROUTES_MAX:
        raise ValueError(f"1 to {ROUTES_MAX} routes")
    cut = cut_between(flow, [giver], [taker])
    columns = flow.columns
    ways = shortest_ways(
        columns,
        distances(columns.weight),
        source=flow.place[giver],
        target=flow.place[taker],
        count=routes,
    )
    return Between(giver, taker, tuple(_route(flow, way) for _, way in ways), cut)


def _route(flow: FlowGraph, way: tuple[int, ...]) -> Route:
    weights = [float(flow.matrix[one, other]) for one, other in pairwise(way)]
    nodes = tuple(flow.columns.nodes[place] for place in way)
    return Route(nodes, sum(1 / weight for weight in weights), min(weights))


def between_in_words(found: Between, names: Mapping[Node, Text]) -> Text:
    """The best way, and how much can pass."""
    one, other = names[found.giver], names[found.taker]
    if not found.routes:
        return Text(
            f"{one.ja}から{other.ja}へ、人が渡る道はありません。",
            f"There is no way from {one.en} to {other.en}.",
        )
    best = found.routes[0]
    way = [names[node] for node in best.nodes]
    return Text(
        f"最も太い道すじは{'→'.join(name.ja for name in way)}です。"
        f"すべての道を合わせると、最大{found.cut.people_max:,.0f}名が渡れます。",
        f"The strongest way is {' → '.join(name.en for name in way)}. "
        f"Over all ways together, at most {found.cut.people_max:,.0f} people can pass.",
    )
