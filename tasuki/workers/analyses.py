"""Runs the analyses that were asked for apart from a request, one at a time.

Whoever works on one says so every few seconds, and learns so that it was cancelled. A worker that
is stopped gives its job back; one that dies leaves it to the next when its lease has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog

from models.errors import AnalysisTooLarge, DomainError
from models.operations.analysis_jobs import (
    RESULT_BYTES_MAX,
    AnalysisFailed,
    TakenJob,
    any_job,
    fail_job,
    finish_job,
    give_back_job,
    keep_job,
    take_job,
)
from models.session import Database
from network.answering import Allowance, Analyses, Answer, Seen
from network.computing import METRICS, Parameters
from network.questions import Question
from network.reading import reached, read_version
from network.storing import answers_written, question_read
from tasuki.workers.outbox import log_fault

LEASE = timedelta(seconds=60)
KEEP_S = 2.0
POLL_S = 1.0
AFTER_FAULT_S = 5.0
PATIENT = Allowance(edges=2_500_000, seconds=600.0)
"""What a job may take."""

log = structlog.get_logger(__name__)


class AnalysisWorker:
    """Takes jobs until it is stopped. Any number of workers share the queue."""

    def __init__(
        self,
        database: Database,
        analyses: Analyses,
        *,
        poll_s: float = POLL_S,
        keep_s: float = KEEP_S,
    ) -> None:
        self.database = database
        self.analyses = analyses
        self.poll_s = poll_s
        self.keep_s = keep_s
        self._stop = asyncio.Event()
        self._done = 0

    async def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.is_set():
            rest = self.poll_s
            try:
                if await self.run_once():
                    continue
            except Exception as fault:  # noqa: BLE001  (the database may be away; work goes on after)
                log_fault("analyses.taking_failed", fault)
                rest = AFTER_FAULT_S
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._stop.wait()
        await self.analyses.close()

    def stop(self) -> None:
        """Take no more jobs, and give back the one that runs."""
        self._stop.set()

    async def run_once(self) -> bool:
        """Work on one job, if there is one."""
        async with self.database.read() as read:
            if not await any_job(read):
                return False
        async with self.database.transaction() as tx:
            job = await take_job(tx, lease=LEASE)
        if job is not None:
            await self._work_on(job)
        return True

    async def _work_on(self, job: TakenJob) -> None:
        self._done = 0
        work = asyncio.ensure_future(self._answer(job))
        try:
            while not work.done():
                await self._look_after(job, work)
            await self._end(job, work)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    async def _look_after(self, job: TakenJob, work: asyncio.Future[Any]) -> None:
        """Wait a little, then say how far it is; end it where nobody wants it any more."""
        stopping = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait(
            {work, stopping}, timeout=self.keep_s, return_when=asyncio.FIRST_COMPLETED
        )
        stopping.cancel()
        if work.done():
            return
        if self._stop.is_set():
            work.cancel()
            await asyncio.wait({work})
            return
        async with self.database.transaction() as tx:
            wanted = await keep_job(tx, job, lease=LEASE, steps_done=self._done)
        if not wanted:
            work.cancel()
            await asyncio.wait({work})

    async def _end(
        self, job: TakenJob, work: asyncio.Future[tuple[str, Mapping[str, Any]]]
    ) -> None:
        async with self.database.transaction() as tx:
            if work.cancelled():
                await give_back_job(tx, job)  # in vain where the job itself was cancelled
                return
            fault = work.exception()
            if fault is None:
                version, result = work.result()
                await finish_job(tx, job, data_version=version, result=result)
            elif isinstance(fault, DomainError):
                await fail_job(tx, job, fault)
            else:
                log_fault("analyses.failed", fault)
                await fail_job(tx, job, AnalysisFailed())
        log.info("analyses.ended", job_id=str(job.id), failed=fault is not None)

    async def _ask(self, metric: str, question: Question, version: str) -> Answer:
        known = METRICS[metric]
        seen = await self.analyses.seen(question, version, known.takes)
        chosen: Parameters = (
            (("months", seen.months_of(metric, question)),) if known.takes_months else ()
        )
        return await self.analyses.answer(metric, seen, chosen, allowance=PATIENT)

    async def _answer(self, job: TakenJob) -> tuple[str, Mapping[str, Any]]:
        question = question_read(job.question, job.consortium_id, job.organization_id)
        async with self.database.read() as read:
            question = await reached(read, question)
            version = await read_version(read, question.scope)
        seen = await self.analyses.seen(question, version)
        answers: dict[str, Answer] = {}
        for number, metric in enumerate(job.metrics, start=1):
            self._done = number
            found = await self._ask(metric, question, version)
            answers[metric] = found
        return seen.version, await self.analyses.in_thread(partial(_kept, seen, answers))


def _kept(seen: Seen, answers: Mapping[str, Answer]) -> Mapping[str, Any]:
    result = answers_written(seen, answers)
    if len(orjson.dumps(result)) > RESULT_BYTES_MAX:
        edges = seen.prepared.flow.columns.weight.size
        raise AnalysisTooLarge(edges=f"{edges:,}", limit=f"{RESULT_BYTES_MAX:,} bytes")
    return result
