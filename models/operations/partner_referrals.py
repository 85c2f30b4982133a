"""Partners pass candidates on: one offers whom it turned down, another asks for whom it sees.

Nothing that identifies a person is provided before they agree, under the terms in force then: each
time, or by a standing consent. A referral keeps the terms it began under.

What is the candidate's to know (whom they exclude, where they work, who else is on the way to them)
is told by no refusal: where it stands against a referral, the candidate is not asked, and it
expires as one that nobody answered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select

from models.access import Actor, Permission, require, system
from models.audit import audit
from models.errors import AlreadyExists, InvalidInput, NotFound
from models.operations.handovers import hand_over, time_zone_of
from models.operations.listings import bases_of
from models.operations.member_list import hold_member_list
from models.operations.openings import active_company
from models.operations.referrals import require_introducible, require_opening
from models.operations.standing_consents import delivered_at_once
from models.operations.support import recall
from models.outbox import Event, EventType, emit
from models.reads.candidates import shown
from models.rules.flows import local_day
from models.rules.handovers import ANSWER_DAYS, CannotIntroduce
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    CaseStatus,
    Channel,
    ReferralStatus,
    TermsStatus,
)
from models.rules.listings import Basis
from models.rules.partnerships import ASK_AGAIN_DAYS, AskedLately, NotBetween, NotCovered, covers
from models.session import WriteSession
from models.tables.candidates import Candidate, Disclosure
from models.tables.consortium import Organization
from models.tables.partnerships import Terms
from models.tables.referrals import Case, Referral
from models.visibility import terms_bind, visible_listings
from models.vocabulary.job_categories import JOB_CATEGORIES

ROWS_PER_BATCH = 200
SHOWN = (
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.INTERVIEWING,
    ReferralStatus.OFFERED,
)
"""The states of a referral that the receiver reads."""


@dataclass(frozen=True, slots=True)
class OfferCandidate:
    """Whom to offer to which partner, and for which job category they had applied.

    The category is what the company knows of its own: the candidate's is not its to know.
    """

    candidate_id: uuid.UUID
    company_id: uuid.UUID
    category: str


@dataclass(frozen=True, slots=True)
class AskForCandidate:
    """Someone in the pool, and one of one's own openings where there is one."""

    candidate_id: uuid.UUID
    opening_id: uuid.UUID | None = None


async def offer_candidate(tx: WriteSession, actor: Actor, command: OfferCandidate) -> uuid.UUID:
    """Ask a candidate who came through one's own link whether a partner may know them.

    Only who gave their name to the company can be offered on by it. The partner learns of it once
    they agree. Raises `NotFound`, `InvalidInput`, `NotBetween` or `NotCovered`, `AskedLately`, and
    `AlreadyExists` where the partner has asked for them through one's company already.
    """
    require(actor, Permission.SHARE_CANDIDATES)
    assert actor.organization_id is not None
    await hold_member_list(tx, actor.consortium_id)
    await _lock_candidate(tx, command.candidate_id)
    relayed_id = await _named_registrant(tx, actor, command.candidate_id)
    company = await active_company(tx, actor, command.company_id)
    basis = await _between(tx, actor.organization_id, company.id, command.category)
    own_offers = and_(Referral.from_id == actor.organization_id, Referral.is_asked.is_(False))
    await _refuse_again(tx, command.candidate_id, own_offers, company.id)
    may_ask = await _may_ask(tx, command.candidate_id, company, actor.organization_id)
    referral_id = await hand_over(
        tx,
        actor,
        candidate_id=command.candidate_id,
        channel=Channel.PARTNER_SHARE,
        from_id=actor.organization_id,
        to_id=company.id,
        status=ReferralStatus.PROPOSED,
        time_zone=await time_zone_of(tx, actor.consortium_id),
        previous_id=relayed_id,
        terms_id=basis.terms_id,
        is_unasked=not may_ask,
        respond_within=timedelta(days=ANSWER_DAYS),
    )
    audit(tx, actor, "referral.proposed", "referral", referral_id)
    if may_ask:
        await _deliver_or_ask(tx, actor, referral_id, command.candidate_id)
    return referral_id


