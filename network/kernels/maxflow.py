"""The most that can pass, and the narrowest cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from network.flow import Columns, Places, Weights
from network.kernels.edges import without_loops

_INT_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """How much can pass, and the edges that are full when it does, by place; they are the cut."""

    value: float
    source: Places
    target: Places
    weight: Weights


def narrowest_cut(columns: Columns, sources: Sequence[int], sinks: Sequence[int]) -> Cut:
    """The most that can pass from any of the sources to any of the sinks.

    Both have a place at least, and none in common.
    """
    size = len(columns.nodes)
    source, target, weight = without_loops(columns)
    # All sources are one node, all sinks another; what is within either never limits anything.
    merged = np.arange(size + 2, dtype=np.int32)
    merged[list(sources)], merged[list(sinks)] = size, size + 1
    between = merged[source] != merged[target]
    from_, to, people = merged[source[between]], merged[target[between]], weight[between]
    bound = min(float(people[from_ == size].sum()), float(people[to == size + 1].sum()))
    if not bound:
        none = np.empty(0, np.int32)
        return Cut(0.0, none, none, np.empty(0))
    summed = csr_array((people, (from_, to)), shape=(size + 2, size + 2))
    # No edge that could carry everything, and twice, is ever full.
    capacity = np.minimum(summed.data, 2 * bound)
    unit = _unit(capacity, 2 * bound)
    if unit is None:
        return _by_networkx(columns, sources, sinks)
    whole = (capacity / unit).astype(np.int32)
    graph = csr_array((whole, summed.indices, summed.indptr), shape=summed.shape)
    found = maximum_flow(graph, size, size + 1, method="dinic")
    left = csr_array(graph - found.flow)
    left.data = (left.data > 0).astype(np.int32)
    left.eliminate_zeros()
    near = np.zeros(size + 2, bool)
    near[breadth_first_order(left, size, return_predecessors=False)] = True
    cut = near[merged[source]] & ~near[merged[target]]
    return Cut(float(found.flow_value) * unit, source[cut], target[cut], weight[cut])


def _unit(capacity: Weights, most: float) -> float | None:
    """The unit in which all up to ``most`` is a whole number of 32 bits; None without."""
    if not (capacity == np.rint(capacity)).all() or most >= 2.0**53:
        return None
    unit = float(np.gcd.reduce(capacity.astype(np.int64)))
    return None if most / unit > _INT_MAX else unit


def _by_networkx(columns: Columns, sources: Sequence[int], sinks: Sequence[int]) -> Cut:
    source, target, weight = without_loops(columns)
    graph: nx.DiGraph[int | str] = nx.DiGraph()
    edges = zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)
    graph.add_weighted_edges_from(edges, weight="capacity")
    graph.add_edges_from(("from", one) for one in sources)
    graph.add_edges_from((one, "to") for one in sinks)
    value, (near, _) = nx.minimum_cut(graph, "from", "to")
    inside = np.zeros(len(columns.nodes), bool)
    inside[[one for one in near if one != "from"]] = True
    cut = inside[source] & ~inside[target]
    return Cut(float(value), source[cut], target[cut], weight[cut])
