"""The disparity filter, by hand and by its definition."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from network.flow import FlowGraph
from network.metrics.backbone import backbone, backbone_in_words
from tests.network.awkward import AWKWARD, flows, names_in

awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)


def test_three_edges_of_one_giver() -> None:
    # s = 100, k = 3: p = (1 - w/100)², so 0.02² = 0.0004 for 98 and 0.99² = 0.9801 for 1.
    # Each taker takes from one alone, which tells nothing: 1.
    flow = FlowGraph.of("abcd", [0, 0, 0], [1, 2, 3], [98, 1, 1])
    found = backbone(flow)

    assert found.p_given == pytest.approx([0.0004, 0.9801, 0.9801])
    assert found.p_taken.tolist() == [1, 1, 1]
    assert found.is_kept.tolist() == [True, False, False]
    assert (found.people, found.kept_people) == (100, 98)


def test_an_edge_is_kept_for_either_end() -> None:
    # d takes 98 of 100 from a, who gives it but half of its 196: p_taken = 0.02² keeps the edge.
    flow = FlowGraph.of("abcde", [0, 1, 2, 0], [3, 3, 3, 4], [98, 1, 1, 98])
    found = backbone(flow)

    assert found.p_given[0] == pytest.approx(0.5)
    assert found.p_taken[0] == pytest.approx(0.0004)
    assert found.is_kept.tolist() == [True, False, False, False]


@settings(deadline=None)
@given(flows())
def test_it_is_its_definition(flow: FlowGraph) -> None:
    found = backbone(flow)
    columns, weights = flow.columns, flow.matrix.toarray()

    for edge, (i, j) in enumerate(zip(columns.source, columns.target, strict=True)):
        for p, ends in ((found.p_given, weights[i]), (found.p_taken, weights[:, j])):
            degree = (ends > 0).sum()
            assert p[edge] == pytest.approx((1 - weights[i, j] / ends.sum()) ** (degree - 1))


@settings(deadline=None)
@given(flows())
def test_a_stricter_level_keeps_fewer(flow: FlowGraph) -> None:
    strict, lax = backbone(flow, level=0.01), backbone(flow, level=0.3)

    assert (lax.is_kept | ~strict.is_kept).all()


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    found = backbone(flow)

    assert found.p_given.shape == found.p_taken.shape == found.is_kept.shape
    assert found.is_kept.shape == flow.columns.weight.shape
    assert (found.p_given <= 1).all()
    kept = found.of(flow)
    assert kept.columns.nodes == flow.columns.nodes
    assert kept.columns.weight.sum() == found.kept_people
    assert backbone_in_words(found, names_in(flow)).ja


def test_of_a_million_and_one_the_million_stands_out() -> None:
    flow = FlowGraph.of("abc", [0, 0], [1, 2], [1_000_000, 1])

    assert backbone(flow).is_kept.tolist() == [True, False]


def test_words_say_how_few_carry_how_much() -> None:
    flow = FlowGraph.of("abcd", [0, 0, 0], [1, 2, 3], [98, 1, 1])
    words = backbone_in_words(backbone(flow), names_in(flow))

    assert words.en == "Of 3 flows 1 stand out; they carry 98% of the people."
    assert words.ja == "3本の流れのうち、際立つのは1本で、渡った人の98%を占めます。"


@pytest.mark.parametrize("level", [0.0, 1.0, float("nan")])
def test_the_level_is_bounded(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        backbone(AWKWARD["star"](), level=level)


def test_the_names_stay() -> None:
    flow = FlowGraph.of("ab", [0], [1], [2], names={"a": "Alpha"})

    assert backbone(flow).of(flow).names == {"a": "Alpha"}
    assert np.array_equal(backbone(flow).of(flow).columns.weight, [])
