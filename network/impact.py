"""What the network did for people, as an organization or the consortium is told it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from models.errors import InvalidInput
from models.reads.members import smallest_count_of
from models.reads.surveys import survey_cells
from models.rules.flows import local_day
from models.rules.rounding import draw_for
from models.session import ReadSession
from network.edges import WINDOW_MAX_DAYS, Window, told_table
from network.second_chances import CHANCES_EVENTS, SecondChances, second_chances
from network.told_months import told_months
from network.voices import Voices, voices


@dataclass(frozen=True, slots=True)
class ToldImpact:
    """Second chances and candidates' voices, of the months of a window that are told."""

    months: Window | None
    """None where no month of it is whole, over and frozen: then nothing is told."""
    smallest_count: int
    chances: SecondChances | None
    voices: list[Voices]


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The days that are asked about, none of them to come, and today."""

    asked: Window
    today: date


def impact_window(first: date, last: date, *, now: datetime, time_zone: str) -> AskedDays:
    """The days that a question is about. Raises `InvalidInput` where there are none, or too many.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 6, 12, tzinfo=UTC)
    >>> impact_window(date(2026, 1, 1), date(2026, 12, 31), now=noon, time_zone="UTC").asked.last
    datetime.date(2026, 5, 6)
    """
    today = local_day(now, time_zone)
    try:
        return AskedDays(Window(first, last if first > last else min(last, today)), today)
    except ValueError:
        raise InvalidInput(
            "period",
            ja=f"期間は、今日以前の開始日から終了日まで{WINDOW_MAX_DAYS:,}日以内で指定してください。",
            en="Let the period run from a day that is not to come to a later one, over at most "
            f"{WINDOW_MAX_DAYS:,}.",
        ) from None


async def told_impact(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    today: date,
    own_id: uuid.UUID | None = None,
) -> ToldImpact:
    """What ``own_id`` did for people, or all of the consortium: a fixed number of statements."""
    smallest_count = await smallest_count_of(read, consortium_id)
    months = await told_months(read, consortium_id, window, today=today)
    if months is None:
        return ToldImpact(None, smallest_count, None, [])
    table = await told_table(
        read,
        consortium_id,
        months,
        today=today,
        own_id=own_id,
        from_id=own_id,
        events=CHANCES_EVENTS,
    )
    cells = await survey_cells(
        read, consortium_id, first=months.first, last=months.last, company_id=own_id
    )
    return ToldImpact(
        months,
        smallest_count,
        second_chances(table, own_id),
        voices(cells, draw_for(read.vault.blind, consortium_id)),
    )
