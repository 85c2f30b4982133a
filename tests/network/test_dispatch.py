"""nx.* on a flow answers as on networkx's own graph, by our kernel or by networkx's code."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.utils import backends

from network.flow import FlowFrozen, FlowGraph
from network.named import KERNELS
from tests.network.flows import flow_of, flows, plain

FUNCTIONS: Mapping[str, Any] = cast(Any, backends)._registered_algorithms
NETWORK = flow_of(
    7,
    [
        (0, 1, 2), (1, 0, 1), (1, 2, 4), (2, 3, 8), (3, 1, 1), (3, 4, 2), (4, 5, 2), (5, 4, 4),
        (0, 3, 1), (5, 6, 1),
    ],
)  # fmt: skip
"""No self-loops, which much of networkx refuses; weights whose sums are exact."""

ARGUMENTS: dict[str, Any] = {
    "source": "n0", "target": "n4", "s": "n0", "t": "n4", "_s": "n0", "_t": "n4", "u": "n0",
    "v": "n1", "node": "n1", "n": "n1", "root": "n0", "nodes": ["n0", "n1"], "S": ["n0", "n1"],
    "sources": ["n0"], "targets": ["n4"], "nbunch": ["n0", "n1"], "seed": 3, "x": ["n0"],
    "y": ["n4"], "k": 2, "path": ["n0", "n1"], "center_nodes": ["n0"], "nbunch1": ["n0", "n1"],
    "communities": [{"n0", "n1", "n2", "n3"}, {"n4", "n5", "n6"}], "cutset": ["n1"],
    "attribute": "name", "partition": [{"n0", "n1", "n2", "n3"}, {"n4", "n5", "n6"}],
    "group": ["n1", "n3"], "cluster": ["n0", "n1"], "z": ["n2"], "edges": [("n0", "n1")],
    "mapping": {"n0": "m0"}, "name": "name", "ebunch": [("n0", "n4")], "C": ["n0", "n1"],
    "weight": "weight", "nodelist": None, "i": "n0", "avoid": None, "demand": "demand",
}  # fmt: skip

SLOW = {"forceatlas2_layout"}
UNEQUAL = {
    "hits": "networkx begins at random: compared by test_hits",
    "google_matrix": "a matrix",
}


def settled(value: Any, depth: int = 0) -> Any:
    """A result in a form that can be compared: iterators emptied, graphs and arrays told."""
    if isinstance(value, nx.Graph):
        return {
            "directed": value.is_directed(),
            "nodes": settled(dict(value.nodes(data=True)), depth + 1),
            "edges": sorted(map(repr, value.edges())),
        }
    if hasattr(value, "toarray"):
        value = value.toarray()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-6, abs=1e-9, nan_ok=True)
    if isinstance(value, Mapping):
        return {repr(key): settled(one, depth + 1) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    if isinstance(value, Iterable) and not isinstance(value, str):
        found = [settled(one, depth + 1) for one in value]
        sets = depth == 0 and all(isinstance(one, list | dict) for one in found)
        return sorted(found, key=repr) if sets else found
    return value


def outcome(function: Any, graph: nx.DiGraph[Any], arguments: dict[str, Any]) -> Any:
    try:
        return settled(function(graph, **arguments))
    except Exception as error:  # noqa: BLE001 - whatever networkx raises, a flow raises too
        return type(error), str(error).replace("FlowGraph", "DiGraph")


def public(name: str) -> Any:
    """The function as networkx offers it, with what it refuses."""
    original = FUNCTIONS[name].orig_func
    return getattr(sys.modules[original.__module__], original.__name__)


def arguments_of(function: Any) -> dict[str, Any] | None:
    """What the function needs, by the names of its parameters; None where it cannot be known."""
    parameters = list(inspect.signature(function.orig_func).parameters.values())
    found = {}
    for one in parameters[1:]:
        if one.name == "seed":
            found["seed"] = 3
        elif one.default is inspect.Parameter.empty and one.kind not in {
            inspect.Parameter.VAR_KEYWORD,
            inspect.Parameter.VAR_POSITIONAL,
        }:
            if one.name not in ARGUMENTS:
                return None
            found[one.name] = ARGUMENTS[one.name]
    return found


def asked() -> dict[str, dict[str, Any]]:
    """Every function of networkx's that takes one graph first, with what else it needs."""
    found = {}
    for name, function in FUNCTIONS.items():
        one_graph = list(function.graphs.values()) == [0] and not function.list_graphs
        if one_graph and function.orig_func is not None and name not in SLOW:
            arguments = arguments_of(function)
            if arguments is not None:
                found[name] = arguments
    return found


