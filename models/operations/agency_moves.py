"""When an agency leaves or its licence lapses: links pause, introductions stop, people move.

Nothing of a candidate passes to another agency before they agree. Until then their case stays
where it is. Introductions that a company has received are the company's and the candidate's to go
on with; those that only the candidate knows of are recalled, and new ones are refused.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, update
from sqlalchemy.orm import aliased

from models.access import Actor, system
from models.audit import audit
from models.errors import InvalidTransition
from models.operations.agreements import (
    audit_candidate,
    candidate_of,
    note_activity,
    open_introductions,
)
from models.operations.candidates import Grant, disclose, exclusions_of, give_consents
from models.operations.programs import program_in_force
from models.operations.support import (
    UNDELIVERED,
    able_agencies,
    end_support,
    open_case,
    open_case_of,
    recall,
)
from models.outbox import Event, EventType, emit
from models.rules.flows import local_day
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    ConsentStatus,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
)
from models.rules.sharing import Acquired, Purpose
from models.session import WriteSession
from models.tables.consortium import Consortium, Membership, Organization
from models.tables.links import RelayLink
from models.tables.referrals import Case, Referral

ROWS_PER_BATCH = 200


@dataclass(frozen=True, slots=True)
class MoveToAgency:
    """Be supported by this agency, under the version of the consent's text that was shown."""

    agency_id: uuid.UUID
    text_version: str


async def move_to_agency(tx: WriteSession, actor: Actor, command: MoveToAgency) -> None:
    """The candidate's case passes to an agency that may take it, from one that no longer may.

    Consent, disclosure and case begin anew; the old agency reads nothing more. The new case stands
    on the same relay referral: a move is no hand-over of a company, and counts for nobody. Raises
    `InvalidTransition` where there is no case, or nothing that makes it move to this agency.
    """
    candidate_id = candidate_of(actor)
    await open_introductions(tx, candidate_id)
    await note_activity(tx, candidate_id)
    case = await open_case_of(tx, candidate_id)
    if case is None:
        raise InvalidTransition(what="support", state=CaseStatus.CLOSED.value, allowed="")
    program = await program_in_force(tx, actor.consortium_id)
    hidden_from = await exclusions_of(tx, candidate_id)
    able = set(await able_agencies(tx, actor.consortium_id, program)) - hidden_from
    if case.agency_id in able or command.agency_id not in able:
        raise InvalidTransition(what="support", state=CaseStatus.OPEN.value, allowed="")
    await end_support(tx, actor, case, ConsentStatus.SUPERSEDED)
    grants = [Grant(Purpose.AGENCY_SUPPORT, [command.agency_id])]
    consents = await give_consents(tx, candidate_id, grants, command.text_version)
    await disclose(
        tx,
        consortium_id=actor.consortium_id,
        candidate_id=candidate_id,
        provider_id=None,
        recipient_id=command.agency_id,
        referral_id=case.referral_id,
        consent_id=consents[Purpose.AGENCY_SUPPORT],
        purpose=Purpose.AGENCY_SUPPORT,
        acquired=Acquired.REGISTRATION_FORM,
    )
    await open_case(tx, actor.consortium_id, candidate_id, command.agency_id, case.referral_id)
    audit_candidate(tx, actor, "candidate.moved", agency=command.agency_id.hex)


async def forget_asking(tx: WriteSession, agency_id: uuid.UUID) -> None:
    """The agency's licence has a new date: should it lapse again, its candidates are asked anew."""
    await tx.execute(
        update(Case)
        .where(
            Case.agency_id == agency_id,
            Case.status == CaseStatus.OPEN,
            Case.move_asked_at.is_not(None),
        )
        .values(move_asked_at=None)
        .execution_options(synchronize_session=False)
    )


