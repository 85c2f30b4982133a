"""What a partnership's terms may say, and when every party has said yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from models.errors import DomainError, Forbidden, InvalidInput
from models.rules.bounds import require_between
from models.rules.lifecycles import PartyStatus, TermsStatus
from models.rules.rewards import ClauseOffered, check_clauses
from models.rules.sharing import CandidateField
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.text import Text

PARTIES_MIN = 2
PARTIES_MAX = 20
NAME_CHARS_MAX = 80
REASON_CHARS_MAX = 500
SHARED_DAYS_MAX = 365
NOTICE_DAYS_MAX = 180
OVERDUE_DAYS = 14
"""An answer that was waited for longer is overdue."""
ASK_AGAIN_DAYS = 90
"""So long a company does not ask a candidate again who did not agree."""


class PartnershipDeed(StrEnum):
    """What happened to a partnership, for its history."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    BEGAN = "BEGAN"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    GAVE_NOTICE = "GAVE_NOTICE"
    LEFT = "LEFT"
    ENDED = "ENDED"
    TERMS_PROPOSED = "TERMS_PROPOSED"
    TERMS_ACCEPTED = "TERMS_ACCEPTED"
    TERMS_REJECTED = "TERMS_REJECTED"
    TERMS_IN_FORCE = "TERMS_IN_FORCE"
    FUNDING_ACCEPTED = "FUNDING_ACCEPTED"
    FUNDING_DECLINED = "FUNDING_DECLINED"
    FUNDING_STOPPED = "FUNDING_STOPPED"


class NotParty(Forbidden):
    """Only a company that takes part can do this."""

    text = Text(
        ja="この操作ができるのは、提携に参加している企業だけです。",
        en="Only a company that takes part in the partnership can do this.",
    )


class NotProposer(Forbidden):
    """Only who proposed a partnership takes the proposal back."""

    text = Text(
        ja="提案を取り下げられるのは、提案した側だけです。",
        en="Only who made the proposal can withdraw it.",
    )


class NotSuspender(Forbidden):
    """Only who suspended a partnership, or a consortium admin, resumes it."""

    text = Text(
        ja="停止を解除できるのは、停止した企業とコンソーシアムの管理者だけです。",
        en="Only the company that suspended the partnership, or a consortium admin, resumes it.",
    )


class AlreadyAnswered(DomainError):
    """The party has given its answer."""

    code = "ALREADY_ANSWERED"
    text = Text(ja="既に回答済みです。", en="Your company has answered already.")


class AmendmentPending(DomainError):
    """One amendment waits for the parties; another has to wait for it."""

    code = "AMENDMENT_PENDING"
    text = Text(
        ja="回答待ちの変更案があります。決まってから、または却下してから提案してください。",
        en="An amendment is waiting for answers. Propose another once it is decided.",
    )


class NotBetween(DomainError):
    """No partnership in force lets one company show candidates to the other."""

    code = "NO_PARTNERSHIP"
    text = Text(
        ja="この企業との有効な提携がありません。",
        en="There is no partnership in force with this company.",
    )


class NotCovered(NotBetween):
    """The companies are partners, and no terms of theirs are for the job category."""

    text = Text(
        ja="この企業との提携条件は、この職種を含みません。条件に含まれる職種を選ぶか、条件の変更を"
        "提案してください。",
        en="The terms with this company do not cover this job category. Choose one that they "
        "cover, or propose other terms.",
    )


class AskedLately(DomainError):
    """The candidate was asked by this company not long ago."""

    code = "ASKED_LATELY"
    text = Text(
        ja=f"この候補者には最近お尋ね済みです。{ASK_AGAIN_DAYS}日経ってからお試しください。",
        en=f"Your company asked this candidate not long ago. Ask again after {ASK_AGAIN_DAYS} "
        "days.",
    )


