"""One figure before and after, what of the difference is more than chance, and how it is said.

**Shares** (so many of so many) have Wilson's interval each, and their difference Newcombe's hybrid
interval (Newcombe 1998, method 10), with p₁, p₂ the shares and lᵢ, uᵢ their Wilson limits::

    low  = p₂ − p₁ − √((p₂ − l₂)² + (u₁ − p₁)²)
    high = p₂ − p₁ + √((u₂ − p₂)² + (p₁ − l₁)²)

**Counts** are compared by their rates a day. Given both together, how many fell into the second
window is binomial (Przyborowski and Wilenski 1940): with [l, u] Wilson's interval of its share, and
d₁, d₂ the days of the windows, the ratio of the rates lies between l ÷ (1 − l) · d₁ ÷ d₂ and the
same of u. All intervals are of 95 %.

A share of what came of hand-overs until the window's last day grows with the window, whatever was
done: it is compared only where the longer window has at most a quarter more days.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from models.vocabulary.text import Text

Z_95 = 1.959963984540054
ANSWER_DAYS = 14
"""An answer within so many days is in time."""


class Figure(StrEnum):
    """What is measured of hand-overs between partners."""

    HANDED_OVER = "HANDED_OVER"
    HIRES = "HIRES"
    TAKEN_UP = "TAKEN_UP"
    ANSWERED_IN_TIME = "ANSWERED_IN_TIME"
    HIRED_OF_HANDED_OVER = "HIRED_OF_HANDED_OVER"


COUNTS = frozenset({Figure.HANDED_OVER, Figure.HIRES})
"""The figures that are numbers a day; the others are shares."""
GROWING = frozenset({Figure.TAKEN_UP, Figure.HIRED_OF_HANDED_OVER})
"""The shares that grow with their window; of answers in time the same days count in each."""

FIGURE_NAMES: dict[Figure, Text] = {
    Figure.HANDED_OVER: Text("引き渡し", "Hand-overs"),
    Figure.HIRES: Text("採用", "Hires"),
    Figure.TAKEN_UP: Text("選考に進んだ割合", "Taken up, of those handed over"),
    Figure.ANSWERED_IN_TIME: Text(
        f"{ANSWER_DAYS}日以内に回答した割合", f"Answered within {ANSWER_DAYS} days"
    ),
    Figure.HIRED_OF_HANDED_OVER: Text("採用に至った割合", "Hired, of those handed over"),
}


class Verdict(StrEnum):
    """What can be said of a difference."""

    ROSE = "ROSE"
    FELL = "FELL"
    NOT_TOLD_APART = "NOT_TOLD_APART"
    NOT_MEASURED = "NOT_MEASURED"


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, with 95 % confidence; ``high`` is None where it has no end."""

    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of one window: so many, of so many where it is a share, in so many days."""

    part: int
    whole: int | None
    days: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure in two windows. ``interval`` is of the difference of shares, or the ratio of rates.

    It is None where there is nothing to compare.
    """

    figure: Figure
    before: Measured
    after: Measured
    interval: Interval | None
    verdict: Verdict


