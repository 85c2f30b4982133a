"""Which agency supports a candidate, and how a case passes from one that no longer may."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import or_, select, update

from models.access import Actor
from models.audit import audit
from models.base import random_id
from models.operations.handovers import move, time_zone_of
from models.operations.programs import InForce
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    ConsentStatus,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.sharing import Purpose
from models.session import ReadSession, WriteSession
from models.tables.candidates import Consent, ConsentRecipient, Disclosure
from models.tables.consortium import Membership, Organization
from models.tables.referrals import Case, Referral
from models.upsert import plain_insert

UNDELIVERED = (ReferralStatus.REQUESTED, ReferralStatus.PROPOSED, ReferralStatus.AGREED)


async def able_agencies(
    session: ReadSession, consortium_id: uuid.UUID, program: InForce
) -> list[uuid.UUID]:
    """The agencies that may take candidates on: members with a licence that has not lapsed."""
    rows = await session.scalars(
        select(Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Organization.consortium_id == consortium_id,
            Organization.kind == OrganizationKind.AGENCY,
            Membership.status == MembershipStatus.ACTIVE,
            or_(
                Organization.licence_expires_on.is_(None),
                Organization.licence_expires_on >= program.day(session.now),
            ),
        )
        .order_by(Organization.id)
    )
    return list(rows)


def choose_agency(
    able: Collection[uuid.UUID],
    program: InForce,
    *,
    preferred: Iterable[uuid.UUID] = (),
    hidden_from: Collection[uuid.UUID] = (),
) -> uuid.UUID | None:
    """The first preferred agency that may, else the program's default, else any other that may."""
    for agency_id in (*preferred, program.version.default_agency_id, *able):
        if agency_id in able and agency_id not in hidden_from:
            return agency_id
    return None


async def open_case_of(tx: WriteSession, candidate_id: uuid.UUID) -> Case | None:
    """The candidate's open case, locked."""
    found: Case | None = await tx.scalar(
        select(Case)
        .where(Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN)
        .with_for_update(key_share=True)
    )
    return found


async def open_case(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    candidate_id: uuid.UUID,
    agency_id: uuid.UUID,
    referral_id: uuid.UUID,
) -> None:
    """An agency looks after a candidate from now on, relayed by this referral."""
    await tx.execute(
        plain_insert(Case),
        {
            "id": random_id(),
            "consortium_id": consortium_id,
            "candidate_id": candidate_id,
            "agency_id": agency_id,
            "referral_id": referral_id,
            "status": CaseStatus.OPEN,
            "opened_at": tx.now,
            "changed_at": tx.now,
        },
    )


async def end_support(tx: WriteSession, actor: Actor, case: Case, consent: ConsentStatus) -> None:
    """Close a locked case of an agency that may go on no more: it reads nothing from now on.

    ``consent`` is what becomes of the consent to its support. Introductions that the company has
    not learned of are recalled; those that were delivered are the company's and the candidate's
    to go on with, and the relay referrals go on with the candidate.
    """
    await recall(tx, actor, await _undelivered(tx, case))
    case.status, case.changed_at, case.closed_at = CaseStatus.CLOSED, tx.now, tx.now
    await tx.flush()
    supporting = (
        select(ConsentRecipient.consent_id)
        .join(Consent, Consent.id == ConsentRecipient.consent_id)
        .where(
            Consent.candidate_id == case.candidate_id,
            ConsentRecipient.organization_id == case.agency_id,
        )
    )
    await tx.execute(
        update(Consent)
        .where(
            Consent.id.in_(supporting),
            Consent.purpose == Purpose.AGENCY_SUPPORT,
            Consent.status == ConsentStatus.ACTIVE,
        )
        .values(status=consent, ended_at=tx.now)
        .execution_options(synchronize_session=False)
    )
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
    audit(tx, actor, "case.closed", "case", case.id)


async def _undelivered(tx: WriteSession, case: Case) -> Iterable[Referral]:
    return await tx.scalars(
        select(Referral)
        .where(
            Referral.candidate_id == case.candidate_id,
            Referral.from_id == case.agency_id,
            Referral.channel == Channel.AGENCY_INTRODUCTION,
            Referral.status.in_(UNDELIVERED),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )


async def recall(tx: WriteSession, actor: Actor, referrals: Iterable[Referral]) -> None:
    """Take locked introductions back."""
    # In one order of pairs, so that two who recall never wait for each other's flow rows.
    for referral in sorted(referrals, key=lambda one: (one.from_id, one.to_id)):
        zone = await time_zone_of(tx, referral.consortium_id)
        await move(tx, actor, referral, ReferralStatus.RECALLED, zone)