@dataclass(frozen=True, slots=True)
class TermsOffered:
    """What one version of the terms says."""

    fields: tuple[CandidateField, ...]
    """What is shown: in the pool those that do not identify, after the candidate's yes all."""
    categories: tuple[str, ...]
    """For which job categories; none means for all."""
    shared_days: int
    """So long what an agreed referral showed can be read, whatever becomes of the partnership."""
    notice_days: int
    """So long before leaving a party says so."""
    rewards: tuple[ClauseOffered, ...] = ()
    """What is promised for referrals between the parties."""


def check_terms(terms: TermsOffered) -> TermsOffered:
    """The terms, each field and category once and in order. Raises `InvalidInput`."""
    return TermsOffered(
        check_fields(terms.fields, "terms", "fields"),
        check_categories(terms.categories, "terms", "categories"),
        require_between(("terms", "sharedDays"), terms.shared_days, 1, SHARED_DAYS_MAX),
        require_between(("terms", "noticeDays"), terms.notice_days, 0, NOTICE_DAYS_MAX),
        check_clauses(terms.rewards),
    )


def check_fields(fields: Collection[CandidateField], *path: str) -> tuple[CandidateField, ...]:
    """Fields that are shown, each once and in order. Raises `InvalidInput` where there is none."""
    found = tuple(field for field in CandidateField if field in fields)
    if not found:
        raise InvalidInput(
            *path,
            ja="見せる項目を1つ以上選んでください。",
            en="Choose at least one field that is shown.",
        )
    return found


def check_categories(codes: Collection[str], *path: str) -> tuple[str, ...]:
    """Job categories, each once and in order, none meaning all. Raises `InvalidInput`."""
    if len(codes) > len(JOB_CATEGORIES) or not JOB_CATEGORIES.keys() >= set(codes):
        raise InvalidInput(
            *path,
            ja="職種は一覧のコードで指定してください。",
            en="Give job categories by their codes.",
        )
    return tuple(sorted(set(codes)))


def check_parties(companies: Collection[UUID], path: str = "companyIds") -> None:
    """Raise `InvalidInput` unless there are so many different companies as a partnership has."""
    if not PARTIES_MIN <= len(set(companies)) <= PARTIES_MAX:
        raise InvalidInput(
            path,
            ja=f"提携は{PARTIES_MIN}社以上{PARTIES_MAX}社以下で組みます。",
            en=f"A partnership has {PARTIES_MIN} to {PARTIES_MAX} different companies.",
        )


def covers(categories: Collection[str], category: str | None) -> bool:
    """Whether terms for these job categories, none meaning all, are for this one."""
    return not categories or category in categories


def is_agreed(parties: Iterable[PartyStatus]) -> bool:
    """Whether a proposal has every party's yes: each one asked has joined."""
    return all(status is PartyStatus.JOINED for status in parties)


def all_accepted(joined: Collection[UUID], accepted: Collection[UUID]) -> bool:
    """Whether a version of the terms has the yes of every company that takes part."""
    return set(joined) <= set(accepted)


def goes_on(joined: Collection[UUID]) -> bool:
    """Whether enough companies are left for a partnership."""
    return len(set(joined)) >= PARTIES_MIN


@dataclass(frozen=True, slots=True)
class TermsState:
    """Where a version of the terms stands, and since when."""

    status: TermsStatus
    in_force_at: datetime | None
    ended_at: datetime | None


def terms_as_of(state: TermsState, left_at: datetime | None) -> TermsState:
    """Where a version stood when a company left; as it stands for one that takes part still.

    What came about by the leaving itself is after it.
    """
    if left_at is None:
        return state
    in_force_at = state.in_force_at if state.in_force_at and state.in_force_at < left_at else None
    if state.ended_at is not None and state.ended_at < left_at:
        return TermsState(state.status, in_force_at, state.ended_at)
    status = TermsStatus.IN_FORCE if in_force_at else TermsStatus.PROPOSED
    return TermsState(status, in_force_at, None)


def is_overdue(waiting_since: datetime | None, at: datetime) -> bool:
    """Whether an answer has been waited for too long."""
    return waiting_since is not None and waiting_since < at - timedelta(days=OVERDUE_DAYS)
