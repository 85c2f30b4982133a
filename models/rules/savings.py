"""What a company saved by hiring through the network, from what it says of itself.

Nothing is invented: a figure that rests on something the company has not stated is missing, and
names what it needs. With, for the hires of a period, each under what was stated for its day,

    c = what one hire outside the network costs
      = stated, or (advertising + hires through agencies x fee) / hires, all of a year,
        with fee = average yearly pay x fee percent / 100
    replaced = hires that lasted x c
    paid     = fees - refunds of all of them, those who left early as well
    saved    = replaced - paid
    net      = saved - what taking part in the network costs in those days
    reduction = net / (hires outside in those days x c + replaced)

A hire that ended within the guarantee replaced nothing: somebody else had to be found. Yearly sums
count by days, a full calendar year exactly once. Everything is reckoned in fractions and rounded
once, to whole yen, half up.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from models.errors import InvalidInput
from models.rules.bounds import require_between, require_text
from models.rules.handovers import FEE_YEN_MAX
from models.vocabulary.text import Text

YEARLY_YEN_MAX = 100_000_000_000
HIRES_A_YEAR_MAX = 100_000
PERCENT_MAX = 100
NOTE_CHARS_MAX = 1_000
VERSIONS_MAX = 60
STATED_FROM = date(2000, 1, 1)
STATED_AHEAD_DAYS = 366
DAY = timedelta(days=1)


class Assumption(StrEnum):
    """What a figure can rest on."""

    COST_PER_HIRE = "COST_PER_HIRE"
    HIRES_A_YEAR = "HIRES_A_YEAR"
    ADVERTISING_A_YEAR = "ADVERTISING_A_YEAR"
    AGENCY_HIRES_A_YEAR = "AGENCY_HIRES_A_YEAR"
    AGENCY_FEE_PERCENT = "AGENCY_FEE_PERCENT"
    YEARLY_PAY = "YEARLY_PAY"
    PARTICIPATION_A_YEAR = "PARTICIPATION_A_YEAR"


ASSUMPTION_NAMES = {
    Assumption.COST_PER_HIRE: Text(
        "ネットワーク外の採用1名あたりの費用", "Cost of one hire outside the network"
    ),
    Assumption.HIRES_A_YEAR: Text(
        "ネットワーク外の年間採用数", "Hires outside the network in a year"
    ),
    Assumption.ADVERTISING_A_YEAR: Text("年間の求人広告費", "Advertising in a year"),
    Assumption.AGENCY_HIRES_A_YEAR: Text(
        "うち人材紹介会社経由の年間採用数", "Of those hires, through agencies for a fee"
    ),
    Assumption.AGENCY_FEE_PERCENT: Text(
        "人材紹介の手数料率（年収に対する％）", "Agencies’ fee, in percent of a year’s pay"
    ),
    Assumption.YEARLY_PAY: Text("採用者の平均年収", "Average yearly pay of those hired"),
    Assumption.PARTICIPATION_A_YEAR: Text(
        "ネットワーク参加の年間費用", "Cost of taking part in the network, in a year"
    ),
}


class HireKind(StrEnum):
    """By which way a person came, and so what was paid."""

    FREE_HIRE = "FREE_HIRE"
    PARTNER = "PARTNER"
    INTRODUCTION = "INTRODUCTION"


HIRE_KIND_NAMES = {
    HireKind.FREE_HIRE: Text("無料採用枠による採用", "Free hires"),
    HireKind.PARTNER: Text("提携企業からの採用", "Hires from partners"),
    HireKind.INTRODUCTION: Text("人材紹介会社からの採用", "Hires through agencies' introductions"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a company states of itself from a day on; None where it states nothing.

    ``cost_per_hire_yen`` and the yearly numbers are of hires outside the network.
    """

    valid_from: date
    cost_per_hire_yen: int | None = None
    hires_a_year: int | None = None
    advertising_yen_a_year: int | None = None
    agency_hires_a_year: int | None = None
    agency_fee_percent: int | None = None
    yearly_pay_yen: int | None = None
    participation_yen_a_year: int | None = None
    note: str | None = None


