"""Answers: read once, computed once, kept by question and data version.

Nothing heavy is done on the event loop. What is small is computed in a thread, what is large by
whatever ``run`` leads to: the program hands in processes of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from models.errors import AnalysisTooLarge, InvalidInput
from models.reads.needs import Cell
from models.rules.flows import Level, month_of
from models.session import Database
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.text import Text
from network.basis import (
    Basis,
    JourneyBasis,
    Prepared,
    aligned,
    cells_prepared,
    journeys_prepared,
    relays_prepared,
)
from network.bytes import ByteCache
from network.computing import METRICS, Parameters, Takes, compute
from network.directory import Directory, Parties
from network.edges import Window
from network.flow import FlowGraph
from network.months import Months
from network.needs import told_turned_down
from network.questions import Question, Scope, View
from network.reading import read_basis, read_directory, read_journeys
from network.table import FlowTable

T = TypeVar("T")

CACHE_BYTES = 256 * 1024 * 1024
DIRECTORY_KEPT_S = 30.0
SMALL_EDGES = 4_000
"""Up to so many nodes and edges, or cells, no metric takes long enough to be sent anywhere."""
CELLS_TO_AN_EDGE = 20
"""Cells are added up by column: so many take no longer than an edge does."""
ASKED_EDGES_MAX = 200_000
"""What a request may wait for; more is a job's work."""


class Reader(Protocol):
    """Where cells and names come from."""

    async def basis(self, scope: Scope) -> Basis:
        """The cells of a scope."""
        ...

    async def journeys(self, scope: Scope) -> JourneyBasis:
        """The journeys of a scope."""
        ...

    async def directory(self, scope: Scope) -> Directory:
        """Who its nodes are."""
        ...

    async def turned_down(self, scope: Scope) -> Mapping[Cell, int]:
        """How many people each company is told to have turned down in frozen months."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class Runner(Protocol):
    """Where large work is done."""

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:
        """The answer of picklable work. Raises `TakesTooLong` after ``limit_s``."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one may ask for at once."""

    edges: int
    seconds: float


ASKED = Allowance(ASKED_EDGES_MAX, 15.0)
"""Within a request."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The edges and cells of a question, and the data version that they are of."""

    version: str
    months: Window | None
    parties: Parties
    prepared: Prepared
    key: Hashable
    """What the answers to the question are kept under."""

    def with_keys(self) -> FlowGraph:
        """The edges with keys for nodes."""
        found = self.prepared.flow.columns
        return FlowGraph.of(self.prepared.keys, found.source, found.target, found.weight)

    def table_with_keys(self) -> FlowTable:
        """The cells with keys for nodes."""
        assert self.prepared.table is not None
        return replace(self.prepared.table, nodes=self.prepared.keys)

    def size_of_table(self) -> int:
        """How large the cells are to compute with."""
        assert self.prepared.table is not None
        return self.prepared.table.referrals.size // CELLS_TO_AN_EDGE

    def told_to_all(self, question: Question) -> Window:
        """The days with everybody's figures; where there are none, those asked for."""
        return self.months or question.scope.window

    def days_of(self, question: Question) -> int:
        """How many they are."""
        window = self.told_to_all(question)
        return (window.last - window.first).days + 1

    def months_of(self, metric: str, question: Question) -> Months:
        """The months of a metric: an organization's series has its own rows of open ones too."""
        is_series = not METRICS[metric].is_rate
        has_own = question.scope.own_id is not None
        window = question.scope.window if is_series and has_own else self.told_to_all(question)
        return Months(month_of(window.first), month_of(window.last))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A metric's result: its nodes are places in ``parties``."""

    metric: str
    version: str
    parties: Parties
    result: Any
    took_ms: float
    flow: FlowGraph
    """The edges that it is about."""

    def in_words(self) -> Text:
        """One or two sentences that say what it says."""
        return METRICS[self.metric].in_words(self.result, self.parties)


