"""Deciding about a registration's count, and writing the decision down."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, literal, select

from models.operations.ledger import lock_books, post_counted
from models.operations.programs import InForce
from models.outbox import Event
from models.rules.addresses import same_mail_domain
from models.rules.counting import (
    DEVICE_WINDOW,
    LINK_WINDOW,
    Counted,
    CountFacts,
    Decision,
    Held,
    NotCounted,
    NotCountedReason,
)
from models.rules.lifecycles import CountStatus, LinkStatus, MembershipStatus
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import Membership, Organization
from models.tables.links import LinkUsage, RelayLink
from models.tables.registrations import CountedPerson, Registration
from models.upsert import insert_for


async def count_facts(
    tx: WriteSession,
    *,
    registration: Registration,
    link: RelayLink,
    email: str | None,
    program: InForce,
) -> CountFacts:
    """Everything the rules ask about one registration, by one statement."""
    counted = (
        CountedPerson.program_id == program.program_id,
        CountedPerson.person_hash == registration.email_hash,
    )
    same_phone = (
        select(Registration.id)
        .join(Candidate, Candidate.id == Registration.candidate_id)
        .where(
            Candidate.consortium_id == registration.consortium_id,
            Candidate.phone_hash == registration.phone_hash,
            Candidate.email_hash != registration.email_hash,
            Registration.company_id == registration.company_id,
            Registration.count_status == CountStatus.COUNTED,
        )
    )
    row = (
        await tx.execute(
            select(
                exists(
                    select(CountedPerson.registration_id).where(
                        *counted, CountedPerson.company_id == registration.company_id
                    )
                ).label("counted_before"),
                _counted_elsewhere(registration, *counted).label("counted_elsewhere_at"),
                (
                    exists(same_phone) if registration.phone_hash is not None else literal(False)
                ).label("is_likely_counted"),
                select(func.count())
                .select_from(Registration)
                .where(
                    Registration.link_id == registration.link_id,
                    Registration.completed_at > tx.now - LINK_WINDOW,
                )
                .scalar_subquery()
                .label("link_recent"),
                (
                    literal(0)
                    if registration.device_hash is None
                    else _device_recent(registration.device_hash, tx.now)
                ).label("device_recent"),
                Organization.mail_domain,
                Membership.status.label("membership"),
            )
            .select_from(Organization)
            .join(Membership, Membership.organization_id == Organization.id)
            .where(Organization.id == registration.company_id)
        )
    ).one()
    return CountFacts(
        counted_before=bool(row.counted_before),
        counted_elsewhere_at=_not_after(row.counted_elsewhere_at, tx.now),
        company_is_active=row.membership is MembershipStatus.ACTIVE,
        link_is_active=link.status is LinkStatus.ACTIVE
        and (link.expires_at is None or link.expires_at > tx.now),
        link_is_public=link.usage is LinkUsage.PUBLIC,
        is_company_address=email is not None
        and row.mail_domain is not None
        and same_mail_domain(email, row.mail_domain),
        is_likely_counted=bool(row.is_likely_counted),
        link_recent=row.link_recent,
        device_recent=row.device_recent,
    )


def _counted_elsewhere(
    registration: Registration, *counted: ColumnElement[bool]
) -> ScalarSelect[datetime | None]:
    """When the person last came to another company that counted them.

    One that is judged again is judged by what there was when it was completed.
    """
    other = Registration.__table__.alias("other")
    found = (
        select(func.max(other.c.completed_at))
        .join(CountedPerson, CountedPerson.registration_id == other.c.id)
        .where(*counted, CountedPerson.company_id != registration.company_id)
    )
    if registration.completed_at is not None:
        found = found.where(other.c.completed_at <= registration.completed_at)
    return found.scalar_subquery()


def _not_after(instant: datetime | None, now: datetime) -> datetime | None:
    # Of two at once, the one that is there already came first, whatever the clocks say.
    return min(instant, now) if instant is not None else None


def _device_recent(device_hash: bytes, now: datetime) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.device_hash == device_hash,
            Registration.completed_at > now - DEVICE_WINDOW,
        )
        .scalar_subquery()
    )


async def write_count(
    tx: WriteSession, registration: Registration, decision: Decision, program: InForce
) -> list[Event]:
    """Write a decision into the registration, and a count into the ledger.

    The unique key of `CountedPerson` has the last word: of two simultaneous counts of one person
    one finds the key taken.
    """
    registration.program_version_id = program.version.id
    if isinstance(decision, Counted) and not await _claim(tx, registration, program.program_id):
        decision = NotCounted(NotCountedReason.COUNTED_BEFORE)
    match decision:
        case Held(reason):
            registration.count_status, registration.hold_reason = CountStatus.HELD, reason
        case NotCounted(reason):
            registration.count_status = CountStatus.NOT_COUNTED
            registration.not_counted_reason = reason
        case Counted():
            registration.count_status = CountStatus.COUNTED
            books = await lock_books(
                tx,
                consortium_id=registration.consortium_id,
                company_id=registration.company_id,
                program=program,
            )
            return await post_counted(tx, books, registration.id)
    return []


async def _claim(tx: WriteSession, registration: Registration, program_id: uuid.UUID) -> bool:
    claimed = await tx.scalar(
        insert_for(tx, CountedPerson)
        .values(
            program_id=program_id,
            company_id=registration.company_id,
            person_hash=registration.email_hash,
            registration_id=registration.id,
            counted_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["program_id", "company_id", "person_hash"])
        .returning(CountedPerson.registration_id)
    )
    return claimed is not None
