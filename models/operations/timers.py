"""What happens by itself when its time has come, a bounded batch at a time.

Each step answers how many rows it changed, and which keys are to be destroyed once its transaction
is committed. A key that a crash in between leaves behind is an orphan, and swept.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from models.access import system
from models.audit import audit
from models.operations import agency_moves
from models.operations.analysis_jobs import JOBS_PER_BATCH, delete_analysis_jobs
from models.operations.consent_expiry import CONSENTS_PER_BATCH, expire_consents
from models.operations.deletions import REQUESTS_PER_BATCH, remind_of_deletions
from models.operations.expiry import (
    COMPANIES_PER_BATCH,
    FREE_HIRES_PER_BATCH,
    expire_free_hires,
    lapse_balances,
)
from models.operations.frozen import freeze_next_month
from models.operations.handovers import move, time_zone_of
from models.operations.mailings import cancel_queued
from models.operations.milestones import HIRES_PER_BATCH, reach_milestones
from models.operations.partner_referrals import ROWS_PER_BATCH as SHARED_PER_BATCH
from models.operations.partner_referrals import recall_overdue
from models.operations.partnerships import ROWS_PER_BATCH as PARTIES_PER_BATCH
from models.operations.partnerships import end_notices
from models.operations.survey_invitations import INVITATIONS_PER_BATCH, mail_surveys
from models.rules.erasure import HASHES_KEPT_FOR
from models.rules.lifecycles import (
    LinkStatus,
    MailingStatus,
    ReferralStatus,
    RegistrationStatus,
)
from models.rules.users import PASSWORD_RESET_WINDOW_MINUTES, SIGN_IN_WINDOW_MINUTES
from models.session import ReadSession, WriteSession
from models.tables.candidates import Candidate, CandidateSession, SignInLink
from models.tables.erasures import Erasure, RegisterKey, RegisterName
from models.tables.inactivity import DeletionNotice
from models.tables.ledger import IdempotencyKey
from models.tables.links import RelayLink
from models.tables.mailings import Mailing, Rejection
from models.tables.records import AuditHead, OutboxEvent
from models.tables.referrals import Referral
from models.tables.registrations import CountedPerson, Registration
from models.tables.users import Invitation, PasswordReset, SignInFailure, UserSession

ROWS_PER_BATCH = 200
MAILINGS_PER_BATCH = 5
DELETED_PER_BATCH = 1_000
KEYS_PER_SWEEP = 500
HEADS_MAX = 1_000
KEPT_FOR = timedelta(days=30)
SIGN_IN_LINKS_KEPT_FOR = timedelta(days=1)
"""Longer than they work: how many there were lately bounds how many more are mailed."""
NOTICES_KEPT_FOR = timedelta(days=180)
"""Longer than a record lasts after its notices: it goes, or its silence ended long before."""
ATTEMPTS_KEPT_FOR = timedelta(minutes=max(SIGN_IN_WINDOW_MINUTES, PASSWORD_RESET_WINDOW_MINUTES))

TIMERS_LOCK = 7_420_561_202
"""The number of the advisory lock under which timers run on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How much a step did."""

    rows: int
    keys: Sequence[uuid.UUID] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work. A batch smaller than ``batch`` means that nothing is left for now."""

    name: str
    run: Callable[[WriteSession], Awaitable[Changed]]
    batch: int


async def may_run_timers(tx: WriteSession) -> bool:
    """Whether no other worker runs them, until this transaction ends. SQLite has one writer."""
    if tx.get_bind().dialect.name != "postgresql":
        return True
    held = await tx.scalar(select(func.pg_try_advisory_xact_lock(TIMERS_LOCK)))
    return bool(held)


