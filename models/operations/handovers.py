"""Making referrals, and moving them from state to state."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from models.access import Actor
from models.audit import audit
from models.base import random_id
from models.operations.flows import record_flow, record_journey
from models.operations.free_hires import release_reserved
from models.operations.survey_invitations import invite
from models.outbox import Event, EventType, emit
from models.rules.flows import local_day
from models.rules.lifecycles import (
    FALLEN_THROUGH,
    Channel,
    ReferralStatus,
    require_step,
    steps_of,
)
from models.rules.sharing import Purpose
from models.rules.surveys import OUTCOMES, SurveyKind
from models.session import ReadSession, WriteSession
from models.tables.candidates import Disclosure
from models.tables.consortium import Consortium
from models.tables.referrals import Referral, ReferralStep
from models.upsert import plain_insert

JOURNEY_LENGTH_MAX = 32


async def time_zone_of(tx: ReadSession, consortium_id: uuid.UUID) -> str:
    """Where the consortium's days begin."""
    zone = await tx.scalar(select(Consortium.time_zone).where(Consortium.id == consortium_id))
    assert zone is not None
    return zone


async def hand_over(  # noqa: PLR0913  (what an edge of the graph has)
    tx: WriteSession,
    actor: Actor,
    *,
    candidate_id: uuid.UUID,
    channel: Channel,
    from_id: uuid.UUID,
    to_id: uuid.UUID,
    status: ReferralStatus,
    time_zone: str,
    link_id: uuid.UUID | None = None,
    opening_id: uuid.UUID | None = None,
    previous_id: uuid.UUID | None = None,
    terms_id: uuid.UUID | None = None,
    is_asked: bool = False,
    is_unasked: bool = False,
    respond_within: timedelta | None = None,
) -> uuid.UUID:
    """One candidate passes from one organization to another: a new edge of the graph."""
    referral_id, day = random_id(), local_day(tx.now, time_zone)
    await tx.execute(
        plain_insert(Referral),
        {
            "id": referral_id,
            "consortium_id": actor.consortium_id,
            "candidate_id": candidate_id,
            "channel": channel,
            "from_id": from_id,
            "to_id": to_id,
            "status": status,
            "link_id": link_id,
            "opening_id": opening_id,
            "previous_id": previous_id,
            "terms_id": terms_id,
            "is_asked": is_asked,
            "is_unasked": is_unasked,
            "created_at": tx.now,
            "created_on": day,
            "changed_at": tx.now,
            "delivered_at": tx.now if channel is Channel.RELAY_LINK else None,
            "respond_by": tx.now + respond_within if respond_within else None,
        },
    )
    await _note_step(tx, actor, referral_id, status)
    await record_flow(
        tx,
        consortium_id=actor.consortium_id,
        day=day,
        from_id=from_id,
        to_id=to_id,
        channel=channel,
        event=status,
        before=status,
    )
    await _tell(tx, actor, referral_id, status)
    return referral_id


async def move(
    tx: WriteSession, actor: Actor, referral: Referral, to: ReferralStatus, time_zone: str
) -> None:
    """Take a locked referral one step on. Raises `InvalidTransition` where there is none.

    An introduction that falls through releases its free hire, and the receiver may read no more.
    """
    require_step("referral", steps_of(referral.channel), referral.status, to)
    before, waited = referral.status, tx.now - referral.changed_at
    referral.status, referral.changed_at, referral.respond_by = to, tx.now, None
    if to is ReferralStatus.DELIVERED:
        referral.delivered_at = tx.now
    if to is ReferralStatus.HIRED:
        # Who works there is known there, whatever becomes of a partnership.
        referral.shared_until = None
    if to in FALLEN_THROUGH and referral.channel is not Channel.RELAY_LINK:
        await _fall_through(tx, actor, referral)
    await _note_step(tx, actor, referral.id, to)
    day = local_day(tx.now, time_zone)
    await record_flow(
        tx,
        consortium_id=referral.consortium_id,
        day=day,
        from_id=referral.from_id,
        to_id=referral.to_id,
        channel=referral.channel,
        event=to,
        before=before,
        waited=waited,
    )
    await _ask_after(tx, referral, to)
    await _tell(tx, actor, referral.id, to)
    audit(tx, actor, f"referral.{to.value.lower()}", "referral", referral.id)


async def _ask_after(tx: WriteSession, referral: Referral, outcome: ReferralStatus) -> None:
    """Whom a company's link had brought is asked about it once it led somewhere, or nowhere."""
    if referral.channel is Channel.RELAY_LINK and outcome in OUTCOMES:
        await invite(
            tx,
            consortium_id=referral.consortium_id,
            candidate_id=referral.candidate_id,
            company_id=referral.from_id,
            kind=SurveyKind.OUTCOME,
        )


async def _fall_through(tx: WriteSession, actor: Actor, referral: Referral) -> None:
    await release_reserved(tx, actor, referral)
    await tx.execute(
        update(Disclosure)
        .where(
            Disclosure.referral_id == referral.id,
            Disclosure.recipient_id == referral.to_id,
            Disclosure.purpose == Purpose.INTRODUCTION,
            Disclosure.closed_at.is_(None),
        )
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def end_journey(
    tx: WriteSession, last: Referral, outcome: ReferralStatus, time_zone: str
) -> None:
    """Record the chain of organizations that led to ``last``, and how it ended."""
    chain = [last.to_id, last.from_id]
    previous_id = last.previous_id
    while previous_id is not None and len(chain) < JOURNEY_LENGTH_MAX:
        row = (
            await tx.execute(
                select(Referral.from_id, Referral.previous_id).where(Referral.id == previous_id)
            )
        ).one()
        if row.from_id != chain[-1]:  # a partner gave on whom its own link had brought
            chain.append(row.from_id)
        previous_id = row.previous_id
    await record_journey(
        tx,
        consortium_id=last.consortium_id,
        day=local_day(tx.now, time_zone),
        chain=list(reversed(chain)),
        channel=last.channel,
        outcome=outcome,
    )


async def _note_step(
    tx: WriteSession, actor: Actor, referral_id: uuid.UUID, status: ReferralStatus
) -> None:
    await tx.execute(
        plain_insert(ReferralStep),
        {"referral_id": referral_id, "status": status, "at": tx.now, "by_id": actor.id},
    )


async def _tell(
    tx: WriteSession, actor: Actor, referral_id: uuid.UUID, status: ReferralStatus
) -> None:
    refs = {"referral": referral_id.hex, "status": status.value}
    await emit(tx, Event(EventType.REFERRAL_CHANGED, actor.consortium_id, refs))
