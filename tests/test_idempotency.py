"""The same key gives the first answer, on both databases (invariant 10)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Actor, Role
from models.errors import IdempotencyConflict, InvalidInput, NotFound
from models.operations.idempotency import once
from models.tables.ledger import IdempotencyKey
from models.tables.openings import Opening
from tests.world import World


@dataclass(frozen=True, slots=True)
class Make:
    title: str
    on: date = date(2026, 4, 1)
    skills: tuple[str, ...] = ()


async def make(world: World, actor: Actor, key: str | None, command: Any, **more: Any) -> uuid.UUID:
    async with world.database.transaction() as tx:

        async def run() -> uuid.UUID:
            if more.get("fails"):
                raise NotFound(what="thing")
            opening = Opening(
                consortium_id=world.consortium_id,
                company_id=world.company.id,
                keeper_id=world.company.id,
                title=command.title,
                category="OTHER",
                created_at=tx.now,
                changed_at=tx.now,
            )
            tx.add(opening)
            await tx.flush()
            return opening.id

        operation = more.get("operation", "make")
        return await once(tx, actor, key=key, operation=operation, command=command, run=run)


async def made(world: World) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(Opening)) or 0


async def test_the_same_payload_gives_the_first_answer(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    first = await make(world, actor, "key", Make("one", skills=("A", "B")))
    assert await make(world, actor, "key", Make("one", skills=("A", "B"))) == first
    assert await made(world) == 1


@pytest.mark.parametrize(
    "other", [Make("two"), Make("one", on=date(2026, 4, 2)), Make("one", skills=("A",))]
)
async def test_another_payload_is_refused(world: World, other: Make) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    await make(world, actor, "key", Make("one"))
    with pytest.raises(IdempotencyConflict):
        await make(world, actor, "key", other)
    assert await made(world) == 1


async def test_another_operation_is_refused(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    await make(world, actor, "key", Make("one"))
    with pytest.raises(IdempotencyConflict):
        await make(world, actor, "key", Make("one"), operation="other")
    assert await made(world) == 1


async def test_keys_are_each_actors_own(world: World) -> None:
    first = await make(world, world.actor(world.company, Role.ADMIN), "key", Make("one"))
    second = await make(world, world.actor(world.company, Role.ADMIN), "key", Make("two"))
    assert first != second
    assert await made(world) == 2


async def test_without_a_key_everything_is_done_again(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    assert await make(world, actor, None, Make("one")) != await make(
        world, actor, None, Make("one")
    )
    assert await made(world) == 2


async def test_a_refused_first_attempt_leaves_nothing(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    with pytest.raises(NotFound):
        await make(world, actor, "key", Make("one"), fails=True)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(IdempotencyKey)) == 0
    await make(world, actor, "key", Make("two"))
    assert await made(world) == 1


@pytest.mark.parametrize("key", ["", "x" * 101, "tab\t", "null\0", "\ud800"])
async def test_keys_out_of_bounds_are_refused(world: World, key: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await make(world, world.actor(world.company, Role.ADMIN), key, Make("one"))
    assert refusal.value.path == ("idempotencyKey",)
    assert await made(world) == 0


async def test_rivals_with_one_key_get_one_answer(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    answers = await asyncio.gather(
        *(make(world, actor, "key " + "鍵" * 90, Make("one")) for _ in range(20))
    )
    assert len(set(answers)) == 1
    assert await made(world) == 1


async def test_the_payload_is_not_kept(world: World) -> None:
    actor = world.actor(world.company, Role.ADMIN)
    await make(world, actor, "key", Make("one"))
    async with world.database.read() as read:
        kept = (await read.scalars(select(IdempotencyKey))).one()
    assert len(kept.payload_hash) == 32
    assert b"one" not in kept.payload_hash
