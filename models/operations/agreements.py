"""A candidate's answers to introductions: agreeing, declining, and withdrawing later on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, or_, select, update

from models.access import Actor, ActorKind
from models.audit import audit
from models.errors import InvalidTransition, NotFound, Unauthenticated
from models.operations.candidates import (
    Grant,
    Under,
    disclose,
    exclusions_of,
    give_consents,
)
from models.operations.deletions import follow_withdrawal
from models.operations.handovers import move, time_zone_of
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.operations.notices import notify
from models.rules.agreements import CompanyExcluded, IntroductionClosed
from models.rules.flows import local_day
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    CaseStatus,
    Channel,
    ConsentStatus,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.notices import NoticeKind
from models.rules.sharing import CONSENTED_FIELDS, Acquired, Purpose
from models.session import WriteSession
from models.tables.candidates import Candidate, Consent, ConsentRecipient, Disclosure
from models.tables.consortium import Membership, Organization
from models.tables.partnerships import Terms
from models.tables.referrals import Case, Referral

UNANSWERED = (ReferralStatus.REQUESTED, ReferralStatus.PROPOSED)


@dataclass(frozen=True, slots=True)
class AgreeToIntroduction:
    """Yes to one introduction, under the version of the consent's text that was shown."""

    referral_id: uuid.UUID
    text_version: str


@dataclass(frozen=True, slots=True)
class DeclineIntroduction:
    """No to one introduction."""

    referral_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class WithdrawFrom:
    """No longer interested in one introduction, whether or not it was answered."""

    referral_id: uuid.UUID


def candidate_of(actor: Actor) -> uuid.UUID:
    """The candidate who acts. Raises `Unauthenticated` for anyone else."""
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise Unauthenticated
    return actor.id


async def agree_to_introduction(
    tx: WriteSession, actor: Actor, command: AgreeToIntroduction
) -> uuid.UUID:
    """Consent, disclosure and delivery in one transaction: from now on the company may look.

    To a partner, they are those that the terms of the referral name, until their deadline. Raises
    `NotFound`, `InvalidTransition`, `CompanyExcluded` and `IntroductionClosed`.
    """
    candidate_id = candidate_of(actor)
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_id)
    referral = await _own_introduction(tx, actor, command.referral_id)
    if referral.to_id in await exclusions_of(tx, candidate_id):
        raise CompanyExcluded
    zone = await time_zone_of(tx, actor.consortium_id)
    _require_unanswered(referral)
    await _require_open(tx, referral, zone)
    terms = await tx.get_one(Terms, referral.terms_id) if referral.terms_id else None
    under = under_terms(terms) if terms else None
    grant = Grant(Purpose.INTRODUCTION, [referral.to_id], under.fields if under else None)
    consents = await give_consents(tx, candidate_id, [grant], command.text_version)
    await deliver(tx, actor, referral, terms, consents[Purpose.INTRODUCTION])
    return referral.id


async def deliver(
    tx: WriteSession, actor: Actor, referral: Referral, terms: Terms | None, consent_id: uuid.UUID
) -> None:
    """A locked referral is agreed to: what its consent covers is provided to the receiver.

    The member list must be held.
    """
    zone = await time_zone_of(tx, referral.consortium_id)
    under = under_terms(terms) if terms else None
    await move(tx, actor, referral, ReferralStatus.AGREED, zone)
    await disclose(
        tx,
        consortium_id=referral.consortium_id,
        candidate_id=referral.candidate_id,
        provider_id=referral.from_id,
        recipient_id=referral.to_id,
        referral_id=referral.id,
        consent_id=consent_id,
        purpose=Purpose.INTRODUCTION,
        acquired=Acquired.REGISTRATION_FORM if under else Acquired.AGENCY_CASE,
        under=under,
    )
    if terms is not None:
        referral.shared_until = tx.now + timedelta(days=terms.shared_days)
    await move(tx, actor, referral, ReferralStatus.DELIVERED, zone)
    kind = NoticeKind.CANDIDATE_DELIVERED
    await notify(tx, referral.consortium_id, kind, referral.id, [referral.to_id])
    await relist(tx, referral.consortium_id, [referral.candidate_id])


def under_terms(terms: Terms) -> Under:
    """What terms let a partner see of whoever agreed to be introduced to it."""
    fields = [field for field in CONSENTED_FIELDS[Purpose.INTRODUCTION] if field in terms.fields]
    return Under(terms.partnership_id, terms.id, fields)


async def decline_introduction(
    tx: WriteSession, actor: Actor, command: DeclineIntroduction
) -> uuid.UUID:
    """No: the company never learns of it. Raises `NotFound` and `InvalidTransition`."""
    await note_activity(tx, candidate_of(actor))
    referral = await _own_introduction(tx, actor, command.referral_id)
    _require_unanswered(referral)
    await withdraw_introductions(tx, actor, [referral])
    return referral.id


async def withdraw_from(tx: WriteSession, actor: Actor, command: WithdrawFrom) -> uuid.UUID:
    """Step back from an open introduction. Raises `NotFound` and `InvalidTransition`."""
    await note_activity(tx, candidate_of(actor))
    referral = await _own_introduction(tx, actor, command.referral_id)
    await withdraw_introductions(tx, actor, [referral])
    return referral.id