async def ask_for_candidate(tx: WriteSession, actor: Actor, command: AskForCandidate) -> uuid.UUID:
    """Ask someone in the pool whether one may know who they are.

    Raises `NotFound` for who is not in one's pool, and `AskedLately`.
    """
    require(actor, Permission.SHARE_CANDIDATES)
    assert actor.organization_id is not None
    await hold_member_list(tx, actor.consortium_id)
    await _lock_candidate(tx, command.candidate_id)
    listed = await _listed(tx, actor, command.candidate_id)
    company = await active_company(tx, actor, actor.organization_id)
    zone = await time_zone_of(tx, actor.consortium_id)
    if command.opening_id is not None:
        today = local_day(tx.now, zone)
        await require_opening(tx, actor, command.opening_id, company.id, today)
    assert listed.provider_id is not None
    await _refuse_again(tx, command.candidate_id, Referral.is_asked.is_(True), company.id)
    may_ask = await _may_ask(tx, command.candidate_id, company, company.id)
    referral_id = await hand_over(
        tx,
        actor,
        candidate_id=command.candidate_id,
        channel=Channel.PARTNER_SHARE,
        from_id=listed.provider_id,
        to_id=company.id,
        status=ReferralStatus.REQUESTED,
        time_zone=zone,
        opening_id=command.opening_id,
        previous_id=await _relay_of(tx, command.candidate_id, listed.provider_id),
        terms_id=await _terms_in_force(tx, listed),
        is_asked=True,
        is_unasked=not may_ask,
        respond_within=timedelta(days=ANSWER_DAYS),
    )
    audit(tx, actor, "referral.requested", "referral", referral_id)
    refs = {"referral": referral_id.hex}
    await emit(tx, Event(EventType.INTRODUCTION_REQUESTED, actor.consortium_id, refs))
    if may_ask:
        await _deliver_or_ask(tx, actor, referral_id, command.candidate_id)
    return referral_id


async def _deliver_or_ask(
    tx: WriteSession, actor: Actor, referral_id: uuid.UUID, candidate_id: uuid.UUID
) -> None:
    """Deliver at once where the candidate's standing consent covers it, else mail the question."""
    if await delivered_at_once(tx, referral_id):
        return
    refs = {"referral": referral_id.hex, "candidate": candidate_id.hex}
    await emit(tx, Event(EventType.AGREEMENT_ASKED, actor.consortium_id, refs))


