"""Two windows compared: by hand, and against scipy's exact tests."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from network.edges import WINDOW_MAX_DAYS
from network.flow import FlowGraph
from network.metrics.change import MOVES, Moved, change, change_in_words
from tests.network.awkward import AWKWARD, flows, names_in, names_of

days = st.integers(1, WINDOW_MAX_DAYS)


def test_three_edges_by_hand() -> None:
    # Windows alike: each person falls into either with ½. 4 → 0: P(X ≤ 0) = 1/16, two-sided 1/8.
    # 0 → 1: P(X ≥ 1) = ½, two-sided 1. 2 → 2: both tails 11/16: 1. Corrected: 3/8, 1, 1.
    before = FlowGraph.of("abc", [0, 2], [1, 0], [4, 2])
    after = FlowGraph.of("abc", [1, 2], [2, 0], [1, 2])
    found = change(before, after, before_days=30, after_days=30)

    assert [MOVES[one] for one in found.moved] == [Moved.GONE, Moved.BORN, Moved.SAME]
    assert found.before_people.tolist() == [4, 0, 2]
    assert found.after_people.tolist() == [0, 1, 2]
    assert found.rate_ratio.tolist() == [0, np.inf, 1]
    assert found.p_value == pytest.approx([1 / 8, 1, 1])
    assert found.p_corrected == pytest.approx([3 / 8, 1, 1])
    assert not found.is_significant.any()


def test_twice_as_many_in_twice_the_time_is_the_same() -> None:
    before = FlowGraph.of("ab", [0], [1], [50])
    after = FlowGraph.of("ab", [0], [1], [100])

    longer = change(before, after, before_days=90, after_days=180)
    assert [MOVES[one] for one in longer.moved] == [Moved.SAME]
    assert not longer.is_significant.any()
    as_long = change(before, after, before_days=90, after_days=90)
    assert [MOVES[one] for one in as_long.moved] == [Moved.GROWN]
    assert as_long.is_significant.all()
    assert as_long.rate_ratio.tolist() == [2]


def test_nodes_of_either_window_are_brought_together_by_name() -> None:
    before = FlowGraph.of("ab", [0], [1], [3])
    after = FlowGraph.of("cba", [2, 0], [1, 1], [3, 5])
    found = change(before, after, before_days=30, after_days=30)

    assert found.nodes == ("a", "b", "c")
    rows = zip(found.source, found.target, found.before_people, found.after_people, strict=True)
    assert [tuple(int(one) for one in row) for row in rows] == [(0, 1, 3, 3), (2, 1, 0, 5)]


@settings(max_examples=60, deadline=None)
@given(flows(weight_max=40), flows(weight_max=40), days, days)
def test_it_is_the_exact_test(
    before: FlowGraph, after: FlowGraph, before_days: int, after_days: int
) -> None:
    found = change(before, after, before_days=before_days, after_days=after_days)

    part = after_days / (before_days + after_days)
    expected = []
    for were, are in zip(found.before_people, found.after_people, strict=True):
        drawn = binom(were + are, part)
        expected.append(min(1.0, 2 * min(drawn.cdf(are), drawn.sf(are - 1))))
    assert found.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)
    if expected:
        assert found.p_corrected == pytest.approx(false_discovery_control(expected), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(flows(), flows(), days, days)
def test_backwards_it_is_the_other_way_round(
    before: FlowGraph, after: FlowGraph, before_days: int, after_days: int
) -> None:
    forth = change(before, after, before_days=before_days, after_days=after_days)
    back = change(after, before, before_days=after_days, after_days=before_days)

    turned = {
        Moved.BORN: Moved.GONE,
        Moved.GONE: Moved.BORN,
        Moved.GROWN: Moved.SHRUNK,
        Moved.SHRUNK: Moved.GROWN,
        Moved.SAME: Moved.SAME,
    }
    there = {
        (forth.nodes[i], forth.nodes[j]): (turned[MOVES[moved]], p)
        for i, j, moved, p in zip(
            forth.source, forth.target, forth.moved, forth.p_value, strict=True
        )
    }
    assert len(there) == back.moved.size
    for i, j, moved, p in zip(back.source, back.target, back.moved, back.p_value, strict=True):
        kind, forth_p = there[back.nodes[i], back.nodes[j]]
        assert MOVES[moved] is kind
        assert p == pytest.approx(forth_p)


@pytest.mark.parametrize("pair", list(itertools.product(AWKWARD, AWKWARD)), ids="-".join)
def test_awkward_graphs(pair: tuple[str, str]) -> None:
    before, after = (AWKWARD[name]() for name in pair)
    found = change(before, after, before_days=30, after_days=31)

    assert found.before_people.sum() == before.columns.weight.sum()
    assert found.after_people.sum() == after.columns.weight.sum()
    columns = (found.source, found.target, found.before_people, found.after_people)
    more = (found.rate_ratio, found.moved, found.p_value, found.p_corrected)
    assert len({len(one) for one in (*columns, *more)}) == 1
    assert change_in_words(found, names_of(*found.nodes)).ja


def test_words_name_the_clearest() -> None:
    before = FlowGraph.of("abc", [0, 1], [1, 2], [30, 5])
    after = FlowGraph.of("abc", [0, 1], [1, 2], [2, 60])
    words = change_in_words(change(before, after, before_days=90, after_days=90), names_in(before))

    assert words.en == (
        "1 flows grew and 1 shrank by more than chance. The clearest is from b Inc. to c Inc.: "
        "5 people in 90 days, then 60 in 90."
    )
    assert "b社からc社へ（90日間に5名から、90日間に60名へ）" in words.ja


@pytest.mark.parametrize("wrong", [0, WINDOW_MAX_DAYS + 1])
def test_windows_are_bounded(wrong: int) -> None:
    flow = AWKWARD["star"]()

    with pytest.raises(ValueError, match="days"):
        change(flow, flow, before_days=30, after_days=wrong)


def test_the_level_is_bounded() -> None:
    flow = AWKWARD["star"]()

    with pytest.raises(ValueError, match="level"):
        change(flow, flow, before_days=30, after_days=30, level=1.0)