async def withdraw_introductions(
    tx: WriteSession, actor: Actor, referrals: Sequence[Referral]
) -> None:
    """End locked introductions at the candidate's wish, and what the companies may read."""
    if not referrals:
        return
    zone = await time_zone_of(tx, actor.consortium_id)
    # In one order of pairs, so that two withdrawals never wait for each other's flow rows.
    for referral in sorted(referrals, key=lambda one: (one.from_id, one.to_id)):
        await move(tx, actor, referral, ReferralStatus.WITHDRAWN, zone)
        await _end_introduction_consent(tx, actor, referral)


async def open_introductions(
    tx: WriteSession, candidate_id: uuid.UUID, to_ids: Sequence[uuid.UUID] | None = None
) -> Sequence[Referral]:
    """The candidate's open introductions, to anyone or to these organizations, locked."""
    statement = (
        select(Referral)
        .where(
            Referral.candidate_id == candidate_id,
            Referral.channel != Channel.RELAY_LINK,
            Referral.status.in_(OPEN_REFERRAL),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )
    if to_ids is not None:
        statement = statement.where(Referral.to_id.in_(to_ids))
    return (await tx.scalars(statement)).all()


async def asked_by_partners(tx: WriteSession, candidate_id: uuid.UUID) -> list[Referral]:
    """What partners asked for who saw the candidate in the pool, unanswered still, locked."""
    return [
        one
        for one in await open_introductions(tx, candidate_id)
        if one.is_asked and one.status in UNANSWERED
    ]


async def note_activity(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    """The candidate was here: what is kept of them is needed still.

    Done first, after the member list is held: what a candidate does, and what is asked about them,
    comes one after the other.
    """
    await tx.execute(
        update(Candidate).where(Candidate.id == candidate_id).values(last_active_at=tx.now)
    )


async def _own_introduction(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> Referral:
    referral = await tx.scalar(
        select(Referral)
        .where(
            Referral.id == referral_id,
            Referral.candidate_id == candidate_of(actor),
            Referral.consortium_id == actor.consortium_id,
            Referral.channel != Channel.RELAY_LINK,
        )
        .with_for_update(key_share=True)
    )
    if referral is None:
        raise NotFound(what="introduction")
    return referral


def _require_unanswered(referral: Referral) -> None:
    if referral.status not in UNANSWERED:
        raise InvalidTransition(what="introduction", state=referral.status.value, allowed="")


async def _require_open(tx: WriteSession, referral: Referral, time_zone: str) -> None:
    """The candidate is asked, both sides are members still, and it is not too late."""
    able = await tx.scalar(
        select(func.count())
        .select_from(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Organization.id.in_((referral.from_id, referral.to_id)),
            Membership.status == MembershipStatus.ACTIVE,
            or_(
                Organization.kind == OrganizationKind.COMPANY,
                Organization.licence_expires_on.is_(None),
                Organization.licence_expires_on >= local_day(tx.now, time_zone),
            ),
        )
    )
    is_late = referral.respond_by is not None and referral.respond_by <= tx.now
    if able != 2 or is_late or referral.is_unasked:
        raise IntroductionClosed


async def _end_introduction_consent(tx: WriteSession, actor: Actor, referral: Referral) -> None:
    consents = await tx.scalars(
        select(Consent.id)
        .join(ConsentRecipient, ConsentRecipient.consent_id == Consent.id)
        .where(
            Consent.candidate_id == referral.candidate_id,
            Consent.purpose == Purpose.INTRODUCTION,
            Consent.status == ConsentStatus.ACTIVE,
            ConsentRecipient.organization_id == referral.to_id,
        )
        .with_for_update(key_share=True)
    )
    await end_consents(tx, actor, referral.candidate_id, consents.all())


async def end_consents(
    tx: WriteSession, actor: Actor, candidate_id: uuid.UUID, consent_ids: Sequence[uuid.UUID]
) -> None:
    """Withdraw a candidate's consents and close what stands on them: reads stop at once.

    Whoever was given on them what identifies the person is asked to delete it.
    """
    if not consent_ids:
        return
    await tx.execute(
        update(Consent)
        .where(Consent.id.in_(consent_ids))
        .values(status=ConsentStatus.WITHDRAWN, ended_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(
        update(Disclosure)
        .where(Disclosure.consent_id.in_(consent_ids), Disclosure.closed_at.is_(None))
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await follow_withdrawal(tx, actor, candidate_id, consent_ids)


def consents_in_use(candidate_id: uuid.UUID) -> Select[uuid.UUID]:
    """The ids of the consents that open support stands on: they end with it.

    Once it is over, in a hire too, they are withdrawn by themselves.
    """
    supported = select(Case.id).where(
        Case.candidate_id == candidate_id,
        Case.agency_id == Disclosure.recipient_id,
        Case.status == CaseStatus.OPEN,
    )
    return select(Disclosure.consent_id).where(
        Disclosure.candidate_id == candidate_id,
        Disclosure.closed_at.is_(None),
        Disclosure.purpose == Purpose.AGENCY_SUPPORT,
        supported.exists(),
    )


def audit_candidate(tx: WriteSession, actor: Actor, action: str, **details: str) -> None:
    """Record what a candidate did about themselves."""
    audit(tx, actor, action, "candidate", candidate_of(actor), **details)
