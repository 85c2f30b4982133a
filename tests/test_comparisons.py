"""Intervals against published and hand-worked numbers, and what is told of who left."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.comparisons import (
    Comparison,
    Figure,
    Measured,
    Verdict,
    compare,
    comparison_in_words,
    wilson,
)
from models.rules.decision_effects import (
    Obstacle,
    effect_days,
    effect_document,
    effect_from,
    effect_in_words,
    effect_of,
    seen_effect,
    unmeasured,
)
from models.rules.flows import month_of
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_figures import Days, HandOver, measure, median_wait_days
from models.rules.meeting_packs import told_leaving
from models.rules.told_figures import ToldCell, ToldFigures

A, B, C = (UUID(int=number) for number in (1, 2, 3))
DAY = date(2026, 3, 10)


def interval_of(found: Comparison) -> tuple[float, float | None]:
    assert found.interval is not None
    low, high = found.interval.low, found.interval.high
    return round(low, 4), None if high is None else round(high, 4)


def test_differences_of_shares_are_newcombes() -> None:
    """Newcombe 1998, table II, method 10: 56/70 against 48/80, and 9/10 against 3/10."""
    found = compare(Figure.TAKEN_UP, Measured(48, 80, 30), Measured(56, 70, 30))
    assert interval_of(found) == (0.0524, 0.3339)
    found = compare(Figure.TAKEN_UP, Measured(3, 10, 30), Measured(9, 10, 30))
    assert interval_of(found) == (0.1705, 0.809)
    assert found.verdict is Verdict.ROSE


def test_counts_are_compared_by_their_rates() -> None:
    # 5 before and 15 after in as many days: of 20, 15 are after; Wilson's (0.5313, 0.8881).
    found = compare(Figure.HIRES, Measured(5, None, 30), Measured(15, None, 30))
    assert found.interval is not None
    low, high = wilson(15, 20).low, wilson(15, 20).high
    assert high is not None
    assert found.interval.low == pytest.approx(low / (1 - low))
    assert found.interval.high == pytest.approx(high / (1 - high))
    assert found.verdict is Verdict.ROSE
    # The same numbers in a third of the days before are a fall no more than chance.
    found = compare(Figure.HIRES, Measured(5, None, 10), Measured(15, None, 30))
    assert found.verdict is Verdict.NOT_TOLD_APART
    none_before = compare(Figure.HIRES, Measured(0, None, 30), Measured(9, None, 30))
    assert none_before.interval is not None
    assert none_before.interval.high is None
    assert none_before.verdict is Verdict.ROSE
    nothing = compare(Figure.HIRES, Measured(0, None, 30), Measured(0, None, 30))
    assert nothing.verdict is Verdict.NOT_MEASURED


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(counted: tuple[int, int]) -> None:
    part, whole = counted
    found = wilson(part, whole)
    assert found.high is not None
    assert 0 <= found.low <= part / whole <= found.high <= 1


@given(st.tuples(*[st.integers(0, 60)] * 4), st.sampled_from(list(Figure)))
def test_what_is_turned_round_says_the_opposite(numbers: tuple[int, ...], figure: Figure) -> None:
    one = Measured(numbers[0], numbers[0] + numbers[1], 30)
    other = Measured(numbers[2], numbers[2] + numbers[3], 30)
    there, back = compare(figure, one, other), compare(figure, other, one)
    opposite = {Verdict.ROSE: Verdict.FELL, Verdict.FELL: Verdict.ROSE}
    assert back.verdict is opposite.get(there.verdict, there.verdict)
    assert compare(figure, one, one).verdict in (Verdict.NOT_TOLD_APART, Verdict.NOT_MEASURED)
    for text in comparison_in_words(there):
        assert text


def test_nothing_is_said_that_cannot_be() -> None:
    words = comparison_in_words(compare(Figure.TAKEN_UP, Measured(0, 0, 9), Measured(2, 2, 9)))
    assert words.en.endswith("There is nothing to compare yet.")
    assert words.ja.endswith("比べられるものがまだありません。")


@given(st.integers(0, 60), st.integers(0, 60), st.integers(2, 6))
def test_who_left_is_never_named_by_numbers(left: int, stayed: int, smallest: int) -> None:
    """Whatever is told, neither all nor none need have left; a number is told where it is none."""
    due = left + stayed
    told = told_leaving(left, due, smallest)
    if told is None:
        assert due < 2 * smallest
        return
    low, high = told
    assert low <= left <= high
    if low == high:
        assert smallest <= left <= due - smallest
    else:
        assert high - low == smallest - 1


def test_windows_are_as_long_before_as_after() -> None:
    assert effect_days(DAY, DAY) is None
    found = effect_days(DAY, DAY + timedelta(days=900))
    assert found is not None
    before, after = found
    assert before.number == after.number == 365
    assert before.last == DAY - timedelta(days=1)
    assert after.first == DAY + timedelta(days=1)


def test_a_share_that_grows_with_its_window_is_compared_in_alike_ones_only() -> None:
    """Of nine in ten that are taken up within two months, fewer are in the first of them."""
    for figure in (Figure.TAKEN_UP, Figure.HIRED_OF_HANDED_OVER):
        found = compare(figure, Measured(1, 40, 30), Measured(36, 40, 38))
        assert (found.verdict, found.interval) == (Verdict.NOT_MEASURED, None)
        words = comparison_in_words(found)
        assert words.en.endswith("The windows, of 30 and 38 days, are too unlike to be compared.")
        assert words.ja.endswith("期間の長さが違う（30日と38日）ため、比べられません。")
        alike = compare(figure, Measured(36, 40, 35), Measured(1, 40, 28))
        assert alike.verdict is Verdict.FELL
    for figure in (Figure.ANSWERED_IN_TIME, Figure.HANDED_OVER):
        assert compare(figure, Measured(1, 40, 30), Measured(36, 40, 60)).verdict is Verdict.ROSE


UNTOLD = ToldFigures(None, ())


def handed(giver: UUID, receiver: UUID, day: int, answered: int | None = None) -> HandOver:
    start = DAY + timedelta(days=day)
    return HandOver(
        giver, receiver, start, start + timedelta(days=answered) if answered is not None else None
    )


def test_answers_in_time_are_of_those_whose_time_is_over() -> None:
    days = Days(DAY, DAY + timedelta(days=20))
    rows = [handed(A, B, 0, 14), handed(A, B, 6, 15), handed(A, B, 7, 1), handed(A, B, -1, 1)]
    # The first and second are due by the last day, the third is not, the fourth came before.
    assert measure(Figure.ANSWERED_IN_TIME, rows, days) == Measured(1, 2, 21)
    assert measure(Figure.HANDED_OVER, rows, days) == Measured(3, None, 21)


def test_an_effect_is_told_by_who_took_part() -> None:
    windows = effect_days(DAY, DAY + timedelta(days=30))
    assert windows is not None
    rows = [handed(A, B, day, 1) for day in range(1, 11)] + [handed(B, C, -5, 1)]
    effect = effect_of(Figure.HANDED_OVER, windows, rows, UNTOLD)
    assert effect_from(effect_document(effect)) == effect
    mine = seen_effect(effect, A)
    assert mine.numbers is not None
    assert (mine.numbers.before.part, mine.numbers.after.part) == (0, 10)
    theirs = seen_effect(effect, C)
    assert theirs.numbers is not None
    assert (theirs.numbers.before.part, theirs.numbers.after.part) == (1, 0)
    admins = seen_effect(effect, None)
    # No month lies whole in thirty days before and after the middle of one.
    assert (admins.numbers, admins.verdict) == (None, Verdict.NOT_MEASURED)
    said = effect_in_words(effect, admins)
    assert not any(letter.isdigit() for letter in said.ja + said.en)
    only = effect_of(Figure.HANDED_OVER, windows, rows, UNTOLD, giver_id=B)
    assert [(one.giver_id, one.receiver_id) for one in only.pairs] == [(B, C)]
    waiting = unmeasured(Figure.TAKEN_UP, Obstacle.TERMS_NOT_IN_FORCE)
    assert effect_from(effect_document(waiting)) == waiting
    assert "not in force" in effect_in_words(waiting, seen_effect(waiting, A)).en


def test_others_are_told_what_whole_months_tell() -> None:
    """Of two histories that are told alike, and differ by a day, they are told the same verdict."""
    begins_on = date(2026, 3, 31)
    windows = effect_days(begins_on, date(2026, 5, 31))
    assert windows is not None
    through = [month_of(date(2026, month, 1)) for month in (2, 3, 4, 5)]
    # The first window begins on 29 January: February alone lies whole in it, as March has a day
    # of the decision. April and May are the second.
    told = ToldFigures(
        Days(date(2026, 2, 1), date(2026, 5, 31)),
        (
            *(told_cell(A, B, *one) for one in zip(through, (3, 90, 30, 30), strict=True)),
            told_cell(B, C, through[0], 900),
        ),
    )
    exact = [handed(A, B, 0, 1)]
    for rows in (exact, exact * 400):
        effect = effect_of(Figure.HANDED_OVER, windows, rows, told, giver_id=A, receiver_id=B)
        assert effect.told == (Measured(3, None, 28), Measured(60, None, 61))
        assert effect_from(effect_document(effect)) == effect
        for reader in (C, None):
            assert seen_effect(effect, reader).numbers is None
            assert seen_effect(effect, reader).verdict is Verdict.ROSE
    in_time = effect_of(Figure.ANSWERED_IN_TIME, windows, exact, told)
    assert seen_effect(in_time, None).verdict is Verdict.NOT_MEASURED
    shares = effect_of(Figure.TAKEN_UP, windows, exact, told)
    assert shares.told == (Measured(0, 903, 28), Measured(0, 60, 61))


def told_cell(giver: UUID, receiver: UUID, month: int, referrals: int) -> ToldCell:
    return ToldCell(
        giver, receiver, Channel.PARTNER_SHARE, ReferralStatus.DELIVERED, month, referrals
    )


def test_the_median_counts_those_open_as_waiting() -> None:
    # Four at risk: after day 1 three quarters wait; one open leaves; after day 4 three eighths.
    assert median_wait_days([(1, True), (2, False), (4, True), (9, False)]) == 4
    assert median_wait_days([]) is None
    assert median_wait_days([(3, True)] * 3) == 3
