"""Counts that a consortium admin decides about: those that wait, and those to be taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound, PersonErased
from models.operations.counts import count_facts, write_count
from models.operations.ledger import lock_books, post_reversed
from models.operations.programs import InForce, program_in_force
from models.outbox import Event, emit
from models.rules.bounds import require_text
from models.rules.counting import NotCountedReason, count_reviewed
from models.rules.ledger import EntryKind
from models.rules.lifecycles import COUNT, CountStatus, require_step
from models.session import WriteSession
from models.tables.consortium import Consortium, Program, ProgramVersion
from models.tables.ledger import Account, Entry
from models.tables.links import RelayLink
from models.tables.registrations import Registration
from models.visibility import visible_accounts, visible_registrations

REASON_MAX_CHARS = 1_000


class Resolution(StrEnum):
    """What a consortium admin decides about a held count."""

    COUNT = "COUNT"
    REFUSE = "REFUSE"


@dataclass(frozen=True, slots=True)
class ResolveHeldCount:
    """A decision about one registration whose count is held, and why."""

    registration_id: uuid.UUID
    resolution: Resolution
    reason: str


async def resolve_held_count(
    tx: WriteSession, actor: Actor, command: ResolveHeldCount
) -> uuid.UUID:
    """Decide about a held count, by the rules that were in force when it happened.

    Released, it still counts only where those rules allow: a person counted meanwhile is not
    counted again. Raises `InvalidInput`, `NotFound`, `InvalidTransition` and `PersonErased`.
    """
    require(actor, Permission.REVIEW_COUNTS)
    reason = require_text("reason", command.reason, REASON_MAX_CHARS)
    registration = await tx.scalar(
        select(Registration)
        .where(visible_registrations(actor), Registration.id == command.registration_id)
        .with_for_update(key_share=True)
    )
    if registration is None:
        raise NotFound("id", what="held count")
    releases = command.resolution is Resolution.COUNT
    to = CountStatus.COUNTED if releases else CountStatus.NOT_COUNTED
    require_step("count", COUNT, registration.count_status, to)
    if releases:
        await emit(tx, *await _release(tx, registration))
    else:
        registration.count_status = CountStatus.NOT_COUNTED
        registration.not_counted_reason = NotCountedReason.REVIEWED
    _note(tx, actor, registration, reason)
    audit(
        tx,
        actor,
        "count.resolved",
        "registration",
        registration.id,
        resolution=command.resolution.value,
        count=registration.count_status.value,
    )
    return registration.id


async def _release(tx: WriteSession, registration: Registration) -> list[Event]:
    if registration.email_hash is None:
        raise PersonErased("resolution")
    assert registration.completed_at is not None
    program = await _judging(tx, registration)
    link = await tx.get_one(RelayLink, registration.link_id)
    facts = await count_facts(tx, registration=registration, link=link, email=None, program=program)
    # Only what the rules allowed was held: the company and the link were active when it happened,
    # and a leaked link that was revoked since takes nothing away.
    then = replace(facts, company_is_active=True, link_is_active=True)
    decision = count_reviewed(then, program.count_rules, registration.completed_at)
    return await write_count(tx, registration, decision, program)


async def _judging(tx: WriteSession, registration: Registration) -> InForce:
    row = (
        await tx.execute(
            select(ProgramVersion, Consortium.time_zone)
            .join(Program, Program.id == ProgramVersion.program_id)
            .join(Consortium, Consortium.id == Program.consortium_id)
            .where(ProgramVersion.id == registration.program_version_id)
        )
    ).one()
    return InForce(row[0], row[1])


def _note(tx: WriteSession, actor: Actor, registration: Registration, reason: str) -> None:
    earlier = registration.decision_note
    registration.decision_note = f"{earlier}\n\n{reason}" if earlier else reason
    registration.decided_by, registration.decided_at = actor.id, tx.now


@dataclass(frozen=True, slots=True)
class ReverseCount:
    """A count to be taken back, by its ledger entry, and why."""

    entry_id: uuid.UUID
    reason: str


async def reverse_count(tx: WriteSession, actor: Actor, command: ReverseCount) -> uuid.UUID:
    """Take a count back: from the remainder, an available free hire, or as a debt.

    The person stays known as counted for the company, so that registering again earns nothing.
    Raises `InvalidInput`, `NotFound` and `InvalidTransition`. Answers the registration.
    """
    require(actor, Permission.REVIEW_COUNTS)
    reason = require_text("reason", command.reason, REASON_MAX_CHARS)
    entry = await tx.scalar(
        select(Entry)
        .join(Account, Account.id == Entry.account_id)
        .where(
            visible_accounts(actor),
            Entry.id == command.entry_id,
            Entry.kind == EntryKind.COUNTED,
        )
    )
    if entry is None:
        raise NotFound("entryId", what="count")
    registration = (
        await tx.scalars(
            select(Registration)
            .where(Registration.id == entry.registration_id)
            .with_for_update(key_share=True)
        )
    ).one()
    require_step("count", COUNT, registration.count_status, CountStatus.REVERSED)
    books = await lock_books(
        tx,
        consortium_id=registration.consortium_id,
        company_id=registration.company_id,
        program=await program_in_force(tx, registration.consortium_id),
    )
    await post_reversed(tx, books, entry=entry)
    registration.count_status = CountStatus.REVERSED
    _note(tx, actor, registration, reason)
    audit(tx, actor, "count.reversed", "registration", registration.id, entry=entry.id.hex)
    return registration.id
