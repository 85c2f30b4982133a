"""How evenly, and whether giving comes back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.flow import FlowGraph
from network.metrics.equity import (
    equity,
    equity_in_words,
    pair_balance,
    pair_balance_in_words,
    party_balance,
    party_balance_in_words,
    spread,
)
from tests.network.awkward import AWKWARD, flows, names_in, names_of

awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)
people = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=40).filter(any)


@settings(deadline=None)
@given(people)
def test_gini_is_its_definition(numbers: list[int]) -> None:
    x = np.array(numbers, float)
    difference = np.abs(x[:, None] - x[None, :]).sum()

    assert spread(numbers).gini == pytest.approx(difference / (2 * x.size**2 * x.mean()), abs=1e-9)


@settings(deadline=None)
@given(people)
def test_gini_is_twice_the_area_above_the_lorenz_curve(numbers: list[int]) -> None:
    found = spread(numbers)

    area = np.trapezoid(found.people_shares, found.node_shares)
    assert found.gini == pytest.approx(1 - 2 * area, abs=1e-9)
    assert (np.diff(found.people_shares, 2) >= -1e-12).all()
    assert (found.people_shares[0], found.node_shares[0]) == (0, 0)
    assert found.people_shares[-1] == pytest.approx(1)
    assert found.node_shares[-1] == 1


def test_two_of_four_share_alike() -> None:
    # Lorenz: (0,0) (¼,0) (½,0) (¾,½) (1,1). Area = ¼·½/2 + ¼·(½+1)/2 = ¼: Gini = 1 - ½ = ½.
    found = spread([3, 0, 3, 0])

    assert found.gini == 0.5
    assert found.node_shares.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found.people_shares.tolist() == [0, 0, 0, 0.5, 1]


@pytest.mark.parametrize("numbers", [[], [0], [0, 0]])
def test_nobody_has_no_spread(numbers: list[int]) -> None:
    assert spread(numbers).gini is None


@pytest.mark.parametrize("numbers", [[-1], [float("nan")], [float("inf")]])
def test_no_number_of_people_is_refused(numbers: list[float]) -> None:
    with pytest.raises(ValueError, match="never negative"):
        spread(numbers)


def test_among_some_nodes_only() -> None:
    flow = FlowGraph.of(["a", "b", "agency"], [0, 1, 2], [2, 2, 0], [6, 2, 4])

    # a gives 6 and b 2: mean |difference| = (0 + 4 + 4 + 0) / 4 = 2, over 2 × the mean 4: ¼.
    assert equity(flow, among=["a", "b"]).given.gini == 0.25
    assert equity(flow, among=["a", "b"]).taken.gini == 0.5
    assert equity(flow).given.node_shares.size == 4


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    found = equity(flow)

    for side in (found.given, found.taken):
        assert side.node_shares.shape == side.people_shares.shape
        assert (side.gini is None) == (not flow.columns.weight.size)
        assert side.gini is None or 0 <= side.gini < 1
    assert equity_in_words(found, names_in(flow)).en
    pairs = pair_balance(flow)
    columns = (pairs.first, pairs.second, pairs.given_people, pairs.taken_people)
    assert {len(one) for one in columns} == {len(pairs.give_to_take)}
    assert pair_balance_in_words(pairs, names_in(flow)).ja
    parties = party_balance(flow, partnerships={"p": flow.columns.nodes})
    assert len(parties.parties) == len(parties.give_to_take) == len(flow.columns.nodes)
    assert parties.given_people.sum() == parties.taken_people.sum()
    assert party_balance_in_words(parties, names_in(flow)).en


@settings(deadline=None)
@given(flows())
def test_pairs_hold_all_that_passed_between_two(flow: FlowGraph) -> None:
    found, weights = pair_balance(flow), flow.matrix.toarray()

    between = weights.sum() - weights.diagonal().sum()
    assert found.given_people.sum() + found.taken_people.sum() == between
    assert (found.first < found.second).all()
    assert found.given_people.tolist() == weights[found.first, found.second].tolist()
    assert found.taken_people.tolist() == weights[found.second, found.first].tolist()


def test_what_never_came_back_is_infinite() -> None:
    found = pair_balance(FlowGraph.of("abc", [0, 1, 2], [1, 0, 0], [6, 3, 4]))

    assert found.give_to_take.tolist() == [2, 0]
    assert pair_balance(FlowGraph.of("ab", [0], [1], [1])).give_to_take.tolist() == [np.inf]


def test_parties_are_weighed_among_themselves_only() -> None:
    # a ⇄ b: 6 and 3. c gives a 1 outside of p. In q: a gave c 0 and took 1.
    flow = FlowGraph.of("abc", [0, 1, 2], [1, 0, 0], [6, 3, 1])
    found = party_balance(flow, partnerships={"p": "ab", "q": "ac", "r": ["a", "stranger"]})

    assert found.partnerships == ("p", "p", "q", "q", "r", "r")
    assert found.parties == ("a", "b", "a", "c", "a", "stranger")
    assert found.given_people.tolist() == [6, 3, 0, 1, 0, 0]
    assert found.taken_people.tolist() == [3, 6, 1, 0, 0, 0]
    assert found.give_to_take[:4].tolist() == [2, 0.5, 0, np.inf]
    assert np.isnan(found.give_to_take[4:]).all()


def test_words() -> None:
    flow = FlowGraph.of("abcde", [0, 0, 0, 0], [1, 2, 3, 4], [5, 1, 1, 1])

    assert equity_in_words(equity(flow), {}).en == (
        "The fifth of organizations that give most give 100% of all people (Gini 0.80); the fifth "
        "that take most take 62% (0.50)."
    )
    assert pair_balance_in_words(pair_balance(flow), names_in(flow)).en == (
        "Of 4 pairs 0 give both ways. The largest difference is from a Inc. to b Inc.: 5 people "
        "more than came back."
    )
    turned = FlowGraph.of("ab", [1], [0], [5])
    assert (
        "b社からa社へ（差し引き5名）"
        in pair_balance_in_words(pair_balance(turned), names_in(turned)).ja
    )
    parties = party_balance(flow, partnerships={"p": "ab"})
    assert party_balance_in_words(parties, names_of("a", "b")).en == (
        "Within the partnerships a Inc. gave the most beyond what it took (+5 people), b Inc. took "
        "the most beyond what it gave (-5)."
    )
