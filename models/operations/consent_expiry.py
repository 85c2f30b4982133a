"""Consents whose time is over. The timers call this."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select, update

from models.access import system
from models.audit import audit
from models.operations.agreements import asked_by_partners, open_introductions
from models.operations.candidate_pages import open_relays
from models.operations.handovers import end_journey, move, time_zone_of
from models.operations.listings import relist
from models.operations.support import end_support, open_case_of, recall
from models.rules.lifecycles import ConsentStatus, ReferralStatus
from models.rules.sharing import Purpose
from models.session import WriteSession
from models.tables.candidates import Candidate, Consent, ConsentRecipient, Disclosure

CONSENTS_PER_BATCH = 200


async def expire_consents(tx: WriteSession, batch: int = CONSENTS_PER_BATCH) -> int:
    """End the consents that were given until a time that is over, and what stands on them.

    An introduction is recalled, as is what partners asked for who saw the candidate on it; without
    consent to its support no agency keeps a case.
    Answers how many ended.
    """
    rows = (
        await tx.execute(
            select(Consent, Candidate.consortium_id)
            .join(Candidate, Candidate.id == Consent.candidate_id)
            .where(Consent.status == ConsentStatus.ACTIVE, Consent.expires_at <= tx.now)
            .order_by(Consent.expires_at, Consent.id)
            .limit(batch)
            .with_for_update(skip_locked=True, of=Consent)
        )
    ).all()
    for consent, consortium_id in rows:
        await _expire(tx, consent, consortium_id)
    return len(rows)


async def _expire(tx: WriteSession, consent: Consent, consortium_id: uuid.UUID) -> None:
    recipients = (
        await tx.scalars(
            select(ConsentRecipient.organization_id).where(
                ConsentRecipient.consent_id == consent.id
            )
        )
    ).all()
    actor = system(consortium_id)
    consent.status, consent.ended_at = ConsentStatus.EXPIRED, tx.now
    await tx.flush()
    if consent.purpose is Purpose.INTRODUCTION:
        await recall(tx, actor, await open_introductions(tx, consent.candidate_id, recipients))
    elif consent.purpose is Purpose.PARTNER_SHARING:
        await recall(tx, actor, await asked_by_partners(tx, consent.candidate_id))
    elif consent.purpose is Purpose.AGENCY_SUPPORT:
        await _end_case(tx, consent.candidate_id, consortium_id, recipients)
        await tx.flush()
        await relist(tx, consortium_id, [consent.candidate_id])
    await tx.execute(
        update(Disclosure)
        .where(Disclosure.consent_id == consent.id, Disclosure.closed_at.is_(None))
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    audit(tx, actor, "consent.expired", "candidate", consent.candidate_id)


async def _end_case(
    tx: WriteSession,
    candidate_id: uuid.UUID,
    consortium_id: uuid.UUID,
    agencies: Collection[uuid.UUID],
) -> None:
    actor, zone = system(consortium_id), await time_zone_of(tx, consortium_id)
    relays = await open_relays(tx, candidate_id)
    case = await open_case_of(tx, candidate_id)
    if case is None or case.agency_id not in agencies:
        return
    await end_support(tx, actor, case, ConsentStatus.EXPIRED)
    for relay in relays:
        await move(tx, actor, relay, ReferralStatus.WITHDRAWN, zone)
        await end_journey(tx, relay, ReferralStatus.WITHDRAWN, zone)
