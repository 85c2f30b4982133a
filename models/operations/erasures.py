"""Erasing a person: what identifies them goes, and every total stays.

Rows that others count by keep an opaque id. The keys are destroyed once this is committed, by
`models.operations.erased_keys`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from models.access import Actor
from models.audit import audit
from models.errors import NotFound
from models.operations.agreements import candidate_of, end_consents, open_introductions
from models.operations.candidate_pages import open_relays
from models.operations.deletions import ask_to_delete
from models.operations.handovers import end_journey, move, time_zone_of
from models.operations.member_list import hold_member_list
from models.operations.support import recall
from models.outbox import Event, EventType, emit
from models.rules.deletions import DeletionReason
from models.rules.erasure import records_kept_until
from models.rules.inactivity import ErasureReason
from models.rules.lifecycles import CaseStatus, ConsentStatus, ReferralStatus, RegistrationStatus
from models.rules.sharing import Employment
from models.session import WriteSession
from models.tables.candidates import Candidate, Consent, Disclosure
from models.tables.erasures import OWN_TABLES, Erasure, RegisterKey, RegisterName
from models.tables.referrals import Case
from models.tables.registrations import Registration
from models.upsert import insert_for, plain_insert


async def erase_own_data(tx: WriteSession, actor: Actor) -> uuid.UUID:
    """A candidate erases themselves. Raises `NotFound` where that was done before."""
    candidate_id = candidate_of(actor)
    await erase(tx, actor, candidate_id, erased_at=tx.now, reason=ErasureReason.OWN_WISH)
    return candidate_id


async def erase(
    tx: WriteSession,
    actor: Actor,
    candidate_id: uuid.UUID,
    *,
    erased_at: datetime,
    reason: ErasureReason,
) -> None:
    """End everything that is open, null what describes the person, keep what the law asks for.

    ``erased_at`` is earlier than now where a restored backup had brought the person back. The
    caller destroys the keys after the commit. Raises `NotFound`.
    """
    await _lock_forms(tx, candidate_id)
    await hold_member_list(tx, actor.consortium_id)
    await tx.execute(
        select(Candidate.id).where(Candidate.id == candidate_id).with_for_update(key_share=True)
    )
    await recall(tx, actor, await open_introductions(tx, candidate_id))
    await _end_relays(tx, actor, candidate_id)
    await _close_cases(tx, candidate_id)
    # Until its case was closed, the agency could still propose.
    await tx.flush()
    await recall(tx, actor, await open_introductions(tx, candidate_id))
    await _end_what_was_allowed(tx, actor, candidate_id)
    await ask_to_delete(tx, actor, candidate_id, reason=DeletionReason.ERASED)
    person = await _locked(tx, candidate_id)
    await _keep_name(tx, person)
    await _note_keys(tx, person, erased_at)
    await _empty_registrations(tx, candidate_id)
    _empty(person, erased_at)
    for table in OWN_TABLES:
        await tx.execute(
            delete(table)
            .where(table.candidate_id == candidate_id)
            .execution_options(synchronize_session=False)
        )
    refs = {"candidate": candidate_id.hex}
    await emit(tx, Event(EventType.CANDIDATE_ERASED, person.consortium_id, refs))
    audit(tx, actor, "candidate.erased", "candidate", candidate_id, reason=reason.value)


async def _lock_forms(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    """Forms of the same address that wait for its confirmation: they are the person's too.

    They are locked before all else, as by whoever confirms one.
    """
    await tx.execute(
        select(Registration.id)
        .where(_waiting(candidate_id))
        .order_by(Registration.id)
        .with_for_update()
    )


def _waiting(candidate_id: uuid.UUID) -> ColumnElement[bool]:
    address = select(Candidate.email_hash).where(Candidate.id == candidate_id).scalar_subquery()
    consortium = (
        select(Candidate.consortium_id).where(Candidate.id == candidate_id).scalar_subquery()
    )
    return and_(
        Registration.consortium_id == consortium,
        Registration.email_hash == address,
        Registration.status == RegistrationStatus.STARTED,
    )


async def _end_relays(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> None:
    zone = await time_zone_of(tx, actor.consortium_id)
    for relay in await open_relays(tx, candidate_id):
        await move(tx, actor, relay, ReferralStatus.WITHDRAWN, zone)
        await end_journey(tx, relay, ReferralStatus.WITHDRAWN, zone)


async def _close_cases(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    own = Case.candidate_id == candidate_id
    for condition, values in (
        (own, {"note": None}),
        (
            and_(own, Case.status == CaseStatus.OPEN),
            {"status": CaseStatus.CLOSED, "changed_at": tx.now, "closed_at": tx.now},
        ),
    ):
        await tx.execute(
            update(Case)
            .where(condition)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


async def _end_what_was_allowed(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> None:
    active = await tx.scalars(
        select(Consent.id)
        .where(Consent.candidate_id == candidate_id, Consent.status == ConsentStatus.ACTIVE)
        .with_for_update()
    )
    await end_consents(tx, actor, candidate_id, active.all())
    await tx.execute(
        update(Disclosure)
        .where(Disclosure.candidate_id == candidate_id, Disclosure.closed_at.is_(None))
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def _locked(tx: WriteSession, candidate_id: uuid.UUID) -> Candidate:
    person: Candidate | None = await tx.scalar(
        select(Candidate)
        .where(Candidate.id == candidate_id, Candidate.erased_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFound(what="candidate")
    return person


async def _keep_name(tx: WriteSession, person: Candidate) -> None:
    """Seal the name for the records of provision that must still say whom they are about.

    Not where it can no longer be read: someone whom a restored backup brought back.
    """
    last_closed: datetime | None = await tx.scalar(
        select(func.max(Disclosure.closed_at)).where(Disclosure.candidate_id == person.id)
    )
    keys = await tx.vault.keys([person.key_id])
    if last_closed is None or person.sealed is None or person.key_id not in keys:
        return
    keep_until = records_kept_until(last_closed)
    if keep_until <= tx.now:
        return
    name = keys[person.key_id].unseal(person.sealed)["name"]
    register = await tx.vault.key(await _register_key_id(tx, person.consortium_id))
    row = {
        "candidate_id": person.id,
        "sealed": register.seal({"name": name}),
        "keep_until": keep_until,
    }
    await tx.execute(plain_insert(RegisterName), row)


async def _register_key_id(tx: WriteSession, consortium_id: uuid.UUID) -> uuid.UUID:
    known = select(RegisterKey.key_id).where(RegisterKey.consortium_id == consortium_id)
    found: uuid.UUID | None = await tx.scalar(known)
    if found is not None:
        return found
    key = await tx.vault.new_key()
    await tx.execute(
        insert_for(tx, RegisterKey)
        .values(consortium_id=consortium_id, key_id=key.id, created_at=tx.now)
        .on_conflict_do_nothing()
    )
    return (await tx.scalars(known)).one()


async def _note_keys(tx: WriteSession, person: Candidate, erased_at: datetime) -> None:
    """Every key that anything of the person is sealed under, here or in a backup."""
    of_forms = await tx.scalars(
        select(Registration.key_id).where(
            or_(Registration.candidate_id == person.id, _waiting(person.id))
        )
    )
    rows = [
        {
            "key_id": key_id,
            "consortium_id": person.consortium_id,
            "candidate_id": person.id,
            "erased_at": erased_at,
        }
        for key_id in sorted({person.key_id, *of_forms})
    ]
    await tx.execute(insert_for(tx, Erasure).on_conflict_do_nothing(), rows)


async def _empty_registrations(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    """What a registration held of the person. That it counted, and when, is the ledger's."""
    nothing: dict[str, Any] = {
        "sealed": None,
        "email_hash": None,
        "phone_hash": None,
        "device_hash": None,
    }
    for condition, values in (
        (_waiting(candidate_id), nothing | {"status": RegistrationStatus.EXPIRED}),
        (Registration.candidate_id == candidate_id, nothing),
    ):
        await tx.execute(
            update(Registration)
            .where(condition)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _empty(person: Candidate, erased_at: datetime) -> None:
    person.sealed = person.email_hash = person.phone_hash = None
    person.category = person.experience_years = person.prefecture = None
    person.desired_prefectures, person.skills = [], []
    person.employment = Employment.NONE
    person.erased_at = erased_at
