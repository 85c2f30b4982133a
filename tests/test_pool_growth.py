"""A page of the pool costs the database the same work, however many people are in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import event

from models.access import Actor
from models.reads.pool import PoolFilter, count_pool, pool_page
from models.session import Database
from tests.crowd import crowd
from tests.world import World

PAGE = 20
FEW, MANY = 1_000, 100_000
MIDDLE = (date(2025, 7, 1), uuid.UUID(int=0))


class Asked:
    """One page of the pool."""

    limit_rows = PAGE + 1

    def __init__(self, after: Any = None, before: Any = None) -> None:
        self.after, self.before = after, before
        self.backward = before is not None


PAGES = {
    "the first": Asked(),
    "one after the middle": Asked(after=MIDDLE),
    "one before the middle": Asked(before=MIDDLE),
}


async def work(database: Database, actor: Actor, asked: Asked) -> int:
    """What a page costs: steps of SQLite's machine, or the rows that PostgreSQL's plan touched."""
    measure = _steps if database.dialect == "sqlite" else _touched
    return await measure(database, actor, asked)


async def _steps(database: Database, actor: Actor, asked: Asked) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    async with database.read() as read:
        raw: Any = (await (await read.connection()).get_raw_connection()).driver_connection
        await raw.set_progress_handler(count, 10)
        try:
            rows = await pool_page(read, actor, PoolFilter(), asked)
        finally:
            await raw.set_progress_handler(None, 0)
    assert len(rows) == asked.limit_rows
    return steps


async def _touched(database: Database, actor: Actor, asked: Asked) -> int:
    asks: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asks.append((statement, parameters))

    engine = database.reader.sync_engine
    async with database.read() as read:
        event.listen(engine, "before_cursor_execute", hear)
        try:
            rows = await pool_page(read, actor, PoolFilter(), asked)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        assert len(rows) == asked.limit_rows
        statement, parameters = asks[-1]
        raw: Any = (await (await read.connection()).get_raw_connection()).driver_connection
        found = await raw.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters)
    return sum(_rows_of(found[0]["Plan"]))


def _rows_of(plan: dict[str, Any]) -> Iterator[int]:
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Join Filter", 0)
    yield int((plan["Actual Rows"] + removed) * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        yield from _rows_of(inner)


async def test_a_page_of_a_hundred_thousand_costs_what_one_of_a_thousand_does(
    world: World,
) -> None:
    pool = await crowd(world)
    await pool.grow(FEW)
    few = {name: await work(world.database, pool.recruiter, asked) for name, asked in PAGES.items()}
    await pool.grow(MANY)
    async with world.database.read() as read:
        assert await count_pool(read, pool.recruiter, PoolFilter()) == MANY

    for name, asked in PAGES.items():
        many = await work(world.database, pool.recruiter, asked)
        assert 0 < many <= 1.5 * few[name], name