NOTHING_STATED = Assumptions(valid_from=date.min)


def check_assumptions(stated: Assumptions, today: date) -> None:
    """Raise `InvalidInput` for what lies outside its bounds."""
    last = today + timedelta(days=STATED_AHEAD_DAYS)
    if not STATED_FROM <= stated.valid_from <= last:
        raise InvalidInput(
            "validFrom",
            ja=f"{STATED_FROM}から{last}までの日付を指定してください。",
            en=f"Give a day from {STATED_FROM} to {last}.",
        )
    for path, number, highest in (
        ("costPerHireYen", stated.cost_per_hire_yen, FEE_YEN_MAX),
        ("hiresAYear", stated.hires_a_year, HIRES_A_YEAR_MAX),
        ("advertisingYenAYear", stated.advertising_yen_a_year, YEARLY_YEN_MAX),
        ("agencyHiresAYear", stated.agency_hires_a_year, HIRES_A_YEAR_MAX),
        ("agencyFeePercent", stated.agency_fee_percent, PERCENT_MAX),
        ("yearlyPayYen", stated.yearly_pay_yen, FEE_YEN_MAX),
        ("participationYenAYear", stated.participation_yen_a_year, YEARLY_YEN_MAX),
    ):
        if number is not None:
            require_between(path, number, 0, highest)
    if stated.note is not None:
        require_text("note", stated.note, NOTE_CHARS_MAX)
    if (stated.agency_hires_a_year or 0) > (
        HIRES_A_YEAR_MAX if stated.hires_a_year is None else stated.hires_a_year
    ):
        raise InvalidInput(
            "agencyHiresAYear",
            ja="人材紹介会社経由の採用数が、年間の採用数を上回ることはありません。",
            en="No more people can come through agencies than are hired in all.",
        )


def rounded_yen(amount: Fraction) -> int:
    """Whole yen, half up.

    >>> rounded_yen(Fraction(1, 2)), rounded_yen(Fraction(-1, 2)), rounded_yen(Fraction(4, 3))
    (1, 0, 1)
    """
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def cost_per_hire(stated: Assumptions) -> tuple[Fraction | None, list[Assumption]]:
    """What one hire outside the network costs; and, where that is not known, what it needs.

    >>> of_a_year = Assumptions(
    ...     valid_from=date(2026, 1, 1), hires_a_year=12, advertising_yen_a_year=3_000_000,
    ...     agency_hires_a_year=6, agency_fee_percent=30, yearly_pay_yen=5_000_000)
    >>> cost_per_hire(of_a_year)
    (Fraction(1000000, 1), [])
    >>> cost_per_hire(Assumptions(valid_from=date(2026, 1, 1)))
    (None, [<Assumption.COST_PER_HIRE: 'COST_PER_HIRE'>])
    """
    if stated.cost_per_hire_yen is not None:
        return Fraction(stated.cost_per_hire_yen), []
    parts = {
        Assumption.ADVERTISING_A_YEAR: stated.advertising_yen_a_year,
        Assumption.AGENCY_HIRES_A_YEAR: stated.agency_hires_a_year,
        # Asked for only where somebody comes through an agency.
        Assumption.AGENCY_FEE_PERCENT: stated.agency_fee_percent,
        Assumption.YEARLY_PAY: stated.yearly_pay_yen,
    }
    if all(number is None for number in parts.values()):
        return None, [Assumption.COST_PER_HIRE]
    if stated.agency_hires_a_year == 0:
        del parts[Assumption.AGENCY_FEE_PERCENT], parts[Assumption.YEARLY_PAY]
    needed = [name for name, number in parts.items() if number is None]
    if not stated.hires_a_year:
        needed.insert(0, Assumption.HIRES_A_YEAR)
    if needed:
        return None, needed
    fee = Fraction((stated.yearly_pay_yen or 0) * (stated.agency_fee_percent or 0), 100)
    spent = (stated.advertising_yen_a_year or 0) + (stated.agency_hires_a_year or 0) * fee
    return spent / (stated.hires_a_year or 1), []


