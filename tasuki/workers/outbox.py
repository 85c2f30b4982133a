"""The outbox relay: takes due events, acts on them side by side, and writes down what came of it.

Acting happens outside any transaction; what came of it is written in one. An event is acted on at
least once: a worker that dies between the two leaves it to the next. No more events are taken than
can be acted on at once, so that none waits on a lease, and one slow receiver holds one place only.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import structlog

from models.operations.outbox import (
    TakenEvent,
    anything_due,
    finish_event,
    put_off,
    take_events,
)
from models.outbox import WORKED, Event, EventType
from models.session import Database, WriteSession

CONCURRENCY = 16
ACT_TIMEOUT_S = 60.0
LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 10
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=4)
POLL_S = 1.0
AFTER_FAULT_S = 5.0
SETTLE_DELAYS_S = (0.2, 1.0, 5.0, 15.0, 30.0)
"""What came of an event is told to a database that is away for a moment once more."""

log = structlog.get_logger(__name__)


class DeliveryFailed(Exception):
    """The receiver did not take it. ``failure`` is a reply code or a word, never a text."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class Refused(DeliveryFailed):
    """For good: to try again would be in vain."""


class Deferred(DeliveryFailed):
    """For now."""


class Result(StrEnum):
    """What became of an event in the end. ``MOOT``: there was nothing left to do."""

    DONE = "DONE"
    MOOT = "MOOT"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an event, and the failure where it is one."""

    result: Result
    failure: str | None = None


class Handler(Protocol):
    """What is done about one type of event."""

    async def act(self, event: TakenEvent) -> Result:
        """Reach outside, in no transaction: `DONE` or `MOOT`. Raises `DeliveryFailed`."""
        ...

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """Write down what came of it, in the transaction that ends the event."""
        ...


def retry_after(attempt: int) -> timedelta:
    """How long after a failed attempt the next one comes: twice as long each time, to a limit."""
    return min(FIRST_RETRY * (1 << (attempt - 1)), LAST_RETRY)


class OutboxWorker:
    """Acts on events until it is stopped. Any number of workers share one outbox."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[EventType, Handler],
        *,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self.database = database
        self.handlers = handlers
        self.concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._unsettled: dict[UUID, Outcome | Deferred] = {}
        self._wake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Work until `stop`, then finish what is under way."""
        self.database.after_commit.append(self._committed)
        try:
            while not self._stopping:
                self._wake.clear()
                if await self._start_some() == 0:
                    await self._rest(POLL_S)
        finally:
            self.database.after_commit.remove(self._committed)
            await self._finish()

    def stop(self) -> None:
        """Take no more events."""
        self._stopping = True
        self._wake.set()

    async def drain(self) -> None:
        """Act on everything that is due now, and on what that makes due."""
        while await self._start_some() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    def _committed(self, events: list[Event]) -> None:
        if any(event.type in WORKED for event in events):
            self._wake.set()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _finish(self) -> None:
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _start_some(self) -> int:
        free = self.concurrency - len(self._running)
        # Not for every single place that gets free: to ask costs a transaction.
        if free < max(1, self.concurrency // 4):
            return 0
        try:
            taken = await self._take(free)
        except Exception as fault:  # noqa: BLE001  (the database may be away; work goes on after)
            log_fault("outbox.not_reached", fault)
            await self._rest(AFTER_FAULT_S)
            return 0
        for event in taken:
            task = asyncio.create_task(self._handle(event))
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(taken)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()

    async def _take(self, most: int) -> list[TakenEvent]:
        # On SQLite a look costs no writer its turn.
        async with self.database.read() as read:
            if not await anything_due(read, self.handlers):
                return []
        async with self.database.transaction() as tx:
            return list(await take_events(tx, self.handlers, most=most, lease=LEASE))

    async def _handle(self, event: TakenEvent) -> None:
        handler = self.handlers[event.type]
        # What was delivered and could not be written down is not delivered once more.
        outcome = self._unsettled.pop(event.id, None) or await self._act(handler, event)
        for delay_s in (*SETTLE_DELAYS_S, None):
            try:
                await self._settle(handler, event, outcome)
            except Exception as fault:  # noqa: BLE001  (it must not end the worker)
                log_fault("outbox.not_settled", fault, event_id=event.id.hex)
                if delay_s is None:
                    self._unsettled[event.id] = outcome
                else:
                    await asyncio.sleep(delay_s)
            else:
                return

    async def _act(self, handler: Handler, event: TakenEvent) -> Outcome | Deferred:
        if event.attempt > ATTEMPTS_MAX:
            # Every attempt before ended without a word: the event may well be what ends workers.
            return Outcome(Result.GIVEN_UP, "lost")
        try:
            async with asyncio.timeout(ACT_TIMEOUT_S):
                return Outcome(await handler.act(event))
        except Refused as refused:
            return Outcome(Result.REFUSED, refused.failure)
        except Deferred as deferred:
            failure = deferred
        except TimeoutError:
            failure = Deferred("timeout")
        except Exception as fault:  # noqa: BLE001  (a fault of ours is tried again, and told)
            log_fault("outbox.fault", fault, event_id=event.id.hex, type=event.type.value)
            failure = Deferred("fault")
        if event.attempt == ATTEMPTS_MAX:
            return Outcome(Result.GIVEN_UP, failure.failure)
        return failure

    async def _settle(
        self, handler: Handler, event: TakenEvent, outcome: Outcome | Deferred
    ) -> None:
        async with self.database.transaction() as tx:
            if isinstance(outcome, Deferred):
                until = tx.now + retry_after(event.attempt)
                await put_off(tx, event, until=until, failure=outcome.failure)
            elif await finish_event(tx, event, outcome.failure):
                await handler.settle(tx, event, outcome)


def log_fault(what: str, fault: BaseException, **about: str) -> None:
    """Log a fault as its type and place. Its message may quote a person."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    log.error(what, fault=type(fault).__name__, place=place, **about)
