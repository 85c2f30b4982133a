"""What everybody is told of hand-overs, by month, and how two windows of it are compared.

Whoever took no part in what is measured is told a verdict on these figures alone: on exact ones,
day by day, it would say what their rounding hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from models.rules.comparisons import Figure, Measured, Verdict, compare
from models.rules.flows import month_begins, month_of
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_figures import Days

BETWEEN_ORGANIZATIONS = frozenset({Channel.AGENCY_INTRODUCTION, Channel.PARTNER_SHARE})
_COUNTED = {
    Figure.HANDED_OVER: ReferralStatus.DELIVERED,
    Figure.HIRES: ReferralStatus.HIRED,
}
_SHARED = {
    Figure.TAKEN_UP: ReferralStatus.ACCEPTED,
    Figure.HIRED_OF_HANDED_OVER: ReferralStatus.HIRED,
}
"""The shares that counts by event tell; how soon one was answered they do not."""


@dataclass(frozen=True, slots=True)
class ToldCell:
    """A sum of rounded cells of one month. Of a whole consortium it names no organization."""

    giver_id: UUID | None
    receiver_id: UUID | None
    channel: Channel
    event: ReferralStatus
    month: int
    """As `rules.flows.month_of` counts."""
    referrals: int


@dataclass(frozen=True, slots=True)
class ToldFigures:
    """The frozen months that lie whole in some days, None where there is none, and their cells."""

    months: Days | None
    cells: tuple[ToldCell, ...]

    def within(self, days: Days) -> ToldFigures:
        """Those of the months that lie whole in fewer days."""
        months = whole_months_in(days, self.months.last) if self.months else None
        if months is None:
            return ToldFigures(None, ())
        first, last = month_of(months.first), month_of(months.last)
        return ToldFigures(months, tuple(c for c in self.cells if first <= c.month <= last))


def whole_months_in(days: Days, told_through: date | None) -> Days | None:
    """The whole months of some days, up to one that is told; None where there is none.

    >>> whole_months_in(Days(date(2026, 1, 2), date(2026, 4, 29)), date(2026, 4, 30))
    Days(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 3, 31))
    """
    if told_through is None:
        return None
    day = timedelta(days=1)
    first = month_begins(month_of(days.first - day) + 1)
    last = month_begins(month_of(min(days.last, told_through) + day)) - day
    return Days(first, last) if first <= last else None


def counts_by_event(cells: Iterable[ToldCell]) -> Mapping[ReferralStatus, int]:
    """So many of each event."""
    found: dict[ReferralStatus, int] = {}
    for one in cells:
        found[one.event] = found.get(one.event, 0) + one.referrals
    return found


def measure_told(
    figure: Figure, counts: Mapping[ReferralStatus, int], months: Days | None
) -> Measured | None:
    """A figure by what is told of some months; None where that does not tell it."""
    if months is None or figure is Figure.ANSWERED_IN_TIME:
        return None
    if figure in _COUNTED:
        return Measured(counts.get(_COUNTED[figure], 0), None, months.number)
    whole = counts.get(ReferralStatus.DELIVERED, 0)
    part = counts.get(_SHARED[figure], 0)
    # Each is rounded on its own, and what is taken up can have been handed over before.
    return Measured(part, whole, months.number) if part <= whole else None


def told_verdict(figure: Figure, before: Measured | None, after: Measured | None) -> Verdict:
    """What two windows of told figures say."""
    if before is None or after is None:
        return Verdict.NOT_MEASURED
    return compare(figure, before, after).verdict
