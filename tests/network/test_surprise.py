"""Surprising pairs: exact p values, by hand, by scipy, and by drawing from the urn."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, hypergeom

from network.flow import FlowGraph
from network.metrics import surprise as module
from network.metrics.surprise import hypergeometric_tails, surprise, surprise_in_words
from network.people import PEOPLE_MAX
from tests.network.awkward import AWKWARD, flows, names_in

awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)


@st.composite
def urns(draw: st.DrawFn) -> tuple[int, int, int, int]:
    places = draw(st.integers(1, 500))
    marked, drawn = draw(st.integers(0, places)), draw(st.integers(0, places))
    seen = draw(st.integers(max(0, drawn + marked - places), min(drawn, marked)))
    return seen, places, marked, drawn


@settings(deadline=None)
@given(urns())
def test_tails_equal_scipy(urn: tuple[int, int, int, int]) -> None:
    seen, places, marked, drawn = urn
    more, less = hypergeometric_tails(
        np.array([seen]), np.array([places]), marked=np.array([marked]), drawn=np.array([drawn])
    )

    theirs = hypergeom(places, marked, drawn)
    assert more[0] == pytest.approx(theirs.sf(seen - 1), rel=1e-9, abs=1e-12)
    assert less[0] == pytest.approx(theirs.cdf(seen), rel=1e-9, abs=1e-12)


def test_tails_of_large_numbers_keep_their_digits() -> None:
    seen, places = np.array([140]), np.array([10_000_000])
    more, _ = hypergeometric_tails(
        seen, places, marked=np.array([20_000]), drawn=np.array([30_000])
    )

    assert more[0] == pytest.approx(hypergeom(10_000_000, 20_000, 30_000).sf(139), rel=1e-6)


def test_four_people_by_hand() -> None:
    # a and b give 2 each, c and d take 2 each. Of the C(4,2) = 6 ways for a's two, both at c is 1:
    # P(X ≥ 2) = 1/6, P(X ≤ 2) = 1; two-sided 1/3; four pairs, all alike: corrected 1/3.
    found = surprise(FlowGraph.of("abcd", [0, 1], [2, 3], [2, 2]))

    assert found.tests == 4
    assert found.expected_people.tolist() == [1, 1]
    assert found.p_more == pytest.approx([1 / 6, 1 / 6])
    assert found.p_less == pytest.approx([1, 1])
    assert found.p_corrected == pytest.approx([1 / 3, 1 / 3])
    assert not found.is_more.any()


def test_more_and_less_than_size_explains() -> None:
    # a and b give 10 each, c and d take 10 each. P(X ≥ 9) = (C(10,9) C(10,1) + 1) / C(20,10).
    flow = FlowGraph.of("abcd", [0, 0, 1, 1], [2, 3, 2, 3], [9, 1, 1, 9])
    found = surprise(flow)

    p = (10 * 10 + 1) / comb(20, 10)
    assert found.p_more[[0, 3]] == pytest.approx([p, p])
    assert found.p_less[[1, 2]] == pytest.approx([p, p])
    assert found.p_corrected == pytest.approx([2 * p] * 4)
    assert found.is_more.tolist() == [True, False, False, True]
    assert found.is_less.tolist() == [False, True, True, False]


def test_a_pair_that_should_have_an_edge_is_told() -> None:
    flow = FlowGraph.of("abcd", [0, 1], [2, 3], [20, 20])
    found = surprise(flow)

    absent = found.seen_people == 0
    assert absent.tolist() == [False, False, True, True]
    assert found.is_less.tolist() == absent.tolist()
    ends = zip(found.source[absent], found.target[absent], strict=True)
    assert sorted((found.nodes[i], found.nodes[j]) for i, j in ends) == [("a", "d"), ("b", "c")]
    assert found.expected_people[absent].tolist() == [10, 10]


def test_nobody_is_expected_to_be_passed_to_itself() -> None:
    """Two that give each other could not do otherwise: no surprise."""
    found = surprise(FlowGraph.of("ab", [0, 1], [1, 0], [100, 100]))

    assert found.expected_people.tolist() == [100, 100]
    assert found.p_more.tolist() == [1, 1]
    assert found.tests == 2


def test_where_loops_are_seen_they_are_expected() -> None:
    found = surprise(FlowGraph.of("ab", [0, 0, 1], [0, 1, 1], [10, 10, 20]))

    assert found.tests == 4
    # a gives 20 of 40; 10 of 40 are taken by a, 30 by b.
    assert found.expected_people[:3].tolist() == [5, 15, 15]


@settings(max_examples=60, deadline=None)
@given(flows(size_max=6, weight_max=30))
def test_it_is_its_definition(flow: FlowGraph) -> None:
    """All pairs tested one by one, corrected together."""
    found = surprise(flow)
    weights = flow.matrix.toarray().astype(int)
    gave, took = weights.sum(axis=1), weights.sum(axis=0)
    has_loops = weights.diagonal().any()
    pairs, p = [], []
    for i in np.flatnonzero(gave):
        for j in np.flatnonzero(took):
            if i == j and not has_loops:
                continue
            urn = hypergeom(took.sum() - (0 if has_loops else took[i]), took[j], gave[i])
            seen = weights[i, j]
            pairs.append((i, j))
            p.append(min(1.0, 2 * min(urn.sf(seen - 1), urn.cdf(seen))))
    assert found.tests == len(pairs)
    every = false_discovery_control(p) if p else np.empty(0)
    q = dict(zip(pairs, every.tolist(), strict=True))
    told = list(zip(found.source.tolist(), found.target.tolist(), strict=True))
    assert {pair for pair in pairs if q[pair] <= 0.05} <= set(told)
    for pair, corrected in zip(told, found.p_corrected, strict=True):
        if q[pair] < 0.05:
            assert corrected == pytest.approx(q[pair], rel=1e-6)
        else:
            assert corrected >= 0.05 - 1e-9


def test_few_of_the_urns_own_draws_surprise() -> None:
    """What is drawn from the urn is found surprising no more often than 5 % of the time."""
    rng = np.random.default_rng(11)
    labels = np.repeat(np.arange(10, 20), 40)
    surprising = 0
    for _ in range(40):
        takers = rng.permutation(labels)
        givers = np.repeat(np.arange(10), 40)
        found = surprise(FlowGraph.of(range(20), givers, takers, np.ones(400)))
        surprising += bool((found.is_more | found.is_less).any())

    assert surprising <= 5


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    found = surprise(flow)

    edges = flow.columns.weight.size
    assert found.seen_people[:edges].tolist() == flow.columns.weight.tolist()
    lengths = {len(getattr(found, name)) for name in ("source", "target", "seen_people")}
    lengths |= {len(getattr(found, name)) for name in ("expected_people", "p_more", "p_less")}
    assert lengths == {len(found.p_corrected)}
    assert ((found.p_more >= 0) & (found.p_more <= 1)).all()
    assert np.maximum(found.p_more, found.p_less).min(initial=1) >= 0.5 - 1e-9
    assert surprise_in_words(found, names_in(flow)).en


def test_a_star_is_no_surprise() -> None:
    found = surprise(AWKWARD["star"]())

    assert found.p_corrected.tolist() == [1] * 6


def test_with_too_many_absent_pairs_those_least_expected_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = 12
    places = np.arange(size)
    flow = FlowGraph.of(
        range(2 * size), places, places + size, [100 * (1 + place) for place in places]
    )
    every = surprise(flow)
    monkeypatch.setattr(module, "ABSENT_MAX", 20)
    some = surprise(flow)

    absent = some.seen_people == 0
    assert 0 < absent.sum() <= 20 + size < (every.seen_people == 0).sum()
    assert some.expected_people[absent].min() > every.expected_people.min()


def test_words_name_the_most_striking() -> None:
    flow = FlowGraph.of("abcd", [0, 0, 1, 1], [2, 3, 2, 3], [90, 10, 1, 99])
    words = surprise_in_words(surprise(flow), names_in(flow))

    assert words.en.startswith("2 flows are more than size alone explains, 2 are less.")
    assert "a社からc社へ（90名" in words.ja


@pytest.mark.parametrize("level", [0.0, 0.06])
def test_the_level_is_bounded(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        surprise(AWKWARD["star"](), level=level)


def test_what_is_not_whole_or_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        surprise(FlowGraph.of("ab", [0], [1], [0.5]))
    with pytest.raises(ValueError, match="at most"):
        surprise(FlowGraph.of("ab", [0], [1], [PEOPLE_MAX + 1]))
