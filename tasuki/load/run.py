"""Filling a database of any size: made in bulk, then verified against every invariant."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import uuid
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from sqlalchemy import select, text

from models.base import Base
from models.errors import AlreadyExists
from models.migrate import migrate
from models.operations.frozen import freeze_past
from models.rules.ledger import Book, Unit
from models.session import Database
from models.tables.consortium import Consortium
from models.tables.ledger import Account
from models.tables.records import AuditHead
from models.vault import Vault
from models.verify import Violation, verify_consortium
from tasuki.load.history import COUNTS_PER_FREE_HIRE, History
from tasuki.load.members import Founding, Setting
from tasuki.load.moments import Made
from tasuki.load.plan import Chunk, Size, Span, plan, span_until, weights
from tasuki.load.sheets import encode
from tasuki.load.steps import local_day
from tasuki.load.stores import Store, store_for
from tasuki.load.timeline import Timeline

CHUNKS_ALONE_MAX = 4
"""So few chunks are made without starting other processes."""

VERIFY_MEMORY_MB = 256
"""For each sort and join of the verification: the default spills every one of them to disk."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(slots=True)
class LoadReport:
    """What a load made, how long its parts took, and what the verification found."""

    consortium_id: uuid.UUID
    companies: int
    agencies: int
    referrals: int
    rows: Counter[str] = field(default_factory=Counter)
    """By table."""
    took_s: dict[str, float] = field(default_factory=dict)
    """Seconds by phase: ``write``, ``index``, ``freeze``, ``verify``."""
    violations: list[Violation] = field(default_factory=list)


async def load(
    database: Database, *, companies: int, referrals: int, seed: int, progress: Progress
) -> LoadReport:
    """Fill the database with a consortium of its own, and verify it.

    ``referrals`` of both channels together. The same seed makes the same history, keys and nonces
    aside, for loads of one day. Cancelled, it leaves nothing but keys that nothing refers to.
    Raises `InvalidInput` outside the bounds, and `AlreadyExists` for a seed loaded before.
    """
    size = Size(companies, referrals, seed)
    await migrate(database)
    span = span_until(database.clock())
    founding = Founding(size, span, database.vault)
    setting = founding.found()
    consortium_id = uuid.UUID(bytes=setting.consortium_id)
    await _require_new(database, f"load-{seed}")
    report = LoadReport(consortium_id, companies, size.agencies, referrals)
    store = store_for(database)
    await store.begin()
    try:
        with _timed(report, "write"):
            await store.insert(founding.rows)
            await _write(store, _Work(database, setting, span, size), report, progress)
        with _timed(report, "index"):
            await store.commit(lambda what: progress(what, 0, 0))
    finally:
        await store.close()
    with _timed(report, "freeze"):
        progress("freeze", 0, 0)
        await freeze_past(database)
    with _timed(report, "verify"):
        progress("verify", 0, 0)
        async with database.read() as read:
            if database.dialect == "postgresql":
                await read.execute(text(f"SET LOCAL work_mem = '{VERIFY_MEMORY_MB}MB'"))
            report.violations = await verify_consortium(read, consortium_id)
    return report


async def _require_new(database: Database, slug: str) -> None:
    async with database.read() as read:
        if await read.scalar(select(Consortium.id).where(Consortium.slug == slug)):
            raise AlreadyExists("seed", what="consortium")


