"""Month by month."""

from __future__ import annotations

import pytest

from models.rules.lifecycles import Channel, ReferralStatus
from network.metrics.months import (
    monthly_flow,
    monthly_flow_in_words,
    monthly_node,
    monthly_node_in_words,
    monthly_pair,
    monthly_pair_in_words,
)
from network.months import MONTHS_MAX, Months, month_name
from network.table import EVENTS
from tests.network.awkward import names_of
from tests.network.tables import JANUARY, Row, flow_table

RELAY, INTRODUCED = Channel.RELAY_LINK, Channel.AGENCY_INTRODUCTION
ACCEPTED, AGREED, DELIVERED, HIRED, OFFERED = (
    ReferralStatus.ACCEPTED,
    ReferralStatus.AGREED,
    ReferralStatus.DELIVERED,
    ReferralStatus.HIRED,
    ReferralStatus.OFFERED,
)
SPRING = Months(JANUARY, JANUARY + 2)
ROWS: list[Row] = [
    ("a", "x", 0, RELAY, ACCEPTED, ACCEPTED, 0, 5),
    ("a", "x", 2, RELAY, ACCEPTED, ACCEPTED, 0, 7),
    ("x", "a", 1, INTRODUCED, DELIVERED, AGREED, 0, 3),
    ("x", "a", 2, INTRODUCED, HIRED, OFFERED, 0, 1),
    ("b", "x", 2, RELAY, ACCEPTED, ACCEPTED, 0, 2),
    ("a", "x", 3, RELAY, ACCEPTED, ACCEPTED, 0, 99),
]
TABLE = flow_table("abx", ROWS)


def test_the_network() -> None:
    found = monthly_flow(TABLE, months=SPRING)

    assert found.handed_people.tolist() == [5, 3, 9]
    assert found.event_people.shape == (len(EVENTS), 3)
    assert found.event_people[EVENTS.index(ACCEPTED)].tolist() == [5, 0, 9]
    assert found.event_people[EVENTS.index(HIRED)].tolist() == [0, 0, 1]
    assert found.event_people.sum() == 18


def test_a_node_gives_and_takes() -> None:
    found = monthly_node(TABLE, node="a", months=SPRING)

    assert found.given.handed_people.tolist() == [5, 0, 7]
    assert found.taken.handed_people.tolist() == [0, 3, 0]


def test_two_to_and_fro() -> None:
    found = monthly_pair(TABLE, one="x", other="a", months=SPRING)

    assert found.forth.handed_people.tolist() == [0, 3, 0]
    assert found.back.handed_people.tolist() == [5, 0, 7]


def test_nodes_add_up_to_the_network() -> None:
    whole = monthly_flow(TABLE, months=SPRING)
    nodes = [monthly_node(TABLE, node=node, months=SPRING) for node in TABLE.nodes]

    for side in ("given", "taken"):
        added = sum(getattr(one, side).event_people for one in nodes)
        assert (added == whole.event_people).all()


def test_what_is_not_there_has_nothing() -> None:
    assert not monthly_node(TABLE, node="stranger", months=SPRING).given.handed_people.any()
    assert not monthly_flow(flow_table("", []), months=SPRING).event_people.any()


def test_words() -> None:
    names = names_of(*TABLE.nodes)

    assert monthly_flow_in_words(monthly_flow(TABLE, months=SPRING), names).en == (
        "In 3 months 17 people were handed over and 1 hired. The busiest month was 2026-03 "
        "(9 people)."
    )
    empty = monthly_flow(flow_table("", []), months=SPRING)
    assert (
        monthly_flow_in_words(empty, names).en == "Nobody was handed over in this window (0 hired)."
    )
    assert monthly_node_in_words(monthly_node(TABLE, node="a", months=SPRING), names).ja == (
        "a社は3か月で12名を送り出し、3名を受け入れました。"
    )
    pair = monthly_pair(TABLE, one="a", other="x", months=SPRING)
    assert monthly_pair_in_words(pair, names).en == (
        "In 3 months 12 people passed from a Inc. to x Inc., and 3 the other way."
    )


@pytest.mark.parametrize("length", [0, MONTHS_MAX + 1])
def test_months_are_bounded(length: int) -> None:
    with pytest.raises(ValueError, match="months"):
        Months(JANUARY, JANUARY + length - 1)
    assert len(Months(JANUARY, JANUARY + MONTHS_MAX - 1)) == MONTHS_MAX
    assert month_name(JANUARY + 11) == "2026-12"
