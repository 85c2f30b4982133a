"""How many people stay: shares of those who could have, with their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from models.rules.outcomes import MILESTONE_DAYS

Z_95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two sides of 95 %."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Hires that began and ended on the same days, if they ended. Sums are in yen."""

    joined_on: date
    left_on: date | None
    hires: int
    early_exits: int = 0
    fees_yen: int = 0
    refunds_yen: int = 0


@dataclass(frozen=True, slots=True)
class Stayed:
    """One milestone: of how many who joined long enough ago, how many reached it.

    ``lowest`` and ``highest`` bound the share behind it (`wilson_interval`); all three are 0 to 1,
    and none where nobody joined long enough ago.
    """

    days: int
    could: int
    did: int
    share: float | None
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Retention:
    """What became of the hires of one organization."""

    hires: int
    early_exits: int
    exits: int
    """All of them, the early ones too."""
    fees_yen: int
    refunds_yen: int
    milestones: list[Stayed]

    @property
    def cost_per_hire_yen(self) -> int | None:
        """Fees less what is owed back, over all hires, rounded to whole yen (half goes up)."""
        if not self.hires:
            return None
        return (2 * (self.fees_yen - self.refunds_yen) + self.hires) // (2 * self.hires)


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share, from 0 to 1.

    With p = successes ÷ n:

        (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)

    It is meaningful for few trials and for shares of none or all. Source: E. B. Wilson, Probable
    inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22 (1927), 209-212. Needs at least one trial.
    """
    if not 0 <= successes <= trials or not trials:
        raise ValueError(f"{successes} of {trials}")
    p, z2 = successes / trials, z * z
    middle = p + z2 / (2 * trials)
    half = z * sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def retention_of(stays: Iterable[Stays], on: date) -> Retention:
    """The figures of an organization's hires on a day.

    Whoever joined long enough ago is asked for, also those who left since: a share is of all who
    could have stayed, not of those who are left.
    """
    known = list(stays)
    return Retention(
        hires=sum(one.hires for one in known),
        early_exits=sum(one.early_exits for one in known),
        exits=sum(one.hires for one in known if one.left_on is not None),
        fees_yen=sum(one.fees_yen for one in known),
        refunds_yen=sum(one.refunds_yen for one in known),
        milestones=[_stayed(known, days, on) for days in MILESTONE_DAYS],
    )


def _stayed(stays: Iterable[Stays], days: int, on: date) -> Stayed:
    could = did = 0
    for one in stays:
        reached_on = one.joined_on + timedelta(days=days)
        if reached_on <= on:
            could += one.hires
            did += one.hires if one.left_on is None or one.left_on >= reached_on else 0
    if not could:
        return Stayed(days, could, did, None, None, None)
    return Stayed(days, could, did, did / could, *wilson_interval(did, could))
