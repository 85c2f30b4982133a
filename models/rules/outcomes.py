"""How a hire turned out: early exits, what is owed for them, and which milestones are reached.

Days stayed are counted from the day of joining to the last day of employment: who joins on 1 April
and leaves on 1 May has stayed 30 days. A guarantee of 90 days covers whoever stayed fewer than 90.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.errors import Forbidden, InvalidInput
from models.rules.lifecycles import HireStatus
from models.vocabulary.text import Text

MILESTONE_DAYS = (30, 90, 180)
"""The milestones of a hire, in days stayed."""

REFUND_STEPS_MAX = 12

RefundRows = list[dict[str, int]]
"""A schedule as it is stored."""


class ExitReason(StrEnum):
    """Why a person left, in the widest of words: what lies behind it is theirs."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"
    AGREED = "AGREED"
    TERM_ENDED = "TERM_ENDED"


class NotRecorder(Forbidden):
    """Only the side that recorded an exit, or a consortium admin, takes it back."""

    text = Text(
        ja="退職の記録を取り消せるのは、記録した側とコンソーシアム管理者だけです。"
        "記録した側にご連絡ください。",
        en="Only the side that recorded this exit, or a consortium admin, can take it back. "
        "Ask the side that recorded it.",
    )


@dataclass(frozen=True, slots=True)
class RefundStep:
    """Who stayed fewer than ``days`` days: so many percent of the fee are owed back."""

    days: int
    percent: int


STANDARD_REFUNDS = (RefundStep(30, 80), RefundStep(90, 50))
"""The schedule of a guarantee of 90 days where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The part of the rules that judges an exit."""

    days: int
    refunds: Sequence[RefundStep]


@dataclass(frozen=True, slots=True)
class JudgedExit:
    """What an exit makes of a hire. ``refund_yen`` is none where no fee is owed back."""

    status: HireStatus
    refund_yen: int | None


def refund_rows(steps: Iterable[RefundStep]) -> RefundRows:
    """A schedule as it is stored."""
    return [{"days": step.days, "percent": step.percent} for step in steps]


def refunds_of(rows: Iterable[Mapping[str, int]]) -> list[RefundStep]:
    """A stored schedule."""
    return [RefundStep(row["days"], row["percent"]) for row in rows]


def standard_refunds(guarantee_days: int) -> list[RefundStep]:
    """The schedule where none is said: the standard one, cut or stretched to the guarantee."""
    if not guarantee_days:
        return []
    first, last = STANDARD_REFUNDS
    if guarantee_days <= first.days:
        return [RefundStep(guarantee_days, first.percent)]
    return [first, RefundStep(guarantee_days, last.percent)]


def check_refunds(steps: Sequence[RefundStep], guarantee_days: int) -> None:
    """Raise `InvalidInput` unless days ascend to the guarantee's end and percents are percents."""
    days = [step.days for step in steps]
    ascending = all(before < after for before, after in zip([0, *days], days, strict=False))
    ends_with_guarantee = (days[-1] if days else 0) == guarantee_days
    percents = all(0 <= step.percent <= 100 for step in steps)
    if not (ascending and ends_with_guarantee and percents and len(days) <= REFUND_STEPS_MAX):
        raise InvalidInput(
            "refundSchedule",
            ja="返金表は日数の小さい順に、割合は0〜100％で、最後の日数が保証日数"
            f"（{guarantee_days}日）と同じになるよう{REFUND_STEPS_MAX}段階以内で指定してください。",
            en=f"Give at most {REFUND_STEPS_MAX} steps with ascending days, the last of them the "
            f"guarantee's {guarantee_days}, and percents from 0 to 100.",
        )


def guarantee_ends_on(joined_on: date, guarantee_days: int) -> date | None:
    """The last day on which leaving is leaving early; none without a guarantee."""
    return joined_on + timedelta(days=guarantee_days - 1) if guarantee_days else None


def refund_yen_of(fee_yen: int, stayed_days: int, steps: Iterable[RefundStep]) -> int:
    """What of a fee is owed back, in whole yen.

    The first step with more days than the person stayed holds; none after the last. Half a yen is
    rounded up and less is dropped, as Japan's law on the unit of currency (art. 3) has it for
    payments where nothing else is agreed.
    """
    for step in steps:
        if stayed_days < step.days:
            return (fee_yen * step.percent + 50) // 100
    return 0


def judge_exit(
    *, joined_on: date, left_on: date, fee_yen: int, is_free: bool, guarantee: Guarantee
) -> JudgedExit:
    """Whether a person left early, and what of the fee is then owed back."""
    stayed_days = (left_on - joined_on).days
    if stayed_days >= guarantee.days:
        return JudgedExit(HireStatus.LEFT, None)
    refund_yen = None if is_free else refund_yen_of(fee_yen, stayed_days, guarantee.refunds)
    return JudgedExit(HireStatus.LEFT_EARLY, refund_yen)


def check_left_on(left_on: date, *, joined_on: date, today: date) -> None:
    """Raise `InvalidInput` for a last day before joining or after today."""
    if not joined_on <= left_on <= today:
        raise InvalidInput(
            "leftOn",
            ja="最終在籍日には、入社日から本日までの日付を入力してください。",
            en="Let the last day be between the day of joining and today.",
        )


def milestones_reached(joined_on: date, left_on: date | None, on: date) -> list[int]:
    """The milestones that a person has reached by the end of a day, in days stayed."""
    until = on if left_on is None else min(on, left_on)
    return [days for days in MILESTONE_DAYS if joined_on + timedelta(days=days) <= until]


def next_milestone_on(joined_on: date, left_on: date | None, noted: Iterable[int]) -> date | None:
    """The day of the first milestone that is not noted yet and can still be reached."""
    known = set(noted)
    for days in MILESTONE_DAYS:
        reached_on = joined_on + timedelta(days=days)
        if days not in known and (left_on is None or reached_on <= left_on):
            return reached_on
    return None
