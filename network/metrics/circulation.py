"""Is talent going round or running off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, maximum_flow

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node
from network.people import People, whole_people

Places64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Circulation:
    """How many people the flow passes round, of how many.

    ``remainder`` has a value for each edge, in the order of the flow's columns: how many of its
    people run off, in one of the best ways to see it. ``looped_people`` never left their node, as
    of an industry that passes on to itself; they are counted among those who go round.
    ``share`` is None where nobody was passed on.
    """

    people: int
    circulating_people: int
    looped_people: int
    share: float | None
    remainder: People


def circulation(flow: FlowGraph) -> Circulation:
    r"""The largest part of the flow that returns along cycles; exact.

    The rest is the least flow that gives every node the same net as it has: it carries, by the
    fewest steps, what net givers give to where net takers take it. It holds no cycle.

    .. math:: \max \sum_{ij} f_{ij} \quad \text{where} \quad 0 \le f_{ij} \le w_{ij}, \;
              \sum_j f_{ij} = \sum_j f_{ji}
              \qquad = \; W - \min \sum_{ij} g_{ij}, \quad
              \sum_j g_{ij} - g_{ji} = \sum_j w_{ij} - w_{ji}

    Solved within the strong components, since no cycle leaves one, by the primal-dual method: as
    every step costs one, each phase is a shortest-path tree and a maximum flow among the shortest
    paths, and there are as many phases as there are lengths of path in use, a handful in networks
    of people. The rest is what is known as the agony of a hierarchy.

    Source: M. Gupte et al., "Finding hierarchy in directed online social networks", WWW (2011);
    N. Tatti, "Hierarchies in directed networks", ICDM (2015); L. R. Ford, D. R. Fulkerson, "Flows
    in Networks" (1962), for the method.

    Raises:
        ValueError: A weight is a fraction, or there are more people than `PEOPLE_MAX`.

    >>> round_and_off = FlowGraph.of("abc", [0, 1, 2, 0], [1, 2, 0, 2], [5, 3, 3, 4])
    >>> found = circulation(round_and_off)
    >>> found.circulating_people, found.share, found.remainder.tolist()
    (9, 0.6, [2, 4, 0, 0])
    """
    people = whole_people(flow)
    source = flow.columns.source.astype(np.int64)
    target = flow.columns.target.astype(np.int64)
    is_loop = source == target
    remainder = np.where(is_loop, 0, people)
    if people.size:
        strong = connected_components(flow.matrix, connection="strong")[1]
        inner = np.flatnonzero((strong[source] == strong[target]) & ~is_loop)
        edges = _Edges(len(flow.columns.nodes), source[inner], target[inner], people[inner])
        remainder[inner] = _least_carriage(edges)
    total = int(people.sum())
    circulating = total - int(remainder.sum())
    return Circulation(
        total,
        circulating,
        int(people[is_loop].sum()),
        circulating / total if total else None,
        remainder,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges ordered by source and target, with the most that each can carry."""

    size: int
    source: Places64
    target: Places64
    most: People

    def reverses(self) -> Places64:
        """The place of each edge's reverse; -1 where there is none."""
        key = self.source * self.size + self.target
        sought = self.target * self.size + self.source
        place = np.minimum(np.searchsorted(key, sought), max(key.size - 1, 0))
        return np.where(key[place] == sought, place, -1) if key.size else place


@dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """What can still be pushed, from the giving end to the taking end."""

    from_: Places64
    to: Places64
    cost: Places64
    room: People

    def where(self, kept: npt.NDArray[np.bool_]) -> _Arcs:
        return _Arcs(self.from_[kept], self.to[kept], self.cost[kept], self.room[kept])


