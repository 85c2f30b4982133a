"""Redemptions at once, each key twice, with credit for half of the keys."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import func, select, update

from benchmarks.bare import Bare, listening
from benchmarks.places import Places, durable, open_database
from benchmarks.ratios import Ratio, pace
from models.access import Actor, Role, system
from models.base import random_id
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.handovers import hand_over
from models.operations.idempotency import once
from models.operations.ledger import About, lock_books, post
from models.operations.programs import program_in_force
from models.rules.free_hires import NoFreeHire
from models.rules.ledger import EntryKind, Posting, Unit
from models.rules.lifecycles import Channel, FreeHireStatus, ReferralStatus
from models.session import Database, WriteSession
from models.tables.ledger import FreeHire
from models.tables.referrals import Referral
from tests.world import World, build_world


@dataclass(frozen=True, slots=True)
class Credit:
    """A company with introductions, and free hires for half of them."""

    world: World
    actor: Actor
    referral_ids: list[uuid.UUID]


async def prepare(url: str, keys: int) -> Credit:
    """So many candidates introduced to one company, which has half as many free hires."""
    world = await build_world(open_database(url), link_limit=100_000)
    people = [(await world.register()).candidate_id for _ in range(keys)]
    async with world.database.transaction() as tx:
        referral_ids = [await _introduced(tx, world, person) for person in people]
        await tx.execute(
            update(Referral).where(Referral.id.in_(referral_ids)).values(delivered_at=tx.now)
        )
        await _earn(tx, world, keys // 2)
    await world.database.close()
    return Credit(world, world.actor(world.other_company, Role.RECRUITER), referral_ids)


async def _introduced(tx: WriteSession, world: World, candidate_id: uuid.UUID) -> uuid.UUID:
    return await hand_over(
        tx,
        system(world.consortium_id),
        candidate_id=candidate_id,
        channel=Channel.AGENCY_INTRODUCTION,
        from_id=world.agency.id,
        to_id=world.other_company.id,
        status=ReferralStatus.ACCEPTED,
        time_zone="Asia/Tokyo",
    )


async def _earn(tx: WriteSession, world: World, free_hires: int) -> None:
    program = await program_in_force(tx, world.consortium_id)
    company_id = world.other_company.id
    books = await lock_books(
        tx, consortium_id=world.consortium_id, company_id=company_id, program=program
    )
    for _ in range(free_hires):
        free_hire = FreeHire(
            id=random_id(),
            consortium_id=world.consortium_id,
            program_id=program.program_id,
            company_id=company_id,
            program_version_id=program.version.id,
            earned_at=tx.now,
            earned_on=program.day(tx.now),
            expires_at=program.free_hire_expiry(tx.now),
        )
        tx.add(free_hire)
        await tx.flush()
        posting = Posting(Unit.FREE_HIRE, 1, EntryKind.EARNED)
        await post(tx, books, [posting], About(free_hire_id=free_hire.id))


def redemption(
    database: Database, credit: Credit, referral_id: uuid.UUID
) -> Callable[[], Awaitable[None]]:
    """One attempt under the introduction's own key."""
    command = RedeemFreeHire(referral_id)

    async def redeem() -> None:
        async with database.transaction() as tx:
            await once(
                tx,
                credit.actor,
                key=f"redeem-{referral_id}",
                operation="redeemFreeHire",
                command=command,
                run=lambda: redeem_free_hire(tx, credit.actor, command),
            )

    async def attempt() -> None:
        try:
            await redeem()
        except NoFreeHire:
            return

    return attempt


async def measure(url: str, kind: str, keys: int) -> Ratio:
    """All at once, then as many bare transactions."""
    credit = await prepare(url, keys)
    database = durable(url)
    database.clock = credit.world.clock
    twice = [
        redemption(database, credit, referral_id)
        for referral_id in credit.referral_ids
        for _ in range(2)
    ]
    with listening(database) as heard:
        await twice[0]()
    bare = Bare(database, heard)
    await bare.prepare()
    ours = await pace(twice, len(twice))
    other = await pace([bare.job() for _ in twice], len(twice))
    async with database.read() as read:
        reserved = await read.scalar(
            select(func.count())
            .select_from(FreeHire)
            .where(FreeHire.status == FreeHireStatus.RESERVED)
        )
    assert reserved == keys // 2, "every free hire is put on exactly one introduction"
    await database.close()
    print(f"{kind}: a redemption sends {heard}; {reserved} of {len(twice)} attempts had credit")
    return Ratio(
        f"redemptions, {len(twice)} at once, {kind} (bare transactions)",
        f"{ours.per_second:.0f}/s",
        f"{other.per_second:.0f}/s",
        ours.per_second / other.per_second,
    )


def run(places: Places, *, keys: int) -> list[Ratio]:
    """On each database there is."""
    ratios = []
    for kind in places.kinds:
        with places.database(kind) as url:
            ratios.append(asyncio.run(measure(url, kind, keys)))
    return ratios
