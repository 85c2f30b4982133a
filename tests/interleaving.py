"""Two steps at once, the second let in at a chosen statement of the first: races without luck."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from models.session import Database, async_url

Step = Callable[[], Awaitable[Any]]
LOOK_EVERY_S = 0.01
POSTGRESQL_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class LetIn:
    """What comes between: it goes as far as it can before the first step goes on."""

    database: Database
    step: Step
    at: int
    """Before which statement of the first step, from 1."""
    may_wait: bool = True
    """Whether the first step takes locks. One that reads takes none."""
    statements: int = 0
    running: asyncio.Task[Any] | None = None
    waited: bool = False
    """Whether it had to wait for the first step to end."""
    _watch: AsyncEngine | None = field(default=None, repr=False)

    async def go(self) -> None:
        """Begin the second step, and come back once it is done or waits for the first."""
        self.running = asyncio.ensure_future(self.step())
        while not self.running.done():
            await asyncio.wait({self.running}, timeout=LOOK_EVERY_S)
            if self.may_wait and not self.running.done() and await self._waits():
                self.waited = True
                return

    async def _waits(self) -> bool:
        if self.database.dialect == "sqlite":
            # There is one writer: whoever asks for it second waits, where the first has it.
            return bool(self.database.writer.pool.checkedout())  # type: ignore[attr-defined]
        if self._watch is None:
            self._watch = create_async_engine(async_url(self.database.url))
        async with self._watch.connect() as connection:
            return bool(await connection.scalar(POSTGRESQL_WAITS))

    async def close(self) -> None:
        """Close what was opened to look."""
        if self._watch is not None:
            await self._watch.dispose()


@contextmanager
def _before_statements(engine: AsyncEngine, let_in: LetIn, *, by: Any) -> Iterator[None]:
    def before(*_: Any) -> None:
        if by is not None and asyncio.current_task() is not by:
            return
        let_in.statements += 1
        if let_in.statements == let_in.at:
            await_only(let_in.go())

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    yield
    event.remove(engine.sync_engine, "before_cursor_execute", before)


@dataclass(frozen=True)
class Outcome:
    """What two steps came to, answers or errors."""

    first: Any
    second: Any
    waited: bool
    """Whether the second had to wait for the end of the first.

    Locks are kept to the end: it would wait as well if it came any later.
    """


async def _outcome(of: Awaitable[Any]) -> Any:
    try:
        return await of
    except Exception as error:  # noqa: BLE001  (what the step came to is what is asked)
        return error


async def interleaved(
    database: Database, first: Step, second: Step, at: int, *, first_reads: bool = False
) -> Outcome | None:
    """What both came to, answers or errors, or none where the first has fewer statements.

    The second is let in before statement ``at`` of the first. A first step that reads is watched on
    the connections that read, else on its own.
    """
    let_in = LetIn(database, second, at, may_wait=not first_reads)

    async def alone() -> Any:
        engine = database.reader if first_reads else database.writer
        by = None if first_reads else asyncio.current_task()
        with _before_statements(engine, let_in, by=by):
            return await _outcome(first())

    try:
        one = await asyncio.create_task(alone())
        if let_in.running is None:
            return None
        return Outcome(one, await _outcome(let_in.running), let_in.waited)
    finally:
        await let_in.close()
