"""Introductions by an agency: proposed, delivered once the candidate agrees, and on to a hire."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, or_, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import AlreadyExists, InvalidTransition, NotFound
from models.operations.candidates import exclusions_of
from models.operations.cases import end_case
from models.operations.flows import record_journey, record_needs
from models.operations.free_hires import spend_reserved
from models.operations.handovers import end_journey, hand_over, move, time_zone_of
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.operations.milestones import await_milestone
from models.operations.openings import active_company
from models.operations.programs import program_in_force, version_of_day
from models.operations.rewards import settle_rewards
from models.operations.support import UNDELIVERED
from models.outbox import Event, EventType, emit
from models.reads.licences import licensed_today
from models.reads.matches import standing_of
from models.rules.flows import local_day
from models.rules.handovers import (
    ANSWER_DAYS,
    CannotIntroduce,
    NoOpenCase,
    NotIntroducer,
    NotReceiver,
    RelayGiven,
    check_joined_on,
    fee_of,
    is_same_company,
    partner_fee_of,
)
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    RELAY_REFERRAL,
    CaseStatus,
    Channel,
    HireStatus,
    OpeningStatus,
    ReferralStatus,
    require_step,
    steps_of,
)
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import Organization
from models.tables.ledger import FreeHire
from models.tables.matches import MatchRecord
from models.tables.openings import Opening
from models.tables.referrals import Case, DeclineReason, Hire, Referral
from models.visibility import visible_cases, visible_openings, visible_referrals


@dataclass(frozen=True, slots=True)
class IntroduceCandidate:
    """A candidate with an open case, a company, and one of its openings where there is one."""

    candidate_id: uuid.UUID
    company_id: uuid.UUID
    opening_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class DeclineReferral:
    """The receiver's no, and why."""

    referral_id: uuid.UUID
    reason: DeclineReason


@dataclass(frozen=True, slots=True)
class RecordHire:
    """The day a person joined, and the agency's fee in yen: none under a free hire."""

    referral_id: uuid.UUID
    joined_on: date
    fee_yen: int | None = None


async def introduce_candidate(
    tx: WriteSession, actor: Actor, command: IntroduceCandidate
) -> uuid.UUID:
    """Ask a candidate to agree to an introduction. The company learns of it once they do.

    Raises `NotFound`, `NoOpenCase`, `LicenceNotValid`, `CannotIntroduce` and `AlreadyExists`.
    """
    require(actor, Permission.HANDLE_CASES)
    case = await _open_case(tx, actor, command.candidate_id)
    today = await licensed_today(tx, case.agency_id)
    company = await active_company(tx, actor, command.company_id)
    if command.opening_id is not None:
        await require_opening(tx, actor, command.opening_id, company.id, today)
    await require_introducible(
        tx, candidate_id=case.candidate_id, company=company, by_id=case.agency_id
    )
    referral_id = await hand_over(
        tx,
        actor,
        candidate_id=case.candidate_id,
        channel=Channel.AGENCY_INTRODUCTION,
        from_id=case.agency_id,
        to_id=company.id,
        status=ReferralStatus.PROPOSED,
        time_zone=await time_zone_of(tx, actor.consortium_id),
        opening_id=command.opening_id,
        previous_id=case.referral_id,
        respond_within=timedelta(days=ANSWER_DAYS),
    )
    if command.opening_id is not None:
        await _record_standing(tx, actor, referral_id, command, today)
    case.changed_at = tx.now
    refs = {"referral": referral_id.hex, "candidate": case.candidate_id.hex}
    await emit(tx, Event(EventType.AGREEMENT_ASKED, actor.consortium_id, refs))
    audit(tx, actor, "referral.proposed", "referral", referral_id)
    return referral_id


