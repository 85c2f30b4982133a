"""What waits for somebody's answer: how much of each kind, and how much of it for too long.

Only kinds that concern the role of who looks are counted, and of those only what they see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, false, func, literal, select, union_all

from models.access import Actor, Permission
from models.reads.members import consortium_of
from models.rules.flows import local_day
from models.rules.lifecycles import (
    CountStatus,
    DeletionStatus,
    PartnershipStatus,
    PartyStatus,
    ReferralStatus,
    RequestStatus,
    TermsStatus,
)
from models.rules.partnerships import OVERDUE_DAYS
from models.session import ReadSession
from models.tables.deletions import DeletionRequest
from models.tables.partnerships import Partnership, PartnershipParty, Terms, TermsAcceptance
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from models.tables.requests import CandidateRequest
from models.tables.rewards import Funding
from models.visibility import (
    received_referrals,
    visible_deletion_requests,
    visible_fundings,
    visible_partnerships,
    visible_registrations,
    visible_requests,
    visible_terms,
)

_LASTING = (PartnershipStatus.ACTIVE, PartnershipStatus.SUSPENDED)


class WaitingKind(StrEnum):
    """What waits."""

    PROPOSALS = "PROPOSALS"
    TERMS = "TERMS"
    INTRODUCTIONS = "INTRODUCTIONS"
    FUNDINGS = "FUNDINGS"
    DELETIONS = "DELETIONS"
    REQUESTS = "REQUESTS"
    HELD_COUNTS = "HELD_COUNTS"
    ANSWERS = "ANSWERS"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things of a kind wait, and how many of them for longer than they should."""

    kind: WaitingKind
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class _Look:
    """Who looks, when."""

    actor: Actor
    now: Any
    today: Any

    @property
    def long_ago(self) -> Any:
        """Before then, an answer is late."""
        return self.now - timedelta(days=OVERDUE_DAYS)


async def waiting(read: ReadSession, actor: Actor) -> Sequence[Waiting]:
    """What waits for the actor, in one statement; kinds of which nothing waits are left out."""
    zone = (await consortium_of(read, actor)).time_zone
    look = _Look(actor, read.now, local_day(read.now, zone))
    asked = [
        source(look).add_columns(literal(kind.value).label("kind"))
        for kind, (permission, source) in _SOURCES.items()
        if actor.may(permission) and _is_of(kind, actor)
    ]
    if not asked:
        return []
    rows = (await read.execute(union_all(*asked))).all()
    found = {WaitingKind(row.kind): Waiting(WaitingKind(row.kind), row[0], row[1]) for row in rows}
    return [found[kind] for kind in WaitingKind if kind in found and found[kind].count]


def _is_of(kind: WaitingKind, actor: Actor) -> bool:
    """Answers are a company's to give; that they are waited for is the consortium's to know."""
    companys = kind in (WaitingKind.PROPOSALS, WaitingKind.TERMS)
    if kind is WaitingKind.ANSWERS:
        return actor.organization_id is None
    return not companys or actor.organization_id is not None


def _counted(table: Any, *conditions: Any, overdue: Any) -> Any:
    return (
        select(func.count().label("count"), func.count().filter(overdue).label("overdue"))
        .select_from(table)
        .where(*conditions)
    )


def _proposals(look: _Look) -> Any:
    invited = exists(
        select(PartnershipParty.company_id).where(
            PartnershipParty.partnership_id == Partnership.id,
            PartnershipParty.company_id == look.actor.organization_id,
            PartnershipParty.status == PartyStatus.INVITED,
        )
    )
    return _counted(
        Partnership,
        visible_partnerships(look.actor),
        Partnership.status == PartnershipStatus.PROPOSED,
        invited,
        overdue=Partnership.created_at < look.long_ago,
    )


def _terms(look: _Look) -> Any:
    accepted = exists(
        select(TermsAcceptance.terms_id).where(
            TermsAcceptance.terms_id == Terms.id,
            TermsAcceptance.company_id == look.actor.organization_id,
        )
    )
    takes_part = exists(
        select(Partnership.id)
        .join(PartnershipParty, PartnershipParty.partnership_id == Partnership.id)
        .where(
            Partnership.id == Terms.partnership_id,
            Partnership.status.in_(_LASTING),
            PartnershipParty.company_id == look.actor.organization_id,
            PartnershipParty.status == PartyStatus.JOINED,
        )
    )
    return _counted(
        Terms,
        visible_terms(look.actor),
        Terms.status == TermsStatus.PROPOSED,
        takes_part,
        ~accepted,
        overdue=Terms.proposed_at < look.long_ago,
    )


def _introductions(look: _Look) -> Any:
    return _counted(
        Referral,
        received_referrals(look.actor),
        Referral.status == ReferralStatus.DELIVERED,
        overdue=and_(Referral.respond_by.is_not(None), Referral.respond_by < look.now),
    )


def _fundings(look: _Look) -> Any:
    proposed = exists(
        select(Terms.id).where(Terms.id == Funding.terms_id, Terms.status == TermsStatus.PROPOSED)
    )
    return _counted(
        Funding,
        visible_fundings(look.actor),
        Funding.accepted_at.is_(None),
        proposed,
        overdue=Funding.proposed_at < look.long_ago,
    )


def _deletions(look: _Look) -> Any:
    return _counted(
        DeletionRequest,
        visible_deletion_requests(look.actor),
        DeletionRequest.status == DeletionStatus.OPEN,
        overdue=DeletionRequest.due_at <= look.now,
    )


def _requests(look: _Look) -> Any:
    return _counted(
        CandidateRequest,
        visible_requests(look.actor),
        CandidateRequest.status == RequestStatus.OPEN,
        overdue=CandidateRequest.due_on < look.today,
    )


def _held(look: _Look) -> Any:
    return _counted(
        Registration,
        visible_registrations(look.actor),
        Registration.count_status == CountStatus.HELD,
        overdue=false(),
    )


def _answers(look: _Look) -> Any:
    """Partnerships of which some answer is late."""
    late = exists(
        select(Terms.id).where(
            Terms.partnership_id == Partnership.id,
            Terms.status == TermsStatus.PROPOSED,
            Terms.proposed_at < look.long_ago,
        )
    )
    return _counted(
        Partnership,
        visible_partnerships(look.actor),
        Partnership.status.in_((PartnershipStatus.PROPOSED, *_LASTING)),
        late,
        overdue=late,
    )


_SOURCES: Mapping[WaitingKind, tuple[Permission, Callable[[_Look], Any]]] = {
    WaitingKind.PROPOSALS: (Permission.MANAGE_PARTNERSHIPS, _proposals),
    WaitingKind.TERMS: (Permission.MANAGE_PARTNERSHIPS, _terms),
    WaitingKind.INTRODUCTIONS: (Permission.HANDLE_REFERRALS, _introductions),
    WaitingKind.FUNDINGS: (Permission.FUND_REWARDS, _fundings),
    WaitingKind.DELETIONS: (Permission.READ_DELETIONS, _deletions),
    WaitingKind.REQUESTS: (Permission.ANSWER_REQUESTS, _requests),
    WaitingKind.HELD_COUNTS: (Permission.REVIEW_COUNTS, _held),
    WaitingKind.ANSWERS: (Permission.MANAGE_PARTNERSHIPS, _answers),
}
