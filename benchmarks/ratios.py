"""What a benchmark tells: every figure beside something named, measured in the same run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the table: ours and the other in the same unit, and how they compare."""

    case: str
    ours: str
    other: str
    ratio: float


def table(ratios: Iterable[Ratio]) -> str:
    """The lines that end a run."""
    rows = [("case", "ours", "the other", "ratio")]
    rows += [(one.case, one.ours, one.other, f"{one.ratio:.2f}") for one in ratios]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a number of jobs was done by a number of clients."""

    jobs: int
    took_s: float
    waits_s: Sequence[float]

    @property
    def per_second(self) -> float:
        """Jobs done in a second."""
        return self.jobs / self.took_s

    def percentile_ms(self, percent: int) -> float:
        """The time within which so many in a hundred jobs were done."""
        ordered = sorted(self.waits_s)
        return 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def together(paces: Sequence[Pace]) -> Pace:
    """Several rounds as one."""
    return Pace(
        sum(one.jobs for one in paces),
        sum(one.took_s for one in paces),
        [wait for one in paces for wait in one.waits_s],
    )


async def pace(jobs: Iterable[Callable[[], Awaitable[object]]], clients: int) -> Pace:
    """Do the jobs, each client one after the other."""
    queue, waits = list(jobs), []
    todo = iter(queue)

    async def client() -> None:
        for job in todo:
            begun = time.perf_counter()
            await job()
            waits.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Pace(len(queue), time.perf_counter() - begun, waits)


async def median_ms(job: Callable[[], Awaitable[object]], repeats: int) -> float:
    """The middle of the times a job takes, after one that is not measured."""
    await job()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        await job()
        times.append(time.perf_counter() - begun)
    return 1000 * median(times)