def _least_carriage(edges: _Edges) -> People:
    """What each edge carries in a least flow with the same net at every node."""
    size, carried = edges.size, np.zeros_like(edges.most)
    net = np.zeros(size, np.int64)
    np.add.at(net, edges.source, edges.most)
    np.subtract.at(net, edges.target, edges.most)
    level = np.zeros(size + 2, np.int64)
    reverse = edges.reverses()
    while net.any():
        # A step back on the reverse edge costs less than the edge itself, which then never is
        # among the shortest: no two arcs lead from one node to another.
        has_back = (reverse >= 0) & (carried[reverse] > 0)
        forward = np.flatnonzero((carried < edges.most) & ~has_back)
        back = np.flatnonzero(carried > 0)
        arcs = _residual(edges, carried, net, forward, back)
        level = level + _distances(arcs, level, size)
        is_short = arcs.cost + level[arcs.from_] == level[arcs.to]
        pushed = np.zeros_like(arcs.room)
        pushed[is_short] = _pushed(arcs.where(is_short), size)
        carried[forward] += pushed[: forward.size]
        carried[back] -= pushed[forward.size : forward.size + back.size]
        ends = slice(forward.size + back.size, None)
        gave = arcs.from_[ends] == size
        net[arcs.to[ends][gave]] -= pushed[ends][gave]
        net[arcs.from_[ends][~gave]] += pushed[ends][~gave]
    return carried


def _residual(
    edges: _Edges, carried: People, net: People, forward: Places64, back: Places64
) -> _Arcs:
    """The arcs: forward, back, from the giving end (``size``), to the taking end after it."""
    giving, taking = np.flatnonzero(net > 0), np.flatnonzero(net < 0)
    start, end = np.full_like(giving, edges.size), np.full_like(taking, edges.size + 1)
    free = np.zeros(giving.size + taking.size, np.int64)
    return _Arcs(
        np.concatenate((edges.source[forward], edges.target[back], start, taking)),
        np.concatenate((edges.target[forward], edges.source[back], giving, end)),
        np.concatenate((np.ones_like(forward), -np.ones_like(back), free)),
        np.concatenate(
            (edges.most[forward] - carried[forward], carried[back], net[giving], -net[taking])
        ),
    )


def _distances(arcs: _Arcs, level: Places64, size: int) -> Places64:
    """How far each node is by reduced costs, and no farther than the taking end."""
    reduced = (arcs.cost + level[arcs.from_] - level[arcs.to]).astype(np.float64)
    found = csr_array((reduced, (arcs.from_, arcs.to)), shape=(size + 2, size + 2))
    far = dijkstra(found, indices=np.array([size]))[0]
    distances: Places64 = np.minimum(far, far[size + 1]).astype(np.int64)
    return distances


def _pushed(arcs: _Arcs, size: int) -> People:
    """What a maximum flow between the two ends pushes through each arc."""
    places = (arcs.from_.astype(np.int32), arcs.to.astype(np.int32))
    room = csr_array((arcs.room.astype(np.int32), places), shape=(size + 2, size + 2))
    flow = maximum_flow(room, size, size + 1).flow.tocoo()
    is_pushed = flow.data > 0
    key = flow.row[is_pushed].astype(np.int64) * (size + 2) + flow.col[is_pushed]
    order = np.argsort(key)
    key, amount = key[order], flow.data[is_pushed][order].astype(np.int64)
    sought = arcs.from_ * (size + 2) + arcs.to
    place = np.minimum(np.searchsorted(key, sought), key.size - 1)
    return np.where(key[place] == sought, amount[place], 0)


def circulation_in_words(found: Circulation, _names: Mapping[Node, Text]) -> Text:
    """How much goes round."""
    if found.share is None:
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    return Text(
        f"渡った{found.people:,}名のうち{found.circulating_people:,}名分（{found.share:.0%}）は、"
        "巡り巡って元の組織に相当する流れが戻っています。残りは一方向に流れています。",
        f"Of {found.people:,} people passed on, as many as {found.circulating_people:,} "
        f"({found.share:.0%}) are matched by a flow that comes back round; the rest runs one way.",
    )
