"""Strong components, cores, triads."""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings

from network.flow import FlowGraph
from network.metrics.cohesion import cohesion, cohesion_in_words
from tests.network.flows import flow_of, flows, names_of, plain


@settings(deadline=None)
@given(flows())
def test_as_networkx_without_self_loops(flow: FlowGraph) -> None:
    graph = plain(flow, loops=False)

    found = cohesion(flow)

    parts = sorted((len(part) for part in nx.strongly_connected_components(graph)), reverse=True)
    assert found.component_sizes.tolist() == parts
    together = {(one, other) for one in range(len(flow)) for other in range(len(flow))}
    same = {pair for pair in together if found.component[pair[0]] == found.component[pair[1]]}
    nodes = flow.columns.nodes
    for part in nx.strongly_connected_components(graph):
        for one, other in together:
            inside = (nodes[one] in part, nodes[other] in part)
            assert all(inside) <= ((one, other) in same)
            assert any(inside) == all(inside) or (one, other) not in same
    assert found.core.tolist() == list(nx.core_number(graph).values())
    assert found.triads == nx.triadic_census(graph)


def test_by_hand() -> None:
    # A ring of three, two who give to each other, one who only takes.
    flow = flow_of(6, [(0, 1, 1), (1, 2, 1), (2, 0, 1), (3, 4, 1), (4, 3, 1), (4, 5, 1)])

    found = cohesion(flow)

    assert found.component.tolist() == [0, 0, 0, 1, 1, 2]
    assert found.component_sizes.tolist() == [3, 2, 1]
    assert found.core.tolist() == [2, 2, 2, 2, 2, 1]
    assert found.triads["030C"] == 1
    assert found.triads["111U"] == 1
    assert sum(found.triads.values()) == 20


def test_in_words() -> None:
    flow = flow_of(4, [(0, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1)])

    text = cohesion_in_words(cohesion(flow), names_of(flow))

    assert text.en == (
        "The largest group whose members all reach one another has 3. "
        "At the core are 3, Company n0 among them, each with 2 ties or more."
    )
    assert "最大の集まりは3組織" in text.ja
