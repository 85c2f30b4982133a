"""What if: the rates observed, the change, and what is taken for granted."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.rules.lifecycles import Channel, ReferralStatus
from network import simulate as simulating
from network.months import Months
from network.scenarios import (
    COUNTS_MAX,
    PARTIES_MAX,
    RESPONSE_MAX,
    AddPartnership,
    ChangeThreshold,
    EndPartnership,
    LoseMember,
    Scenario,
)
from network.simulate import (
    AHEAD_MONTHS_MAX,
    DRAWS_MAX,
    DRAWS_MIN,
    Effect,
    NothingToGoBy,
    Observed,
    Simulation,
    TooManyDraws,
    cells_drawn,
    simulate,
    simulation_in_words,
)
from tests.network.tables import JANUARY, Row, flow_table

RELAY, INTRODUCED, SHARED = Channel
ACCEPTED, DELIVERED, HIRED = (
    ReferralStatus.ACCEPTED,
    ReferralStatus.DELIVERED,
    ReferralStatus.HIRED,
)
AGREED, OFFERED = ReferralStatus.AGREED, ReferralStatus.OFFERED
YEAR = Months(JANUARY, JANUARY + 11)


def registered(company: str, number: int) -> Row:
    return (company, "agency", 0, RELAY, ACCEPTED, ACCEPTED, 0, number)


def handed(one: str, other: str, channel: Channel, number: int) -> Row:
    return (one, other, 0, channel, DELIVERED, AGREED, 0, number)


def hired(one: str, other: str, channel: Channel, number: int) -> Row:
    return (one, other, 5, channel, HIRED, OFFERED, 0, number)


ROWS: list[Row] = [
    registered("a", 300),
    registered("b", 100),
    handed("agency", "b", INTRODUCED, 200),
    hired("agency", "b", INTRODUCED, 100),
    handed("agency", "c", INTRODUCED, 100),
    hired("agency", "c", INTRODUCED, 20),
    handed("a", "b", SHARED, 120),
    hired("a", "b", SHARED, 30),
    handed("b", "a", SHARED, 80),
]
NODES = ("a", "b", "c", "d", "agency")
SEEN = Observed(flow_table(NODES, ROWS), YEAR, (("a", "b"),))


def played(scenario: Scenario, observed: Observed = SEEN, **more: int) -> Simulation:
    return simulate(observed, scenario, **more)


def is_same(effect: Effect) -> bool:
    difference = effect.difference
    return (difference.mean, difference.low, difference.high) == (0, 0, 0)


def test_as_things_are_it_is_as_it_was() -> None:
    """A year ahead of a year seen: the means of the draws are near what was seen."""
    found = played(ChangeThreshold(10, 10))

    seen = {RELAY: 400, INTRODUCED: 300, SHARED: 200}
    for channel, people in seen.items():
        now = found.handed_people[channel].now
        assert now.mean == pytest.approx(people, rel=0.02)
        # The rate is uncertain and so are the draws: a variance of about 2n.
        assert now.high - now.low == pytest.approx(2 * 1.96 * np.sqrt(2 * people), rel=0.1)
        assert is_same(found.handed_people[channel])
    assert found.hired_people.now.mean == pytest.approx(150, rel=0.03)
    assert is_same(found.hired_people)
    assert found.free_hires is not None
    assert is_same(found.free_hires)


def test_half_the_months_are_half_the_people() -> None:
    found = played(ChangeThreshold(10, 10), ahead_months=6)

    assert found.handed_people[RELAY].now.mean == pytest.approx(200, rel=0.02)


def test_the_end_of_a_partnership_ends_what_was_shared() -> None:
    found = played(EndPartnership(("a", "b")))

    assert found.handed_people[SHARED].then.mean == 0
    assert found.handed_people[SHARED].difference.high < 0
    assert is_same(found.handed_people[RELAY])
    assert is_same(found.handed_people[INTRODUCED])
    assert found.hired_people.difference.mean == pytest.approx(-30, rel=0.1)
    assert found.free_hires is None


def test_what_finds_another_way_is_not_lost() -> None:
    none, half, every = (
        played(EndPartnership(("a", "b"), rerouted_share=share)).handed_people[SHARED]
        for share in (0.0, 0.5, 1.0)
    )

    assert none.then.mean < half.then.mean < every.then.mean
    assert half.then.mean == pytest.approx(none.now.mean / 2, rel=0.05)
    assert is_same(every)


def test_a_member_that_leaves_takes_its_supply_along() -> None:
    # a gave 300 of the 400 registrations, so that a quarter of the introductions remain.
    found = played(LoseMember("a"))

    assert found.handed_people[RELAY].then.mean == pytest.approx(100, rel=0.03)
    assert found.handed_people[INTRODUCED].then.mean == pytest.approx(75, rel=0.03)
    assert found.handed_people[SHARED].then.mean == 0
    assert found.hired_people.then.mean == pytest.approx(120 / 4, rel=0.06)


def test_a_receiver_that_leaves_takes_its_hires_along() -> None:
    found = played(LoseMember("c"))

    assert found.handed_people[INTRODUCED].then.mean == pytest.approx(200, rel=0.02)
    # 20 of c's 100, leaning a little on the channel's 120 of 300: (20 + 4) / 110 of 100.
    assert found.hired_people.difference.mean == pytest.approx(-24 / 1.1, rel=0.08)
    assert is_same(found.handed_people[RELAY])


def test_a_new_partnership_behaves_as_those_there_are() -> None:
    # Ordered pairs of partners: a → b shared 120, b → a 80. c and a are two new pairs: 200.
    found = played(AddPartnership(("a", "c")), draws=4_000)

    added = found.handed_people[SHARED].difference
    assert added.mean == pytest.approx(200, rel=0.03)
    assert added.low < 160
    assert added.high > 240
    assert found.hired_people.difference.mean == pytest.approx(200 * 30 / 200, rel=0.1)
    assert is_same(found.handed_people[RELAY])


def test_partners_already_gain_nothing_new() -> None:
    assert is_same(played(AddPartnership(("a", "b"))).handed_people[SHARED])


def test_newcomers_may_be_strangers_to_the_table() -> None:
    observed = replace(SEEN, companies=("new", "newer"))
    found = played(AddPartnership(("new", "newer")), observed)

    assert found.handed_people[SHARED].difference.low > 0


def test_pairs_of_partners_that_shared_nobody_count_too() -> None:
    observed = Observed(SEEN.table, YEAR, (("a", "b"), ("c", "d")))
    found = played(AddPartnership(("a", "c")), observed, draws=4_000)

    # The mean of 120, 80, 0 and 0, for two pairs.
    assert found.handed_people[SHARED].difference.mean == pytest.approx(100, rel=0.05)


@pytest.mark.parametrize("partnerships", [(), (("c", "d"),)])
def test_without_a_rate_nothing_is_said(partnerships: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(NothingToGoBy) as refused:
        played(AddPartnership(("a", "c")), Observed(SEEN.table, YEAR, partnerships))

    assert refused.value.code == "NOTHING_TO_GO_BY"
    assert refused.value.path == ("scenario",)


def test_eight_for_ten_gives_more_free_hires_from_the_same_counts() -> None:
    # 400 counts of two companies a year: about 39 at ten and 49 at eight, each rounded down.
    found = played(ChangeThreshold(10, 8))

    assert found.free_hires is not None
    assert found.free_hires.now.mean == pytest.approx(400 / 10 - 2 * 0.45, rel=0.03)
    assert found.free_hires.then.mean == pytest.approx(400 / 8 - 2 * 0.45, rel=0.03)
    assert found.free_hires.difference.low > 0
    assert is_same(found.hired_people)


def test_counts_on_hand_are_counted_in() -> None:
    table = flow_table(NODES, [registered("a", 10_000)])
    without = played(ChangeThreshold(1_000, 1_000), Observed(table, YEAR), ahead_months=1)
    with_ = played(
        ChangeThreshold(1_000, 1_000), Observed(table, YEAR, counts={"a": 900}), ahead_months=1
    )

    # 833 ± 30 a month: never a thousand alone, always with 900 on hand.
    assert without.free_hires is not None
    assert with_.free_hires is not None
    assert without.free_hires.now.mean == 0
    assert with_.free_hires.now.mean == 1


def test_a_new_threshold_is_judged_at_the_first_count() -> None:
    """Nine on hand are a free hire at eight, but only once another count comes."""
    table = flow_table(NODES, [registered("a", 1)])
    observed = Observed(table, Months(JANUARY, JANUARY + 119), counts={"a": 9})
    found = played(ChangeThreshold(10, 8), observed, ahead_months=1)

    assert found.free_hires is not None
    assert found.free_hires.then.mean < 0.1


@pytest.mark.parametrize(("response", "factor"), [(0.5, 1.5), (-0.5, 0.5), (-1.0, 0.0)])
def test_registrations_that_respond_move_introductions_along(
    response: float, factor: float
) -> None:
    found = played(ChangeThreshold(10, 10, response))

    for channel, people in ((RELAY, 400), (INTRODUCED, 300)):
        assert found.handed_people[channel].then.mean == pytest.approx(people * factor, rel=0.03)
    assert found.hired_people.then.mean == pytest.approx(120 * factor + 30, rel=0.05)
    assert is_same(found.handed_people[SHARED])
    assert found.free_hires is not None
    assert found.free_hires.then.mean == pytest.approx(40 * factor, abs=2)


def test_the_same_seed_says_the_same_and_another_nearly() -> None:
    scenario = LoseMember("a")
    one, again, other = (played(scenario, seed=seed) for seed in (7, 7, 8))

    assert one == again
    assert one != other
    assert other.hired_people.then.mean == pytest.approx(one.hired_people.then.mean, rel=0.05)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own


def test_draws_do_not_depend_on_the_hash_of_names() -> None:
    """Names hash anew in every process; who is drawn follows the order given alone."""
    renamed = tuple({"a": "e", "b": "f"}.get(node, node) for node in NODES)
    rows: list[Row] = [
        tuple({"a": "e", "b": "f"}.get(one, one) if isinstance(one, str) else one for one in row)  # type: ignore[misc]
        for row in ROWS
    ]
    observed = Observed(flow_table(renamed, rows), YEAR, (("e", "f"),))
    one, other = played(AddPartnership(("a", "c"))), played(AddPartnership(("e", "c")), observed)

    assert one.handed_people == other.handed_people


def test_rows_outside_the_months_are_not_seen() -> None:
    later: list[Row] = [("a", "agency", 12, RELAY, ACCEPTED, ACCEPTED, 0, 900)]
    found = played(ChangeThreshold(10, 10), Observed(flow_table(NODES, [*ROWS, *later]), YEAR))

    assert found.handed_people[RELAY].now.mean == pytest.approx(400, rel=0.02)


@pytest.mark.parametrize("nodes", ["", "ab"])
def test_where_nothing_was_seen_nothing_is_expected(nodes: str) -> None:
    found = played(ChangeThreshold(), Observed(flow_table(nodes, []), YEAR))

    assert found.hired_people.now.high == 0
    assert found.free_hires is not None
    assert found.free_hires.then.high == 0


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (AddPartnership(("a", "c")), "A new pair of partners shares"),
        (EndPartnership(("a", "b"), 0.25), "Of what is lost, 25% finds another way"),
        (LoseMember("a"), "Agencies' introductions shrink"),
        (ChangeThreshold(10, 8, 0.1), "relay links by +10%"),
    ],
)
def test_assumptions_are_spelled_out(scenario: Scenario, words: str) -> None:
    found = played(scenario)

    assert found.assumptions[0].en == (
        "In the 12 months ahead people are passed on at the rates of 2026-01 to 2026-12."
    )
    assert any(words in one.en for one in found.assumptions)
    assert all(one.ja and one.en for one in found.assumptions)


@pytest.mark.parametrize(
    ("scenario", "known", "words"),
    [
        (ChangeThreshold(), {}, "all begin with none"),
        (ChangeThreshold(), {"own": "a", "counts": {"a": 3}}, "only your own are known: all"),
        (AddPartnership(("a", "c")), {"own": "a"}, "Of partnerships only your own are known"),
    ],
)
def test_what_is_not_known_of_others_is_said(
    scenario: Scenario, known: dict[str, Any], words: str
) -> None:
    found = played(scenario, replace(SEEN, **known))

    assert words in found.assumptions[-1].en


def test_all_that_is_known_is_not_said_to_be_lacking() -> None:
    found = played(ChangeThreshold(), replace(SEEN, counts={"a": 3}))

    assert any("is taken as a count" in one.en for one in found.assumptions)
    assert not any("known" in one.en for one in found.assumptions)


def test_counts_that_are_owed_are_filled_first() -> None:
    table = flow_table(NODES, [registered("a", 10_000)])
    observed = Observed(table, YEAR, counts={"a": -2_000})
    found = played(ChangeThreshold(1_000, 1_000), observed, ahead_months=1)

    assert found.free_hires is not None
    assert (found.free_hires.now.low, found.free_hires.now.high) == (0, 0)


def test_words() -> None:
    hires = simulation_in_words(played(EndPartnership(("a", "b"))))
    assert hires.en.startswith("In the 12 months ahead about 15")
    assert "hires are expected as things are" in hires.en
    free = simulation_in_words(played(ChangeThreshold()))
    assert "free hires" in free.en
    assert "無料採用枠" in free.ja


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (AddPartnership(("a",)), "2 to 50 parties"),
        (AddPartnership(("a", "a")), "each named once"),
        (AddPartnership(tuple(range(PARTIES_MAX + 1))), "2 to 50 parties"),
        (AddPartnership(("a", "stranger")), "one of the table's"),
        (EndPartnership(("a", "stranger")), "one of the table's"),
        (LoseMember("stranger"), "one of the table's"),
        (LoseMember("a", 1.5), "between 0 and 1"),
        (EndPartnership(("a", "b"), float("nan")), "between 0 and 1"),
        (ChangeThreshold(0, 8), "counts"),
        (ChangeThreshold(10, COUNTS_MAX + 1), "counts"),
        (ChangeThreshold(10, 8, RESPONSE_MAX + 1), "today's"),
    ],
)
def test_scenarios_are_bounded(scenario: Scenario, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        played(scenario)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ahead_months": 0},
        {"ahead_months": AHEAD_MONTHS_MAX + 1},
        {"draws": DRAWS_MIN - 1},
        {"draws": DRAWS_MAX + 1},
    ],
)
def test_the_run_is_bounded(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="months ahead"):
        simulate(SEEN, ChangeThreshold(), **wrong)


def test_draws_for_so_many_companies_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    change = ChangeThreshold(10, 8)
    assert cells_drawn(SEEN, change, 100) == 300  # two companies gave, and the channels
    assert cells_drawn(SEEN, LoseMember("a"), 100) == 100
    assert cells_drawn(SEEN, AddPartnership(("a", "b", "c")), 100) == 700
    monkeypatch.setattr(simulating, "CELLS_MAX", 600)
    assert played(change, draws=200).draws == 200
    with pytest.raises(TooManyDraws) as refused:
        played(change, draws=201)
    assert refused.value.path == ("input", "draws")
    assert "at most 200 draws" in refused.value.message("en")


def test_blocks_draw_as_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    observed = Observed(flow_table(NODES, ROWS), YEAR, (("a", "b"), ("b", "c")))
    change = AddPartnership(("a", "c", "d"))
    whole = played(change, observed, draws=500)
    monkeypatch.setattr(simulating, "_BLOCK_CELLS", 60)
    assert played(change, observed, draws=500) == whole
