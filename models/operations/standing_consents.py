"""A candidate's standing consent: partners they allowed learn at once who they are.

Each time a consent for that one partner is recorded, which names the standing one it was given by:
it is withdrawn by itself, or with the standing one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from models.access import Actor, system
from models.audit import audit
from models.operations.agreements import (
    audit_candidate,
    candidate_of,
    deliver,
    note_activity,
    under_terms,
)
from models.operations.candidates import Grant, give_consents, partner_sharing
from models.operations.listings import joined_at_of, relist, sharing_of
from models.operations.member_list import hold_member_list
from models.outbox import Event, EventType, emit
from models.rules.lifecycles import ConsentStatus, HireStatus
from models.rules.listings import stands_for
from models.rules.sharing import Purpose
from models.session import WriteSession
from models.tables.candidates import Consent, Disclosure
from models.tables.partnerships import Terms
from models.tables.referrals import Hire, Referral


@dataclass(frozen=True, slots=True)
class ShareWithPartners:
    """Be seen by partners, under the version of the text that was shown.

    ``without_asking``: and be known to those who are interested, without a question each time.
    """

    without_asking: bool
    text_version: str


async def share_with_partners(
    tx: WriteSession, actor: Actor, command: ShareWithPartners
) -> uuid.UUID:
    """Consent anew, for the companies that are members now: the consent before is superseded.

    Partners that know the person already go on; each can be taken back by itself.
    """
    candidate_id = candidate_of(actor)
    await hold_member_list(tx, actor.consortium_id)
    # One at a time: of two the second supersedes the first.
    await note_activity(tx, candidate_id)
    grants = [partner_sharing(without_asking=command.without_asking)]
    consents = await give_consents(tx, candidate_id, grants, command.text_version)
    without_asking = "yes" if command.without_asking else "no"
    audit_candidate(tx, actor, "consent.given", without_asking=without_asking)
    await relist(tx, actor.consortium_id, [candidate_id])
    return consents[Purpose.PARTNER_SHARING]


async def delivered_at_once(tx: WriteSession, referral_id: uuid.UUID) -> bool:
    """Deliver a referral between partners, just made, where a standing consent covers it.

    The candidate is told of it by mail. Answers whether it was so. The member list must be held.
    """
    referral = (
        await tx.scalars(select(Referral).where(Referral.id == referral_id).with_for_update())
    ).one()
    terms = await tx.get_one(Terms, referral.terms_id)
    under = under_terms(terms)
    sharing = (await sharing_of(tx, [referral.candidate_id])).get(referral.candidate_id)
    joined_at = (await joined_at_of(tx, [referral.to_id])).get(referral.to_id)
    if sharing is None or not stands_for(
        sharing, shown=frozenset(under.fields), joined_at=joined_at
    ):
        return False
    grant = Grant(Purpose.INTRODUCTION, [referral.to_id], under.fields, sharing.consent_id)
    consents = await give_consents(tx, referral.candidate_id, [grant], sharing.text_version)
    consent_id = consents[Purpose.INTRODUCTION]
    # It is the candidate's consent that agrees, not whoever offers or asks.
    actor = system(referral.consortium_id)
    await deliver(tx, actor, referral, terms, consent_id)
    refs = {"referral": referral.id.hex, "candidate": referral.candidate_id.hex}
    await emit(tx, Event(EventType.DELIVERED_AT_ONCE, referral.consortium_id, refs))
    audit(tx, actor, "consent.stood_for", "referral", referral.id, consent=sharing.consent_id.hex)
    return True


async def given_by_standing(tx: WriteSession, candidate_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The consents for one partner each that a standing one gave: not for where one works."""
    works_there = exists(
        select(Hire.id)
        .join(Disclosure, Disclosure.referral_id == Hire.referral_id)
        .where(Disclosure.consent_id == Consent.id, Hire.status == HireStatus.JOINED)
    )
    rows = await tx.scalars(
        select(Consent.id)
        .where(
            Consent.candidate_id == candidate_id,
            Consent.standing_id.is_not(None),
            Consent.status == ConsentStatus.ACTIVE,
            ~works_there,
        )
        .order_by(Consent.id)
    )
    return rows.all()
