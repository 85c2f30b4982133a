"""What was committed, told to subscriptions: of this process, and of every other on PostgreSQL.

Within the process events are handed on right after the commit. On PostgreSQL they also go out by
NOTIFY, from a connection of their own and in batches, because a NOTIFY inside a transaction makes
all commits of the server wait for each other. On SQLite the outbox is looked at once a second for
what another process has written. A listener that is too slow loses its oldest events: what it
shows, it reads anew.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import structlog

from models.outbox import Event, EventType
from models.reads.outbox import events_since
from models.session import Database

CHANNEL = "tasuki_events"
QUEUE_EVENTS_MAX = 1_000
SEEN_EVENTS_MAX = 10_000
NOTIFY_BYTES_MAX = 7_500
POLL_S = 1.0
LOOK_BACK = timedelta(minutes=2)
"""Longer than a transaction waits for its turn."""
RETRY_S = 2.0

log = structlog.get_logger(__name__)


class EventHub:
    """Hands committed events to whoever follows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._followers: set[asyncio.Queue[Event | None]] = set()
        self._seen: OrderedDict[UUID, None] = OrderedDict()
        self._outgoing: asyncio.Queue[Event] = asyncio.Queue(QUEUE_EVENTS_MAX)
        self._tasks: list[asyncio.Task[None]] = []
        self._own = uuid4().hex

    @property
    def followers(self) -> int:
        """How many subscriptions are open."""
        return len(self._followers)

    def start(self) -> None:
        """Begin to listen, and to tell other processes."""
        self.database.after_commit.append(self.committed)
        if self.database.dialect == "postgresql":
            work = [self._listen(), self._notify()]
        else:
            work = [self._poll()]
        self._tasks = [asyncio.create_task(one) for one in work]

    async def stop(self) -> None:
        """End every subscription and stop."""
        self.database.after_commit.remove(self.committed)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for queue in self._followers:
            _put(queue, None)

    def committed(self, events: list[Event]) -> None:
        """Take over what a transaction of this process has committed."""
        for event in events:
            self._hand_on(event)
            if self.database.dialect == "postgresql":
                _put(self._outgoing, event)

    async def follow(self) -> AsyncIterator[Event]:
        """Every event from now on, until the hub stops."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE_EVENTS_MAX)
        self._followers.add(queue)
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._followers.discard(queue)

    def _hand_on(self, event: Event) -> None:
        if event.id in self._seen:
            return
        self._seen[event.id] = None
        if len(self._seen) > SEEN_EVENTS_MAX:
            self._seen.popitem(last=False)
        for queue in self._followers:
            _put(queue, event)

    async def _poll(self) -> None:
        """Look back further than the last look: a transaction carries the time it began at."""
        while True:
            with contextlib.suppress(Exception):
                async with self.database.read() as read:
                    events = await events_since(read, read.now - LOOK_BACK)
                for event in events:
                    self._hand_on(event)
            await asyncio.sleep(POLL_S)

    async def _listen(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self._server())
                await self._hear(connection)
            except (OSError, asyncpg.PostgresError):
                log.warning("events.listening_failed")
            await asyncio.sleep(RETRY_S)

    async def _hear(self, connection: Any) -> None:
        gone = asyncio.Event()
        connection.add_termination_listener(lambda *_: gone.set())
        await connection.add_listener(CHANNEL, self._heard)
        try:
            await gone.wait()
        finally:
            await connection.close()

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        message = orjson.loads(payload)
        if message["from"] == self._own:
            return
        for event_id, kind, consortium_id, refs in message["events"]:
            self._hand_on(Event(EventType(kind), UUID(consortium_id), refs, UUID(event_id)))

    async def _notify(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self._server())
                try:
                    while True:
                        for payload in self._payloads(await self._waiting()):
                            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
                finally:
                    await connection.close()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                log.warning("events.telling_failed")
            await asyncio.sleep(RETRY_S)

    async def _waiting(self) -> list[Event]:
        batch = [await self._outgoing.get()]
        while not self._outgoing.empty():
            batch.append(self._outgoing.get_nowait())
        return batch

    def _payloads(self, events: list[Event]) -> list[str]:
        payloads: list[list[Any]] = []
        current: list[Any] = []
        size = 0
        for event in events:
            written = [event.id.hex, event.type.value, event.consortium_id.hex, dict(event.refs)]
            length = len(orjson.dumps(written)) + 1
            if current and size + length > NOTIFY_BYTES_MAX:
                payloads.append(current)
                current, size = [], 0
            current.append(written)
            size += length
        payloads.append(current)
        return [orjson.dumps({"from": self._own, "events": some}).decode() for some in payloads]

    def _server(self) -> str:
        url = self.database.writer.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)


def _put(queue: asyncio.Queue[Any], item: object) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(item)
