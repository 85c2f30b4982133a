"""How many shortest paths lead through each node."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve_triangular

from network.flow import Columns, Weights
from network.kernels.threads import graph_of, networkit

WHOLE = math.lcm(*range(1, 37))
"""The distance of one person: a whole number of which every count up to 36 is a divisor."""

_AT_ONCE = 16
"""Sources whose distances are held together."""


def distances(weight: Weights) -> Weights:
    """1 ÷ weight, in units in which sums of distances are exact.

    Two paths that are equally long must be found equal, and 1/6 + 1/3 is not 1/2 in every order of
    floating-point sums. All whole numbers that are sums here stay below 2⁵³ on paths of up to 62
    edges of weight one.

    >>> found = distances(np.array([1.0, 2.0, 3.0, 6.0]))
    >>> bool(found[2] + found[3] == found[1]), float(found[0] / found[1])
    (True, 2.0)
    """
    return np.maximum(np.rint(WHOLE / weight), 1.0)


def all_paths(columns: Columns, distance: Weights | None) -> Weights:
    """For each node, the share of shortest paths through it, summed over all pairs of others."""
    size = len(columns.nodes)
    if size < 3 or not columns.weight.size:
        return np.zeros(size)
    graph = graph_of(size, columns.source, columns.target, distance)
    found = networkit().centrality.Betweenness(graph, False, False).run().scores()
    return np.asarray(found, np.float64)


def paths_from(
    columns: Columns, distance: Weights | None, sources: Sequence[int]
) -> Iterator[Weights]:
    """The same for the paths that begin at each of ``sources``: its dependencies (Brandes)."""
    size = len(columns.nodes)
    length = np.ones(columns.weight.size) if distance is None else distance
    starts = np.searchsorted(columns.source, np.arange(size + 1))
    graph = csr_array((length, columns.target, starts), shape=(size, size))
    for first in range(0, len(sources), _AT_ONCE):
        some = sources[first : first + _AT_ONCE]
        for source, far in zip(some, dijkstra(graph, indices=some), strict=True):
            yield _dependencies(columns, length, np.diff(starts), far, source)


def _dependencies(
    columns: Columns, length: Weights, degree: npt.NDArray[np.int64], far: Weights, source: int
) -> Weights:
    size = far.size
    far[np.isinf(far)] = np.nan
    order = np.argsort(far, kind="stable")[: size - int(np.isnan(far).sum())]
    rank = np.full(size, -1)
    rank[order] = np.arange(order.size)
    # What cannot be reached is equal to nothing.
    on = np.flatnonzero(np.repeat(far, degree) + length == far[columns.target])
    from_, to = rank[columns.source[on]], rank[columns.target[on]]
    own = np.arange(order.size)
    # In the order of distance, the number of paths solves a triangular system: as many as those to
    # the nodes before. What depends on a node solves the same system backwards.
    values = np.concatenate((np.ones(order.size), np.full(from_.size, -1.0)))
    places = (np.concatenate((own, to)), np.concatenate((own, from_)))
    before = csc_array((values, places), shape=(order.size, order.size))
    start = np.zeros(order.size)
    start[rank[source]] = 1.0
    paths = spsolve_triangular(before, start, lower=True, unit_diagonal=True)
    share = spsolve_triangular(csc_array(before.T), 1 / paths, lower=False, unit_diagonal=True)
    found = np.zeros(size)
    found[order] = paths * share - 1
    found[source] = 0.0
    return found
