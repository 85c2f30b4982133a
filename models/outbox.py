"""Events: rows written in the same transaction as what they tell of."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.base import ordered_id
from models.session import WriteSession
from models.tables.records import OutboxEvent
from models.upsert import plain_insert


class EventType(StrEnum):
    """What can happen that someone outside the transaction wants to know."""

    USER_INVITED = "user.invited"
    PASSWORD_RESET_REQUESTED = "user.password_reset_requested"
    """Also for an unknown address, to which nothing is mailed."""
    REGISTRATION_STARTED = "registration.started"
    REGISTRATION_COMPLETED = "registration.completed"
    SIGN_IN_REQUESTED = "candidate.sign_in_requested"
    SIGN_IN_UNKNOWN = "candidate.sign_in_unknown"
    """Nobody acts on it: it keeps the time of the answer the same for unknown addresses."""
    AGREEMENT_ASKED = "referral.agreement_asked"
    DELIVERED_AT_ONCE = "referral.delivered_at_once"
    """By a standing consent: the candidate is told, not asked."""
    MOVE_ASKED = "case.move_asked"
    CANDIDATE_ERASED = "candidate.erased"
    """Nothing is mailed: the address is gone. The page itself confirms it."""
    DELETION_NOTICED = "candidate.deletion_noticed"
    REQUEST_ENDED = "request.ended"
    """A candidate's request is answered or refused."""
    MAILING_STARTED = "mailing.started"
    REJECTION_QUEUED = "rejection.queued"
    REFERRAL_CHANGED = "referral.changed"
    FREE_HIRE_EARNED = "free_hire.earned"
    PARTNERSHIP_CHANGED = "partnership.changed"
    LISTING_DUE = "partnership.listing_due"
    """The pool is to be brought in line with a partnership, from one candidate on."""
    HIRE_MILESTONE = "hire.milestone"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    """Told to one organization that had been shown something on it."""
    INTRODUCTION_REQUESTED = "referral.introduction_requested"
    NOTICE_DUE = "notice.due"
    """An organization's people are to be told of something: each gets a mail."""
    NOTICE_QUEUED = "notice.queued"
    NETWORK_CHANGED = "network.changed"
    """A month was frozen, or a source of flows imported or removed: answers may differ now."""
    SURVEY_DUE = "survey.due"


WORKED = frozenset(
    {
        EventType.USER_INVITED,
        EventType.PASSWORD_RESET_REQUESTED,
        EventType.REGISTRATION_STARTED,
        EventType.REGISTRATION_COMPLETED,
        EventType.SIGN_IN_REQUESTED,
        EventType.AGREEMENT_ASKED,
        EventType.DELIVERED_AT_ONCE,
        EventType.MOVE_ASKED,
        EventType.DELETION_NOTICED,
        EventType.REQUEST_ENDED,
        EventType.MAILING_STARTED,
        EventType.REJECTION_QUEUED,
        EventType.LISTING_DUE,
        EventType.NOTICE_DUE,
        EventType.NOTICE_QUEUED,
        EventType.SURVEY_DUE,
    }
)
"""The events a worker acts on: some queue mails, a listing goes on, the others send one.

The rest only tell listeners.
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``refs`` are ids, never what they point at."""

    type: EventType
    consortium_id: uuid.UUID
    refs: Mapping[str, str]
    id: uuid.UUID = field(default_factory=ordered_id)


async def emit(tx: WriteSession, *events: Event) -> None:
    """Write events into the outbox. Workers take them once the transaction is committed."""
    if not events:
        return
    rows = [
        {
            "id": event.id,
            "consortium_id": event.consortium_id,
            "type": event.type.value,
            "refs": dict(event.refs),
            "created_at": tx.now,
            "due_at": tx.now if event.type in WORKED else None,
            "attempts": 0,
            "done_at": None if event.type in WORKED else tx.now,
        }
        for event in events
    ]
    await tx.execute(plain_insert(OutboxEvent), rows)
    tx.events.extend(events)
