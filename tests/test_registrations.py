"""The candidate's way in, on both databases."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from models.audit import verify_chain
from models.rules.ledger import Book, Unit
from models.rules.lifecycles import CountStatus
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