@contextmanager
def _timed(report: LoadReport, phase: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    report.took_s[phase] = time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class _Work:
    database: Database
    setting: Setting
    span: Span
    size: Size


async def _write(store: Store, work: _Work, report: LoadReport, progress: Progress) -> None:
    counts = [0] * work.size.companies
    timeline = Timeline(work.setting, work.database.vault, work.size.seed)
    dialect = work.database.dialect
    done = 0
    async for chunk, made in _made(work, counts):
        for name, (many, payload) in made.payloads.items():
            await store.write(name, payload)
            report.rows[name] += many
        timeline.take(made)
        await _put(store, timeline.rows_before(local_day(chunk.start_us)), dialect, report)
        done += len(chunk.registrations) + chunk.introductions
        progress("referrals", done, work.size.referrals)
    last_day = local_day(work.span.end_us) + 1
    await _put(store, timeline.rows_before(last_day), dialect, report)
    await _put(store, timeline.rows_at_end(), dialect, report)
    await _close_books(store, work, timeline, counts)


async def _put(store: Store, rows: dict[str, list[Any]], dialect: str, report: LoadReport) -> None:
    for name, some in rows.items():
        if some:
            await store.write(name, encode(name, some, dialect))
            report.rows[name] += len(some)


async def _close_books(store: Store, work: _Work, timeline: Timeline, counts: list[int]) -> None:
    """The accounts with their cached balances, and the head of the audit chain."""
    setting = work.setting
    accounts = []
    for place, (company, counted) in enumerate(zip(setting.companies, counts, strict=True)):
        if not counted:
            continue
        converted, rest = divmod(counted, COUNTS_PER_FREE_HIRE)
        free_hires = timeline.free_hires[place], timeline.free_hire_entries[place]
        for account_id, unit, book, (balance, entries) in (
            (company.count_account, Unit.COUNT, Book.BALANCE, (rest, counted + converted)),
            (company.debt_account, Unit.COUNT, Book.DEBT, (0, 0)),
            (company.free_hire_account, Unit.FREE_HIRE, Book.BALANCE, free_hires),
        ):
            accounts.append(
                {
                    "id": uuid.UUID(bytes=account_id),
                    "consortium_id": timeline.consortium,
                    "program_id": uuid.UUID(bytes=setting.program_id),
                    "company_id": uuid.UUID(bytes=company.id),
                    "unit": unit,
                    "book": book,
                    "balance": balance,
                    "entries": entries,
                }
            )
    head = {
        "consortium_id": timeline.consortium,
        "number": timeline.number,
        "hash": timeline.head,
    }
    tables = Base.metadata.tables
    await store.insert(
        {tables[Account.__tablename__]: accounts, tables[AuditHead.__tablename__]: [head]}
    )


async def _made(work: _Work, counts: list[int]) -> AsyncIterator[tuple[Chunk, Made]]:
    """Every chunk in order, made ahead by as many processes as there are processors."""
    chunks = plan(work.size, work.span, counts)
    cumulative = weights(work.size)
    place = (work.setting, work.span, work.database.vault, work.size.seed, cumulative)
    dialect = work.database.dialect
    if work.size.chunks <= CHUNKS_ALONE_MAX:
        history = History(*place)
        for chunk in chunks:
            yield chunk, await asyncio.to_thread(history.make, chunk, dialect)
        return
    with _processes(place) as pool:
        ahead: deque[tuple[Chunk, asyncio.Future[Made]]] = deque()
        for chunk in chunks:
            ahead.append((chunk, _submit(pool, chunk, dialect)))
            if len(ahead) > 2 * (os.cpu_count() or 1):
                first, future = ahead.popleft()
                yield first, await future
        for first, future in ahead:
            yield first, await future


def _submit(pool: Executor, chunk: Chunk, dialect: str) -> asyncio.Future[Made]:
    return asyncio.get_running_loop().run_in_executor(pool, _make, chunk, dialect)


@contextmanager
def _processes(
    place: tuple[Setting, Span, Vault, int, list[float]],
) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=_start, initargs=place
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_history: History | None = None


def _start(*place: Any) -> None:
    # Ctrl-C is the parent's to hear: it stops the pool in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _history  # noqa: PLW0603  (one for a process, made once)
    _history = History(*place)


def _make(chunk: Chunk, dialect: str) -> Made:
    assert _history is not None
    return _history.make(chunk, dialect)


class ShownProgress:
    """Progress as one line on standard error, with a rate and what is left."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.told = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say how far it is, at most ten times a second."""
        now = time.monotonic()
        if done < of and now - self.told < 0.1:
            return
        self.told = now
        if not of:
            line = what.split(" (", maxsplit=1)[0][:90]
        else:
            rate = done / max(now - self.begun, 0.001)
            line = f"{done:,} / {of:,} {what}, {rate:,.0f}/s, {(of - done) / rate:,.0f} s left"
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()
