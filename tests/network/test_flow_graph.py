"""The snapshot is frozen, columnar, and a networkx graph."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from network.flow import FlowGraph, columns
from tests.network.flows import AWKWARD, flow_of, flows, plain

DICTIONARIES = {"_node", "_adj", "_succ", "_pred", "_neighbours"}


def a_flow() -> FlowGraph:
    return FlowGraph.of(
        ["a", "b", "c"], [0, 1, 0, 2], [1, 2, 1, 2], [1, 2, 3, 4], names={"a": "Alpha"}
    )


def state(graph: nx.Graph[Any]) -> tuple[list[object], list[object]]:
    return list(graph.nodes(data=True)), list(graph.edges(data=True))


def test_it_says_what_it_was_made_of() -> None:
    flow = a_flow()

    assert list(flow.nodes(data="name")) == [("a", "Alpha"), ("b", "b"), ("c", "c")]
    assert list(flow.edges(data="weight")) == [("a", "b", 4.0), ("b", "c", 2.0), ("c", "c", 4.0)]
    assert flow.matrix.toarray().tolist() == [[0, 4, 0], [0, 0, 2], [0, 0, 4]]
    assert list(flow.pred["c"]) == ["b", "c"]
    assert flow.place == {"a": 0, "b": 1, "c": 2}


@settings(deadline=None)
@given(flows())
def test_its_dictionaries_are_those_of_networkx(flow: FlowGraph) -> None:
    graph = plain(flow)

    assert dict(flow.adj) == dict(graph.adj)
    assert dict(flow.pred) == dict(graph.pred)
    assert list(flow) == list(graph)
    assert dict(flow.degree(weight="weight")) == dict(graph.degree(weight="weight"))


def test_kernels_need_no_dictionaries() -> None:
    flow = a_flow()
    nx.pagerank(flow)
    nx.betweenness_centrality(flow)
    list(nx.strongly_connected_components(flow))
    nx.constraint(flow)
    nx.overall_reciprocity(flow)

    assert not DICTIONARIES & vars(flow).keys()


CHANGES: dict[str, Callable[[Any], object]] = {
    "add_node": lambda flow: flow.add_node("d"),
    "add_nodes_from": lambda flow: flow.add_nodes_from("de"),
    "remove_node": lambda flow: flow.remove_node("a"),
    "remove_nodes_from": lambda flow: flow.remove_nodes_from("ab"),
    "add_edge": lambda flow: flow.add_edge("a", "c"),
    "add_edges_from": lambda flow: flow.add_edges_from([("a", "c")]),
    "add_weighted_edges_from": lambda flow: flow.add_weighted_edges_from([("a", "c", 1)]),
    "remove_edge": lambda flow: flow.remove_edge("a", "b"),
    "remove_edges_from": lambda flow: flow.remove_edges_from([("a", "b")]),
    "clear": lambda flow: flow.clear(),
    "clear_edges": lambda flow: flow.clear_edges(),
    "update": lambda flow: flow.update(edges=[("a", "c")]),
    "an edge's weight": lambda flow: flow.edges["a", "b"].__setitem__("weight", 9),
    "an edge's weight from behind": lambda flow: flow.pred["b"]["a"].update(weight=9),
    "a node's name": lambda flow: flow.nodes["a"].__setitem__("name", "Omega"),
    "the graph's attributes": lambda flow: flow.graph.__setitem__("name", "Omega"),
    "a name popped": lambda flow: flow.nodes["a"].pop("name", None),
    "set_node_attributes": lambda flow: nx.set_node_attributes(flow, {"a": 1}, "colour"),
    "set_edge_attributes": lambda flow: nx.set_edge_attributes(flow, {("a", "b"): 1}, "colour"),
    "relabel_nodes": lambda flow: nx.relabel_nodes(flow, {"a": "z"}, copy=False),
    "stochastic_graph": lambda flow: nx.stochastic_graph(flow, copy=False),
    "add_path": lambda flow: nx.add_path(flow, "abc"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_it(change: str) -> None:
    flow = a_flow()

    with pytest.raises(nx.NetworkXError, match="frozen"):
        CHANGES[change](flow)

    assert nx.is_frozen(flow)
    assert state(flow) == state(a_flow())
    with pytest.raises(ValueError, match="read-only"):
        flow.columns.weight[0] = 9


COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": lambda flow: flow.copy(),
    "DiGraph": nx.DiGraph,
    "Graph": nx.Graph,
    "to_directed": lambda flow: flow.to_directed(),
    "to_undirected": lambda flow: flow.to_undirected(),
    "reciprocal": lambda flow: flow.to_undirected(reciprocal=True),
    "reverse": lambda flow: flow.reverse(),
    "subgraph": lambda flow: flow.subgraph("ab").copy(),
    "edge_subgraph": lambda flow: flow.edge_subgraph([("a", "b")]).copy(),
    "reversed view": lambda flow: flow.reverse(copy=False).copy(),
    "restricted_view": lambda flow: nx.restricted_view(flow, ["c"], []).copy(),
    "create_empty_copy": nx.create_empty_copy,
    "deepcopy": copy.deepcopy,
    "its class": lambda flow: flow.__class__(flow),
    "to_undirected view": lambda flow: flow.to_undirected(as_view=True).copy(),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_networkx_s_own_and_as_networkx_makes_it(name: str) -> None:
    flow = a_flow()
    expected = COPIES[name](nx.DiGraph(a_flow()))

    made = COPIES[name](flow)

    assert type(made) is type(expected)
    assert sorted(made.edges(data="weight")) == sorted(expected.edges(data="weight"))
    assert dict(made.nodes(data=True)) == dict(expected.nodes(data=True))
    made.add_edge("a", "b", weight=9)
    made.nodes["a"]["name"] = "Omega"
    made.add_edge("new", "a")
    assert state(flow) == state(a_flow())


@pytest.mark.parametrize("form", ["gexf", "graphml", "gml", "edgelist", "adjlist"])
def test_it_is_written_as_networkx_writes_its_own(form: str) -> None:
    written = []
    for graph in (a_flow(), nx.DiGraph(a_flow())):
        file = io.BytesIO()
        getattr(nx, f"write_{form}")(graph, file)
        told = file.getvalue().decode().replace("FlowGraph", "DiGraph")
        written.append([line for line in told.splitlines() if not line.startswith("#")])

    assert written[0] == written[1]


def test_views_are_live_and_cannot_be_changed() -> None:
    view = a_flow().subgraph("ab")

    assert list(view.edges(data="weight")) == [("a", "b", 4.0)]
    with pytest.raises(nx.NetworkXError):
        view.add_edge("b", "a")


@pytest.mark.parametrize("name", AWKWARD)
def test_it_pickles_as_its_arrays(name: str) -> None:
    flow = AWKWARD[name]
    list(flow.edges)

    again = pickle.loads(pickle.dumps(flow))  # noqa: S301 - our own bytes

    assert type(again) is FlowGraph
    assert not DICTIONARIES & vars(again).keys()
    assert state(again) == state(flow)
    assert again.names == flow.names


def test_a_pickle_is_not_much_more_than_its_columns() -> None:
    edges = [(i, (i * j + 1) % 200, j) for i in range(200) for j in range(1, 50)]
    flow = flow_of(200, edges)
    list(flow.edges)

    assert len(pickle.dumps(flow)) < 16 * flow.columns.weight.size + 200 * 20


@pytest.mark.parametrize(
    ("nodes", "source", "target", "weight"),
    [
        ("ab", [0], [1, 0], [1]),
        ("ab", [0], [2], [1]),
        ("ab", [-1], [1], [1]),
        ("aa", [0], [1], [1]),
        ("ab", [0], [1], [-1]),
        ("ab", [0], [1], [np.nan]),
        ("", [0], [0], [1]),
    ],
)
def test_wrong_columns_are_refused(
    nodes: str, source: list[int], target: list[int], weight: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"columns|places|named once|weight"):
        columns(nodes, source, target, weight)
