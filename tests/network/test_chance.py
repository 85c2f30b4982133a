"""Corrected p values and intervals of shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control

from network.chance import corrected, wilson

p_values = st.lists(st.floats(0, 1), max_size=30)


@settings(deadline=None)
@given(p_values)
def test_correction_is_what_scipy_makes_of_it(p: list[float]) -> None:
    found = corrected(p)

    assert found.shape == (len(p),)
    if p:
        assert found == pytest.approx(false_discovery_control(p), abs=1e-12)


@settings(deadline=None)
@given(p_values)
def test_correction_keeps_the_order_and_never_makes_smaller(p: list[float]) -> None:
    found = corrected(p)

    order = np.argsort(p)
    assert (np.diff(found[order]) >= 0).all()
    assert (found >= np.array(p) - 1e-15).all()
    assert (found <= 1).all()


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=15), st.integers(0, 50))
def test_left_out_large_p_values_count_as_tests(small: list[float], others: int) -> None:
    """Up to the smallest one left out (here 0.5) nothing is lost by leaving out."""
    everything = corrected([*small, *[0.5] * others])[: len(small)]
    found = corrected(small, tests=len(small) + others)

    below = found < 0.5
    assert found[below] == pytest.approx(everything[below])
    assert (everything[~below] >= 0.5 - 1e-12).all()


@pytest.mark.parametrize("p", [[-0.1], [1.1], [float("nan")]])
def test_what_is_no_p_value_is_refused(p: list[float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        corrected(p)


def test_fewer_tests_than_p_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no fewer tests"):
        corrected([0.1, 0.2], tests=1)


@settings(deadline=None)
@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_equals_scipy(case: tuple[int, int]) -> None:
    won, tried = case
    (low,), (high,) = wilson([won], [tried])

    assert 0 <= low <= won / tried <= high <= 1
    theirs = binomtest(won, tried).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_narrows_with_more_tries(won: int, lost: int) -> None:
    low, high = wilson([won, 10 * won], [won + lost, 10 * (won + lost)])

    assert high[1] - low[1] < high[0] - low[0]


def test_wilson_of_nothing_tried_is_no_number() -> None:
    low, high = wilson([0, 1], [0, 1])

    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert high[1] == 1


def test_wilson_refuses_more_successes_than_tries() -> None:
    with pytest.raises(ValueError, match="never more successes"):
        wilson([2], [1])


def test_wilson_refuses_a_confidence_that_is_none() -> None:
    with pytest.raises(ValueError, match="confidence"):
        wilson([1], [1], confidence=1.0)
