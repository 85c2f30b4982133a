"""The agency's cases: notes on them, and how they end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, or_, select, update

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidTransition, NotFound
from models.operations.handovers import end_journey, move, time_zone_of
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.operations.support import UNDELIVERED, recall
from models.rules.handovers import IntroductionsOpen, check_note
from models.rules.lifecycles import OPEN_REFERRAL, CaseStatus, Channel, ReferralStatus
from models.rules.sharing import Purpose
from models.session import WriteSession
from models.tables.candidates import Candidate, Disclosure
from models.tables.referrals import Case, Referral
from models.visibility import visible_cases


class CaseOutcome(StrEnum):
    """How an agency ends a case without a hire."""

    WITHDRAWN = "WITHDRAWN"
    NO_SUITABLE_OPENING = "NO_SUITABLE_OPENING"


@dataclass(frozen=True, slots=True)
class NoteOnCase:
    """The agency's own words about a case; they take the place of the earlier ones."""

    case_id: uuid.UUID
    note: str


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The end of a case, and why."""

    case_id: uuid.UUID
    outcome: CaseOutcome


async def note_on_case(tx: WriteSession, actor: Actor, command: NoteOnCase) -> uuid.UUID:
    """Keep a note, sealed under the candidate's key; an empty one clears it.

    Raises `InvalidInput`, `NotFound`, and `InvalidTransition` where the case is closed.
    """
    require(actor, Permission.HANDLE_CASES)
    check_note(command.note)
    case = await _locked_case(tx, actor, command.case_id)
    note = command.note.strip()
    if note:
        key_id = await tx.scalar(select(Candidate.key_id).where(Candidate.id == case.candidate_id))
        assert key_id is not None
        key = await tx.vault.key(key_id)
        case.note = key.seal({"note": note})
    else:
        case.note = None
    case.changed_at = tx.now
    audit(tx, actor, "case.noted", "case", case.id)
    return case.id


async def close_case(tx: WriteSession, actor: Actor, command: CloseCase) -> uuid.UUID:
    """The agency stops looking after a candidate: from now on it reads nothing of them.

    Where the candidate withdrew, the agency's open introductions are withdrawn too. Otherwise
    they must have ended. What partners asked or offered and nobody has answered is recalled: whom
    no agency looks after is not passed on. Raises `NotFound`, `InvalidTransition` and
    `IntroductionsOpen`.
    """
    require(actor, Permission.HANDLE_CASES)
    outcome = ReferralStatus(command.outcome.value)
    await hold_member_list(tx, actor.consortium_id)
    relays, introductions, questions = await _locked_referrals(tx, actor, command.case_id)
    case = await _locked_case(tx, actor, command.case_id)
    if introductions and command.outcome is CaseOutcome.NO_SUITABLE_OPENING:
        raise IntroductionsOpen
    zone = await time_zone_of(tx, actor.consortium_id)
    for introduction in introductions:
        await move(tx, actor, introduction, ReferralStatus.WITHDRAWN, zone)
    for relay in relays:
        await move(tx, actor, relay, outcome, zone)
        await end_journey(tx, relay, outcome, zone)
    await recall(tx, actor, questions)
    await _stop_reading(tx, case)
    end_case(tx, actor, case)
    await tx.flush()
    await relist(tx, actor.consortium_id, [case.candidate_id])
    return case.id


def end_case(tx: WriteSession, actor: Actor, case: Case) -> None:
    """Close a locked case."""
    case.status = CaseStatus.CLOSED
    case.changed_at = case.closed_at = tx.now
    audit(tx, actor, "case.closed", "case", case.id)


async def _locked_case(tx: WriteSession, actor: Actor, case_id: uuid.UUID) -> Case:
    case = await tx.scalar(
        select(Case).where(visible_cases(actor), Case.id == case_id).with_for_update(key_share=True)
    )
    if case is None:
        raise NotFound("id", what="case")
    if case.status is not CaseStatus.OPEN:
        raise InvalidTransition(what="case", state=case.status.value, allowed="")
    return case


async def _locked_referrals(
    tx: WriteSession, actor: Actor, case_id: uuid.UUID
) -> tuple[Sequence[Referral], Sequence[Referral], Sequence[Referral]]:
    """The open relay referrals behind a case, its agency's open introductions, partners' questions.

    All are locked. A candidate who moved here was relayed to another agency: those referrals end
    here too.
    """
    found = (
        await tx.execute(
            select(Case.candidate_id, Case.agency_id).where(
                visible_cases(actor), Case.id == case_id
            )
        )
    ).one_or_none()
    if found is None:
        raise NotFound("id", what="case")
    rows = await tx.scalars(
        select(Referral)
        .where(
            Referral.candidate_id == found.candidate_id,
            Referral.status.in_(OPEN_REFERRAL),
            or_(
                Referral.channel == Channel.RELAY_LINK,
                Referral.from_id == found.agency_id,
                and_(Referral.channel == Channel.PARTNER_SHARE, Referral.status.in_(UNDELIVERED)),
            ),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )
    # Referrals are locked by id, and moved by receiver: two that end at once touch the
    # aggregates in one order.
    ordered = sorted(rows, key=lambda row: (row.from_id, row.to_id))
    relays = [row for row in ordered if row.channel is Channel.RELAY_LINK]
    introductions = [row for row in ordered if row.channel is Channel.AGENCY_INTRODUCTION]
    questions = [row for row in ordered if row.channel is Channel.PARTNER_SHARE]
    return relays, introductions, questions


async def _stop_reading(tx: WriteSession, case: Case) -> None:
    await tx.execute(
        update(Disclosure)
        .where(
            Disclosure.candidate_id == case.candidate_id,
            Disclosure.recipient_id == case.agency_id,
            Disclosure.purpose == Purpose.AGENCY_SUPPORT,
            Disclosure.closed_at.is_(None),
        )
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
