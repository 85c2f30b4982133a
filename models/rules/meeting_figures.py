"""Hand-overs between partners, and the figures that are measured of them in a window of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from models.rules.comparisons import ANSWER_DAYS, Figure, Measured

Wait = tuple[int, bool]
"""So many days since a hand-over, and whether the receiver answered then: else it is open still."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def number(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class HandOver:
    """One candidate who was handed over from a company to a partner, by local days alone."""

    giver_id: UUID
    receiver_id: UUID
    delivered_on: date
    accepted_on: date | None = None
    declined_on: date | None = None
    hired_on: date | None = None

    @property
    def answered_on(self) -> date | None:
        """When the receiver first said yes or no."""
        days = [day for day in (self.accepted_on, self.declined_on) if day is not None]
        return min(days, default=None)


def measure(figure: Figure, handovers: Iterable[HandOver], days: Days) -> Measured:
    """A figure of a window.

    A share is of those who were handed over in the window, and counts what came of them until its
    last day; of answers in time, of those whose time to be answered was over by then.
    """
    rows = list(handovers)
    if figure is Figure.HIRES:
        return Measured(sum(one.hired_on in days for one in rows), None, days.number)
    cohort = [one for one in rows if one.delivered_on in days]
    if figure is Figure.HANDED_OVER:
        return Measured(len(cohort), None, days.number)
    if figure is Figure.ANSWERED_IN_TIME:
        in_time = timedelta(days=ANSWER_DAYS)
        due = [one for one in cohort if one.delivered_on + in_time <= days.last]
        part = sum(
            one.answered_on is not None and one.answered_on <= one.delivered_on + in_time
            for one in due
        )
        return Measured(part, len(due), days.number)
    if figure is Figure.TAKEN_UP:
        part = sum(one.accepted_on in days for one in cohort)
    else:
        part = sum(one.hired_on in days for one in cohort)
    return Measured(part, len(cohort), days.number)


def waits_of(handovers: Iterable[HandOver], days: Days) -> list[Wait]:
    """How long those of the window waited for an answer, by its last day."""
    found = []
    for one in handovers:
        if one.delivered_on not in days:
            continue
        answered = one.answered_on is not None and one.answered_on <= days.last
        until = one.answered_on if answered and one.answered_on else days.last
        found.append(((until - one.delivered_on).days, answered))
    return sorted(found)


def median_wait_days(waits: Sequence[Wait]) -> int | None:
    """Kaplan and Meier's median (1958): so many days until half were answered.

    Those open still count as waiting at least as long as they have. None where half were not
    answered yet.

    >>> median_wait_days([(1, True), (2, True), (9, False)])
    2
    >>> median_wait_days([(1, True), (5, False), (9, False)]) is None
    True
    """
    waiting, still = 1.0, len(waits)
    for day in sorted({days for days, _ in waits}):
        answered = sum(one == (day, True) for one in waits)
        if still and answered:
            waiting *= 1 - answered / still
            # The last digits of a product are not to decide what is half.
            if waiting <= 0.5 + 1e-12:
                return day
        still -= sum(days == day for days, _ in waits)
    return None