async def expire_registrations(tx: WriteSession) -> Changed:
    """Forms whose address was not confirmed in time: all that was entered goes."""
    rows = (
        await tx.scalars(
            select(Registration)
            .where(
                Registration.status == RegistrationStatus.STARTED,
                Registration.expires_at <= tx.now,
            )
            .order_by(Registration.expires_at)
            .limit(ROWS_PER_BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        row.status, row.sealed = RegistrationStatus.EXPIRED, None
        row.email_hash = row.phone_hash = row.device_hash = None
        audit(tx, system(row.consortium_id), "registration.expired", "registration", row.id)
    return Changed(len(rows), [row.key_id for row in rows])


async def expire_links(tx: WriteSession) -> Changed:
    """Relay links past their date."""
    rows = (
        await tx.scalars(
            select(RelayLink)
            .where(
                RelayLink.status.in_((LinkStatus.ACTIVE, LinkStatus.PAUSED)),
                RelayLink.expires_at <= tx.now,
            )
            .order_by(RelayLink.expires_at)
            .limit(ROWS_PER_BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        row.status = LinkStatus.EXPIRED
        audit(tx, system(row.consortium_id), "relay_link.expired", "relay_link", row.id)
    return Changed(len(rows))


async def purge_mailings(tx: WriteSession) -> Changed:
    """Mailings whose people were kept long enough. What is not sent by then is not sent."""
    rows = (
        await tx.scalars(
            select(Mailing)
            .where(Mailing.purged_at.is_(None), Mailing.purge_after <= tx.now)
            .order_by(Mailing.purge_after)
            .limit(MAILINGS_PER_BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        if row.status in {MailingStatus.DRAFT, MailingStatus.RUNNING}:
            row.status, row.ended_at = MailingStatus.CANCELLED, tx.now
            await cancel_queued(tx, row.id)
        await tx.execute(
            update(Rejection)
            .where(Rejection.mailing_id == row.id)
            .values(sealed=None, email_hash=None)
        )
        row.purged_at = tx.now
        audit(tx, system(row.consortium_id), "mailing.purged", "mailing", row.id)
    return Changed(len(rows), [row.key_id for row in rows])


async def expire_introductions(tx: WriteSession) -> Changed:
    """Introductions that the candidate has not answered in time."""
    rows = (
        await tx.scalars(
            select(Referral)
            .where(
                Referral.status.in_((ReferralStatus.REQUESTED, ReferralStatus.PROPOSED)),
                Referral.respond_by <= tx.now,
            )
            .order_by(Referral.id)
            .limit(ROWS_PER_BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        zone = await time_zone_of(tx, row.consortium_id)
        await move(tx, system(row.consortium_id), row, ReferralStatus.EXPIRED, zone)
    return Changed(len(rows))


async def forget_counted_persons(tx: WriteSession) -> Changed:
    """Keyed hashes of the addresses of those who were erased long enough ago.

    They are replaced by what stands for nobody: that someone counted stays. A hash stays too while
    somebody of that address is registered again.
    """
    address_lives_on = (
        select(Candidate.id)
        .join(CountedPerson, CountedPerson.person_hash == Candidate.email_hash)
        .join(Registration, Registration.id == CountedPerson.registration_id)
        .where(
            Registration.candidate_id == Erasure.candidate_id,
            Candidate.consortium_id == Erasure.consortium_id,
        )
    )
    rows = (
        await tx.scalars(
            select(Erasure)
            .where(
                Erasure.forgotten_at.is_(None),
                Erasure.erased_at <= tx.now - HASHES_KEPT_FOR,
                ~address_lives_on.exists(),
            )
            .order_by(Erasure.erased_at)
            .limit(ROWS_PER_BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        row.forgotten_at = tx.now
        of_them = select(Registration.id).where(Registration.candidate_id == row.candidate_id)
        nobody = tx.vault.blind("nobody", row.consortium_id, row.candidate_id.hex)
        await tx.execute(
            update(CountedPerson)
            .where(CountedPerson.registration_id.in_(of_them))
            .values(person_hash=nobody)
            .execution_options(synchronize_session=False)
        )
    return Changed(len(rows))


def _counting(name: str, run: Callable[[WriteSession], Awaitable[int]], batch: int) -> Step:
    """A step of an operation that answers how many rows it changed."""

    async def changed(tx: WriteSession) -> Changed:
        return Changed(await run(tx))

    return Step(name, changed, batch)


def _deleting(table: type[Any], key: Any, instant: Any, kept_for: timedelta, *also: Any) -> Step:
    """A step that deletes the rows whose instant is long enough ago."""

    async def run(tx: WriteSession) -> Changed:
        old = (
            select(key)
            .where(instant <= tx.now - kept_for, *also)
            .order_by(instant)
            .limit(DELETED_PER_BATCH)
        )
        keys = (await tx.scalars(old)).all()
        if keys:
            await tx.execute(
                delete(table)
                .where(key.in_(keys), *also)
                .execution_options(synchronize_session=False)
            )
        return Changed(len(keys))

    return Step(f"delete {table.__tablename__}", run, DELETED_PER_BATCH)


async def delete_idempotency_keys(tx: WriteSession) -> Changed:
    """Keys whose first answer nobody will ask for again."""
    old = IdempotencyKey.created_at <= tx.now - KEPT_FOR
    latest = await tx.scalar(
        select(IdempotencyKey.created_at)
        .where(old)
        .order_by(IdempotencyKey.created_at)
        .offset(DELETED_PER_BATCH - 1)
        .limit(1)
    )
    until = latest if latest is not None else tx.now - KEPT_FOR
    gone = await tx.scalars(
        delete(IdempotencyKey)
        .where(IdempotencyKey.created_at <= until)
        .returning(IdempotencyKey.key)
        .execution_options(synchronize_session=False)
    )
    return Changed(len(gone.all()))


STEPS: Sequence[Step] = (
    Step("expire registrations", expire_registrations, ROWS_PER_BATCH),
    Step("expire relay links", expire_links, ROWS_PER_BATCH),
    Step("purge mailings", purge_mailings, MAILINGS_PER_BATCH),
    Step("expire introductions", expire_introductions, ROWS_PER_BATCH),
    _counting("expire free hires", expire_free_hires, FREE_HIRES_PER_BATCH),
    _counting("lapse balances", lapse_balances, COMPANIES_PER_BATCH),
    _counting("expire consents", expire_consents, CONSENTS_PER_BATCH),
    _counting("remind of deletions", remind_of_deletions, REQUESTS_PER_BATCH),
    _counting("reach milestones", reach_milestones, HIRES_PER_BATCH),
    _counting("mail surveys", mail_surveys, INVITATIONS_PER_BATCH),
    _counting("pause agency links", agency_moves.pause_links, agency_moves.ROWS_PER_BATCH),
    _counting(
        "recall introductions", agency_moves.recall_introductions, agency_moves.ROWS_PER_BATCH
    ),
    _counting("end notices", end_notices, PARTIES_PER_BATCH),
    _counting("recall overdue", recall_overdue, SHARED_PER_BATCH),
    _counting("ask to move", agency_moves.ask_to_move, agency_moves.ROWS_PER_BATCH),
    _counting("delete analysis_job", delete_analysis_jobs, JOBS_PER_BATCH),
    _counting("freeze months", freeze_next_month, 1),
    Step("forget counted persons", forget_counted_persons, ROWS_PER_BATCH),
    _deleting(RegisterName, RegisterName.candidate_id, RegisterName.keep_until, timedelta(0)),
    _deleting(UserSession, UserSession.token_hash, UserSession.expires_at, timedelta(0)),
    _deleting(
        CandidateSession, CandidateSession.token_hash, CandidateSession.expires_at, timedelta(0)
    ),
    _deleting(SignInLink, SignInLink.id, SignInLink.expires_at, SIGN_IN_LINKS_KEPT_FOR),
    _deleting(DeletionNotice, DeletionNotice.id, DeletionNotice.sent_at, NOTICES_KEPT_FOR),
    _deleting(Invitation, Invitation.id, Invitation.expires_at, KEPT_FOR),
    _deleting(PasswordReset, PasswordReset.id, PasswordReset.expires_at, timedelta(0)),
    _deleting(SignInFailure, SignInFailure.address_hash, SignInFailure.first_at, ATTEMPTS_KEPT_FOR),
    Step("delete idempotency_key", delete_idempotency_keys, DELETED_PER_BATCH),
    _deleting(
        OutboxEvent,
        OutboxEvent.id,
        OutboxEvent.created_at,
        KEPT_FOR,
        OutboxEvent.done_at.is_not(None),
    ),
)
"""Everything that is due by the clock, in the order in which it is done."""


async def orphaned_keys(read: ReadSession, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of some old keys that nothing is sealed under.

    Where nothing at all refers to any of them it answers none: this may be the key store of
    another database, named here by mistake.
    """
    used: set[uuid.UUID] = set()
    for statement in (
        select(Candidate.key_id).where(Candidate.key_id.in_(ids), Candidate.erased_at.is_(None)),
        # Only a registration that waits holds anything sealed; those are few, and found by index.
        select(Registration.key_id).where(
            Registration.status == RegistrationStatus.STARTED, Registration.key_id.in_(ids)
        ),
        select(RegisterKey.key_id).where(RegisterKey.key_id.in_(ids)),
        select(Mailing.key_id).where(Mailing.key_id.in_(ids), Mailing.purged_at.is_(None)),
    ):
        used.update(await read.scalars(statement))
    return [one for one in ids if one not in used] if used else []


async def audit_heads(read: ReadSession) -> Sequence[tuple[uuid.UUID, int, bytes]]:
    """Each consortium's last audit record: its number and hash, which are published."""
    rows = await read.execute(
        select(AuditHead.consortium_id, AuditHead.number, AuditHead.hash)
        .order_by(AuditHead.consortium_id)
        .limit(HEADS_MAX)
    )
    return [(row.consortium_id, row.number, row.hash) for row in rows]
