"""The roads people take."""

from __future__ import annotations

import numpy as np
import pytest

from models.rules.lifecycles import ReferralStatus
from network.journeys import relays
from network.metrics.journeys import TOP_MAX, roads, roads_in_words
from network.table import EVENTS
from tests.network.awkward import names_of
from tests.network.tables import journey_table

HIRED, WITHDRAWN = ReferralStatus.HIRED, ReferralStatus.WITHDRAWN
TABLE = journey_table(
    [
        (("a", "x", "b"), 0, HIRED, 3),
        (("a", "x", "b"), 1, HIRED, 1),
        (("a", "x"), 0, WITHDRAWN, 5),
        (("a", "x", "b"), 1, WITHDRAWN, 2),
        (("a", "c", "x", "b"), 1, HIRED, 4),
        (("c", "x", "c"), 1, HIRED, 1),
    ]
)


def test_the_most_frequent_chains() -> None:
    found = roads(TABLE, top=2)

    assert found.journeys == 16
    assert found.chains == (("a", "x", "b"), ("a", "x"))
    assert found.chain_journeys.tolist() == [6, 5]
    assert found.chain_hires.tolist() == [4, 0]
    assert found.chain_share.tolist() == [6 / 16, 5 / 16]


def test_lengths_and_outcomes() -> None:
    found = roads(TABLE)

    assert found.lengths.tolist() == [1, 2, 3]
    assert found.length_journeys[:, EVENTS.index(HIRED)].tolist() == [0, 5, 4]
    assert found.length_journeys[:, EVENTS.index(WITHDRAWN)].tolist() == [5, 2, 0]
    assert found.length_journeys.sum() == 16
    # (5 of two hand-overs + 4 of three) = 22 hand-overs for 9 hires.
    assert found.mean_hire_length == pytest.approx(22 / 9)


def test_another_outcome() -> None:
    assert roads(TABLE, outcomes=[WITHDRAWN]).chain_hires.sum() == 7


def test_relays_lead_from_the_first_to_the_one_that_hired() -> None:
    found = relays(TABLE, names={"a": "Alpha"})

    assert dict(found.edges) == {("a", "b"): {"weight": 8.0}, ("c", "c"): {"weight": 1.0}}
    assert found.nodes["a"]["name"] == "Alpha"
    assert "x" in relays(TABLE, outcomes=[WITHDRAWN])


def test_of_equals_the_first_goes_first() -> None:
    table = journey_table([(("b", "x"), 0, HIRED, 2), (("a", "x"), 0, HIRED, 2)])

    assert roads(table).chains == (("b", "x"), ("a", "x"))


def test_nothing_ended() -> None:
    found = roads(journey_table([]))

    assert (found.journeys, found.chains) == (0, ())
    assert found.length_journeys.shape == (0, len(EVENTS))
    assert np.isnan(found.mean_hire_length)
    assert roads_in_words(found, {}).en == "No journey ended in this window."
    assert list(relays(journey_table([]))) == []


@pytest.mark.parametrize("top", [0, TOP_MAX + 1])
def test_how_many_are_told_is_bounded(top: int) -> None:
    with pytest.raises(ValueError, match="chains"):
        roads(TABLE, top=top)


def test_words() -> None:
    names = names_of("a", "b", "c", "x")

    assert roads_in_words(roads(TABLE), names).en == (
        "Of 16 journeys the most frequent went a Inc. → x Inc. → b Inc. (6, of which 4 ended in a "
        "hire). A hire took 2.4 hand-overs on average."
    )
    unhired = roads(TABLE.where(outcomes=[WITHDRAWN]))
    assert "平均" not in roads_in_words(unhired, names).ja
