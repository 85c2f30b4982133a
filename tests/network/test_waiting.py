"""The time to the next step, with those who still wait."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from models.rules.flows import WAITING_DAYS
from models.rules.lifecycles import Channel, ReferralStatus
from network.metrics.waiting import (
    OPEN_STATES,
    node_waiting,
    node_waiting_in_words,
    still_waiting,
    waiting,
    waiting_in_words,
)
from network.months import Months
from network.table import EVENTS
from tests.network.awkward import names_of
from tests.network.tables import JANUARY, Row, flow_table

SHARED = Channel.PARTNER_SHARE
PROPOSED, AGREED, DELIVERED = (
    ReferralStatus.PROPOSED,
    ReferralStatus.AGREED,
    ReferralStatus.DELIVERED,
)
WITHDRAWN = ReferralStatus.WITHDRAWN
YEAR = Months(JANUARY, JANUARY + 11)
BUCKETS = len(WAITING_DAYS)


def proposed(month: int, number: int, to: str = "b") -> Row:
    return ("a", to, month, SHARED, PROPOSED, PROPOSED, 0, number)


def agreed(month: int, waited: int, number: int, to: str = "b") -> Row:
    return ("a", to, month, SHARED, AGREED, PROPOSED, waited, number)


def test_the_product_limit_by_hand() -> None:
    # Of 10: 2 leave in the first bucket, S = 8/10; 1 is cut off there. Of 7: 3 leave, S = 0.8·4/7;
    # 2 are cut off. Of 2: 1 leaves, S = 0.8·4/7·½.
    found = still_waiting([[2, 3, 1]], [[1, 2, 1]])

    assert found.tolist() == [pytest.approx([0.8, 0.8 * 4 / 7, 0.4 * 4 / 7])]


counts = st.lists(st.integers(0, 9), min_size=BUCKETS, max_size=BUCKETS)


@settings(deadline=None)
@given(counts, counts)
def test_the_product_limit_equals_scipy(left: list[int], cut: list[int]) -> None:
    found = still_waiting([left], [cut])[0]

    if not any(left):
        assert (found == 1).all()
        return
    bucket = np.arange(BUCKETS)
    theirs = ecdf(CensoredData(np.repeat(bucket, left), right=np.repeat(bucket, cut)))
    assert found == pytest.approx(theirs.sf.evaluate(bucket), abs=1e-12)


@settings(deadline=None)
@given(counts.filter(any))
def test_with_nobody_open_quartiles_are_those_of_all(left: list[int]) -> None:
    """Each leaving is in December, long after the entries, so that nobody waits any more."""
    rows = [
        agreed(11, days, number) for days, number in zip(WAITING_DAYS, left, strict=True) if number
    ]
    # Everyone entered in the first month: what began to wait later is set off against it.
    months = Months(JANUARY - 20, JANUARY + 11)
    table = flow_table("ab", [proposed(-20, sum(left)), *rows])
    found = waiting(table, months=months)

    row = found.state.tolist().index(EVENTS.index(PROPOSED))
    assert found.open_people[row] == 0
    waited = np.repeat(WAITING_DAYS, left)
    expected = np.quantile(waited, [0.25, 0.5, 0.75], method="inverted_cdf")
    assert found.quartile_from_days[row].tolist() == expected.tolist()


def test_those_who_still_wait_lengthen_the_wait() -> None:
    # 8 proposed in January, 4 answered within three days. The others are open, eleven and a half
    # months old: they are at risk in every bucket, and half have not left.
    rows = [proposed(0, 8), agreed(0, 1, 4)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    row = found.state.tolist().index(EVENTS.index(PROPOSED))
    assert (found.entered_people[row], found.left_people[row], found.open_people[row]) == (8, 4, 4)
    assert found.waiting_share[row].tolist() == [1, *[0.5] * (BUCKETS - 1)]
    assert found.quartile_from_days[row, :2].tolist() == [1, 1]
    assert found.quartile_to_days[row, :2].tolist() == [3, 3]
    assert np.isnan(found.quartile_from_days[row, 2])
    assert np.isnan(found.quartile_to_days[row, 2])


def test_the_open_are_as_old_as_their_month() -> None:
    # Proposed in December, half a month (15 days) before the window ends: at risk to the bucket
    # of 14 days. 2 of 4 leave within a day. The one who left after 30 days was one of January's.
    rows = [proposed(0, 1), agreed(1, 30, 1), proposed(11, 4), agreed(11, 0, 2)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    row = found.state.tolist().index(EVENTS.index(PROPOSED))
    assert found.open_people[row] == 2
    # Of 5, 2 leave: 3/5. Two are cut off in the bucket of 14 days; the last leaves after 30.
    assert found.waiting_share[row].tolist() == pytest.approx([0.6] * 5 + [0] * 5)


def test_who_began_to_wait_before_the_window_is_left_out() -> None:
    rows = [agreed(0, 60, 5), proposed(0, 2), agreed(0, 0, 1)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    row = found.state.tolist().index(EVENTS.index(PROPOSED))
    assert (found.left_people[row], found.open_people[row]) == (1, 1)


def test_rows_outside_the_months_are_left_out() -> None:
    rows = [proposed(0, 2), agreed(12, 30, 2), proposed(12, 9)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    assert found.entered_people.tolist() == [2]
    assert found.open_people.tolist() == [2]


def test_leavings_are_set_off_against_the_nearest_month_before() -> None:
    # The bucket of 30 days points to February, which has nobody: January's are gone.
    rows = [proposed(0, 3), proposed(3, 1), agreed(2, 30, 3)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    row = found.state.tolist().index(EVENTS.index(PROPOSED))
    assert found.open_people[row] == 1


def test_how_it_ended_does_not_matter_and_ends_are_no_states() -> None:
    rows: list[Row] = [proposed(0, 2), ("a", "b", 0, SHARED, WITHDRAWN, PROPOSED, 0, 2)]
    found = waiting(flow_table("ab", rows), months=YEAR)

    assert found.state.tolist() == [EVENTS.index(PROPOSED)]
    assert found.open_people.tolist() == [0]
    assert WITHDRAWN not in OPEN_STATES


def test_by_receiver() -> None:
    rows = [proposed(0, 4), agreed(0, 1, 4), proposed(0, 2, "c"), agreed(4, 90, 2, "c")]
    table = flow_table("abc", rows)
    found = node_waiting(table, months=YEAR)

    is_proposed = found.waiting.state == EVENTS.index(PROPOSED)
    assert [found.nodes[one] for one in found.target[is_proposed]] == ["b", "c"]
    assert found.waiting.quartile_from_days[is_proposed, 1].tolist() == [1, 90]
    whole = waiting(table, months=YEAR)
    assert found.waiting.left_people.sum() == whole.left_people.sum()
    assert found.waiting.entered_people.sum() == whole.entered_people.sum()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 11), st.booleans(), st.sampled_from(WAITING_DAYS), st.integers(1, 9)
        ),
        max_size=25,
    )
)
def test_shares_fall_and_nobody_is_lost(drawn: list[tuple[int, bool, int, int]]) -> None:
    rows = [
        agreed(month, days, number) if leaves else proposed(month, number)
        for month, leaves, days, number in drawn
    ]
    found = waiting(flow_table("ab", rows), months=YEAR)

    assert found.waiting_share.shape == (found.state.size, BUCKETS)
    assert found.quartile_from_days.shape == found.quartile_to_days.shape == (found.state.size, 3)
    assert ((found.waiting_share >= 0) & (found.waiting_share <= 1)).all()
    assert (np.diff(found.waiting_share, axis=1) <= 1e-12).all()
    assert (found.open_people >= 0).all()
    assert (found.open_people >= found.entered_people - found.left_people).all()
    assert waiting_in_words(found, {}).ja


def test_an_empty_table() -> None:
    table = flow_table("", [])

    assert waiting(table, months=YEAR).state.shape == (0,)
    assert waiting_in_words(waiting(table, months=YEAR), {}).en.startswith("Nobody waited")
    by_node = node_waiting(table, months=YEAR)
    assert node_waiting_in_words(by_node, {}).en.startswith("Nobody waited")


def test_words() -> None:
    rows: list[Row] = [
        proposed(0, 4),
        agreed(0, 1, 4),
        ("a", "b", 0, SHARED, DELIVERED, AGREED, 7, 4),
        ("a", "b", 0, SHARED, ReferralStatus.ACCEPTED, DELIVERED, 0, 3),
    ]
    table = flow_table("ab", rows)
    names = names_of("a", "b")

    longest = waiting_in_words(waiting(table, months=YEAR), names)
    assert longest.en == (
        "People wait longest after acceptance: the median is not known yet (half or more still "
        "wait) (3 are still waiting)."
    )
    until_delivery = table.rows(table.event != EVENTS.index(ReferralStatus.ACCEPTED))
    until_delivery = until_delivery.rows(until_delivery.event != EVENTS.index(DELIVERED))
    assert "less than" not in waiting_in_words(waiting(until_delivery, months=YEAR), names).en
    by_node = node_waiting_in_words(node_waiting(table, months=YEAR), names)
    assert by_node.ja.startswith("最も長く待つのはb社での受け入れの後")


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "less than 1 day "), (3, "3 to 6 days "), (365, "365 days or more ")],
)
def test_a_median_is_told_as_its_bucket(days: int, words: str) -> None:
    months = Months(JANUARY - 30, JANUARY)
    rows: list[Row] = [proposed(-30, 2), ("a", "b", 0, SHARED, WITHDRAWN, PROPOSED, days, 2)]
    found = waiting(flow_table("ab", rows), months=months)

    assert f"the median is {words}" in waiting_in_words(found, {}).en