class DatabaseReader:
    """Reads where it is called: for tests, and inside a loop that nobody else waits for."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def basis(self, scope: Scope) -> Basis:
        """The cells of a scope."""
        async with self.database.read() as read:
            return await read_basis(read, scope)

    async def journeys(self, scope: Scope) -> JourneyBasis:
        """The journeys of a scope."""
        async with self.database.read() as read:
            return await read_journeys(read, scope)

    async def directory(self, scope: Scope) -> Directory:
        """Who its nodes are."""
        async with self.database.read() as read:
            return await read_directory(read, scope)

    async def turned_down(self, scope: Scope) -> Mapping[Cell, int]:
        """How many people each company is told to have turned down in frozen months."""
        async with self.database.read() as read:
            return await told_turned_down(
                read, scope.consortium_id, scope.window, categories=JOB_CATEGORIES
            )

    async def close(self) -> None:
        """Nothing is held."""


class ThreadRunner:
    """Computes in a thread, whatever the size; it cannot be stopped there."""

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:  # noqa: ARG002
        """The answer of the work."""
        return await asyncio.to_thread(work)

    async def close(self) -> None:
        """Nothing is held."""


class Analyses:
    """The answers of one process."""

    def __init__(
        self,
        reader: Reader,
        runner: Runner,
        *,
        cache_bytes: int = CACHE_BYTES,
        small_edges: int = SMALL_EDGES,
    ) -> None:
        self.reader = reader
        self.runner = runner
        self.small_edges = small_edges
        self.cache: ByteCache[Any] = ByteCache(cache_bytes)
        self._directories: dict[Hashable, tuple[float, Directory]] = {}
        self._under_way: dict[Hashable, tuple[asyncio.Task[Any], list[None]]] = {}
        self._threads = ThreadPoolExecutor(2, "analysis")

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = [task for task, _ in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self.runner.close()
        await self.reader.close()

    async def seen(self, question: Question, version: str, takes: Takes = Takes.FLOW) -> Seen:
        """What a question is answered from, at a data version."""
        directory = await self.directory(question.scope)
        groups = None if question.level is Level.ORGANIZATION else directory.digest
        if takes is Takes.JOURNEYS and question.scope.source_id is not None:
            raise InvalidInput(
                "journeys",
                ja="取り込んだ履歴には、人がたどった道のりがありません。",
                en="An imported history knows no journeys.",
            )
        by_journeys = takes is Takes.JOURNEYS or (
            takes is Takes.FLOW and question.view is View.RELAYS
        )
        prepare = self._journeys if by_journeys else self._cells
        kind = takes if by_journeys else None
        version, months, prepared = await prepare(question, version, directory, (groups, kind))
        key = (question, version, groups, kind)
        return Seen(
            version, months, Parties(prepared.keys, question.level, directory), prepared, key
        )

    async def _cells(
        self, question: Question, version: str, directory: Directory, way: Hashable
    ) -> tuple[str, Window | None, Prepared]:
        scope = question.scope
        basis = await self._kept(("cells", scope, version), partial(self.reader.basis, scope))
        make = partial(cells_prepared, basis, question, directory)
        key = (question, basis.version, way)
        return basis.version, basis.months, await self._kept(key, partial(self.in_thread, make))

    async def _journeys(
        self, question: Question, version: str, directory: Directory, way: tuple[Any, Takes | None]
    ) -> tuple[str, Window | None, Prepared]:
        scope = question.scope
        basis = await self._kept(("journeys", scope, version), partial(self.reader.journeys, scope))

        def make() -> Prepared:
            whole = journeys_prepared(basis, question, directory)
            return whole if way[1] is Takes.JOURNEYS else relays_prepared(whole, question)

        key = (question, basis.version, way)
        return basis.version, basis.months, await self._kept(key, partial(self.in_thread, make))

    async def answer(
        self,
        metric: str,
        seen: Seen,
        parameters: Parameters = (),
        *,
        allowance: Allowance = ASKED,
    ) -> Answer:
        """What a metric says. Raises `AnalysisTooLarge` and `TakesTooLong`."""
        material, size = _material(METRICS[metric].takes, seen.prepared)
        work = partial(compute, metric, material, parameters)
        found = await self._kept(
            (metric, parameters, seen.key), partial(self._compute, work, size, allowance)
        )
        flow = seen.prepared.flow
        return Answer(metric, seen.version, seen.parties, found.result, found.took_ms, flow)

    async def compared(
        self,
        metric: str,
        before: Seen,
        after: Seen,
        parameters: Parameters = (),
        *,
        allowance: Allowance = ASKED,
    ) -> Answer:
        """What a metric of two flows says."""
        keys, *flows = await self.in_thread(partial(aligned, before.prepared, after.prepared))
        size = sum(flow.columns.weight.size for flow in flows) + len(keys)
        work = partial(compute, metric, tuple(flows), parameters)
        found = await self._kept(
            (metric, parameters, before.key, after.key),
            partial(self._compute, work, size, allowance),
        )
        parties = Parties(keys, after.parties.level, after.parties.directory)
        return Answer(metric, after.version, parties, found.result, found.took_ms, flows[1])

    async def computed(self, work: Callable[[], T], size: int, allowance: Allowance = ASKED) -> T:
        """The answer of picklable work of a size, which is not kept."""
        return await self._compute(work, size, allowance)

    async def _compute(self, work: Callable[[], T], size: int, allowance: Allowance) -> T:
        if size > allowance.edges:
            raise AnalysisTooLarge(edges=f"{size:,}", limit=f"{allowance.edges:,}")
        if size <= self.small_edges:
            return await self.in_thread(work)
        return await self.runner.run(work, limit_s=allowance.seconds)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """The answer of work that is too long for the event loop, and too short to be sent."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def directory(self, scope: Scope) -> Directory:
        """Names change without a new data version, and are read again after a while."""
        found = self._directories.get(scope.consortium_id)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        read = partial(self.reader.directory, scope)
        directory = await self._once((scope.consortium_id, "directory"), read)
        until = time.monotonic() + DIRECTORY_KEPT_S
        self._directories[scope.consortium_id] = (until, directory)
        return directory

    async def turned_down(self, scope: Scope) -> Mapping[Cell, int]:
        """How many people each company is told to have turned down, by category.

        The window of the scope is one of frozen months (`network.needs.needs_window`), of which
        nothing changes: it is its own data version.
        """
        return await self._kept(("turned down", scope), partial(self.reader.turned_down, scope))

    async def _kept(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What is kept under a key, or is made now and kept."""
        found: T | None = self.cache.get(key)
        if found is not None:
            return found
        return await self._once(key, partial(self._make, key, make))

    async def _make(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        made = await make()
        self.cache.put(key, made)
        return made

    async def _once(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Join what is under way for a key, or begin it. It ends with the last who waits for it."""
        if key not in self._under_way:
            begun = asyncio.ensure_future(make())
            self._under_way[key] = (begun, [])
            begun.add_done_callback(partial(self._ended, key))
        task, waiting = self._under_way[key]
        waiting.append(None)
        try:
            return cast("T", await asyncio.shield(task))
        finally:
            waiting.pop()
            if not waiting:
                self._ended(key, task)
                task.cancel()

    def _ended(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if self._under_way.get(key, (None,))[0] is task:
            del self._under_way[key]
        if task.done() and not task.cancelled():
            task.exception()  # whoever waited was told; where nobody did, nobody needs to know


def _material(takes: Takes, prepared: Prepared) -> tuple[tuple[Any, ...], int]:
    """What a metric is given, and how large that is."""
    if takes is Takes.JOURNEYS:
        assert prepared.journeys is not None
        return (prepared.journeys,), prepared.journeys.journeys.size
    if takes is Takes.TABLE:
        assert prepared.table is not None
        return (prepared.table,), prepared.table.referrals.size // CELLS_TO_AN_EDGE
    return (prepared.flow,), prepared.flow.columns.weight.size + len(prepared.keys)
