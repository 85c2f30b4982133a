"""The outbox relay: at least once, no two at a time, and none delayed by another."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from models.operations.outbox import TakenEvent, take_events
from models.outbox import Event, EventType, emit
from models.session import Database, WriteSession
from models.tables.records import OutboxEvent
from tasuki.workers import outbox
from tasuki.workers.outbox import (
    ATTEMPTS_MAX,
    LEASE,
    Deferred,
    OutboxWorker,
    Outcome,
    Refused,
    Result,
    retry_after,
)
from tests.databases import open_database
from tests.world import World

KIND = EventType.USER_INVITED


class Stub:
    """A handler that notes what it is asked, and fails where it is told to."""

    def __init__(self, act: Callable[[TakenEvent], object] = lambda _: None) -> None:
        self.on_act = act
        self.acted: list[uuid.UUID] = []
        self.outcomes: list[Outcome] = []
        self.wanted = 1
        self.settled_all = asyncio.Event()

    async def act(self, event: TakenEvent) -> Result:
        self.acted.append(event.id)
        waiting = self.on_act(event)
        if asyncio.iscoroutine(waiting):
            await waiting
        return Result.DONE

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if len(self.outcomes) >= self.wanted:
            self.settled_all.set()


def failing(failure: Exception) -> Callable[[TakenEvent], object]:
    def act(_: TakenEvent) -> None:
        raise failure

    return act


async def send(world: World, number: int = 1) -> list[uuid.UUID]:
    events = [Event(KIND, world.consortium_id, {}) for _ in range(number)]
    async with world.database.transaction() as tx:
        await emit(tx, *events)
    return [event.id for event in events]


def worker(world: World, stub: Stub, **more: int) -> OutboxWorker:
    return OutboxWorker(world.database, {KIND: stub}, **more)


async def row(world: World, event_id: uuid.UUID) -> OutboxEvent:
    async with world.database.read() as read:
        return await read.get_one(OutboxEvent, event_id)


async def test_an_event_is_acted_on_and_done(world: World) -> None:
    [event_id] = await send(world)
    stub = Stub()
    await worker(world, stub).drain()
    await worker(world, stub).drain()
    assert stub.acted == [event_id]
    assert stub.outcomes == [Outcome(Result.DONE)]
    found = await row(world, event_id)
    assert (found.done_at, found.due_at, found.attempts) == (world.clock.now, None, 1)


async def test_two_workers_share_the_work_and_no_event(world: World) -> None:
    ids = await send(world, 60)
    other = open_database(world.database.url)
    other.clock = world.clock
    stub = Stub(lambda _: asyncio.sleep(0))
    workers = [
        OutboxWorker(database, {KIND: stub}, concurrency=4) for database in (world.database, other)
    ]
    await asyncio.gather(*(one.drain() for one in workers))
    await other.close()
    assert Counter(stub.acted) == Counter(ids)
    assert stub.outcomes == [Outcome(Result.DONE)] * 60


async def test_what_fails_for_now_is_tried_again_ever_later(world: World) -> None:
    [event_id] = await send(world)
    stub = Stub(failing(Deferred("451")))
    waits = []
    for attempt in range(1, ATTEMPTS_MAX):
        await worker(world, stub).drain()
        found = await row(world, event_id)
        assert (found.attempts, found.failure, found.done_at) == (attempt, "451", None)
        assert found.due_at == world.clock.now + retry_after(attempt)
        waits.append(retry_after(attempt))
        world.clock.now = found.due_at - timedelta(seconds=1)
        await worker(world, stub).drain()
        assert len(stub.acted) == attempt
        world.clock.now = found.due_at
    assert waits == [*(timedelta(minutes=2**n) for n in range(8)), timedelta(hours=4)]
    await worker(world, stub).drain()
    found = await row(world, event_id)
    assert (found.attempts, found.failure, found.due_at) == (ATTEMPTS_MAX, "451", None)
    assert stub.outcomes == [Outcome(Result.GIVEN_UP, "451")]


async def test_what_is_refused_for_good_is_not_tried_again(world: World) -> None:
    [event_id] = await send(world)
    stub = Stub(failing(Refused("550 5.1.1")))
    await worker(world, stub).drain()
    world.clock.forward(days=30)
    await worker(world, stub).drain()
    assert stub.acted == [event_id]
    assert stub.outcomes == [Outcome(Result.REFUSED, "550 5.1.1")]
    assert (await row(world, event_id)).failure == "550 5.1.1"


async def test_a_slow_receiver_delays_no_other(world: World) -> None:
    slow, *quick = await send(world, 10)
    released = asyncio.Event()

    async def wait_for(event: TakenEvent) -> None:
        if event.id == slow:
            await released.wait()

    stub = Stub(wait_for)
    stub.wanted = len(quick)
    working = asyncio.create_task(worker(world, stub, concurrency=2).drain())
    async with asyncio.timeout(30):
        await stub.settled_all.wait()
    assert (await row(world, slow)).done_at is None
    released.set()
    await working
    assert (await row(world, slow)).done_at == world.clock.now


async def test_what_hangs_is_cut_off_and_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ACT_TIMEOUT_S", 0.01)
    [event_id] = await send(world)
    stub = Stub(lambda _: asyncio.Event().wait())
    await worker(world, stub).drain()
    found = await row(world, event_id)
    assert (found.failure, found.done_at) == ("timeout", None)


async def test_what_a_dead_worker_held_is_taken_by_the_next(world: World) -> None:
    [event_id] = await send(world)
    async with world.database.transaction() as tx:
        taken = await take_events(tx, {KIND}, most=10, lease=LEASE)
    assert [event.id for event in taken] == [event_id]
    stub = Stub()
    await worker(world, stub).drain()
    assert stub.acted == []
    world.clock.now += LEASE
    await worker(world, stub).drain()
    assert stub.acted == [event_id]
    assert (await row(world, event_id)).attempts == 2


async def test_an_event_that_ends_its_workers_is_given_up(world: World) -> None:
    [event_id] = await send(world)
    for _ in range(ATTEMPTS_MAX):
        async with world.database.transaction() as tx:
            await take_events(tx, {KIND}, most=1, lease=LEASE)
        world.clock.now += LEASE
    stub = Stub()
    await worker(world, stub).drain()
    assert stub.acted == []
    assert stub.outcomes == [Outcome(Result.GIVEN_UP, "lost")]
    assert (await row(world, event_id)).done_at == world.clock.now


class Forgetful(Stub):
    """A handler whose outcome cannot be written down for some time."""

    failures = 5

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        await super().settle(tx, event, outcome)
        if len(self.outcomes) <= self.failures:
            raise ConnectionError("the database is away")


async def test_what_was_delivered_is_not_delivered_again_while_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SETTLE_DELAYS_S", (0.0, 0.0))
    [event_id] = await send(world)
    stub = Forgetful()
    working = worker(world, stub)
    await working.drain()
    assert (await row(world, event_id)).done_at is None
    world.clock.now += LEASE
    await working.drain()
    assert stub.acted == [event_id]
    assert stub.outcomes == [Outcome(Result.DONE)] * 6
    assert (await row(world, event_id)).done_at == world.clock.now


async def test_a_fault_of_ours_is_told_without_what_it_quotes(world: World) -> None:
    [event_id] = await send(world)
    with capture_logs() as logs:
        await worker(world, Stub(failing(KeyError("hanako@example.jp")))).drain()
    assert [(line["event"], line["fault"]) for line in logs] == [("outbox.fault", "KeyError")]
    assert "hanako" not in str(logs)
    found = await row(world, event_id)
    assert (found.failure, found.attempts, found.done_at) == ("fault", 1, None)


async def test_a_worker_begins_when_something_is_committed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "POLL_S", 600.0)
    acted = asyncio.Event()
    stub = Stub(lambda _: acted.set())
    working = worker(world, stub)
    task = asyncio.create_task(working.run())
    async with asyncio.timeout(30):
        # It has looked once, and found nothing, when its own look has ended.
        async with world.database.transaction():
            pass
        await send(world)
        await acted.wait()
    working.stop()
    await task
    assert stub.outcomes == [Outcome(Result.DONE)]
    assert world.database.after_commit == []


async def test_stopping_finishes_what_is_under_way(world: World) -> None:
    started, released = asyncio.Event(), asyncio.Event()

    async def wait_for(_: TakenEvent) -> None:
        started.set()
        await released.wait()

    first, second = await send(world, 2)
    stub = Stub(wait_for)
    working = worker(world, stub, concurrency=1)
    task = asyncio.create_task(working.run())
    await started.wait()
    working.stop()
    released.set()
    await task
    assert stub.acted == [first]
    assert (await row(world, first)).done_at == world.clock.now
    assert (await row(world, second)).attempts == 0


async def test_what_only_tells_listeners_is_not_taken(world: World, database: Database) -> None:
    async with database.transaction() as tx:
        await emit(tx, Event(EventType.REFERRAL_CHANGED, world.consortium_id, {}))
    stub = Stub()
    await OutboxWorker(database, {EventType.REFERRAL_CHANGED: stub}).drain()
    assert stub.acted == []
    async with database.read() as read:
        assert await read.scalar(select(OutboxEvent.due_at)) is None
