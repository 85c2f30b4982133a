"""Asking those who were given a person's data to delete it, and their confirmation.

It happens in the transaction in which a consent is withdrawn, an organization is excluded or the
person erased. Who saw someone only in the pool, without what identifies them, is not asked: there
is no file that could be found by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import and_, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import ordered_id
from models.errors import NotFound
from models.operations.notices import notify
from models.outbox import Event, EventType, emit
from models.rules.deletions import (
    DUE_DAYS,
    Confirmed,
    DeletionReason,
    Given,
    next_notice,
    still_to_delete,
    to_delete,
)
from models.rules.lifecycles import (
    DELETION,
    ConsentStatus,
    DeletionStatus,
    HireStatus,
    require_step,
)
from models.rules.notices import NoticeKind
from models.rules.sharing import CandidateField, Purpose
from models.session import WriteSession
from models.tables.candidates import Consent, Disclosure, Exclusion
from models.tables.deletions import DeletionRequest
from models.tables.referrals import Hire, Referral
from models.upsert import insert_for
from models.visibility import visible_deletion_requests

REQUESTS_PER_BATCH = 200
Fields = frozenset[CandidateField]


async def ask_to_delete(
    tx: WriteSession,
    actor: Actor,
    candidate_id: uuid.UUID,
    recipients: Collection[uuid.UUID] | None = None,
    reason: DeletionReason = DeletionReason.NO_LONGER_ALLOWED,
) -> None:
    """Ask these recipients, or all, to delete what they were given and may have no longer.

    A company where the person works is not asked: what it has, it has as the employer. A recipient
    that was asked and has not confirmed yet is asked for the rest too, by the same day.
    """
    if recipients is not None and not recipients:
        return
    given, referrals = await _given(tx, candidate_id, recipients)
    confirmed, waiting = await _asked_before(tx, candidate_id)
    employers = await _employers(tx, candidate_id)
    for recipient_id in sorted(given.keys() - employers):
        fields = to_delete(given[recipient_id], confirmed.get(recipient_id, ()))
        if not fields:
            continue
        if recipient_id in waiting:
            request = waiting[recipient_id]
            request.reason = reason
            request.fields = _written(fields | frozenset(map(CandidateField, request.fields)))
        else:
            referral_id = referrals.get(recipient_id)
            await _ask(tx, actor, candidate_id, recipient_id, referral_id, fields, reason)


async def follow_withdrawal(
    tx: WriteSession, actor: Actor, candidate_id: uuid.UUID, consent_ids: Collection[uuid.UUID]
) -> None:
    """Consents were withdrawn: tell those that were shown something on them; they are to delete it.

    Whom the candidate excludes is not told: it reads as if nothing had been provided.
    """
    if not consent_ids:
        return
    rows = await tx.execute(
        select(Disclosure.recipient_id, Exclusion.organization_id)
        .outerjoin(
            Exclusion,
            and_(
                Exclusion.candidate_id == Disclosure.candidate_id,
                Exclusion.organization_id == Disclosure.recipient_id,
            ),
        )
        .where(Disclosure.consent_id.in_(consent_ids))
        .distinct()
    )
    recipients = {row.recipient_id: row.organization_id is not None for row in rows}
    told = sorted(one for one, is_excluded in recipients.items() if not is_excluded)
    refs = {"candidate": candidate_id.hex}
    events = [
        Event(EventType.CONSENT_WITHDRAWN, actor.consortium_id, refs | {"organization": one.hex})
        for one in told
    ]
    await emit(tx, *events)
    await ask_to_delete(tx, actor, candidate_id, recipients.keys())


async def _given(
    tx: WriteSession, candidate_id: uuid.UUID, recipients: Collection[uuid.UUID] | None
) -> tuple[Mapping[uuid.UUID, list[Given]], Mapping[uuid.UUID, uuid.UUID]]:
    """What each was given outside the pool, and the last hand-over with which it was."""
    statement = (
        select(
            Disclosure.recipient_id,
            Disclosure.fields,
            Disclosure.opened_at,
            Disclosure.closed_at,
            Disclosure.referral_id,
            Consent.status,
        )
        .join(Consent, Consent.id == Disclosure.consent_id)
        .where(
            Disclosure.candidate_id == candidate_id, Disclosure.purpose != Purpose.PARTNER_SHARING
        )
        .order_by(Disclosure.opened_at, Disclosure.id)
    )
    if recipients is not None:
        statement = statement.where(Disclosure.recipient_id.in_(sorted(recipients)))
    given: dict[uuid.UUID, list[Given]] = {}
    referrals: dict[uuid.UUID, uuid.UUID] = {}
    for row in await tx.execute(statement):
        is_allowed = row.closed_at is None and row.status is ConsentStatus.ACTIVE
        fields = frozenset(map(CandidateField, row.fields))
        given.setdefault(row.recipient_id, []).append(Given(fields, row.opened_at, is_allowed))
        if row.referral_id is not None:
            referrals[row.recipient_id] = row.referral_id
    return given, referrals


async def _asked_before(
    tx: WriteSession, candidate_id: uuid.UUID
) -> tuple[Mapping[uuid.UUID, list[Confirmed]], Mapping[uuid.UUID, DeletionRequest]]:
    rows = await tx.scalars(
        select(DeletionRequest)
        .where(
            DeletionRequest.candidate_id == candidate_id,
            DeletionRequest.status != DeletionStatus.LAPSED,
        )
        .order_by(DeletionRequest.id)
        .with_for_update()
    )
    confirmed: dict[uuid.UUID, list[Confirmed]] = {}
    waiting: dict[uuid.UUID, DeletionRequest] = {}
    for row in rows:
        if row.status is DeletionStatus.OPEN:
            waiting[row.recipient_id] = row
        else:
            fields = frozenset(map(CandidateField, row.fields))
            confirmed.setdefault(row.recipient_id, []).append(Confirmed(fields, row.asked_at))
    return confirmed, waiting


async def _employers(tx: WriteSession, candidate_id: uuid.UUID) -> frozenset[uuid.UUID]:
    rows = await tx.scalars(
        select(Hire.company_id)
        .join(Referral, Referral.id == Hire.referral_id)
        .where(Referral.candidate_id == candidate_id, Hire.status == HireStatus.JOINED)
    )
    return frozenset(rows)


async def _ask(
    tx: WriteSession,
    actor: Actor,
    candidate_id: uuid.UUID,
    recipient_id: uuid.UUID,
    referral_id: uuid.UUID | None,
    fields: Fields,
    reason: DeletionReason,
) -> None:
    request_id, due_at = ordered_id(), tx.now + timedelta(days=DUE_DAYS)
    made = await tx.scalar(
        insert_for(tx, DeletionRequest)
        .values(
            id=request_id,
            consortium_id=actor.consortium_id,
            candidate_id=candidate_id,
            recipient_id=recipient_id,
            referral_id=referral_id,
            reason=reason,
            fields=_written(fields),
            status=DeletionStatus.OPEN,
            asked_at=tx.now,
            due_at=due_at,
            next_notice_at=next_notice(due_at, tx.now),
        )
        # Of two withdrawals at once the first has asked.
        .on_conflict_do_nothing()
        .returning(DeletionRequest.id)
    )
    if made is not None:
        audit(tx, actor, "deletion.asked", "deletion_request", request_id)
        kind = NoticeKind.DELETION_ASKED
        await notify(tx, actor.consortium_id, kind, request_id, [recipient_id])


def _written(fields: Iterable[CandidateField]) -> list[str]:
    return [field.value for field in CandidateField if field in set(fields)]


async def lapse_allowed(
    tx: WriteSession,
    candidate_id: uuid.UUID,
    recipient_id: uuid.UUID,
    allowed: Collection[CandidateField],
) -> None:
    """The recipient is given these fields anew: it is no longer to delete them."""
    request = await tx.scalar(
        select(DeletionRequest)
        .where(
            DeletionRequest.candidate_id == candidate_id,
            DeletionRequest.recipient_id == recipient_id,
            DeletionRequest.status == DeletionStatus.OPEN,
        )
        .with_for_update()
    )
    if request is None:
        return
    rest = still_to_delete(frozenset(map(CandidateField, request.fields)), frozenset(allowed))
    if rest:
        request.fields = _written(rest)
        return
    require_step("deletion request", DELETION, request.status, DeletionStatus.LAPSED)
    request.status, request.next_notice_at = DeletionStatus.LAPSED, None


async def remind_of_deletions(tx: WriteSession, batch: int = REQUESTS_PER_BATCH) -> int:
    """Remind recipients before the day, and tell them and the consortium's admins after it.

    Answers how many requests it was time for.
    """
    rows = (
        await tx.scalars(
            select(DeletionRequest)
            .where(DeletionRequest.next_notice_at <= tx.now)
            .order_by(DeletionRequest.next_notice_at, DeletionRequest.id)
            .limit(batch)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        row.next_notice_at = next_notice(row.due_at, tx.now)
        if row.due_at <= tx.now:
            told: list[uuid.UUID | None] = [row.recipient_id, None]
            await notify(tx, row.consortium_id, NoticeKind.DELETION_OVERDUE, row.id, told)
        else:
            kind = NoticeKind.DELETION_DUE
            await notify(tx, row.consortium_id, kind, row.id, [row.recipient_id])
    return len(rows)


async def confirm_deletion(tx: WriteSession, actor: Actor, request_id: uuid.UUID) -> uuid.UUID:
    """The recipient has deleted what it was asked to. Who says so and when is kept.

    Raises `NotFound`, and `InvalidTransition` where it was confirmed or lapsed before.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    request = await tx.scalar(
        select(DeletionRequest)
        .where(visible_deletion_requests(actor), DeletionRequest.id == request_id)
        .with_for_update()
    )
    if request is None:
        raise NotFound("id", what="deletion request")
    require_step("deletion request", DELETION, request.status, DeletionStatus.CONFIRMED)
    request.status, request.next_notice_at = DeletionStatus.CONFIRMED, None
    request.confirmed_at, request.confirmed_by_id = tx.now, actor.id
    audit(tx, actor, "deletion.confirmed", "deletion_request", request.id)
    return request.id
