"""Ways between two, and how many can pass."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.flow import FlowGraph
from network.metrics.between import ROUTES_MAX, between, between_in_words
from tests.network.flows import flow_of, flows, names_of
from tests.network.test_brokerage import with_distances


@settings(deadline=None)
@given(flows(nodes_min=2, nodes_max=8), st.integers(1, ROUTES_MAX))
def test_the_shortest_simple_paths_are_networkx_s(flow: FlowGraph, count: int) -> None:
    graph = with_distances(flow)
    try:
        paths = nx.shortest_simple_paths(graph, "n0", "n1", weight="distance")
        expected = [tuple(path) for path in islice(paths, count)]
    except nx.NetworkXNoPath:
        expected = []

    found = between(flow, "n0", "n1", routes=count)

    assert len(found.routes) == len(expected)
    assert len({route.nodes for route in found.routes}) == len(found.routes)
    for route, path in zip(found.routes, expected, strict=True):
        assert len(set(route.nodes)) == len(route.nodes)
        assert (route.nodes[0], route.nodes[-1]) == ("n0", "n1")
        weight = {edge: flow.edges[edge]["weight"] for edge in flow.edges}
        lengths = [sum(1 / weight[step] for step in pairwise(way)) for way in (route.nodes, path)]
        assert route.length == pytest.approx(lengths[0])
        assert lengths[0] == pytest.approx(lengths[1], rel=1e-9)
        steps = pairwise(route.nodes)
        assert route.people_min == min(weight[step] for step in steps)
    assert found.cut.people_max == nx.maximum_flow_value(
        nx.DiGraph(flow), "n0", "n1", capacity="weight"
    )


def test_equally_long_ways_come_in_the_order_of_nodes() -> None:
    flow = flow_of(5, [(0, leaf, 6) for leaf in (3, 2, 1)] + [(leaf, 4, 3) for leaf in (1, 2, 3)])

    found = between(flow, "n0", "n4", routes=20)

    assert [route.nodes for route in found.routes] == [
        ("n0", "n1", "n4"),
        ("n0", "n2", "n4"),
        ("n0", "n3", "n4"),
    ]
    assert [route.length for route in found.routes] == [pytest.approx(0.5)] * 3
    assert found.cut.people_max == 9


def test_one_edge_of_two_is_as_long_as_two_of_four() -> None:
    flow = flow_of(3, [(0, 2, 2), (0, 1, 4), (1, 2, 4)])

    assert [route.length for route in between(flow, "n0", "n2").routes] == [0.5, 0.5]


def test_a_large_network_has_its_ways_found() -> None:
    size = 400
    edges = [(i, (i * k + 1) % size, 1 + (i * k) % 7) for i in range(size) for k in range(1, 12)]

    found = between(flow_of(size, edges), "n0", "n399", routes=ROUTES_MAX)

    assert len(found.routes) == ROUTES_MAX
    lengths = [route.length for route in found.routes]
    assert all(one <= other + 1e-9 for one, other in pairwise(lengths))


@pytest.mark.parametrize(
    ("pair", "routes"),
    [(("n0", "n0"), 3), (("n0", "n9"), 3), (("n0", "n1"), 0), (("n0", "n1"), 21)],
)
def test_what_cannot_be_asked_is_refused(pair: tuple[str, str], routes: int) -> None:
    with pytest.raises(ValueError, match=r"group|routes"):
        between(flow_of(2, [(0, 1, 1)]), *pair, routes=routes)


def test_in_words() -> None:
    flow = flow_of(3, [(0, 1, 4), (1, 2, 4), (0, 2, 1)])

    text = between_in_words(between(flow, "n0", "n2"), names_of(flow))
    none = between_in_words(between(flow, "n2", "n0"), names_of(flow))

    assert text.en == (
        "The strongest way is Company n0 → Company n1 → Company n2. "
        "Over all ways together, at most 5 people can pass."
    )
    assert "会社n0→会社n1→会社n2" in text.ja
    assert none.en == "There is no way from Company n2 to Company n0."