async def _open_case(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> Case:
    rows = await tx.scalars(
        select(Case)
        .where(visible_cases(actor), Case.candidate_id == candidate_id)
        .order_by(Case.id)
        .with_for_update(key_share=True)
    )
    cases = rows.all()
    if not cases:
        raise NotFound("candidateId", what="candidate")
    for case in cases:
        if case.status is CaseStatus.OPEN:
            return case
    raise NoOpenCase("candidateId")


async def _record_standing(
    tx: WriteSession,
    actor: Actor,
    referral_id: uuid.UUID,
    command: IntroduceCandidate,
    today: date,
) -> None:
    """Keep where the opening stands for the candidate now: later it tells how good matches are."""
    assert command.opening_id is not None
    found = await standing_of(tx, actor, command.candidate_id, command.opening_id, today)
    if found is not None:
        tx.add(
            MatchRecord(
                referral_id=referral_id,
                rank=found.rank,
                score_permille=found.score_permille,
                considered=found.considered,
            )
        )


async def require_opening(
    tx: WriteSession, actor: Actor, opening_id: uuid.UUID, company_id: uuid.UUID, today: date
) -> None:
    """Raise `NotFound` unless it is an opening of the company that is open today."""
    found = await tx.scalar(
        select(Opening.id).where(
            visible_openings(actor),
            Opening.id == opening_id,
            Opening.company_id == company_id,
            Opening.status == OpeningStatus.OPEN,
            or_(Opening.open_until.is_(None), Opening.open_until >= today),
        )
    )
    if found is None:
        raise NotFound("openingId", what="opening")


async def require_introducible(
    tx: WriteSession, *, candidate_id: uuid.UUID, company: Organization, by_id: uuid.UUID
) -> None:
    """Raise `CannotIntroduce` where the candidate excludes the company, works there, or is on the
    way to it through another; `AlreadyExists` where it is through the same.
    """
    if company.id in await exclusions_of(tx, candidate_id):
        raise CannotIntroduce("companyId")
    if is_same_company(await _employer(tx, candidate_id), (company.name, company.name_en)):
        raise CannotIntroduce("companyId")
    await _refuse_hired(tx, candidate_id, company.id)
    under_way = await tx.scalar(
        select(Referral.from_id).where(
            Referral.candidate_id == candidate_id,
            Referral.to_id == company.id,
            Referral.channel != Channel.RELAY_LINK,
            Referral.status.in_(OPEN_REFERRAL),
            Referral.is_unasked.is_(False),
        )
    )
    if under_way == by_id:
        raise AlreadyExists("companyId", what="introduction")
    if under_way is not None:
        raise CannotIntroduce("companyId")


async def _refuse_hired(tx: WriteSession, candidate_id: uuid.UUID, company_id: uuid.UUID) -> None:
    """Who joined a company through a referral is not introduced to it while they are there."""
    there = await tx.scalar(
        select(Hire.id)
        .join(Referral, Referral.id == Hire.referral_id)
        .where(
            Referral.candidate_id == candidate_id,
            Hire.company_id == company_id,
            Hire.status == HireStatus.JOINED,
        )
        .limit(1)
    )
    if there is not None:
        raise CannotIntroduce("companyId")


async def _employer(tx: WriteSession, candidate_id: uuid.UUID) -> str | None:
    """The present employer the candidate named. It may have become a member since."""
    candidate = (
        await tx.execute(
            select(Candidate.key_id, Candidate.sealed).where(Candidate.id == candidate_id)
        )
    ).one()
    if candidate.sealed is None:
        return None
    key = await tx.vault.key(candidate.key_id)
    employer: str | None = key.unseal(candidate.sealed).get("employer")
    return employer


async def withdraw_proposal(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> uuid.UUID:
    """Take an introduction back that has not been delivered: who began it does.

    That is the agency, the partner that offers, or the one that asks. Raises `NotFound`,
    `NotIntroducer` and `InvalidTransition`.
    """
    referral = await _locked(tx, actor, referral_id)
    if (referral.to_id if referral.is_asked else referral.from_id) != actor.organization_id:
        raise NotIntroducer
    if referral.status not in UNDELIVERED:
        raise InvalidTransition(what="proposal", state=referral.status.value, allowed="")
    return await _step(tx, actor, referral, ReferralStatus.WITHDRAWN)


async def accept_referral(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> uuid.UUID:
    """The receiver takes an introduction up. Raises `NotReceiver` and `InvalidTransition`."""
    referral = await _locked(tx, actor, referral_id)
    _require_receiver(actor, referral)
    await _step(tx, actor, referral, ReferralStatus.ACCEPTED)
    await settle_rewards(tx, actor, [referral.id])
    return referral.id


async def decline_referral(tx: WriteSession, actor: Actor, command: DeclineReferral) -> uuid.UUID:
    """The receiver says no: its free hire is released, and it may read no more.

    For an opening, it is noted that the company turned somebody of its job category down. Raises
    `NotReceiver` and `InvalidTransition`.
    """
    referral = await _locked(tx, actor, command.referral_id)
    _require_receiver(actor, referral)
    if referral.is_asked and referral.status in UNDELIVERED:
        # Who asked takes the question back; there is nobody to turn down yet.
        raise InvalidTransition(what="referral", state=referral.status.value, allowed="")
    steps = steps_of(referral.channel)
    require_step("referral", steps, referral.status, ReferralStatus.DECLINED)
    referral.decline_reason = command.reason
    await _step(tx, actor, referral, ReferralStatus.DECLINED)
    await _note_turned_down(tx, referral)
    return referral.id


async def _note_turned_down(tx: WriteSession, referral: Referral) -> None:
    if referral.opening_id is None:
        return
    opening = await tx.get_one(Opening, referral.opening_id)
    await record_needs(
        tx,
        consortium_id=referral.consortium_id,
        day=local_day(tx.now, await time_zone_of(tx, referral.consortium_id)),
        company_id=referral.to_id,
        category=opening.category,
        turned_down=1,
    )


async def start_interviews(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> uuid.UUID:
    """Interviews have begun: either side says so, but between partners the receiver.

    Raises `NotReceiver` and `InvalidTransition`.
    """
    referral = await _locked(tx, actor, referral_id)
    _require_handler(actor, referral)
    return await _step(tx, actor, referral, ReferralStatus.INTERVIEWING)


async def make_offer(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> uuid.UUID:
    """The company has offered a place: either side says so, but between partners the receiver.

    Raises `NotReceiver` and `InvalidTransition`.
    """
    referral = await _locked(tx, actor, referral_id)
    _require_handler(actor, referral)
    return await _step(tx, actor, referral, ReferralStatus.OFFERED)


async def record_hire(tx: WriteSession, actor: Actor, command: RecordHire) -> uuid.UUID:
    """The person has joined: either side says so, but between partners the receiver.

    Answers the hire. A reserved free hire is spent, and there is no fee. The agency's case and the
    relay referrals behind it close as hired, and proposals that no company has seen yet are
    withdrawn; what was delivered to other companies stays theirs and the candidate's to end.
    Raises `NotFound`, `NotReceiver`, `InvalidTransition`, `InvalidInput`, and `OwnCount` where the
    free hire must be released first.
    """
    candidate_id = await _candidate_of(tx, actor, command.referral_id)
    await hold_member_list(tx, actor.consortium_id)
    hired, others = await _locked_of_person(tx, candidate_id, command.referral_id)
    _require_handler(actor, hired)
    _require_step_to_hired(hired)
    zone = await time_zone_of(tx, actor.consortium_id)
    check_joined_on(
        command.joined_on, introduced_on=hired.created_on, today=local_day(tx.now, zone)
    )
    case = await tx.scalar(
        select(Case)
        .where(
            Case.candidate_id == hired.candidate_id,
            Case.status == CaseStatus.OPEN,
        )
        .with_for_update(key_share=True)
    )
    hire_id = await _hire(tx, actor, hired, command)
    await move(tx, actor, hired, ReferralStatus.HIRED, zone)
    await _close_others(tx, actor, hired, others, zone)
    if case is not None:
        end_case(tx, actor, case)
        await tx.flush()
    await settle_rewards(tx, actor, [hired.id])
    await relist(tx, actor.consortium_id, [candidate_id])
    return hire_id


def _require_step_to_hired(referral: Referral) -> None:
    if referral.channel is Channel.RELAY_LINK:
        # It becomes HIRED through the introduction that worked, never by itself.
        by_hand = {
            at: [s for s in to if s is not ReferralStatus.HIRED]
            for at, to in RELAY_REFERRAL.items()
        }
        allowed = ", ".join(by_hand.get(referral.status, ()))
        raise InvalidTransition(what="referral", state=referral.status.value, allowed=allowed)
    require_step("referral", steps_of(referral.channel), referral.status, ReferralStatus.HIRED)


async def _hire(
    tx: WriteSession, actor: Actor, referral: Referral, command: RecordHire
) -> uuid.UUID:
    is_free = await tx.scalar(select(FreeHire.id).where(FreeHire.referral_id == referral.id))
    fee_yen = (
        partner_fee_of(command.fee_yen)
        if referral.channel is Channel.PARTNER_SHARE
        else fee_of(command.fee_yen, is_free=is_free is not None)
    )
    program = await program_in_force(tx, referral.consortium_id)
    version = await version_of_day(tx, program, command.joined_on)
    hire = Hire(
        consortium_id=referral.consortium_id,
        referral_id=referral.id,
        company_id=referral.to_id,
        introducer_id=referral.from_id,
        joined_on=command.joined_on,
        fee_yen=fee_yen,
        program_version_id=version.id,
        free_hire_id=await spend_reserved(tx, actor, referral),
        recorded_at=tx.now,
    )
    await_milestone(hire, (), program.time_zone)
    tx.add(hire)
    await tx.flush()
    audit(tx, actor, "hire.recorded", "hire", hire.id)
    return hire.id


async def _close_others(
    tx: WriteSession, actor: Actor, hired: Referral, others: Sequence[Referral], zone: str
) -> None:
    for other in others:
        if other.channel is not Channel.RELAY_LINK:
            await move(tx, actor, other, ReferralStatus.WITHDRAWN, zone)
    relays = [other for other in others if other.channel is Channel.RELAY_LINK]
    for relay in relays:
        await move(tx, actor, relay, ReferralStatus.HIRED, zone)
    await end_journey(tx, hired, ReferralStatus.HIRED, zone)
    for relay in relays:
        if relay.id != hired.previous_id:
            # Another company had relayed the same person: its journey ended at this hire too.
            await record_journey(
                tx,
                consortium_id=relay.consortium_id,
                day=local_day(tx.now, zone),
                chain=[relay.from_id, hired.to_id]
                if hired.channel is Channel.PARTNER_SHARE
                else [relay.from_id, hired.from_id, hired.to_id],
                channel=relay.channel,
                outcome=ReferralStatus.HIRED,
            )


async def _candidate_of(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> uuid.UUID:
    require(actor, Permission.HANDLE_REFERRALS)
    found = (
        await tx.execute(
            select(Referral.candidate_id, Referral.from_id, Referral.channel).where(
                visible_referrals(actor), Referral.id == referral_id
            )
        )
    ).one_or_none()
    if found is None:
        raise NotFound("referralId", what="referral")
    if found.channel is Channel.RELAY_LINK and found.from_id == actor.organization_id:
        raise RelayGiven
    candidate_id: uuid.UUID = found.candidate_id
    return candidate_id


async def _locked_of_person(
    tx: WriteSession, candidate_id: uuid.UUID, referral_id: uuid.UUID
) -> tuple[Referral, Sequence[Referral]]:
    """The referral that became a hire, and what closes with it, locked in order of their ids.

    That is the person's, whichever agency it led to: their case may have moved meanwhile.
    """
    relayed = and_(
        Referral.channel == Channel.RELAY_LINK,
        Referral.status == ReferralStatus.ACCEPTED,
    )
    unseen = and_(
        Referral.channel != Channel.RELAY_LINK,
        Referral.status.in_(UNDELIVERED),
    )
    rows = await tx.scalars(
        select(Referral)
        .where(
            Referral.candidate_id == candidate_id,
            or_(Referral.id == referral_id, relayed, unseen),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )
    ordered = sorted(rows, key=lambda row: (row.from_id, row.to_id))
    [hired] = [row for row in ordered if row.id == referral_id]
    return hired, [row for row in ordered if row.id != referral_id]


async def _step(
    tx: WriteSession, actor: Actor, referral: Referral, to: ReferralStatus
) -> uuid.UUID:
    await move(tx, actor, referral, to, await time_zone_of(tx, actor.consortium_id))
    return referral.id


def _require_handler(actor: Actor, referral: Referral) -> None:
    """Between partners what follows is the receiver's: the giver shows someone, no more."""
    if referral.channel is Channel.PARTNER_SHARE:
        _require_receiver(actor, referral)


def _require_receiver(actor: Actor, referral: Referral) -> None:
    if referral.to_id != actor.organization_id:
        raise NotReceiver


async def _locked(tx: WriteSession, actor: Actor, referral_id: uuid.UUID) -> Referral:
    require(actor, Permission.HANDLE_REFERRALS)
    referral = await tx.scalar(
        select(Referral)
        .where(visible_referrals(actor), Referral.id == referral_id)
        .with_for_update(key_share=True)
    )
    if referral is None:
        raise NotFound("id", what="referral")
    if referral.channel is Channel.RELAY_LINK and referral.from_id == actor.organization_id:
        # Not even where it stands is told to the company whose link it was.
        raise RelayGiven
    return referral
