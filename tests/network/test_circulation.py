"""How much goes round: exact, against a linear programme."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from network.flow import FlowGraph
from network.metrics.circulation import circulation, circulation_in_words
from network.people import PEOPLE_MAX
from tests.network.awkward import AWKWARD, flows, names_in

awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)


def most_that_goes_round(flow: FlowGraph) -> float:
    """The same as a linear programme: one variable an edge, one equation a node."""
    columns = flow.columns
    if not columns.weight.size:
        return 0.0
    balance = np.zeros((len(columns.nodes), columns.weight.size))
    for edge, (source, target) in enumerate(zip(columns.source, columns.target, strict=True)):
        balance[source, edge] += 1
        balance[target, edge] -= 1
    solved = linprog(
        -np.ones(columns.weight.size),
        A_eq=balance,
        b_eq=np.zeros(len(columns.nodes)),
        bounds=[(0, weight) for weight in columns.weight],
    )
    assert solved.fun is not None
    return -float(solved.fun)


@settings(max_examples=200, deadline=None)
@given(flows())
def test_equals_the_linear_programme(flow: FlowGraph) -> None:
    found = circulation(flow)

    assert found.circulating_people == pytest.approx(most_that_goes_round(flow), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(flows(size_max=12, weight_max=1_000_000))
def test_equals_it_with_large_weights_too(flow: FlowGraph) -> None:
    assert circulation(flow).circulating_people == round(most_that_goes_round(flow))


@settings(deadline=None)
@given(flows())
def test_what_goes_round_is_in_balance_and_the_rest_holds_no_cycle(flow: FlowGraph) -> None:
    found = circulation(flow)

    columns, size = flow.columns, len(flow.columns.nodes)
    assert ((found.remainder >= 0) & (found.remainder <= columns.weight)).all()
    goes_round = columns.weight - found.remainder
    left = np.bincount(columns.source, goes_round, size)
    came = np.bincount(columns.target, goes_round, size)
    assert left.tolist() == came.tolist()
    rest: nx.DiGraph[int] = nx.DiGraph()
    runs_off = found.remainder > 0
    rest.add_edges_from(zip(columns.source[runs_off], columns.target[runs_off], strict=True))
    assert nx.is_directed_acyclic_graph(rest)
    assert found.people - found.remainder.sum() == found.circulating_people


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 1_000))
def test_a_cycle_goes_round_wholly(size: int, weight: int) -> None:
    places = np.arange(size)
    found = circulation(FlowGraph.of(range(size), places, (places + 1) % size, [weight] * size))

    assert found.share == 1


@settings(deadline=None)
@given(flows())
def test_without_cycles_nothing_goes_round(flow: FlowGraph) -> None:
    columns = flow.columns
    down = columns.source < columns.target
    dag = FlowGraph.of(
        columns.nodes, columns.source[down], columns.target[down], columns.weight[down]
    )
    found = circulation(dag)

    assert found.circulating_people == 0
    assert found.share == (0 if down.any() else None)
    assert found.remainder.tolist() == dag.columns.weight.tolist()


def test_two_cycles_that_share_an_edge_do_not_share_its_people() -> None:
    # a → b carries 5; back go b → a with 2 and b → c → a with 4: both fill a → b up to 5, by the
    # longer way first: c's 4 make 12 steps, and 1 of b → a makes 2. What runs off is 1 of b → a.
    flow = FlowGraph.of("abc", [0, 1, 1, 2], [1, 0, 2, 0], [5, 2, 4, 4])
    found = circulation(flow)

    assert (found.people, found.circulating_people) == (15, 14)
    assert found.remainder.tolist() == [0, 1, 0, 0]


def test_a_self_loop_stays_where_it_is() -> None:
    found = circulation(FlowGraph.of("ab", [0, 0], [0, 1], [3, 1]))

    assert (found.circulating_people, found.looped_people, found.share) == (3, 3, 0.75)


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    found = circulation(flow)

    assert found.remainder.shape == flow.columns.weight.shape
    assert found.people == flow.columns.weight.sum()
    assert found.circulating_people == pytest.approx(most_that_goes_round(flow))
    assert circulation_in_words(found, names_in(flow)).en


def test_words_say_how_much() -> None:
    flow = AWKWARD["all_mutual"]()
    words = circulation_in_words(circulation(flow), names_in(flow))

    assert words.en.startswith("Of 60 people passed on, as many as 60 (100%)")
    assert "60名分（100%）" in words.ja


def test_parts_of_people_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        circulation(FlowGraph.of("ab", [0], [1], [0.5]))


def test_more_people_than_can_be_counted_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        circulation(FlowGraph.of("ab", [0, 1], [1, 0], [PEOPLE_MAX, 1]))