async def pause_links(tx: WriteSession, batch: int = ROWS_PER_BATCH) -> int:
    """Links that lead to an agency which may not go on: resumed, they lead to the default one."""
    rows = (
        await tx.scalars(
            select(RelayLink)
            .join(Organization, Organization.id == RelayLink.agency_id)
            .join(Membership, Membership.organization_id == Organization.id)
            .join(Consortium, Consortium.id == RelayLink.consortium_id)
            .where(
                RelayLink.status.in_((LinkStatus.ACTIVE, LinkStatus.PAUSED)),
                await _may_not_go_on(tx),
            )
            .order_by(RelayLink.id)
            .limit(batch)
            .with_for_update(skip_locked=True, of=RelayLink)
        )
    ).all()
    for row in rows:
        row.agency_id = None
        if row.status is LinkStatus.ACTIVE:
            row.status = LinkStatus.PAUSED
            audit(tx, system(row.consortium_id), "relay_link.paused", "relay_link", row.id)
    return len(rows)


async def recall_introductions(tx: WriteSession, batch: int = ROWS_PER_BATCH) -> int:
    """Introductions by an agency which may not go on, that their company has not learned of."""
    rows = (
        await tx.scalars(
            select(Referral)
            .join(Organization, Organization.id == Referral.from_id)
            .join(Membership, Membership.organization_id == Organization.id)
            .join(Consortium, Consortium.id == Referral.consortium_id)
            .where(
                Referral.channel == Channel.AGENCY_INTRODUCTION,
                Referral.status.in_(UNDELIVERED),
                await _may_not_go_on(tx),
            )
            .order_by(Referral.id)
            .limit(batch)
            .with_for_update(skip_locked=True, key_share=True, of=Referral)
        )
    ).all()
    for row in sorted(rows, key=lambda one: (one.from_id, one.to_id)):
        await recall(tx, system(row.consortium_id), [row])
    return len(rows)


async def ask_to_move(tx: WriteSession, batch: int = ROWS_PER_BATCH) -> int:
    """Ask the candidates of an agency which may not go on, once, where another agency may."""
    other, its_membership = aliased(Organization), aliased(Membership)
    may_go_on = exists(
        select(other.id)
        .join(its_membership, its_membership.organization_id == other.id)
        .where(
            other.consortium_id == Consortium.id,
            other.kind == OrganizationKind.AGENCY,
            its_membership.status == MembershipStatus.ACTIVE,
            or_(other.licence_expires_on.is_(None), ~await _lapsed(tx, other)),
        )
    )
    rows = (
        await tx.scalars(
            select(Case)
            .join(Organization, Organization.id == Case.agency_id)
            .join(Membership, Membership.organization_id == Organization.id)
            .join(Consortium, Consortium.id == Case.consortium_id)
            .where(
                Case.status == CaseStatus.OPEN,
                Case.move_asked_at.is_(None),
                await _may_not_go_on(tx),
                may_go_on,
            )
            .order_by(Case.agency_id, Case.id)
            .limit(batch)
            .with_for_update(skip_locked=True, key_share=True, of=Case)
        )
    ).all()
    for row in rows:
        row.move_asked_at = tx.now
        await emit(tx, Event(EventType.MOVE_ASKED, row.consortium_id, {"case": row.id.hex}))
        audit(tx, system(row.consortium_id), "case.move_asked", "case", row.id)
    return len(rows)


async def _may_not_go_on(tx: WriteSession) -> ColumnElement[bool]:
    """Of an agency, beside its membership and its consortium: it left, or its licence lapsed."""
    return and_(
        Organization.kind == OrganizationKind.AGENCY,
        or_(Membership.status != MembershipStatus.ACTIVE, await _lapsed(tx, Organization)),
    )


async def _lapsed(tx: WriteSession, organization: Any) -> ColumnElement[bool]:
    """The licence's last day is over where its consortium is."""
    zones = (await tx.scalars(select(Consortium.time_zone).distinct())).all()
    over = (
        and_(
            Consortium.time_zone == zone,
            organization.licence_expires_on < local_day(tx.now, zone),
        )
        for zone in sorted(zones)
    )
    return or_(false(), *over)
