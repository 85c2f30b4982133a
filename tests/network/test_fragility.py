"""Articulation points, bridges, cuts, and what a leaving costs."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.flow import FlowGraph, Node
from network.kernels import maxflow
from network.metrics.fragility import (
    cut_between,
    cut_between_in_words,
    fragility,
    fragility_in_words,
)
from tests.network.flows import flow_of, flows, names_of, plain


@settings(deadline=None)
@given(flows())
def test_points_and_bridges_are_networkx_s(flow: FlowGraph) -> None:
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_nodes_from(flow.columns.nodes)
    graph.add_edges_from(edge for edge in flow.edges if edge[0] != edge[1])

    found = fragility(flow)

    assert len(set(found.articulation_points)) == len(found.articulation_points)
    assert set(found.articulation_points) == set(nx.articulation_points(graph))
    assert all(flow.place[one] < flow.place[other] for one, other in found.bridges)
    bridges: Any = nx.bridges(graph)
    assert set(map(frozenset, bridges)) == set(map(frozenset, found.bridges))
    assert len(set(found.bridges)) == len(found.bridges)


@settings(deadline=None)
@given(flows())
def test_what_is_lost_is_what_a_smaller_network_lacks(flow: FlowGraph) -> None:
    graph = plain(flow, loops=False)
    whole = graph.size(weight="weight")

    found = fragility(flow)

    for node, people, share in zip(flow, found.people_lost, found.share_lost, strict=True):
        without = graph.copy()
        without.remove_node(node)
        assert people == whole - without.size(weight="weight")
        assert share == pytest.approx(people / whole if whole else 0)


@settings(deadline=None)
@given(flows(nodes_min=2), st.data())
def test_a_cut_between_groups_is_networkx_s(flow: FlowGraph, data: st.DataObject) -> None:
    nodes = data.draw(st.permutations(flow.columns.nodes))
    first = data.draw(st.integers(1, len(nodes) - 1))
    last = data.draw(st.integers(first, len(nodes) - 1))
    givers, takers = nodes[:first], nodes[last:]
    graph = plain(flow)
    capacity = {(one, other): people for one, other, people in flow.triples()}
    nx.set_edge_attributes(graph, capacity, "capacity")
    graph.add_edges_from([("from", one) for one in givers] + [(one, "to") for one in takers])

    found = cut_between(flow, givers, takers)

    assert found.people_max == nx.maximum_flow_value(graph, "from", "to")
    assert sum(people for *_, people in found.edges) == found.people_max
    graph.remove_edges_from([(one, other) for one, other, _ in found.edges])
    assert not nx.has_path(graph, "from", "to")


@settings(deadline=None)
@given(flows(nodes_min=2))
def test_weights_that_are_no_whole_numbers_are_cut_too(flow: FlowGraph) -> None:
    halves = FlowGraph.of(
        flow.columns.nodes, flow.columns.source, flow.columns.target, flow.columns.weight / 2
    )

    found = cut_between(halves, ["n0"], ["n1"])

    assert found.people_max == cut_between(flow, ["n0"], ["n1"]).people_max / 2
    assert sum(people for *_, people in found.edges) == pytest.approx(found.people_max)


def test_sums_beyond_32_bits_are_exact() -> None:
    leaves = range(1, 3_001)
    edges = [(0, leaf, 1_000_000) for leaf in leaves] + [
        (leaf, 3_001, 1_000_001) for leaf in leaves
    ]
    flow = flow_of(3_002, edges)

    found = maxflow.narrowest_cut(flow.columns, [0], [3_001])

    assert found.value == 3_000_000_000
    assert found.weight.sum() == found.value


def test_by_hand() -> None:
    # Two groups of three that pass people in a ring, joined by n2 → n3 alone.
    rings = [(0, 1, 2), (1, 2, 2), (2, 0, 2), (3, 4, 2), (4, 5, 2), (5, 3, 2)]
    flow = flow_of(6, [*rings, (2, 3, 1)])

    found = fragility(flow)

    assert found.articulation_points == ("n2", "n3")
    assert found.bridges == (("n2", "n3"),)
    assert found.people_lost.tolist() == [4, 4, 5, 5, 4, 4]
    assert found.share_lost[2] == pytest.approx(5 / 13)
    cut = cut_between(flow, ["n0", "n1"], ["n4", "n5"])
    assert cut.people_max == 1
    assert cut.edges == (("n2", "n3", 1.0),)
    assert cut_between(flow, ["n4"], ["n0"]).edges == ()


@pytest.mark.parametrize(
    ("givers", "takers"), [([], ["n0"]), (["n0"], []), (["n0"], ["n0"]), (["n0"], ["n9"])]
)
def test_groups_that_are_none_are_refused(givers: list[str], takers: list[str]) -> None:
    with pytest.raises(ValueError, match="group"):
        cut_between(flow_of(2, [(0, 1, 1)]), givers, takers)


def test_in_words() -> None:
    flow = flow_of(3, [(0, 1, 3), (1, 2, 1)])

    text = fragility_in_words(fragility(flow), names_of(flow))
    cut = cut_between_in_words(cut_between(flow, ["n0"], ["n2"]), names_of(flow))
    none = cut_between_in_words(cut_between(flow, ["n2"], ["n0"]), names_of(flow))

    assert text.en == (
        "Without Company n1, 100% of those passed on would be lost. "
        "Organizations that alone hold others together: 1; ties: 2."
    )
    assert "会社n1が抜けると" in text.ja
    assert cut.en == (
        "At most 1 people can pass, held by 1 ties; the widest is from Company n1 to Company n2."
    )
    assert none.en == "There is no way between the two."
