"""Betweenness over strong ties, and Burt's constraint."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.flow import FlowGraph
from network.kernels.betweenness import distances
from network.metrics.brokerage import brokerage, brokerage_in_words
from tests.network.flows import flow_of, flows, names_of, plain


def with_distances(flow: FlowGraph) -> nx.DiGraph[object]:
    graph = plain(flow)
    for _, _, data in graph.edges(data=True):
        data["distance"] = float(distances(np.array([data["weight"]]))[0])
    return graph


@settings(deadline=None)
@given(flows())
def test_betweenness_is_networkx_s(flow: FlowGraph) -> None:
    found = brokerage(flow)

    expected = nx.betweenness_centrality(with_distances(flow), weight="distance")
    assert found.betweenness == pytest.approx(list(expected.values()), abs=1e-9)
    assert not found.standard_error.any()
    assert found.sources == len(flow)


@settings(deadline=None)
@given(flows(nodes_max=7), st.integers(1, 36))
def test_equally_long_ways_are_found_equal(flow: FlowGraph, times: int) -> None:
    """As with exact fractions: floating-point sums of 1/3, 1/6 and 1/2 would not all be."""
    graph = plain(flow)
    for _, _, data in graph.edges(data=True):
        data["weight"] = int(data["weight"] * times % 36 + 1)
        data["exact"] = Fraction(1, data["weight"])
    edges = [
        (flow.place[u], flow.place[v], data["weight"]) for u, v, data in graph.edges(data=True)
    ]

    found = brokerage(flow_of(len(flow), edges))

    expected = nx.betweenness_centrality(graph, weight="exact")
    assert found.betweenness == pytest.approx(list(expected.values()), abs=1e-9)


@settings(deadline=None)
@given(flows(loops=False))
def test_constraint_is_networkx_s(flow: FlowGraph) -> None:
    graph = plain(flow)
    graph.remove_nodes_from(list(nx.isolates(plain(flow))))
    expected = nx.constraint(graph, weight="weight") if graph else {}

    found = dict(zip(flow, brokerage(flow).constraint.tolist(), strict=True))

    for node, value in found.items():
        assert value == pytest.approx(expected.get(node, float("nan")), nan_ok=True)


def test_constraint_leaves_self_loops_out() -> None:
    edges = [(0, 1, 4), (1, 2, 4)]

    with_loop = brokerage(flow_of(3, [*edges, (1, 1, 9)]))

    assert with_loop.constraint.tolist() == [1.0, 0.5, 1.0]


def a_crowd() -> FlowGraph:
    draw = np.random.default_rng(5)
    return FlowGraph.of(
        range(120),
        draw.integers(0, 120, 900),
        draw.integers(0, 120, 900),
        draw.integers(1, 9, 900),
    )


def test_a_sample_is_unbiased_with_the_error_it_says_and_the_same_again() -> None:
    flow = a_crowd()
    exact = brokerage(flow)

    found = [brokerage(flow, exact_nodes_max=50, samples=40, seed=seed) for seed in range(60)]
    again = brokerage(flow, exact_nodes_max=50, samples=40, seed=3)

    assert {one.sources for one in found} == {40}
    assert again.betweenness.tolist() == found[3].betweenness.tolist()
    assert again.standard_error.tolist() == found[3].standard_error.tolist()
    estimates = np.array([one.betweenness for one in found])
    errors = np.array([one.standard_error for one in found])
    off = np.abs(estimates.mean(axis=0) - exact.betweenness)
    assert (off <= 4.5 * estimates.std(axis=0) / np.sqrt(60) + 1e-12).all()
    assert (errors**2).mean() == pytest.approx(estimates.var(axis=0, ddof=1).mean(), rel=0.15)


def test_a_sample_of_all_is_exact() -> None:
    flow = a_crowd()

    found = brokerage(flow, exact_nodes_max=50, samples=120)

    assert found.betweenness.tolist() == brokerage(flow).betweenness.tolist()


def test_one_sample_has_no_error_and_is_refused() -> None:
    with pytest.raises(ValueError, match="2 samples"):
        brokerage(flow_of(2, []), samples=1)


def test_in_words() -> None:
    flow = flow_of(3, [(0, 1, 4), (1, 2, 4)])

    text = brokerage_in_words(brokerage(flow), names_of(flow))

    assert text.en == (
        "Company n1 joins the most: 50.0% of the shortest ways between others lead through it."
    )
    assert "会社n1" in text.ja
    assert "50.0%" in text.ja


def test_a_sample_says_so_in_words() -> None:
    flow = a_crowd()

    text = brokerage_in_words(brokerage(flow, exact_nodes_max=5, samples=40), names_of(flow))

    assert "(estimated from 40 organizations, standard error " in text.en
    assert "40の組織から推定" in text.ja
