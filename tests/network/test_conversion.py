"""Which hand-overs lead to jobs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.lifecycles import Channel, ReferralStatus
from network.metrics.conversion import (
    channel_conversion,
    channel_conversion_in_words,
    conversion,
    conversion_in_words,
    edge_conversion,
    edge_conversion_in_words,
    is_handed,
    node_conversion,
    node_conversion_in_words,
)
from network.table import CHANNELS
from tests.network.awkward import names_of
from tests.network.tables import Row, flow_table

RELAY, INTRODUCED, SHARED = Channel
ACCEPTED, DELIVERED, HIRED = (
    ReferralStatus.ACCEPTED,
    ReferralStatus.DELIVERED,
    ReferralStatus.HIRED,
)
AGREED, OFFERED, PROPOSED = (
    ReferralStatus.AGREED,
    ReferralStatus.OFFERED,
    ReferralStatus.PROPOSED,
)

ROWS: list[Row] = [
    ("a", "agency", 0, RELAY, ACCEPTED, ACCEPTED, 0, 10),
    ("a", "agency", 1, RELAY, HIRED, ACCEPTED, 30, 2),
    ("agency", "b", 0, INTRODUCED, PROPOSED, PROPOSED, 0, 9),
    ("agency", "b", 0, INTRODUCED, AGREED, PROPOSED, 1, 8),
    ("agency", "b", 0, INTRODUCED, DELIVERED, AGREED, 1, 8),
    ("agency", "b", 0, INTRODUCED, ACCEPTED, DELIVERED, 1, 6),
    ("agency", "b", 1, INTRODUCED, OFFERED, ReferralStatus.INTERVIEWING, 7, 4),
    ("agency", "b", 1, INTRODUCED, HIRED, OFFERED, 7, 4),
    ("agency", "c", 1, INTRODUCED, HIRED, OFFERED, 7, 1),
]
TABLE = flow_table(["a", "b", "c", "agency"], ROWS)


def test_only_what_came_into_the_receivers_hands_is_handed_over() -> None:
    """A receiver's acceptance of what was delivered is not a second hand-over."""
    assert is_handed(TABLE).tolist() == [True, False, False, False, True, *[False] * 4]


def test_the_network() -> None:
    # 10 registrations and 8 deliveries; 2 + 4 + 1 hires.
    found = conversion(TABLE)

    assert (found.handed_people.tolist(), found.outcome_people.tolist()) == ([18], [7])
    assert found.share.tolist() == [7 / 18]
    assert 0 < found.low[0] < 7 / 18 < found.high[0] < 1


def test_another_outcome() -> None:
    found = conversion(TABLE, outcomes=[OFFERED, HIRED])

    assert found.outcome_people.tolist() == [11]


def test_by_channel() -> None:
    found = channel_conversion(TABLE)

    assert found.handed_people.tolist() == [10, 8, 0]
    assert found.outcome_people.tolist() == [2, 5, 0]
    assert found.share[:2].tolist() == [0.2, 0.625]
    assert np.isnan([found.share[2], found.low[2], found.high[2]]).all()


def test_by_node() -> None:
    found = node_conversion(TABLE)

    assert found.nodes == ("a", "b", "c", "agency")
    assert found.given.handed_people.tolist() == [10, 0, 0, 8]
    assert found.given.outcome_people.tolist() == [2, 0, 0, 5]
    assert found.taken.handed_people.tolist() == [0, 8, 0, 10]
    assert found.taken.outcome_people.tolist() == [0, 4, 1, 2]


def test_by_edge() -> None:
    found = edge_conversion(TABLE)

    pairs = zip(found.source.tolist(), found.target.tolist(), strict=True)
    assert [(found.nodes[i], found.nodes[j]) for i, j in pairs] == [
        ("a", "agency"),
        ("agency", "b"),
        ("agency", "c"),
    ]
    assert found.conversion.handed_people.tolist() == [10, 8, 0]
    assert found.conversion.outcome_people.tolist() == [2, 4, 1]
    assert found.conversion.share[:2].tolist() == [0.2, 0.5]


def test_what_came_of_earlier_hand_overs_does_not_pass_the_whole() -> None:
    table = flow_table(
        "ab",
        [
            ("a", "b", 0, SHARED, DELIVERED, AGREED, 0, 2),
            ("a", "b", 0, SHARED, HIRED, OFFERED, 0, 3),
        ],
    )
    found = conversion(table)

    assert (found.outcome_people[0], found.share[0], found.high[0]) == (3, 1, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(1, 20)), max_size=30))
def test_channels_and_edges_add_up_to_the_network(drawn: list[tuple[int, bool, int]]) -> None:
    rows: list[Row] = [
        ("a", "bcd"[place], 0, CHANNELS[place], HIRED if hired else DELIVERED, OFFERED, 0, number)
        for place, hired, number in drawn
    ]
    table = flow_table("abcd", rows)
    whole = conversion(table)

    for parts in (channel_conversion(table), edge_conversion(table).conversion):
        assert parts.handed_people.sum() == whole.handed_people[0]
        assert parts.outcome_people.sum() == whole.outcome_people[0]
    nodes = node_conversion(table)
    assert nodes.given.handed_people.sum() == nodes.taken.handed_people.sum()
    told = ~np.isnan(whole.share)
    assert (whole.low[told] <= whole.share[told]).all()
    assert (whole.share[told] <= whole.high[told]).all()


@pytest.mark.parametrize("nodes", ["", "a", "abc"])
def test_an_empty_table(nodes: str) -> None:
    table = flow_table(nodes, [])

    assert np.isnan(conversion(table).share).all()
    assert node_conversion(table).given.share.shape == (len(nodes),)
    assert edge_conversion(table).source.shape == (0,)
    for words in (
        conversion_in_words(conversion(table), {}),
        channel_conversion_in_words(channel_conversion(table), {}),
        node_conversion_in_words(node_conversion(table), {}),
        edge_conversion_in_words(edge_conversion(table), {}),
    ):
        assert words.en == "Nobody was handed over in this window."


def test_a_confidence_is_bounded() -> None:
    with pytest.raises(ValueError, match="confidence"):
        conversion(TABLE, confidence=0.0)


def test_words() -> None:
    names = names_of(*TABLE.nodes)

    assert conversion_in_words(conversion(TABLE), names).en == (
        "For 18 people handed over, 7 came to the outcome (39%, between 20% and 61%)."
    )
    assert "95%信頼区間20%〜61%" in conversion_in_words(conversion(TABLE), names).ja
    by_channel = channel_conversion_in_words(channel_conversion(TABLE), names)
    assert by_channel.en.startswith("Most often it is agencies' introductions")
    assert node_conversion_in_words(node_conversion(TABLE), names).en == (
        "Of those given, the ones from agency Inc. come to the outcome most surely (62%); "
        "of those taken, the ones at b Inc. (50%)."
    )
    assert edge_conversion_in_words(edge_conversion(TABLE), names).ja == (
        "最も確実に結果に至るのはagency社からb社への流れ（50%）です。"
    )
