"""Communities, their modularity, and who bridges them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.flow import FlowGraph
from network.metrics.communities import communities, communities_in_words
from tests.network.flows import flow_of, flows, names_of


def undirected(flow: FlowGraph) -> nx.Graph[object]:
    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from(flow.columns.nodes)
    for one, other, people in flow.triples():
        if one != other:
            before = graph.get_edge_data(one, other, {"weight": 0})["weight"]
            graph.add_edge(one, other, weight=before + people)
    return graph


def two_rings() -> FlowGraph:
    return flow_of(6, [(0, 1, 9), (1, 2, 9), (2, 0, 9), (3, 4, 9), (4, 5, 9), (5, 3, 9), (2, 3, 1)])


@settings(deadline=None)
@given(flows(), st.sampled_from([0.5, 1.0, 2.0]), st.integers(0, 2**31 - 1))
def test_a_partition_with_networkx_s_modularity(
    flow: FlowGraph, resolution: float, seed: int
) -> None:
    found = communities(flow, resolution=resolution, seed=seed)
    graph = undirected(flow)

    assert found.community.shape == (len(flow),)
    assert found.sizes.tolist() == np.bincount(found.community).tolist()
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)
    parts = [
        {node for node, one in zip(flow, found.community, strict=True) if one == number}
        for number in range(found.sizes.size)
    ]
    if graph.size():
        expected = nx.community.modularity(graph, parts, resolution=resolution)
        assert found.modularity == pytest.approx(expected, abs=1e-9)
    else:
        assert found.modularity == 0
    assert all(nx.is_connected(graph.subgraph(part)) for part in parts)


@settings(deadline=None)
@given(flows(), st.integers(0, 2**31 - 1))
def test_the_same_seed_gives_the_same_answer(flow: FlowGraph, seed: int) -> None:
    one, other = (communities(flow, seed=seed) for _ in range(2))

    assert one.community.tolist() == other.community.tolist()


@settings(deadline=None)
@given(flows(nodes_min=2))
def test_not_worse_than_everyone_alone(flow: FlowGraph) -> None:
    graph = undirected(flow)
    if graph.size():
        alone = nx.community.modularity(graph, [{node} for node in graph])
        assert communities(flow).modularity >= alone - 1e-9


def test_by_hand() -> None:
    found = communities(two_rings())

    assert found.community.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.modularity == pytest.approx(54 / 55 - 0.5)
    assert found.participation.tolist() == pytest.approx(
        [0, 0, 1 - (18**2 + 1) / 19**2, 1 - (18**2 + 1) / 19**2, 0, 0]
    )


def test_a_node_without_a_tie_is_alone() -> None:
    found = communities(flow_of(4, [(2, 3, 1), (0, 0, 8)]))

    assert found.sizes.tolist() == [2, 1, 1]
    assert found.community.tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize("given", [{"resolution": -1}, {"resolution": 101}, {"seed": -1}])
def test_out_of_bounds_is_refused(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="resolution"):
        communities(two_rings(), **given)


def test_in_words() -> None:
    flow = two_rings()

    text = communities_in_words(communities(flow), names_of(flow))

    assert text.en == (
        "2 groups of organizations work together, the largest of 3 (modularity 0.48). "
        "Company n2 spans the most."
    )
    assert text.ja == (
        "ともに動いている組織の集まりは2で、最大のものは3組織です（モジュラリティ0.48）。"
        "最も多くの集まりにまたがるのは会社n2です。"
    )
