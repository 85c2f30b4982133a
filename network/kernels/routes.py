"""The shortest ways from one node to another that pass no node twice."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.flow import Columns, Weights

Way = tuple[int, tuple[int, ...]]
"""The distance, and the places on the way; the order of ways is theirs."""


def shortest_ways(
    columns: Columns, distance: Weights, *, source: int, target: int, count: int
) -> list[Way]:
    """The ``count`` shortest, or all there are; of equally long ones those of lower places first.

    Yen's algorithm, each search led by the distances to the target, which ways that are closed can
    only make longer. ``distance`` is whole numbers.
    """
    search = _Search(columns, distance, target)
    first = search.way(source, closed=(), not_next=())
    found: list[Way] = []
    waiting: list[Way] = [] if first is None else [first]
    while waiting and len(found) < count:
        way = heapq.heappop(waiting)
        found.append(way)
        for one in _branches(search, way[1], [other for _, other in found]):
            if one not in waiting:
                heapq.heappush(waiting, one)
    return found


def _branches(search: _Search, way: tuple[int, ...], known: list[tuple[int, ...]]) -> list[Way]:
    branches = []
    gone = 0
    for at in range(len(way) - 1):
        root = way[: at + 1]
        not_next = {one[at + 1] for one in known if one[: at + 1] == root and len(one) > at + 1}
        rest = search.way(way[at], closed=root[:-1], not_next=not_next)
        if rest is not None:
            branches.append((gone + rest[0], (*root[:-1], *rest[1])))
        gone += search.edges[way[at]][way[at + 1]]
    return branches


@dataclass(slots=True)
class _Search:
    """Ways to one target (A*)."""

    columns: Columns
    distance: Weights
    target: int
    ahead: list[float] = field(init=False)
    edges: _Edges = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.columns.nodes)
        back = csr_array(
            (self.distance, (self.columns.target, self.columns.source)), shape=(size, size)
        )
        self.ahead = dijkstra(back, indices=[self.target])[0].tolist()
        self.edges = _Edges(self.columns, self.distance)

    def way(self, start: int, *, closed: Collection[int], not_next: Collection[int]) -> Way | None:
        if self.ahead[start] == np.inf:
            return None
        done = set(closed)
        waiting: list[tuple[float, int, tuple[int, ...]]] = [(self.ahead[start], 0, (start,))]
        while waiting:
            _, gone, way = heapq.heappop(waiting)
            here = way[-1]
            if here == self.target:
                return gone, way
            if here in done:
                continue
            done.add(here)
            for there, length in self.edges[here].items():
                shut = there in done or (here == start and there in not_next)
                if not shut and self.ahead[there] < np.inf:
                    far = gone + length
                    heapq.heappush(waiting, (far + self.ahead[there], far, (*way, there)))
        return None


class _Edges(dict[int, dict[int, int]]):
    """The edges out of a node with their lengths, made when they are first asked for."""

    def __init__(self, columns: Columns, distance: Weights) -> None:
        super().__init__()
        size = len(columns.nodes)
        self._columns, self._distance = columns, distance
        self._starts = np.searchsorted(columns.source, np.arange(size + 1)).tolist()

    def __missing__(self, node: int) -> dict[int, int]:
        at = slice(self._starts[node], self._starts[node + 1])
        to, lengths = self._columns.target[at].tolist(), self._distance[at].tolist()
        self[node] = {there: int(length) for there, length in zip(to, lengths, strict=True)}
        return self[node]
