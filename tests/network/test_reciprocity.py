"""Whether giving comes back."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from network.flow import FlowGraph
from network.metrics.reciprocity import reciprocity, reciprocity_in_words, reciprocity_of_pair
from tests.network.flows import flow_of, flows, names_of, plain


@settings(deadline=None)
@given(flows())
def test_as_the_formula_reads(flow: FlowGraph) -> None:
    graph = plain(flow, loops=False)

    def people(one: object, other: object) -> float:
        return float(graph.get_edge_data(one, other, {"weight": 0})["weight"])

    found = reciprocity(flow)

    whole = graph.size(weight="weight")
    back = sum(min(people(u, v), people(v, u)) for u, v in graph.edges)
    assert found.of_network == (pytest.approx(back / whole) if whole else None)
    for node, value in zip(flow, found.of_node, strict=True):
        others = [other for other in graph if other != node]
        both = sum(people(node, other) + people(other, node) for other in others)
        returned = 2 * sum(min(people(node, other), people(other, node)) for other in others)
        assert value == pytest.approx(returned / both if both else np.nan, nan_ok=True)


@settings(deadline=None)
@given(flows(loops=False))
def test_without_weights_it_is_networkx_s(flow: FlowGraph) -> None:
    ones = FlowGraph.of(
        flow.columns.nodes,
        flow.columns.source,
        flow.columns.target,
        np.ones(flow.columns.weight.size),
    )
    if flow.columns.weight.size:
        assert reciprocity(ones).of_network == nx.overall_reciprocity(plain(flow))


def test_a_pair_by_hand() -> None:
    flow = flow_of(4, [(0, 1, 6), (1, 0, 2), (1, 2, 3), (0, 0, 50)])

    assert reciprocity_of_pair(flow, "n0", "n1") == 0.5
    assert reciprocity_of_pair(flow, "n1", "n0") == 0.5
    assert reciprocity_of_pair(flow, "n1", "n2") == 0
    assert reciprocity_of_pair(flow, "n2", "n3") is None
    assert reciprocity(flow).of_network == pytest.approx(4 / 11)


@pytest.mark.parametrize("pair", [("n0", "n0"), ("n0", "n9")])
def test_no_pair_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="pair"):
        reciprocity_of_pair(flow_of(2, []), *pair)


def test_in_words() -> None:
    flow = flow_of(3, [(0, 1, 6), (1, 0, 2), (1, 2, 2)])

    text = reciprocity_in_words(reciprocity(flow), names_of(flow))

    assert text.en == (
        "Of every hundred people given, 40 come back from the same partner. "
        "Company n0 is the most even, Company n2 the most one-sided."
    )
    assert "最も釣り合っているのは会社n0" in text.ja
