"""The candidate's way in, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from sqlalchemy import func, select

from models.access import candidate
from models.audit import verify_chain
from models.reads.candidate_pages import OwnStatus, own_status
from models.rules.ledger import Book, Unit
from models.rules.lifecycles import CountStatus
from models.rules.sharing import Employment
from models.tables.candidates import Candidate
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.referrals import Case, Referral
from tests.world import World


async def balances(world: World) -> dict[tuple[str, str], int]:
    async with world.database.read() as read:
        rows = await read.scalars(select(Account).where(Account.company_id == world.company.id))
        return {(row.unit.value, row.book.value): row.balance for row in rows}


async def test_the_tenth_count_earns_a_free_hire(world: World) -> None:
    for number in range(1, 11):
        completed = await world.register()
        assert completed.count_status is CountStatus.COUNTED
        held = await balances(world)
        assert held[Unit.COUNT, Book.BALANCE] == number % 10
        assert held[Unit.FREE_HIRE, Book.BALANCE] == number // 10
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Case)) == 10
        assert await read.scalar(select(func.count()).select_from(Referral)) == 10
        assert await read.scalar(select(func.sum(Entry.amount))) == 1
        report = await verify_chain(read, world.consortium_id)
    assert report.broken_at is None
    assert report.entries == 10


TOLD_BEFORE: dict[str, Any] = {
    "email": "again@example.jp",
    "phone": "090-1234-5678",
    "category": "SALES",
    "experience_years": 0,
    "skills": ("PYTHON",),
    "employment": Employment.EMPLOYED,
    "employer": "Company 2",
}
LEFT_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("phone", "category", "experience_years", "wishes", "prefecture")),
    **dict.fromkeys(("skills", "desired_prefectures"), ()),
}


async def own(world: World, candidate_id: uuid.UUID) -> OwnStatus:
    async with world.database.read() as read:
        return await own_status(read, candidate(world.consortium_id, candidate_id, "ja"))


async def phone_hash(world: World) -> bytes | None:
    async with world.database.read() as read:
        return await read.scalar(select(Candidate.phone_hash))


async def test_what_a_second_form_leaves_empty_stays_as_it_was_told(world: World) -> None:
    first = await world.register(**TOLD_BEFORE)
    before, hashed = await own(world, first.candidate_id), await phone_hash(world)
    again = await world.register(email="again@example.jp", **LEFT_EMPTY)
    assert again.candidate_id == first.candidate_id
    after = await own(world, first.candidate_id)
    for name in ("name", *LEFT_EMPTY):
        assert getattr(after, name) == getattr(before, name) not in (None, ()), name
    assert await phone_hash(world) == hashed is not None


async def test_of_the_employer_what_was_told_last_holds(world: World) -> None:
    first = await world.register(**TOLD_BEFORE)
    await world.register(email="again@example.jp")
    after = await own(world, first.candidate_id)
    assert (after.employment, after.employer) == (Employment.NONE, None)


async def test_what_a_second_form_tells_takes_the_place_of_the_first(world: World) -> None:
    first = await world.register(**TOLD_BEFORE)
    told: dict[str, Any] = {"phone": "03-1234-5678", "wishes": "在宅勤務", "experience_years": 7}
    hashed = await phone_hash(world)
    await world.register(email="again@example.jp", **told)
    after = await own(world, first.candidate_id)
    assert {name: getattr(after, name) for name in told} == told
    assert await phone_hash(world) not in (hashed, None)


async def test_concurrent_registrations_are_counted_exactly(world: World) -> None:
    tokens = [await world.start(world.form()) for _ in range(45)]
    await asyncio.gather(*(world.confirm(token) for token in tokens))
    assert await balances(world) == {
        ("COUNT", "BALANCE"): 5,
        ("COUNT", "DEBT"): 0,
        ("FREE_HIRE", "BALANCE"): 4,
    }
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(FreeHire)) == 4
