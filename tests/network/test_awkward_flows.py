"""Every question is answered, in words too, on the flows that trip formulas up."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from models.vocabulary.text import Text
from network.flow import FlowGraph
from network.metrics.brokerage import brokerage, brokerage_in_words
from network.metrics.cohesion import cohesion, cohesion_in_words
from network.metrics.communities import communities, communities_in_words
from network.metrics.fragility import fragility, fragility_in_words
from network.metrics.reach import reach, reach_in_words
from network.metrics.reciprocity import reciprocity, reciprocity_in_words
from network.metrics.strength import strength, strength_in_words
from tests.network.flows import AWKWARD, names_of

QUESTIONS: dict[str, tuple[Callable[[FlowGraph], Any], Callable[..., Text]]] = {
    "brokerage": (brokerage, brokerage_in_words),
    "cohesion": (cohesion, cohesion_in_words),
    "communities": (communities, communities_in_words),
    "fragility": (fragility, fragility_in_words),
    "reach": (reach, reach_in_words),
    "reciprocity": (reciprocity, reciprocity_in_words),
    "strength": (strength, strength_in_words),
}
UNDEFINED = {"constraint", "of_node"}
"""What has no value for a node without a tie."""


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("awkward", AWKWARD)
def test_an_answer_with_a_value_for_each_node(question: str, awkward: str) -> None:
    flow = AWKWARD[awkward]
    ask, tell = QUESTIONS[question]

    found = ask(flow)

    assert found.nodes == flow.columns.nodes
    for one in fields(found):
        value = getattr(found, one.name)
        if isinstance(value, np.ndarray) and "sizes" not in one.name:
            assert value.shape == (len(flow),)
            assert one.name in UNDEFINED or np.isfinite(value).all()
        if isinstance(value, float):
            assert math.isfinite(value)
    text = tell(found, names_of(flow))
    for words in text:
        assert words.strip()
        assert "nan" not in words
        assert "None" not in words
    assert type(pickle.loads(pickle.dumps(found))) is type(found)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("question", QUESTIONS)
def test_nobody_passed_on_is_said(question: str) -> None:
    ask, tell = QUESTIONS[question]
    for awkward in ("no nodes", "no edges", "one node"):
        flow = AWKWARD[awkward]
        text = tell(ask(flow), names_of(flow))
        assert any(word in text.en for word in ("Nobody", "No organizations"))


def test_all_mutual() -> None:
    flow = AWKWARD["all mutual"]

    assert reciprocity(flow).of_network == 1
    assert cohesion(flow).triads["300"] == 4
    assert cohesion(flow).core.tolist() == [6, 6, 6, 6]
    assert reach(flow).pagerank == pytest.approx([0.25] * 4)
    assert fragility(flow).articulation_points == ()
    assert not brokerage(flow).betweenness.any()


def test_a_star() -> None:
    giving, taking = AWKWARD["a star that gives"], AWKWARD["a star that takes"]

    assert fragility(giving).articulation_points == ("n0",)
    assert len(fragility(taking).bridges) == 5
    assert fragility(giving).share_lost[0] == 1
    assert reach(taking).pagerank.argmax() == 0
    assert reach(giving).hub.tolist() == [1, 0, 0, 0, 0, 0]
    assert reciprocity(giving).of_network == 0
    assert cohesion(taking).triads["021U"] == 10
    assert not brokerage(giving).betweenness.any()


def test_disconnected() -> None:
    flow = AWKWARD["disconnected"]

    assert cohesion(flow).component_sizes.tolist() == [2, 1, 1, 1]
    assert communities(flow).community.tolist() == [0, 0, 1, 1, 2]
    assert fragility(flow).bridges == (("n0", "n1"), ("n2", "n3"))
    assert math.isnan(brokerage(flow).constraint[4])


def test_weights_of_one_and_of_a_million() -> None:
    flow = AWKWARD["weights of one and of a million"]

    assert brokerage(flow).betweenness == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3], abs=0.34)
    assert reach(flow).authority.sum() == pytest.approx(1)
    assert fragility(flow).people_lost.tolist() == [2_000_001, 1_000_001, 2_000_001, 1_000_001]
