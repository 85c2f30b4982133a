"""An edited, missing or cut-off record of the audit chain is found (invariant 13)."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.access import Role
from models.audit import ChainReport, audit, verify_chain
from tasuki.cli import main
from tests.world import World


async def verify(world: World, published: tuple[int, bytes] | None = None) -> ChainReport:
    async with world.database.read() as read:
        return await verify_chain(read, world.consortium_id, published=published)


async def record(world: World, times: int) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    for number in range(times):
        async with world.database.transaction() as tx:
            audit(tx, actor, "test.done", "company", world.company.id, number=number)


async def tamper(world: World, statement: str) -> None:
    """Change the log behind the database's back, as someone with its files could."""
    async with world.database.writer.begin() as connection:
        if world.database.dialect == "postgresql":
            await connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        else:
            await connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_update"))
            await connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
        await connection.execute(text(statement))


async def test_an_untouched_chain_holds(world: World) -> None:
    await record(world, 5)
    report = await verify(world)
    assert (report.entries, report.broken_at) == (5, None)


async def test_concurrent_writers_make_one_chain(world: World) -> None:
    await asyncio.gather(*(record(world, 5) for _ in range(8)))
    report = await verify(world)
    assert (report.entries, report.broken_at) == (40, None)


async def test_a_refused_transaction_leaves_no_record(world: World) -> None:
    async def fail() -> None:
        async with world.database.transaction() as tx:
            actor = world.actor(world.company, Role.ADMIN)
            audit(tx, actor, "test.done", "company", world.company.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await verify(world)).entries == 0


@pytest.mark.parametrize("verb", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
async def test_the_database_refuses_changes(world: World, verb: str) -> None:
    await record(world, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with world.database.writer.begin() as connection:
            await connection.execute(text(verb))
    assert (await verify(world)).entries == 1


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entry SET action = 'x' WHERE number = 3", 3),
        ("UPDATE audit_entry SET details = '{}' WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number >= 4", 4),
        ("UPDATE audit_head SET number = 4", 6),
    ],
)
async def test_tampering_is_found(world: World, statement: str, broken_at: int) -> None:
    await record(world, 5)
    await tamper(world, statement)
    assert (await verify(world)).broken_at == broken_at


async def test_a_chain_cut_with_its_head_disagrees_with_what_was_published(world: World) -> None:
    await record(world, 5)
    published = (5, (await verify(world)).head)
    async with world.database.writer.begin() as connection:
        await connection.execute(
            text(
                "UPDATE audit_head SET number = 3, "
                "hash = (SELECT hash FROM audit_entry WHERE number = 3)"
            )
        )
    await tamper(world, "DELETE FROM audit_entry WHERE number > 3")
    assert (await verify(world)).broken_at is None
    assert (await verify(world, published)).broken_at == 4


@pytest.mark.parametrize("written", ["ab" * 16, "ab" * 31, "ab" * 33, ""])
def test_a_shortened_head_is_no_broken_chain(written: str) -> None:
    asked = ["audit", "verify", "--consortium", "test", "--head", f"5:{written}"]
    answer = CliRunner().invoke(main, asked)
    assert (answer.exit_code, "shortened or mistyped" in answer.output) == (2, True)
    assert "BROKEN" not in answer.output
