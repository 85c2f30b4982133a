"""How long the event loop is blocked while ten analyses run: `python -m benchmarks.heartbeat`.

The answers are computed as the server computes them, from a table of cells as large as a
consortium's of 5,000 organizations and 100,000 pairs over twelve months. A heartbeat asks to be
woken every few milliseconds; how much later it is woken than it asked is the lag. Beside it an
idle process does the same, to tell what of that is the machine's doing.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np

from models.reads.needs import Cell
from models.rules.lifecycles import Channel, ReferralStatus
from network.answering import Allowance, Analyses
from network.basis import Basis, JourneyBasis
from network.directory import Directory
from network.edges import Window
from network.questions import Question, Scope
from network.table import CHANNELS, EVENTS, FlowTable, month_number
from tasuki.analyses import Processes

BEAT_S = 0.005
TEN = (
    "strength",
    "reciprocity",
    "reach",
    "hierarchy",
    "communities",
    "cohesion",
    "fragility",
    "backbone",
    "surprise",
    "brokerage",
)
PATIENT = Allowance(10_000_000, 600.0)
NOBODY = UUID(int=0)


@dataclass
class Heartbeat:
    """The lags of an event loop, in milliseconds."""

    lags_ms: list[float] = field(default_factory=list)

    @property
    def most_ms(self) -> float:
        """The longest time the loop was late."""
        return max(self.lags_ms, default=0.0)

    async def beat(self) -> None:
        """Measure until it is cancelled."""
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            self.lags_ms.append((time.perf_counter() - asked - BEAT_S) * 1_000)


@asynccontextmanager
async def heartbeat() -> AsyncIterator[Heartbeat]:
    """Measure the loop while something runs."""
    found = Heartbeat()
    task = asyncio.ensure_future(found.beat())
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


IDLE = f"""
import sys, threading, time
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
most = 0.0
while not over.is_set():
    asked = time.perf_counter()
    time.sleep({BEAT_S})
    most = max(most, time.perf_counter() - asked - {BEAT_S})
print(most * 1000)
"""


@asynccontextmanager
async def idle_process() -> AsyncIterator[list[float]]:
    """The longest lag of a process that does nothing else, in milliseconds; known at the end."""
    found: list[float] = []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IDLE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    yield found
    told, _ = await process.communicate(b"")
    found.append(float(told))


@dataclass(frozen=True)
class Lag:
    """What came of it."""

    most_ms: float
    idle_most_ms: float
    took_s: float

    @property
    def own_ms(self) -> float:
        """What the machine did not do by itself."""
        return max(0.0, self.most_ms - self.idle_most_ms)


def invented(nodes: int, edges: int, months: int) -> FlowTable:
    """Cells between nodes, as random as the seed makes them."""
    random = np.random.default_rng(1)
    pairs = np.unique(random.integers(0, nodes * nodes, edges * 2))
    pairs = random.permutation(pairs)[:edges]
    source, target = np.divmod(np.tile(pairs, months), nodes)
    size = source.size
    first = month_number(2025, 1)
    event = np.full(size, EVENTS.index(ReferralStatus.DELIVERED), np.int16)
    return FlowTable(
        nodes=tuple(range(nodes)),
        source=source.astype(np.int32),
        target=target.astype(np.int32),
        month=np.repeat(np.arange(first, first + months), edges).astype(np.int32),
        channel=np.full(size, CHANNELS.index(Channel.PARTNER_SHARE), np.int16),
        event=event,
        before=np.full(size, EVENTS.index(ReferralStatus.AGREED), np.int16),
        waited=np.zeros(size, np.int16),
        referrals=random.integers(1, 30, size) * 3,
    )


class Invented:
    """Reads what was invented."""

    def __init__(self, table: FlowTable) -> None:
        self.table = table

    async def basis(self, scope: Scope) -> Basis:
        """The table, as it was read."""
        keys = tuple(f"{number:032x}" for number in range(len(self.table.nodes)))
        return Basis("1", scope.window, keys, self.table)

    async def journeys(self, scope: Scope) -> JourneyBasis:
        """Nobody asks for them here."""
        raise NotImplementedError

    async def directory(self, scope: Scope) -> Directory:  # noqa: ARG002  (the reader's signature)
        """Nobody is known."""
        return Directory(())

    async def turned_down(self, scope: Scope) -> Mapping[Cell, int]:
        """Nobody asks for them here."""
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is held."""


async def lag_of_ten(nodes: int, edges: int, months: int, processes: int) -> Lag:
    """The lag while ten analyses are done."""
    analyses = Analyses(Invented(invented(nodes, edges, months)), Processes(processes))
    scope = Scope(NOBODY, None, Window(date(2025, 1, 1), date(2025, 12, 31)))
    async with idle_process() as idle, heartbeat() as beats:
        began = time.perf_counter()
        seen = await analyses.seen(Question(scope), "1")
        await asyncio.gather(*(analyses.answer(metric, seen, allowance=PATIENT) for metric in TEN))
        took_s = time.perf_counter() - began
    await analyses.close()
    return Lag(beats.most_ms, idle[0], took_s)


def main() -> None:
    """Print the lag at both sizes."""
    print(
        "nodes    edges     months  ten analyses  longest lag of the event loop, of an idle process"
    )
    for nodes, edges, months in ((1_000, 20_000, 12), (5_000, 100_000, 12)):
        lag = asyncio.run(lag_of_ten(nodes, edges, months, 2))
        print(
            f"{nodes:<8,} {edges:<9,} {months:<7} {lag.took_s:>8.1f} s    "
            f"{lag.most_ms:>8.1f} ms  {lag.idle_most_ms:>8.1f} ms"
        )


if __name__ == "__main__":
    main()
