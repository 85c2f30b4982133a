"""When a candidate's record is needed no more: what counts as activity, and the steps to its end.

A record goes some months after the last activity. Two mails come before, each once for the same
silence; who does not answer them has answered.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RETENTION_MONTHS_MIN, RETENTION_MONTHS_MAX = 3, 24
OPEN_INTRODUCTION_HOLDS_FOR = timedelta(days=366)
"""So long after its last step an introduction that nobody ended still keeps the record: an offer is
made at most that long before the work begins, and a forgotten one keeps nothing for ever."""
TRACKED_AFTER_JOINING = timedelta(days=180)
"""A hire keeps the record until its last milestone, or the end of a longer guarantee."""


class NoticeStage(StrEnum):
    """Which of the two mails."""

    FIRST = "FIRST"
    LAST = "LAST"


NOTICE_BEFORE: Mapping[NoticeStage, timedelta] = {
    NoticeStage.FIRST: timedelta(days=30),
    NoticeStage.LAST: timedelta(days=7),
}
"""How long before the end each mail is sent, at the latest."""


class ErasureReason(StrEnum):
    """Why a person was erased, for the audit log."""

    OWN_WISH = "OWN_WISH"
    SILENCE = "SILENCE"
    RESTORED = "RESTORED"
    """A restored backup had brought back who was erased before."""


@dataclass(frozen=True, slots=True)
class HireFact:
    """One hire of the candidate: from when to when it is followed."""

    joined_at: datetime
    left_at: datetime | None
    guarantee: timedelta


@dataclass(frozen=True, slots=True)
class Life:
    """What there was of a candidate.

    ``last_active_at`` is the last time they did something: registered, signed in, answered,
    changed a detail, sent a request, kept the record.
    """

    last_active_at: datetime
    introductions_ended_at: Sequence[datetime] = ()
    """The last step of each introduction that is over."""
    introductions_moved_at: Sequence[datetime] = ()
    """The last step of each that is open."""
    hires: Sequence[HireFact] = ()
    has_open_request: bool = False


def last_activity(life: Life, now: datetime) -> datetime:
    """The last instant at which the record was needed; ``now`` while it still is.

    An open request needs it, an open introduction for as long as it can still move, and a hire
    until it is followed no more. What looking after a candidate does to an agency's case alone is
    no activity: the person is silent.
    """
    needed = [life.last_active_at, *life.introductions_ended_at]
    needed += [at + OPEN_INTRODUCTION_HOLDS_FOR for at in life.introductions_moved_at]
    needed += [_followed_until(hire) for hire in life.hires]
    if life.has_open_request:
        needed.append(now)
    return min(max(needed), now)


def _followed_until(hire: HireFact) -> datetime:
    if hire.left_at is not None:
        return hire.left_at
    return hire.joined_at + max(TRACKED_AFTER_JOINING, hire.guarantee)


@dataclass(frozen=True, slots=True)
class Notify:
    """Send this mail: it tells that the record goes at this instant."""

    stage: NoticeStage
    goes_at: datetime


@dataclass(frozen=True, slots=True)
class Erase:
    """The record goes now."""


def next_step(
    silent_since: datetime,
    months: int,
    sent_at: Mapping[NoticeStage, datetime],
    now: datetime,
) -> Notify | Erase | None:
    """What is to be done about a silence now; ``sent_at`` are the notices about this one.

    Each mail gives its full time: one that went out late puts the end off.
    """
    goes_at = add_months(silent_since, months)
    for stage, before in NOTICE_BEFORE.items():
        if stage not in sent_at:
            if now < goes_at - before:
                return None
            return Notify(stage, max(goes_at, now + before))
        goes_at = max(goes_at, sent_at[stage] + before)
    return Erase() if now >= goes_at else None


def add_months(instant: datetime, months: int) -> datetime:
    """The same time so many months later; the month's last day where it is shorter.

    >>> from datetime import UTC
    >>> add_months(datetime(2026, 8, 31, tzinfo=UTC), 6)
    datetime.datetime(2027, 2, 28, 0, 0, tzinfo=datetime.timezone.utc)
    """
    number = instant.month - 1 + months
    year, month = instant.year + number // 12, number % 12 + 1
    day = min(instant.day, calendar.monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day)
