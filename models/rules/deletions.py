"""What a recipient is asked to delete once a candidate no longer allows that it has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.rules.lifecycles import DeletionStatus
from models.rules.sharing import IDENTIFYING, CandidateField

DUE_DAYS = 14
"""So long a recipient has to delete and to confirm it."""
REMIND_DAYS = 3
"""So long before that day it is reminded."""


class DeletionReason(StrEnum):
    """Why a recipient is to delete, as far as it may know.

    Whom a candidate blocks is theirs to know: it reads as any other end of what they allowed.
    """

    NO_LONGER_ALLOWED = "NO_LONGER_ALLOWED"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class Given:
    """Something that was provided to a recipient: since when, and whether it may read it still."""

    fields: frozenset[CandidateField]
    at: datetime
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a recipient confirmed to have deleted, of what it had when it was asked."""

    fields: frozenset[CandidateField]
    asked_at: datetime


def to_delete(
    given: Iterable[Given], confirmed: Iterable[Confirmed] = ()
) -> frozenset[CandidateField]:
    """The fields that a recipient is to delete: nothing, unless some of them identify the person.

    It is what was given, less what may be read still, and less what was deleted since. What
    identifies nobody has no file that the recipient could find by it.
    """
    given, confirmed = list(given), list(confirmed)
    kept = frozenset[CandidateField]().union(*(one.fields for one in given if one.is_allowed))
    rest = frozenset(
        field
        for one in given
        for field in one.fields - kept
        if not any(field in done.fields and one.at <= done.asked_at for done in confirmed)
    )
    return rest if rest & IDENTIFYING else frozenset()


def still_to_delete(
    fields: frozenset[CandidateField], allowed: frozenset[CandidateField]
) -> frozenset[CandidateField]:
    """What of an open request is left once the candidate allows some of it anew."""
    rest = fields - allowed
    return rest if rest & IDENTIFYING else frozenset()


def next_notice(due_at: datetime, at: datetime) -> datetime | None:
    """When the recipient is told next: before the day, when it is over, and then no more.

    >>> next_notice(datetime(2026, 1, 15), datetime(2026, 1, 1))
    datetime.datetime(2026, 1, 12, 0, 0)
    >>> next_notice(datetime(2026, 1, 15), datetime(2026, 1, 12))
    datetime.datetime(2026, 1, 15, 0, 0)
    """
    for notice_at in (due_at - timedelta(days=REMIND_DAYS), due_at):
        if at < notice_at:
            return notice_at
    return None


def is_overdue(status: DeletionStatus, due_at: datetime, at: datetime) -> bool:
    """Whether the recipient should have confirmed by now."""
    return status is DeletionStatus.OPEN and due_at <= at
