"""Whether a registration counts for the company whose link it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LINK_WINDOW = timedelta(minutes=10)
DEVICE_WINDOW = timedelta(days=1)


class CountRule(StrEnum):
    """Whether each company counts a person, or only the first within the window."""

    EACH_COMPANY = "EACH_COMPANY"
    FIRST_WITHIN_WINDOW = "FIRST_WITHIN_WINDOW"


class OpenLinks(StrEnum):
    """Which links count."""

    ALL = "ALL"
    REJECTION_MAIL_ONLY = "REJECTION_MAIL_ONLY"
    NONE = "NONE"


class HoldReason(StrEnum):
    """Why a count waits for a consortium admin."""

    COMPANY_DOMAIN = "COMPANY_DOMAIN"
    LINK_SPEED = "LINK_SPEED"
    MANY_FROM_ONE_DEVICE = "MANY_FROM_ONE_DEVICE"
    LIKELY_SAME_PERSON = "LIKELY_SAME_PERSON"


class NotCountedReason(StrEnum):
    """Why a registration is not counted. The person is served all the same."""

    COUNTED_BEFORE = "COUNTED_BEFORE"
    COUNTED_ELSEWHERE = "COUNTED_ELSEWHERE"
    LINK_NOT_ACTIVE = "LINK_NOT_ACTIVE"
    LINK_NOT_OPEN = "LINK_NOT_OPEN"
    COMPANY_NOT_ACTIVE = "COMPANY_NOT_ACTIVE"
    REVIEWED = "REVIEWED"


@dataclass(frozen=True, slots=True)
class Counted:
    """It counts."""


@dataclass(frozen=True, slots=True)
class Held:
    """It waits for a consortium admin."""

    reason: HoldReason


@dataclass(frozen=True, slots=True)
class NotCounted:
    """It does not count."""

    reason: NotCountedReason


Decision = Counted | Held | NotCounted


@dataclass(frozen=True, slots=True)
class CountRules:
    """The part of a program version that decides about counts."""

    count_rule: CountRule
    window_days: int
    open_links: OpenLinks
    link_limit: int
    device_limit: int


@dataclass(frozen=True, slots=True)
class CountFacts:
    """What is known about a registration when its address is confirmed."""

    counted_before: bool
    """By this company, under this program."""
    counted_elsewhere_at: datetime | None
    """When the person last registered, by then, so that another company counted them."""
    company_is_active: bool
    link_is_active: bool
    link_is_public: bool
    is_company_address: bool
    is_likely_counted: bool
    """Someone with the same telephone number was counted for this company."""
    link_recent: int
    """Registrations completed through the link within `LINK_WINDOW`."""
    device_recent: int
    """Registrations completed from the device within `DEVICE_WINDOW`."""


def count(facts: CountFacts, rules: CountRules, at: datetime) -> Decision:
    """Decide about one registration, confirmed ``at``, under the rules then in force."""
    refusal = _refusal(facts, rules, at)
    if refusal is not None:
        return NotCounted(refusal)
    doubt = _doubt(facts, rules)
    return Held(doubt) if doubt else Counted()


def count_reviewed(facts: CountFacts, rules: CountRules, at: datetime) -> Decision:
    """Decide about one that a consortium admin has released: doubts are settled, rules are not."""
    refusal = _refusal(facts, rules, at)
    return NotCounted(refusal) if refusal else Counted()


def _refusal(facts: CountFacts, rules: CountRules, at: datetime) -> NotCountedReason | None:
    if facts.counted_before:
        return NotCountedReason.COUNTED_BEFORE
    if not facts.company_is_active:
        return NotCountedReason.COMPANY_NOT_ACTIVE
    if not facts.link_is_active:
        return NotCountedReason.LINK_NOT_ACTIVE
    if rules.open_links is OpenLinks.NONE or (
        facts.link_is_public and rules.open_links is OpenLinks.REJECTION_MAIL_ONLY
    ):
        return NotCountedReason.LINK_NOT_OPEN
    if rules.count_rule is CountRule.FIRST_WITHIN_WINDOW and _within(
        facts.counted_elsewhere_at, at, rules.window_days
    ):
        return NotCountedReason.COUNTED_ELSEWHERE
    return None


def _within(earlier: datetime | None, at: datetime, days: int) -> bool:
    # What came after was not first: one judged later is judged as of its own instant.
    return earlier is not None and timedelta(0) <= at - earlier < timedelta(days=days)


def _doubt(facts: CountFacts, rules: CountRules) -> HoldReason | None:
    if facts.is_company_address:
        return HoldReason.COMPANY_DOMAIN
    if facts.is_likely_counted:
        return HoldReason.LIKELY_SAME_PERSON
    if facts.device_recent >= rules.device_limit:
        return HoldReason.MANY_FROM_ONE_DEVICE
    if facts.link_recent >= rules.link_limit:
        return HoldReason.LINK_SPEED
    return None


@dataclass(frozen=True, slots=True)
class PastRegistration:
    """One completed registration of the history, without the person."""

    person: bytes
    company_id: uuid.UUID
    at: datetime
    link_is_public: bool
    stands: bool
    """Nothing but the rules in question could keep it from counting: its link and company were
    active, and no review refused it."""


@dataclass(frozen=True, slots=True)
class ReplayedCompany:
    """What a version would have given one company."""

    company_id: uuid.UUID
    counts: int
    free_hires: int
    remainder: int


def replay(
    history: Iterable[PastRegistration], rules: CountRules, counts_per_free_hire: int
) -> list[ReplayedCompany]:
    """Judge the whole history by one version. ``history`` is in order of time."""
    counts: dict[uuid.UUID, int] = {}
    seen: set[tuple[uuid.UUID, bytes]] = set()
    last_counted: dict[bytes, tuple[uuid.UUID, datetime]] = {}
    for past in history:
        counts.setdefault(past.company_id, 0)
        key = (past.company_id, past.person)
        if not past.stands or key in seen:
            continue
        elsewhere = last_counted.get(past.person)
        facts = CountFacts(
            counted_before=False,
            counted_elsewhere_at=elsewhere[1] if elsewhere else None,
            company_is_active=True,
            link_is_active=True,
            link_is_public=past.link_is_public,
            is_company_address=False,
            is_likely_counted=False,
            link_recent=0,
            device_recent=0,
        )
        if isinstance(count_reviewed(facts, rules, past.at), Counted):
            seen.add(key)
            last_counted[past.person] = (past.company_id, past.at)
            counts[past.company_id] += 1
    return [
        ReplayedCompany(company_id, total, *divmod(total, counts_per_free_hire))
        for company_id, total in counts.items()
    ]
