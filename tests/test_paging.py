"""Pages of many parents by one statement, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select

from models.paging import page_rows, page_rows_by_parent
from models.tables.referrals import Referral
from tests.world import World, add_link

KEYS = (Referral.created_on, Referral.id)


@dataclass(frozen=True)
class Asked:
    limit_rows: int
    backward: bool = False
    after: Any = None
    before: Any = None


def columns() -> Any:
    return select(Referral.id, Referral.from_id, Referral.created_on)


async def test_pages_of_each_parent(world: World) -> None:
    async with world.database.transaction() as tx:
        other_link = await add_link(tx, world.other_company)
    for _ in range(4):
        await world.register()
        await world.register(other_link)
        world.clock.forward(days=1)
    parents = [world.company.id, world.other_company.id]
    async with world.database.read() as read:
        every = (
            await read.execute(columns().order_by(Referral.created_on.desc(), Referral.id.desc()))
        ).all()
        expected = {p: [row for row in every if row.from_id == p] for p in parents}
        statements: list[str] = []
        event.listen(
            world.database.reader.sync_engine,
            "before_cursor_execute",
            lambda *args: statements.append(args[2]),
        )
        first = await page_rows_by_parent(
            read,
            columns(),
            KEYS,
            Asked(3),
            parents=parents,
            parent=Referral.from_id,
            descending=True,
        )
        assert len(statements) == 1
        assert first == {p: rows[:3] for p, rows in expected.items()}
        mine = expected[world.company.id]
        after = (mine[1].created_on, mine[1].id)
        rest = await page_rows_by_parent(
            read,
            columns(),
            KEYS,
            Asked(9, after=after),
            parents=parents[:1],
            parent=Referral.from_id,
            descending=True,
        )
        assert rest == {world.company.id: mine[2:]}
        backward = await page_rows(
            read,
            columns().where(Referral.from_id == world.company.id),
            KEYS,
            Asked(2, backward=True),
            descending=True,
        )
        assert list(backward) == [mine[3], mine[2]]
        before = await page_rows(
            read,
            columns().where(Referral.from_id == world.company.id),
            KEYS,
            Asked(9, before=after),
            descending=True,
        )
        assert list(before) == mine[:1]
