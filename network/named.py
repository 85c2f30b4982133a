"""Our kernels under networkx's names, with networkx's parameters and results.

Each returns `NotImplemented` for parameters that its kernel does not know: then networkx's own
code runs, and refuses in networkx's own words what it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from networkx import NetworkXError
from scipy.sparse import csr_array

from network.flow import FlowGraph, Node, Weights
from network.kernels import betweenness, components, cores, holes, maxflow, rank, triads
from network.kernels.edges import without_loops

_WEIGHT = "weight"


def _weighted(flow: FlowGraph, weight: object) -> csr_array:
    """As networkx reads weights: an attribute that no edge has counts one for each."""
    if weight == _WEIGHT:
        return flow.matrix
    ones = np.ones(flow.columns.weight.size)
    return csr_array((ones, flow.matrix.indices, flow.matrix.indptr), shape=flow.matrix.shape)


def _by_node(flow: FlowGraph, values: npt.NDArray[Any]) -> dict[Node, Any]:
    return dict(zip(flow.columns.nodes, values.tolist(), strict=True))


def _shares(flow: FlowGraph, given: Mapping[Node, float]) -> Weights:
    values = np.array([given.get(node, 0) for node in flow.columns.nodes], np.float64)
    return np.asarray(values / values.sum(), np.float64)


def pagerank(
    flow: FlowGraph,
    alpha: float = 0.85,
    personalization: Mapping[Node, float] | None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    nstart: Mapping[Node, float] | None = None,
    weight: str | None = "weight",
    dangling: Mapping[Node, float] | None = None,
) -> Any:
    """`networkx.pagerank`."""
    size = len(flow.columns.nodes)
    given = [one for one in (personalization, nstart, dangling) if one is not None]
    if not size or any(not sum(one.get(node, 0) for node in flow) for one in given):
        return NotImplemented
    even = np.full(size, 1 / size)
    towards = even if personalization is None else _shares(flow, personalization)
    found = rank.pagerank(
        _weighted(flow, weight),
        alpha=alpha,
        iterations_max=max_iter,
        tolerance=tol,
        towards=towards,
        dangling=towards if dangling is None else _shares(flow, dangling),
        start=even if nstart is None else _shares(flow, nstart),
    )
    return _by_node(flow, found)


def hits(
    flow: FlowGraph,
    max_iter: int = 100,
    tol: float = 1e-8,
    nstart: Mapping[Node, float] | None = None,
    normalized: bool = True,  # noqa: FBT001, FBT002 - networkx's parameter
) -> Any:
    """`networkx.hits`."""
    if len(flow.columns.nodes) < 2 or not flow.columns.weight.size or max_iter <= 0:
        return NotImplemented
    start = np.ones(len(flow.columns.nodes))
    if nstart is not None:
        start = np.array(list(nstart.values()), np.float64)
    taking = rank.authorities(flow.matrix, iterations_max=max_iter, tolerance=tol, start=start)
    giving = flow.matrix @ taking
    if normalized:
        taking, giving = taking / taking.sum(), giving / giving.sum()
    return _by_node(flow, giving), _by_node(flow, taking)


def betweenness_centrality(
    flow: FlowGraph,
    k: int | None = None,
    normalized: bool = True,  # noqa: FBT001, FBT002 - networkx's parameter
    weight: str | None = None,
    endpoints: bool = False,  # noqa: FBT001, FBT002 - networkx's parameter
    seed: Random | None = None,
) -> Any:
    """`networkx.betweenness_centrality`; ``weight`` is a distance, as there."""
    size = len(flow.columns.nodes)
    if endpoints or size < 3 or not (weight is None or isinstance(weight, str)):
        return NotImplemented
    distance = flow.columns.weight if weight == _WEIGHT else None
    pairs = (size - 1) * (size - 2)
    if k is None or k == size:
        found = betweenness.all_paths(flow.columns, distance)
        return _by_node(flow, found / pairs if normalized else found)
    if not 1 < k < size or seed is None:
        return NotImplemented
    chosen = seed.sample(range(size), k)
    found = np.zeros(size)
    for one in betweenness.paths_from(flow.columns, distance, chosen):
        found += one
    # A node that was chosen is on no path of its own: it was looked at once less often.
    looked = np.full(size, k)
    looked[chosen] -= 1
    found *= (size - 1) / looked
    return _by_node(flow, found / pairs if normalized else found)


def _sets(flow: FlowGraph, labels: npt.NDArray[np.int32]) -> Iterator[set[Node]]:
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels)).tolist()
    nodes = [flow.columns.nodes[place] for place in order.tolist()]
    first = 0
    for last in ends:
        yield set(nodes[first:last])
        first = last


def strongly_connected_components(flow: FlowGraph) -> Iterator[set[Node]]:
    """`networkx.strongly_connected_components`."""
    return _sets(flow, components.strong_components(flow.matrix))


def weakly_connected_components(flow: FlowGraph) -> Iterator[set[Node]]:
    """`networkx.weakly_connected_components`."""
    return _sets(flow, components.weak_components(flow.matrix))


def core_number(flow: FlowGraph) -> Any:
    """`networkx.core_number`."""
    if flow.matrix.diagonal().any():
        return NotImplemented
    return _by_node(flow, cores.core_numbers(flow.columns))


def overall_reciprocity(flow: FlowGraph) -> float:
    """`networkx.overall_reciprocity`: without weights, and self-loops as networkx takes them."""
    edges = flow.columns.weight.size
    if not edges:
        raise NetworkXError("Not defined for empty graphs")
    return _mutual(flow).nnz / edges


def reciprocity(flow: FlowGraph, nodes: Iterable[Node] | Node = None) -> Any:
    """`networkx.reciprocity` of the network."""
    return overall_reciprocity(flow) if nodes is None else NotImplemented


def _mutual(flow: FlowGraph) -> csr_array:
    """One for each edge between two nodes that is returned."""
    source, target, _ = without_loops(flow.columns)
    ones = csr_array((np.ones(source.size), (source, target)), shape=flow.matrix.shape)
    return csr_array(ones.multiply(ones.T))


def triadic_census(flow: FlowGraph, nodelist: Iterable[Node] | None = None) -> Any:
    """`networkx.triadic_census`."""
    if nodelist is not None or flow.matrix.diagonal().any():
        return NotImplemented
    return dict(triads.triad_census(flow.columns))


def constraint(
    flow: FlowGraph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> Any:
    """`networkx.constraint`."""
    if nodes is not None:
        return NotImplemented
    return _by_node(flow, holes.constraint(_weighted(flow, weight)))


def maximum_flow_value(
    flow: FlowGraph,
    source: Node,
    target: Node,
    capacity: str = "capacity",
    flow_func: Callable[..., Any] | None = None,
    **more: Any,
) -> Any:
    """`networkx.maximum_flow_value`, which is `networkx.minimum_cut_value`."""
    known = source in flow and target in flow and source != target
    if not known or capacity != _WEIGHT or flow_func is not None or more:
        return NotImplemented
    return maxflow.narrowest_cut(flow.columns, [flow.place[source]], [flow.place[target]]).value


KERNELS: Mapping[str, Callable[..., Any]] = {
    "betweenness_centrality": betweenness_centrality,
    "constraint": constraint,
    "core_number": core_number,
    "hits": hits,
    "maximum_flow_value": maximum_flow_value,
    "minimum_cut_value": maximum_flow_value,
    "overall_reciprocity": overall_reciprocity,
    "pagerank": pagerank,
    "reciprocity": reciprocity,
    "strongly_connected_components": strongly_connected_components,
    "triadic_census": triadic_census,
    "weakly_connected_components": weakly_connected_components,
}
