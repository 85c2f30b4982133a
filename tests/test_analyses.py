"""Where analyses are computed and kept: processes that can be lost, answers that are made once."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pytest
import pytest_asyncio

from models.errors import AnalysisTooLarge, TakesTooLong
from models.session import Database
from network import computing
from network.answering import ASKED, Allowance, Analyses, DatabaseReader, ThreadRunner
from network.bytes import ByteCache, bytes_of
from network.reading import read_version
from tasuki.analyses import Processes, ReadingThread
from tests.network_world import Played, played, question_of

T = TypeVar("T")


@pytest_asyncio.fixture
async def processes() -> AsyncIterator[Processes]:
    found = Processes(1)
    yield found
    await found.close()


@pytest_asyncio.fixture
async def history(database: Database) -> Played:
    return await played(database)


async def test_a_process_answers_and_is_used_again(processes: Processes) -> None:
    assert processes.process_ids == []
    first = await processes.run(os.getpid, limit_s=60)
    assert first != os.getpid()
    assert await processes.run(os.getpid, limit_s=60) == first
    assert processes.process_ids == [first]


async def test_what_takes_too_long_is_ended_and_the_next_is_answered(processes: Processes) -> None:
    first = await processes.run(os.getpid, limit_s=60)
    with pytest.raises(TakesTooLong) as refused:
        await processes.run(partial(time.sleep, 60), limit_s=0.2)
    assert "startAnalysis" in refused.value.message("en")
    assert await processes.run(os.getpid, limit_s=60) not in (first, os.getpid())
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_what_nobody_waits_for_is_ended(processes: Processes) -> None:
    first = await processes.run(os.getpid, limit_s=60)
    task = asyncio.ensure_future(processes.run(partial(time.sleep, 60), limit_s=60))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await processes.run(os.getpid, limit_s=60) != first


async def test_a_process_that_was_killed_is_made_anew(processes: Processes) -> None:
    first = await processes.run(os.getpid, limit_s=60)
    os.kill(first, signal.SIGKILL)
    assert await processes.run(os.getpid, limit_s=60) != first


async def test_waiting_for_a_process_counts(processes: Processes) -> None:
    await processes.run(os.getpid, limit_s=60)
    long = asyncio.ensure_future(processes.run(partial(time.sleep, 2), limit_s=60))
    await asyncio.sleep(0)
    with pytest.raises(TakesTooLong):
        await processes.run(os.getpid, limit_s=0.2)
    await long


class Counting(ThreadRunner):
    """Counts what is computed, and holds it until it is told to go on."""

    def __init__(self) -> None:
        self.runs = 0
        self.go_on = asyncio.Event()

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:
        self.runs += 1
        await self.go_on.wait()
        return await super().run(work, limit_s=limit_s)


async def seen_by(analyses: Analyses, history: Played) -> Any:
    question = question_of(history)
    async with history.database.read() as read:
        version = await read_version(read, question.scope)
    return await analyses.seen(question, version)


async def test_the_same_question_under_way_is_computed_once(history: Played) -> None:
    runner = Counting()
    analyses = Analyses(DatabaseReader(history.database), runner, small_edges=0)
    seen = await seen_by(analyses, history)
    asked = [asyncio.ensure_future(analyses.answer("strength", seen)) for _ in range(5)]
    await asyncio.sleep(0.01)
    asked[0].cancel()  # who goes away does not take the others' answer along
    runner.go_on.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len({id(answer.result) for answer in answers[1:]}) == 1  # type: ignore[union-attr]
    assert runner.runs == 1
    await analyses.answer("strength", seen)
    assert runner.runs == 1
    await analyses.close()


async def test_a_failure_is_not_kept(history: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    seen = await seen_by(analyses, history)
    with monkeypatch.context() as patch:
        broken = computing.Metric(
            computing.Takes.FLOW, _fails, computing.METRICS["strength"].in_words
        )
        patch.setitem(computing.METRICS, "strength", broken)
        with pytest.raises(ZeroDivisionError):
            await analyses.answer("strength", seen)
    assert (await analyses.answer("strength", seen)).result.net.size == 4
    await analyses.close()


def _fails(_flow: Any) -> Any:
    raise ZeroDivisionError


async def test_what_is_too_large_is_refused_before_it_is_computed(history: Played) -> None:
    runner = Counting()
    analyses = Analyses(DatabaseReader(history.database), runner, small_edges=0)
    seen = await seen_by(analyses, history)
    with pytest.raises(AnalysisTooLarge) as refused:
        await analyses.answer("strength", seen, allowance=Allowance(3, ASKED.seconds))
    assert "the limit is 3" in refused.value.message("en")
    assert runner.runs == 0
    await analyses.close()


async def test_the_reading_thread_reads_what_the_loop_would(history: Played) -> None:
    scope = question_of(history).scope
    thread = ReadingThread(history.database)
    own, told = await DatabaseReader(history.database).basis(scope), await thread.basis(scope)
    assert (own.keys, own.version, own.months) == (told.keys, told.version, told.months)
    assert np.array_equal(own.table.referrals, told.table.referrals)
    assert (await thread.directory(scope)).by_key.keys() >= set(told.keys)
    await thread.close()


def test_a_cache_keeps_what_was_used_last_up_to_its_bytes() -> None:
    cache: ByteCache[Any] = ByteCache(3 * bytes_of(np.zeros(100)))
    for name in "abc":
        cache.put(name, np.zeros(100))
    assert cache.get("a") is not None
    cache.put("d", np.zeros(100))
    assert [cache.get(name) is not None for name in "abcd"] == [True, False, True, True]
    cache.put("e", np.zeros(1_000))
    assert cache.get("e") is None
    assert (len(cache), cache.used_bytes) == (3, 3 * bytes_of(np.zeros(100)))