def wilson(part: int, whole: int) -> Interval:
    """Wilson's score interval of a share. Raises `ValueError` where it is of nothing.

    >>> found = wilson(3, 11)
    >>> round(found.low, 3), round(found.high, 3)
    (0.097, 0.566)
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError("a share is of one or more")
    share, square = part / whole, Z_95 * Z_95
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    half = Z_95 * spread / (1 + square / whole)
    low = 0.0 if part == 0 else max(middle - half, 0.0)
    high = 1.0 if part == whole else min(middle + half, 1.0)
    return Interval(low, high)


def compare(figure: Figure, before: Measured, after: Measured) -> Comparison:
    """The two, and what can be said of their difference.

    >>> taken = Figure.TAKEN_UP
    >>> compare(taken, Measured(3, 11, 30), Measured(4, 9, 30)).verdict
    <Verdict.NOT_TOLD_APART: 'NOT_TOLD_APART'>
    >>> compare(taken, Measured(3, 40, 30), Measured(30, 40, 30)).verdict
    <Verdict.ROSE: 'ROSE'>
    """
    if not _is_alike(figure, before, after):
        interval, even = None, 0.0
    elif figure in COUNTS:
        interval, even = _ratio(before, after), 1.0
    else:
        interval, even = _difference(before, after), 0.0
    return Comparison(figure, before, after, interval, _verdict(interval, even))


def _is_alike(figure: Figure, before: Measured, after: Measured) -> bool:
    shorter, longer = sorted((before.days, after.days))
    return figure not in GROWING or 4 * longer <= 5 * shorter


def _verdict(interval: Interval | None, even: float) -> Verdict:
    if interval is None:
        return Verdict.NOT_MEASURED
    if interval.low > even:
        return Verdict.ROSE
    if interval.high is not None and interval.high < even:
        return Verdict.FELL
    return Verdict.NOT_TOLD_APART


def _difference(before: Measured, after: Measured) -> Interval | None:
    if not before.whole or not after.whole:
        return None
    first, second = before.part / before.whole, after.part / after.whole
    of_first, of_second = wilson(before.part, before.whole), wilson(after.part, after.whole)
    assert of_first.high is not None
    assert of_second.high is not None
    down = sqrt((second - of_second.low) ** 2 + (of_first.high - first) ** 2)
    up = sqrt((of_second.high - second) ** 2 + (first - of_first.low) ** 2)
    return Interval(second - first - down, second - first + up)


def _ratio(before: Measured, after: Measured) -> Interval | None:
    total = before.part + after.part
    if total == 0 or not before.days or not after.days:
        return None
    of_second = wilson(after.part, total)
    days = before.days / after.days
    assert of_second.high is not None
    high = None if of_second.high == 1 else of_second.high / (1 - of_second.high) * days
    return Interval(of_second.low / (1 - of_second.low) * days, high)


def comparison_in_words(found: Comparison) -> Text:
    """What was measured, and what can and cannot be said of it.

    >>> comparison_in_words(
    ...     compare(Figure.TAKEN_UP, Measured(3, 11, 30), Measured(4, 9, 30))
    ... ).en
    'Taken up, of those handed over: 3 of 11 before, 4 of 9 after. No difference can be told yet: \
it lies between −22 and +51 points.'
    """
    name, told = FIGURE_NAMES[found.figure], _numbers(found)
    said = _said(found)
    return Text(f"{name.ja}：{told.ja}。{said.ja}", f"{name.en}: {told.en}. {said.en}")


def verdict_in_words(figure: Figure, verdict: Verdict) -> Text:
    """The verdict alone, for who is not told the numbers."""
    name = FIGURE_NAMES[figure]
    ja, en = {
        Verdict.ROSE: ("前より増えました", "more than before, beyond chance"),
        Verdict.FELL: ("前より減りました", "less than before, beyond chance"),
        Verdict.NOT_TOLD_APART: ("差があるとはまだ言えません", "no difference can be told yet"),
        Verdict.NOT_MEASURED: ("まだ比べられません", "nothing can be compared yet"),
    }[verdict]
    return Text(f"{name.ja}：{ja}。", f"{name.en}: {en}.")


def _numbers(found: Comparison) -> Text:
    before, after = found.before, found.after
    if found.figure in COUNTS:
        return Text(
            f"前の{before.days}日間に{before.part}件、後の{after.days}日間に{after.part}件",
            f"{before.part} in {before.days} days before, {after.part} in {after.days} days after",
        )
    return Text(
        f"前は{before.whole}件中{before.part}件、後は{after.whole}件中{after.part}件",
        f"{before.part} of {before.whole} before, {after.part} of {after.whole} after",
    )


def _said(found: Comparison) -> Text:
    if not _is_alike(found.figure, found.before, found.after):
        days = found.before.days, found.after.days
        return Text(
            f"期間の長さが違う（{days[0]}日と{days[1]}日）ため、比べられません。",
            f"The windows, of {days[0]} and {days[1]} days, are too unlike to be compared.",
        )
    if found.interval is None:
        return Text("比べられるものがまだありません。", "There is nothing to compare yet.")
    width = _width(found.figure, found.interval)
    if found.verdict is Verdict.NOT_TOLD_APART:
        return Text(
            f"差があるとはまだ言えません（{width.ja}）。",
            f"No difference can be told yet: it lies between {width.en}.",
        )
    up = found.verdict is Verdict.ROSE
    return Text(
        f"{'増加' if up else '減少'}は偶然では説明しにくい大きさです（{width.ja}）。",
        f"That is {'more' if up else 'less'} than chance explains: it lies between {width.en}.",
    )


def _width(figure: Figure, interval: Interval) -> Text:
    if figure in COUNTS:
        low = f"{interval.low:.2g}"
        if interval.high is None:
            return Text(f"1日あたり{low}倍以上", f"{low} times as many a day and any more")
        high = f"{interval.high:.2g}"
        return Text(f"1日あたり{low}倍から{high}倍の間", f"{low} and {high} times as many a day")
    assert interval.high is not None
    low, high = (
        f"{round(100 * one):+d}".replace("-", "−") for one in (interval.low, interval.high)
    )
    return Text(f"{low}から{high}ポイントの間", f"{low} and {high} points")