ASKED = asked()


def test_the_sweep_is_wide() -> None:
    assert len(ASKED) > 400
    assert KERNELS.keys() <= ASKED.keys()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(ASKED.keys() - UNEQUAL.keys()))
def test_every_function_of_networkx_answers_on_a_flow(name: str) -> None:
    function, arguments = public(name), ASKED[name]
    expected = outcome(function, plain_named(), arguments)

    found = outcome(function, NETWORK, arguments)

    # What is declared to change its graph is refused, unless networkx refuses it first.
    changes = FUNCTIONS[name].mutates_input is True
    assert found == expected or (changes and found[0] is FlowFrozen)
    assert list(NETWORK.edges(data="weight")) == list(plain(NETWORK).edges(data="weight"))


def plain_named() -> nx.DiGraph[Any]:
    graph = plain(NETWORK)
    nx.set_node_attributes(graph, {node: node for node in graph}, "name")
    return graph


@pytest.mark.parametrize(
    "function",
    [
        "density", "nodes", "edges", "degree", "number_of_nodes", "info", "is_directed",
        "neighbors", "degree_histogram", "all_neighbors", "non_neighbors", "subgraph",
        "to_undirected",
    ],
)  # fmt: skip
def test_functions_that_are_not_dispatched_answer_too(function: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "neighbors": ("n1",),
        "all_neighbors": ("n1",),
        "non_neighbors": ("n1",),
        "subgraph": (["n0", "n1"],),
    }
    call = getattr(nx, function, lambda graph: str(graph).replace("FlowGraph", "DiGraph"))
    more = arguments.get(function, ())

    assert settled(call(NETWORK, *more)) == settled(call(plain_named(), *more))


def test_flows_and_graphs_of_networkx_meet() -> None:
    other: nx.DiGraph[Any] = nx.DiGraph([("n0", "x")])
    graph = plain_named()

    for _ in range(2):
        assert nx.is_isomorphic(NETWORK, graph)
        assert nx.is_isomorphic(graph, NETWORK)
        assert set(nx.compose(NETWORK, other)) == {*NETWORK, "x"}
        assert set(nx.compose(other, NETWORK)) == {*NETWORK, "x"}
        assert nx.compose_all([NETWORK, other]).number_of_edges() == 11
        assert nx.utils.graphs_equal(nx.DiGraph(NETWORK), graph)


def test_graphs_of_networkx_stay_with_networkx() -> None:
    graph = plain_named()

    with pytest.raises(NotImplementedError):
        nx.pagerank(graph, backend="tasuki")
    assert nx.is_isomorphic(graph, graph)
    assert nx.pagerank(NETWORK, backend="networkx") == pytest.approx(nx.pagerank(graph))


def same(found: Mapping[Any, float], expected: Mapping[Any, float], tolerance: float) -> None:
    assert list(found) == list(expected)
    assert found == pytest.approx(expected, rel=tolerance, abs=tolerance, nan_ok=True)


@settings(deadline=None)
@given(
    flows(nodes_min=1),
    st.sampled_from([0.5, 0.85]),
    st.sampled_from(["weight", None, "name"]),
    st.booleans(),
)
def test_pagerank(flow: FlowGraph, alpha: float, weight: str | None, personal: bool) -> None:
    towards = {flow.columns.nodes[0]: 2, flow.columns.nodes[-1]: 1} if personal else None
    more: Any = {"alpha": alpha, "weight": weight, "personalization": towards, "max_iter": 1_000}

    same(nx.pagerank(flow, **more), nx.pagerank(plain(flow), **more), 1e-12)
    more |= {"tol": 1e-11, "dangling": towards, "nstart": towards}
    same(nx.pagerank(flow, **more), nx.pagerank(plain(flow), **more), 1e-12)