async def _lock_candidate(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    """One at a time asks about a person: of two at once the second finds the first."""
    await tx.execute(
        select(Candidate.id).where(Candidate.id == candidate_id).with_for_update(key_share=True)
    )


async def _may_ask(
    tx: WriteSession, candidate_id: uuid.UUID, company: Organization, by_id: uuid.UUID
) -> bool:
    """Whether the candidate is asked: nothing stands against it, and an agency looks after them.

    Raises `AlreadyExists` for what ``by_id`` gave, and so knows of.
    """
    given = select(Referral.id).where(
        Referral.candidate_id == candidate_id,
        Referral.from_id == by_id,
        Referral.to_id == company.id,
        Referral.status.in_(OPEN_REFERRAL),
    )
    if await tx.scalar(given.limit(1)) is not None:
        raise AlreadyExists("companyId", what="introduction")
    try:
        await require_introducible(tx, candidate_id=candidate_id, company=company, by_id=by_id)
    except CannotIntroduce:
        return False
    seeking = select(Case.id).where(
        Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
    )
    return await tx.scalar(seeking) is not None


async def _named_registrant(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> uuid.UUID:
    """The relay referral of someone the company may know as its own registrant."""
    assert actor.organization_id is not None
    person = (await shown(tx, actor, [candidate_id])).get(candidate_id)
    relayed_id = await _relay_of(tx, candidate_id, actor.organization_id)
    if person is None or relayed_id is None or not person.is_named_to_referrer:
        raise NotFound("candidateId", what="candidate")
    return relayed_id


async def _relay_of(
    tx: WriteSession, candidate_id: uuid.UUID, company_id: uuid.UUID
) -> uuid.UUID | None:
    found: uuid.UUID | None = await tx.scalar(
        select(Referral.id)
        .where(
            Referral.from_id == company_id,
            Referral.candidate_id == candidate_id,
            Referral.channel == Channel.RELAY_LINK,
        )
        .order_by(Referral.created_at.desc(), Referral.id)
        .limit(1)
    )
    return found


async def _between(
    tx: WriteSession, own_id: uuid.UUID, company_id: uuid.UUID, category: str
) -> Basis:
    """The partnership in force longest that covers the category between two companies.

    Raises `InvalidInput` for a category there is none of, `NotBetween` and `NotCovered`.
    """
    if category not in JOB_CATEGORIES:
        raise InvalidInput(
            "category",
            ja="職種は一覧のコードで指定してください。",
            en="Give the job category by its code.",
        )
    between = [
        basis
        for basis in await bases_of(tx, [own_id])
        if {own_id, company_id} <= basis.companies and own_id != company_id
    ]
    if not between:
        raise NotBetween("companyId")
    for basis in sorted(between, key=lambda one: (one.since, one.partnership_id)):
        if covers(basis.categories, category):
            return basis
    raise NotCovered("category")


async def _listed(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> Disclosure:
    listed = await tx.scalar(
        select(Disclosure).where(
            visible_listings(actor, tx.now), Disclosure.candidate_id == candidate_id
        )
    )
    if listed is None:
        raise NotFound("candidateId", what="candidate")
    return listed


async def _terms_in_force(tx: WriteSession, listed: Disclosure) -> uuid.UUID:
    terms_id = await tx.scalar(
        select(Terms.id).where(
            Terms.partnership_id == listed.partnership_id, Terms.status == TermsStatus.IN_FORCE
        )
    )
    assert terms_id is not None
    return terms_id


async def _refuse_again(
    tx: WriteSession, candidate_id: uuid.UUID, began: ColumnElement[bool], company_id: uuid.UUID
) -> None:
    """Who was asked for one company is left in peace for a while by who ``began`` it."""
    asked = await tx.scalar(
        select(Referral.id)
        .where(
            Referral.candidate_id == candidate_id,
            Referral.to_id == company_id,
            Referral.channel == Channel.PARTNER_SHARE,
            began,
            Referral.created_at > tx.now - timedelta(days=ASK_AGAIN_DAYS),
        )
        .limit(1)
    )
    if asked is not None:
        raise AskedLately("candidateId")


async def recall_received(tx: WriteSession, actor: Actor, company_id: uuid.UUID) -> None:
    """A company leaves the consortium: what partners had passed on to it is taken back.

    What it gave runs on with those who received it, to its deadline.
    """
    rows = await tx.scalars(
        select(Referral)
        .where(
            Referral.to_id == company_id,
            Referral.channel == Channel.PARTNER_SHARE,
            Referral.status.in_(SHOWN),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )
    await recall(tx, actor, rows.all())


async def recall_overdue(tx: WriteSession, batch: int = ROWS_PER_BATCH) -> int:
    """Take back what was agreed to under terms whose deadline is over, where none are in force.

    While the partnership goes on its terms let the receiver read on. Answers how many.
    """
    partnership_id = (
        select(Terms.partnership_id)
        .where(Terms.id == Referral.terms_id)
        .correlate(Referral)
        .scalar_subquery()
    )
    rows = (
        await tx.scalars(
            select(Referral)
            .where(
                Referral.channel == Channel.PARTNER_SHARE,
                Referral.status.in_(SHOWN),
                Referral.shared_until <= tx.now,
                ~terms_bind(partnership_id, Referral.from_id, Referral.to_id),
            )
            .order_by(Referral.id)
            .limit(batch)
            .with_for_update(skip_locked=True, key_share=True)
        )
    ).all()
    for row in rows:
        await recall(tx, system(row.consortium_id), [row])
    return len(rows)