@dataclass(frozen=True, slots=True)
class HireFact:
    """One hire of a company: whom it came through, what it cost, and whether it lasted."""

    joined_on: date
    kind: HireKind
    introducer_id: uuid.UUID
    fee_yen: int = 0
    refund_yen: int = 0
    left_on: date | None = None
    is_early_exit: bool = False


@dataclass(frozen=True, slots=True)
class SavingsLine:
    """The hires of one kind, in the days for which the same was stated: a line of the sum.

    ``replaced_yen`` = ``hires`` x the cost of one outside, ``saved_yen`` = ``replaced_yen`` -
    ``paid_yen``; all three None where that cost is not known.
    """

    first: date
    last: date
    kind: HireKind
    hires: int
    """Those that lasted, or still do."""
    early_exits: int
    cost_per_hire_yen: int | None
    replaced_yen: int | None
    paid_yen: int
    saved_yen: int | None


@dataclass(frozen=True, slots=True)
class Needed:
    """An assumption without which a figure is missing, and the first day it is missing for."""

    assumption: Assumption
    first: date


@dataclass(frozen=True, slots=True)
class Savings:
    """What a company saved in the days from ``first`` to ``last``. A figure that is None needs
    something of ``needs``.
    """

    first: date
    last: date
    lines: list[SavingsLine]
    assumptions: list[Assumptions]
    """Those that were in force, by the day from which they hold."""
    replaced_yen: int | None
    paid_yen: int
    saved_yen: int | None
    participation_yen: int | None
    net_saved_yen: int | None
    outside_yen: int | None
    """What the hires outside the network cost in those days."""
    without_network_yen: int | None
    """What all hires would have cost outside: ``outside_yen`` + ``replaced_yen``."""
    reduction_percent: float | None
    """Net saved of that, to one decimal; below 0 where the network cost more."""
    needs: list[Needed] = field(default_factory=list)

    @property
    def hires(self) -> int:
        """Those that lasted, or still do."""
        return sum(line.hires for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days for which one thing was stated."""

    first: date
    last: date
    stated: Assumptions

    @property
    def years(self) -> Fraction:
        """How many calendar years they are, each day by the length of its own year."""
        total, day = Fraction(0), self.first
        while day <= self.last:
            end = min(date(day.year, 12, 31), self.last)
            length = (date(day.year, 12, 31) - date(day.year, 1, 1)).days + 1
            total += Fraction((end - day).days + 1, length)
            if end == self.last:
                break
            day = end + DAY
        return total


def savings(
    hires: Iterable[HireFact], versions: Iterable[Assumptions], *, first: date, last: date
) -> Savings:
    """What the hires of the days from ``first`` to ``last`` saved. The module has the formula.

    ``versions`` may be in any order; hires of other days are left out.
    """
    if first > last:
        raise ValueError("a period ends on or after the day it begins")
    stretches = _stretches(sorted(versions, key=lambda one: one.valid_from), first, last)
    known = [hire for hire in hires if first <= hire.joined_on <= last]
    lines = [line for one in stretches for line in _lines(one, known)]
    return _summed(first, last, stretches, lines)


def _stretches(versions: Sequence[Assumptions], first: date, last: date) -> list[_Stretch]:
    before = [one for one in versions if one.valid_from <= first]
    begun = [
        (first, before[-1] if before else NOTHING_STATED),
        *((one.valid_from, one) for one in versions if first < one.valid_from <= last),
    ]
    ends = [day - DAY for day, _ in begun[1:]] + [last]
    return [_Stretch(day, end, one) for (day, one), end in zip(begun, ends, strict=True)]


def _lines(stretch: _Stretch, hires: Iterable[HireFact]) -> list[SavingsLine]:
    by_kind: dict[HireKind, list[HireFact]] = defaultdict(list)
    for hire in hires:
        if stretch.first <= hire.joined_on <= stretch.last:
            by_kind[hire.kind].append(hire)
    cost, _ = cost_per_hire(stretch.stated)
    return [_line(stretch, kind, by_kind[kind], cost) for kind in HireKind if kind in by_kind]


def _line(
    stretch: _Stretch, kind: HireKind, hires: Sequence[HireFact], cost: Fraction | None
) -> SavingsLine:
    early = sum(hire.is_early_exit for hire in hires)
    lasted = len(hires) - early
    paid = sum(hire.fee_yen - hire.refund_yen for hire in hires)
    # Without a hire that lasted nothing was replaced, whatever one costs.
    replaced = 0 if not lasted else None if cost is None else rounded_yen(lasted * cost)
    return SavingsLine(
        first=stretch.first,
        last=stretch.last,
        kind=kind,
        hires=lasted,
        early_exits=early,
        cost_per_hire_yen=None if cost is None else rounded_yen(cost),
        replaced_yen=replaced,
        paid_yen=paid,
        saved_yen=None if replaced is None else replaced - paid,
    )


def _summed(
    first: date, last: date, stretches: Sequence[_Stretch], lines: list[SavingsLine]
) -> Savings:
    replaced = _total([line.replaced_yen for line in lines])
    paid = sum(line.paid_yen for line in lines)
    saved = None if replaced is None else replaced - paid
    participation = _yearly([(one, one.stated.participation_yen_a_year) for one in stretches])
    net = None if saved is None or participation is None else saved - participation
    outside = _yearly([(one, _outside_a_year(one.stated)) for one in stretches])
    without = None if outside is None or replaced is None else outside + replaced
    return Savings(
        first=first,
        last=last,
        lines=lines,
        assumptions=[one.stated for one in stretches if one.stated is not NOTHING_STATED],
        replaced_yen=replaced,
        paid_yen=paid,
        saved_yen=saved,
        participation_yen=participation,
        net_saved_yen=net,
        outside_yen=outside,
        without_network_yen=without,
        reduction_percent=_percent(net, without),
        needs=_needs(stretches, lines),
    )


def _total(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if None in known else sum(amount for amount in known if amount is not None)


def _yearly(amounts: Iterable[tuple[_Stretch, int | Fraction | None]]) -> int | None:
    """Yearly amounts by the days they held for; None where one is not known."""
    total = Fraction(0)
    for stretch, amount in amounts:
        if amount is None:
            return None
        total += amount * stretch.years
    return rounded_yen(total)


def _outside_a_year(stated: Assumptions) -> Fraction | None:
    if stated.hires_a_year == 0:
        return Fraction(0)
    cost, _ = cost_per_hire(stated)
    return None if cost is None or stated.hires_a_year is None else cost * stated.hires_a_year


def _percent(part: int | None, whole: int | None) -> float | None:
    if part is None or not whole:
        return None
    tenths = Fraction(1_000 * part, whole)
    return rounded_yen(tenths) / 10


def _needs(stretches: Sequence[_Stretch], lines: Sequence[SavingsLine]) -> list[Needed]:
    """What is missing, each once, from the first day for which it is."""
    found: dict[Assumption, date] = {}
    hired_in = {line.first for line in lines if line.hires}
    for one in stretches:
        stated = one.stated
        asked: list[Assumption] = []
        if one.first in hired_in or stated.hires_a_year != 0:
            asked += cost_per_hire(stated)[1]
        if stated.hires_a_year is None:
            asked.append(Assumption.HIRES_A_YEAR)
        if stated.participation_yen_a_year is None:
            asked.append(Assumption.PARTICIPATION_A_YEAR)
        for assumption in asked:
            found.setdefault(assumption, one.first)
    return [Needed(assumption, day) for assumption, day in found.items()]