def test_pagerank_does_not_converge_where_networkx_does_not() -> None:
    for graph in (NETWORK, plain(NETWORK)):
        with pytest.raises(nx.PowerIterationFailedConvergence, match="3 iterations"):
            nx.pagerank(graph, max_iter=3)


def test_hits() -> None:
    flow = flow_of(4, [(0, 1, 3), (0, 2, 1), (1, 2, 2), (3, 2, 2), (2, 0, 1)])

    for normalized in (True, False):
        found = nx.hits(flow, normalized=normalized)
        expected = nx.hits(plain(flow), normalized=normalized)
        for one, other in zip(found, expected, strict=True):
            size = {key: abs(value) for key, value in one.items()}
            same(size, {key: abs(value) for key, value in other.items()}, 1e-6)


@settings(deadline=None)
@given(flows(), st.sampled_from([None, "weight"]), st.booleans())
def test_betweenness(flow: FlowGraph, weight: str | None, normalized: bool) -> None:
    more: Any = {"weight": weight, "normalized": normalized}

    same(
        nx.betweenness_centrality(flow, **more),
        nx.betweenness_centrality(plain(flow), **more),
        1e-9,
    )


@settings(deadline=None)
@given(flows(nodes_min=4), st.sampled_from([None, "weight"]), st.booleans(), st.data())
def test_betweenness_from_samples(
    flow: FlowGraph, weight: str | None, normalized: bool, data: st.DataObject
) -> None:
    more: Any = {"weight": weight, "normalized": normalized, "seed": data.draw(st.integers(0, 99))}
    more["k"] = data.draw(st.integers(2, len(flow)))

    same(
        nx.betweenness_centrality(flow, **more),
        nx.betweenness_centrality(plain(flow), **more),
        1e-9,
    )


@settings(deadline=None)
@given(flows())
def test_components(flow: FlowGraph) -> None:
    graph = plain(flow)
    for function in (nx.strongly_connected_components, nx.weakly_connected_components):
        found = sorted(sorted(map(str, part)) for part in function(flow))
        assert found == sorted(sorted(map(str, part)) for part in function(graph))
    assert nx.number_strongly_connected_components(flow) == len(
        list(nx.strongly_connected_components(graph))
    )


@settings(deadline=None)
@given(flows(loops=False))
def test_cores_and_triads(flow: FlowGraph) -> None:
    graph = plain(flow)

    assert nx.core_number(flow) == nx.core_number(graph)
    assert nx.triadic_census(flow) == nx.triadic_census(graph)


def test_cores_of_a_flow_with_self_loops_are_refused_as_networkx_does() -> None:
    with pytest.raises(nx.NetworkXNotImplemented, match="self loops"):
        nx.core_number(flow_of(2, [(0, 0, 1), (0, 1, 1)]))


@settings(deadline=None)
@given(flows())
def test_overall_reciprocity(flow: FlowGraph) -> None:
    if flow.columns.weight.size:
        expected = nx.overall_reciprocity(plain(flow))
        assert nx.overall_reciprocity(flow) == expected
        assert nx.reciprocity(flow) == expected
        assert nx.reciprocity(flow, ["n0"]) == nx.reciprocity(plain(flow), ["n0"])
    else:
        with pytest.raises(nx.NetworkXError, match="empty"):
            nx.overall_reciprocity(flow)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@settings(deadline=None)
@given(flows(nodes_min=1), st.sampled_from([None, "weight"]))
def test_constraint(flow: FlowGraph, weight: str | None) -> None:
    same(nx.constraint(flow, weight=weight), nx.constraint(plain(flow), weight=weight), 1e-9)
    asked_for = list(flow)[:2]
    assert nx.constraint(flow, asked_for, weight) == pytest.approx(
        nx.constraint(plain(flow), asked_for, weight), nan_ok=True
    )


@settings(deadline=None)
@given(flows(nodes_min=2))
def test_maximum_flow(flow: FlowGraph) -> None:
    first, last = flow.columns.nodes[0], flow.columns.nodes[-1]
    expected = nx.maximum_flow_value(plain(flow), first, last, capacity="weight")

    assert nx.maximum_flow_value(flow, first, last, capacity="weight") == expected
    assert nx.minimum_cut_value(flow, first, last, capacity="weight") == expected
    assert math.isclose(nx.minimum_cut(flow, first, last, capacity="weight")[0], expected)
