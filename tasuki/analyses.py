"""Where analyses are read and computed: a thread for reading, processes for what is large.

Both begin when they are first needed. A process does one thing at a time, so that it can be ended
when its time is over, or when nobody wants its answer any more, without harm to another.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any, TypeVar

import structlog

from models.errors import TakesTooLong
from models.reads.needs import Cell
from models.session import Database
from network.answering import Analyses, DatabaseReader
from network.basis import Basis, JourneyBasis
from network.directory import Directory
from network.questions import Scope

T = TypeVar("T")

NICENESS = 5
"""Requests come before analyses."""
ATTEMPTS = 2
"""A process that was killed by someone else is no reason to refuse."""

log = structlog.get_logger(__name__)


def analyses_of(database: Database, processes: int) -> Analyses:
    """The answers of one process of the program, computed in so many others."""
    return Analyses(ReadingThread(database), Processes(processes))


class Processes:
    """A bounded number of processes, each with one piece of work at a time."""

    def __init__(self, size: int) -> None:
        self._all = [_Process() for _ in range(size)]
        self._free: asyncio.Queue[_Process] = asyncio.Queue()
        for process in self._all:
            self._free.put_nowait(process)

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:
        """The answer of picklable work; its time includes that of waiting for a process.

        Raises:
            TakesTooLong: The time was over: the work has been ended.
        """
        try:
            async with asyncio.timeout(limit_s):
                process = await self._free.get()
                try:
                    return await process.run(work)
                finally:
                    self._free.put_nowait(process)
        except TimeoutError:
            raise TakesTooLong(seconds=limit_s) from None

    @property
    def process_ids(self) -> list[int]:
        """Those of the processes that run now."""
        return [pid for process in self._all for pid in process.ids]

    async def close(self) -> None:
        """End them all, whatever they do."""
        for process in self._all:
            process.end()


class _Process:
    """One process, made when there is work, made anew where it was ended."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    @property
    def ids(self) -> list[int]:
        return list(self._pool._processes or ()) if self._pool else []  # noqa: SLF001 (no public way)

    async def run(self, work: Callable[[], T]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await asyncio.wrap_future(self._started().submit(work))
            except asyncio.CancelledError:
                self.end()
                raise
            except BrokenProcessPool:
                log.warning("analyses.process_died", attempt=attempt)
                self.end()
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, context, initializer=_begin)
        return self._pool

    def end(self) -> None:
        """Kill it: what it computes cannot be asked to stop."""
        if self._pool is None:
            return
        for pid in self.ids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _begin() -> None:
    """In the process: stand back, import once what is slow to import, end when the server does."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import network.computing  # noqa: F401, PLC0415


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class ReadingThread:
    """Reads tables in an event loop of its own, with connections of its own.

    Hundreds of thousands of rows become columns here while the server's loop goes on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._reader: DatabaseReader | None = None

    async def basis(self, scope: Scope) -> Basis:
        """The cells of a scope."""
        return await self._ask(self._started().basis(scope))

    async def journeys(self, scope: Scope) -> JourneyBasis:
        """The journeys of a scope."""
        return await self._ask(self._started().journeys(scope))

    async def directory(self, scope: Scope) -> Directory:
        """Who its nodes are."""
        return await self._ask(self._started().directory(scope))

    async def turned_down(self, scope: Scope) -> Mapping[Cell, int]:
        """How many people each company is told to have turned down in frozen months."""
        return await self._ask(self._started().turned_down(scope))

    async def close(self) -> None:
        """Finish what is being read, and close the connections."""
        if self._loop is None or self._thread is None or self._reader is None:
            return
        await self._ask(self._reader.database.reader.dispose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()
        self._loop = self._thread = self._reader = None

    def _started(self) -> DatabaseReader:
        if self._reader is None:
            own = self._database
            self._reader = DatabaseReader(Database(own.url, own.vault, own.clock, own.durable))
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="analysis-reading", daemon=True
            )
            self._thread.start()
        return self._reader

    async def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        asked: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.wrap_future(asked)
