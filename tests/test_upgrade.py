"""An installation of the first version is upgraded with all that it holds."""

from __future__ import annotations

from typing import Any

from alembic import command
from sqlalchemy import Connection, TableClause, column, inspect, select, table, text

from models.access import Role
from models.base import Base
from models.migrate import config
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.milestones import reach_milestones
from models.session import Database
from models.verify import verify_consortium
from tests.handovers import accepted, hired, offered, proposed, run
from tests.partners import link_of
from tests.world import World, build_world

FIRST = "0001"

KEPT_FROM_NOW_ON = {"survey_invitation"}
"""What is kept from an upgrade on: nobody is asked about what is long ago."""

Rows = dict[str, list[dict[str, Any]]]


def _typed(connection: Connection) -> list[TableClause]:
    """The tables that are there now, in the order they refer to each other, as the code types them.

    What a later version leaves out again is not looked at.
    """
    seen = inspect(connection)
    there = {
        name: {one["name"] for one in seen.get_columns(name)} for name in seen.get_table_names()
    }
    return [
        table(
            ours.name, *[column(c.name, c.type) for c in ours.columns if c.name in there[ours.name]]
        )
        for ours in Base.metadata.sorted_tables
        if ours.name in there
    ]


def _read(connection: Connection) -> Rows:
    return {
        one.name: sorted(
            (dict(row) for row in connection.execute(select(one)).mappings()), key=repr
        )
        for one in _typed(connection)
    }


def _back_to_the_first(connection: Connection, rows: Rows) -> None:
    """Empty the database, make the first version's tables, and fill in what it would have held."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in [*Base.metadata.tables, "alembic_version"]:
            connection.execute(text(f"DROP TABLE {name}"))
    command.upgrade(config(connection), FIRST)
    for one in _typed(connection):
        names = one.c.keys()
        kept = [{name: row[name] for name in names} for row in rows[one.name]]
        kept.sort(key=lambda row: row.get("previous_id") is not None)
        if kept:
            connection.execute(one.insert(), kept)


async def _history(world: World) -> None:
    """What the first version knew: registrations, counts, free hires, introductions, a hire."""
    people = [(await world.register()).candidate_id for _ in range(4)]
    theirs = await link_of(world, world.other_company)
    for _ in range(2):
        await world.register(theirs)
    await proposed(world, people[0])
    await accepted(world, people[1])
    free = await offered(world, people[2])
    recruiter = world.actor(world.other_company, Role.RECRUITER)
    await run(world, redeem_free_hire, recruiter, RedeemFreeHire(free))
    await hired(world, free)
    await hired(world, await offered(world, people[3]), fee_yen=900_000)


async def test_what_the_first_version_held_is_the_same_after_the_upgrade(
    database: Database,
) -> None:
    world = await build_world(database, counts_per_free_hire=2)
    await _history(world)
    async with database.writer.begin() as connection:
        before = await connection.run_sync(_read)
        await connection.run_sync(_back_to_the_first, before)
        at_first = await connection.run_sync(_read)
        await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
    async with database.transaction() as tx:
        # Which milestones are due of a hire, the timers find out at their next turn.
        assert await reach_milestones(tx) == 2
    async with database.reader.connect() as connection:
        after = await connection.run_sync(_read)

    assert set(at_first) < set(after) == set(before)
    assert sum(map(len, at_first.values())) > 100
    begun_later = {name for name in before if name not in at_first and after[name] != before[name]}
    assert begun_later <= KEPT_FROM_NOW_ON
    assert [name for name in begun_later if after[name]] == []
    differing = {
        f"{name}.{field}"
        for name, rows in before.items()
        if name not in begun_later
        for old, new in zip(rows, after[name], strict=True)
        for field in old
        if old[field] != new[field]
    }
    assert differing == set()
    async with database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []
