"""The person-free grain in which flows are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WAITING_DAYS = (0, 1, 3, 7, 14, 30, 60, 90, 180, 365)
"""Lower bounds of the waiting-time buckets, in days."""


class Level(StrEnum):
    """What a node of the flow network is."""

    ORGANIZATION = "ORGANIZATION"
    INDUSTRY_DIVISION = "INDUSTRY_DIVISION"
    PREFECTURE = "PREFECTURE"


def waiting_bucket(waited: timedelta) -> int:
    """The lower bound of the bucket that a waiting time falls into."""
    days = max(waited.days, 0)
    return max(bound for bound in WAITING_DAYS if bound <= days)


def local_day(instant: datetime, time_zone: str) -> date:
    """The day of an instant where the consortium is."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def month_of(day: date) -> int:
    """The months since the year 0 at a day, so that they can be counted.

    >>> month_of(date(2026, 1, 31)) - month_of(date(2025, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1


def month_begins(number: int) -> date:
    """The first day of a month.

    >>> month_begins(month_of(date(2025, 12, 31)))
    datetime.date(2025, 12, 1)
    """
    return date(number // 12, number % 12 + 1, 1)


def day_begins(day: date, time_zone: str) -> datetime:
    """The instant at which a day begins where the consortium is."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
