"""How good the matches were: what became of the introductions, by where the opening stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select

from models.access import Actor, Permission, require
from models.errors import InvalidInput
from models.rules.lifecycles import Channel, ReferralStatus
from models.session import ReadSession
from models.tables.matches import MatchRecord
from models.tables.referrals import Referral, ReferralStep
from models.visibility import given_referrals

TOP = 10
MONTHS_MAX = 24


@dataclass(frozen=True, slots=True)
class MonthOfMatches:
    """The introductions of one month whose standing was recorded, and what became of them."""

    month: date
    """Its first day."""
    introduced: int
    in_top_ten: int
    accepted_of_top_ten: int
    accepted_of_others: int


async def match_quality(
    read: ReadSession, actor: Actor, *, first_day: date, last_day: date
) -> list[MonthOfMatches]:
    """The agency's own introductions by the month in which they were made, the earliest first.

    Those without an opening, or to one that was not among those considered, had no standing and
    are not counted. Accepted is what the company took up, whatever came after. Raises `Forbidden`,
    and `InvalidInput` for days in the wrong order or more than two years.
    """
    require(actor, Permission.READ_CASES)
    _check(first_day, last_day)
    was_accepted = exists(
        select(ReferralStep.referral_id).where(
            ReferralStep.referral_id == Referral.id,
            ReferralStep.status == ReferralStatus.ACCEPTED,
        )
    )
    made = (
        select(
            Referral.created_on,
            (MatchRecord.rank <= TOP).label("is_top"),
            was_accepted.label("was_accepted"),
        )
        .join(MatchRecord, MatchRecord.referral_id == Referral.id)
        .where(
            given_referrals(actor),
            Referral.channel == Channel.AGENCY_INTRODUCTION,
            Referral.created_on.between(first_day, last_day),
        )
        .subquery()
    )
    days = select(*made.c, func.count().label("number")).group_by(*made.c)
    return _by_month((await read.execute(days)).all())


def _check(first_day: date, last_day: date) -> None:
    months = (last_day.year - first_day.year) * 12 + last_day.month - first_day.month
    if last_day < first_day or months >= MONTHS_MAX:
        raise InvalidInput(
            "lastDay",
            ja=f"期間は開始日から{MONTHS_MAX}か月以内で指定してください。",
            en=f"Let the last day be within {MONTHS_MAX} months of the first.",
        )


def _by_month(rows: Sequence[Any]) -> list[MonthOfMatches]:
    counted: Counter[tuple[date, bool, bool]] = Counter()
    for row in rows:
        month = row.created_on.replace(day=1)
        counted[month, bool(row.is_top), bool(row.was_accepted)] += row.number
    told = []
    for month in sorted({month for month, _, _ in counted}):
        top = counted[month, True, True], counted[month, True, False]
        others = counted[month, False, True], counted[month, False, False]
        told.append(
            MonthOfMatches(
                month=month,
                introduced=sum(top) + sum(others),
                in_top_ten=sum(top),
                accepted_of_top_ten=top[0],
                accepted_of_others=others[0],
            )
        )
    return told
