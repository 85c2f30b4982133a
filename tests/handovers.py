"""Steps that the tests of introductions and free hires begin with."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select, update

from models.access import Actor, Role, candidate
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.referrals import (
    IntroduceCandidate,
    RecordHire,
    accept_referral,
    introduce_candidate,
    make_offer,
    record_hire,
    start_interviews,
)
from models.rules.flows import local_day
from models.rules.lifecycles import FreeHireStatus
from models.tables.consortium import Organization
from models.tables.ledger import FreeHire
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from tests.world import World

ZONE = "Asia/Tokyo"


def recruiter(world: World, organization: Organization | None = None) -> Actor:
    """A recruiter of the second company, or of another organization."""
    return world.actor(organization or world.other_company, Role.RECRUITER)


async def run(world: World, operation: Any, actor: Actor, command: Any) -> Any:
    """One operation in one transaction."""
    async with world.database.transaction() as tx:
        return await operation(tx, actor, command)


async def proposed(
    world: World, candidate_id: uuid.UUID, company: Organization | None = None
) -> uuid.UUID:
    """The agency proposes an introduction to the second company, or to another."""
    company = company or world.other_company
    command = IntroduceCandidate(candidate_id, company.id)
    referral_id: uuid.UUID = await run(
        world, introduce_candidate, recruiter(world, world.agency), command
    )
    return referral_id


async def delivered(
    world: World, candidate_id: uuid.UUID, company: Organization | None = None
) -> uuid.UUID:
    """The candidate has agreed as well."""
    referral_id = await proposed(world, candidate_id, company)
    actor = candidate(world.consortium_id, candidate_id, "en")
    await run(world, agree_to_introduction, actor, AgreeToIntroduction(referral_id, "2026-01"))
    return referral_id


async def accepted(
    world: World, candidate_id: uuid.UUID, company: Organization | None = None
) -> uuid.UUID:
    """The company has taken it up as well."""
    referral_id = await delivered(world, candidate_id, company)
    await run(world, accept_referral, recruiter(world, company), referral_id)
    return referral_id


async def offered(
    world: World, candidate_id: uuid.UUID, company: Organization | None = None
) -> uuid.UUID:
    """The company has offered a place as well."""
    referral_id = await accepted(world, candidate_id, company)
    await run(world, start_interviews, recruiter(world, company), referral_id)
    await run(world, make_offer, recruiter(world, company), referral_id)
    return referral_id


async def hired(
    world: World,
    referral_id: uuid.UUID,
    company: Organization | None = None,
    fee_yen: int | None = None,
) -> uuid.UUID:
    """The person has joined today."""
    today = local_day(world.clock.now, ZONE)
    command = RecordHire(referral_id, today, fee_yen)
    hire_id: uuid.UUID = await run(world, record_hire, recruiter(world, company), command)
    return hire_id


async def give_free_hires(world: World, company: Organization, number: int) -> list[uuid.UUID]:
    """Let a company earn free hires through the ledger, without the people."""
    from models.operations.ledger import lock_books, post_counted
    from models.operations.programs import program_in_force

    async with world.database.transaction() as tx:
        program = await program_in_force(tx, world.consortium_id)
        books = await lock_books(
            tx, consortium_id=world.consortium_id, company_id=company.id, program=program
        )
        link_id = world.link.id
        for _ in range(number * program.version.counts_per_free_hire):
            registration = invented_registration(world, company.id, link_id)
            tx.add(registration)
            await tx.flush()
            await post_counted(tx, books, registration.id)
        rows = await tx.scalars(
            select(FreeHire.id).where(FreeHire.company_id == company.id).order_by(FreeHire.id)
        )
        return list(rows)


def invented_registration(world: World, company_id: uuid.UUID, link_id: uuid.UUID) -> Registration:
    """A registration that nobody made, for the ledger's own tests."""
    number = next(world.numbers)
    return Registration(
        consortium_id=world.consortium_id,
        company_id=company_id,
        link_id=link_id,
        token_hash=f"token {number}".encode(),
        key_id=uuid.uuid4(),
        sealed=None,
        email_hash=f"person {number}".encode(),
        phone_hash=None,
        device_hash=None,
        purposes=[],
        text_version="2026-01",
        locale="ja",
        started_at=world.clock.now,
        expires_at=world.clock.now,
    )


async def status_of(world: World, referral_id: uuid.UUID) -> str:
    """Where a referral stands."""
    async with world.database.read() as read:
        found = await read.scalar(select(Referral.status).where(Referral.id == referral_id))
    assert found is not None
    return str(found.value)


async def free_hires_by_status(world: World, company: Organization) -> dict[FreeHireStatus, int]:
    """How many free hires of a company are in each state."""
    async with world.database.read() as read:
        rows = await read.execute(
            select(FreeHire.status, func.count())
            .where(FreeHire.company_id == company.id)
            .group_by(FreeHire.status)
        )
        return {row[0]: row[1] for row in rows}


async def change(world: World, table: Any, *conditions: Any, **values: Any) -> None:
    """Set columns behind the operations' backs."""
    async with world.database.transaction() as tx:
        await tx.execute(update(table).where(*conditions).values(**values))
