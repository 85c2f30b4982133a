"""Analyses apart from a request, on both databases: asked for, worked on, cancelled, lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from gql.context import Context
from models.access import Actor, Role
from models.errors import NotFound
from models.operations import analysis_jobs as operations
from models.operations.analysis_jobs import (
    ATTEMPTS_MAX,
    WAITING_MAX,
    cancel_analysis,
    delete_analysis_jobs,
    finish_job,
    keep_job,
    take_job,
)
from models.outbox import Event, EventType
from models.session import Database
from models.tables.analysis_jobs import AnalysisJob
from network.answering import Analyses, DatabaseReader, ThreadRunner
from network.computing import METRICS
from network.flow import FlowGraph
from network.storing import Kept, question_read, question_written, read, written
from tasuki.workers.analyses import AnalysisWorker
from tests.network_world import SCHEMA, SPRING, Played, ask, execute, played, question_of

T = TypeVar("T")
LEASE = timedelta(seconds=60)
JOB = "id status stepsDone stepsTotal dataVersion failure { code message } keptUntil"
START = (
    "mutation ($metrics: [AnalysisMetric!]!, $key: String) { startAnalysis("
    f"input: {{where: {SPRING}, metrics: $metrics, idempotencyKey: $key}}) "
    f"{{ job {{ {JOB} }} errors {{ code path }} }} }}"
)
CANCEL = (
    "mutation ($id: ID!) { cancelAnalysis(input: {id: $id}) "
    f"{{ job {{ {JOB} }} errors {{ code message }} }} }}"
)
SEEN = f"query ($id: ID!) {{ node(id: $id) {{ ... on AnalysisJob {{ {JOB} }} }} }}"
ANSWER = (
    "query ($id: ID!) { node(id: $id) { ... on AnalysisJob { network { dataVersion "
    "edges { totalCount } strength { inWords rows { edges { of { name } given } } } } } } }"
)


@pytest_asyncio.fixture
async def history(database: Database) -> Played:
    return await played(database)


async def start(
    history: Played, *metrics: str, actor: Actor | None = None, key: str | None = None
) -> Any:
    variables = {"metrics": list(metrics) or ["STRENGTH"], "key": key}
    data = await ask(history.database, actor or history.analyst(), START, variables)
    return data["startAnalysis"]


async def seen(history: Played, job_id: str, actor: Actor | None = None, query: str = SEEN) -> Any:
    data = await ask(history.database, actor or history.analyst(), query, {"id": job_id})
    return data["node"]


def worker(history: Played, **more: Any) -> AnalysisWorker:
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    return AnalysisWorker(history.database, analyses, **more)


async def count(history: Played) -> int:
    async with history.database.read() as look:
        return (await look.scalar(select(func.count()).select_from(AnalysisJob))) or 0


async def test_a_job_is_worked_on_and_its_answer_stays(history: Played) -> None:
    job = (await start(history, "STRENGTH", "MONTHS"))["job"]
    assert (job["status"], job["stepsDone"], job["stepsTotal"]) == ("QUEUED", 0, 3)
    assert await worker(history).run_once()
    assert not await worker(history).run_once()
    done = await seen(history, job["id"])
    assert (done["status"], done["stepsDone"], done["dataVersion"]) == ("DONE", 3, "2026-03")
    assert done["keptUntil"] == "2026-05-10T00:00:00Z"
    answer = (await seen(history, job["id"], query=ANSWER))["network"]
    live = await ask(
        history.database,
        history.analyst(),
        f"{{ flowNetwork(where: {SPRING}) {{ dataVersion edges {{ totalCount }} "
        "strength { inWords rows { edges { of { name } given } } } } }",
    )
    assert answer == live["flowNetwork"]


async def test_what_was_not_asked_of_a_job_is_refused(history: Played) -> None:
    job = (await start(history))["job"]
    await worker(history).run_once()
    query = (
        "query ($id: ID!) { node(id: $id) { ... on AnalysisJob { network { reach { tookMs } } } } }"
    )
    answer = await execute(history.database, history.analyst(), query, {"id": job["id"]})
    [error] = answer.errors
    assert error.original_error.code == "NOT_KEPT"


async def test_only_the_askers_organization_sees_a_job(history: Played) -> None:
    job = (await start(history, actor=history.company()))["job"]
    await worker(history).run_once()
    assert (await seen(history, job["id"], history.company()))["status"] == "DONE"
    others = [
        history.analyst(),
        history.world.actor(None, Role.CONSORTIUM_ADMIN),
        history.world.actor(history.world.other_company, Role.ADMIN),
    ]
    for other in others:
        assert await seen(history, job["id"], other) is None
        listed = await ask(history.database, other, "{ analysisJobs { totalCount nodes { id } } }")
        assert listed["analysisJobs"] == {"totalCount": 0, "nodes": []}
        with pytest.raises(NotFound):
            async with history.database.transaction() as tx:
                await cancel_analysis(tx, other, await the_job(history))
    own = await ask(history.database, history.company(), "{ analysisJobs { nodes { id } } }")
    assert own["analysisJobs"]["nodes"] == [{"id": job["id"]}]


async def the_job(history: Played) -> Any:
    async with history.database.read() as look:
        return (await look.scalars(select(AnalysisJob.id))).one()


async def test_the_same_key_starts_one_job(history: Played) -> None:
    actor = history.analyst()
    first = await start(history, actor=actor, key="once")
    assert await start(history, actor=actor, key="once") == first
    other = await start(history, "REACH", actor=actor, key="once")
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await count(history) == 1


async def test_too_many_and_wrong_metrics_are_refused(history: Played) -> None:
    twice = await start(history, "REACH", "REACH")
    assert twice["errors"] == [{"code": "INVALID_INPUT", "path": ["input", "metrics"]}]
    assert await count(history) == 0
    for _ in range(WAITING_MAX):
        assert (await start(history))["errors"] == []
    assert [error["code"] for error in (await start(history))["errors"]] == ["TOO_MANY_ANALYSES"]
    assert await count(history) == WAITING_MAX
    assert (await start(history, actor=history.company()))["errors"] == []


class Waits(ThreadRunner):
    """Begins, and never ends by itself."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.cancelled = False

    async def run(self, work: Callable[[], T], *, limit_s: float) -> T:
        self.began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise AssertionError


def waiting_worker(history: Played, runner: Waits) -> AnalysisWorker:
    analyses = Analyses(DatabaseReader(history.database), runner, small_edges=0)
    return AnalysisWorker(history.database, analyses, keep_s=0.01)


async def test_a_running_job_is_cancelled(history: Played) -> None:
    job = (await start(history))["job"]
    runner = Waits()
    working = asyncio.ensure_future(waiting_worker(history, runner).run_once())
    await runner.began.wait()
    assert (await seen(history, job["id"]))["status"] == "RUNNING"
    data = await ask(history.database, history.analyst(), CANCEL, {"id": job["id"]})
    assert data["cancelAnalysis"]["job"]["status"] == "CANCELLED"
    await working
    assert runner.cancelled
    assert (await seen(history, job["id"]))["status"] == "CANCELLED"
    again = await ask(history.database, history.analyst(), CANCEL, {"id": job["id"]})
    assert [error["code"] for error in again["cancelAnalysis"]["errors"]] == ["INVALID_TRANSITION"]
    assert (await seen(history, job["id"], query=ANSWER))["network"] is None


async def test_a_stopped_worker_gives_its_job_back(history: Played) -> None:
    job = (await start(history))["job"]
    runner = Waits()
    stopped = waiting_worker(history, runner)
    working = asyncio.ensure_future(stopped.run())
    await runner.began.wait()
    stopped.stop()
    await working
    assert (await seen(history, job["id"]))["status"] == "QUEUED"
    await worker(history).run_once()
    assert (await seen(history, job["id"]))["status"] == "DONE"


async def test_a_dead_workers_job_is_taken_when_its_lease_has_ended(history: Played) -> None:
    await start(history)
    async with history.database.transaction() as tx:
        lost = await take_job(tx, lease=LEASE)
    assert lost is not None
    async with history.database.transaction() as tx:
        assert await take_job(tx, lease=LEASE) is None
    history.world.clock.forward(seconds=61)
    async with history.database.transaction() as tx:
        taken = await take_job(tx, lease=LEASE)
        assert taken is not None
        assert (taken.id, taken.attempt) == (lost.id, 2)
    async with history.database.transaction() as tx:  # what the first one says is in vain now
        assert not await keep_job(tx, lost, lease=LEASE, steps_done=1)
        await finish_job(tx, lost, data_version="x", result={})
    async with history.database.read() as look:
        assert (await look.scalars(select(AnalysisJob.data_version))).one() is None


async def test_a_job_that_workers_die_of_fails_plainly(history: Played) -> None:
    job = (await start(history))["job"]
    for _ in range(ATTEMPTS_MAX):
        async with history.database.transaction() as tx:
            assert await take_job(tx, lease=LEASE) is not None
        history.world.clock.forward(seconds=61)
    assert await worker(history).run_once()
    failed = await seen(history, job["id"])
    assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "WORKERS_DIED")


async def test_a_fault_fails_the_job_and_not_the_worker(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (await start(history))["job"]
    monkeypatch.delitem(METRICS, "strength")
    await worker(history).run_once()
    failed = await seen(history, job["id"])
    assert (failed["status"], failed["failure"]["code"]) == ("FAILED", "ANALYSIS_FAILED")


async def test_two_workers_never_take_one_job(history: Played) -> None:
    for _ in range(4):
        await start(history)

    async def take() -> Any:
        async with history.database.transaction() as tx:
            job = await take_job(tx, lease=LEASE)
            return job and job.id

    taken = [one for one in await asyncio.gather(*(take() for _ in range(8))) if one]
    assert len(taken) == len(set(taken))
    while (one := await take()) is not None:
        taken.append(one)
    assert len(set(taken)) == len(taken) == 4


async def test_old_jobs_go(history: Played) -> None:
    await start(history)
    await worker(history).run_once()
    history.world.clock.forward(days=29)
    async with history.database.transaction() as tx:
        assert await delete_analysis_jobs(tx) == 0
    history.world.clock.forward(days=1)
    async with history.database.transaction() as tx:
        assert await delete_analysis_jobs(tx) == 1
    assert await count(history) == 0


async def test_an_organization_keeps_so_many(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "KEPT_MAX", 2)
    others = (await start(history, actor=history.company()))["job"]
    ids = []
    for _ in range(4):
        ids.append((await start(history))["job"]["id"])
        while await worker(history).run_once():
            history.world.clock.forward(seconds=1)
    await start(history)
    assert [await seen(history, one) is None for one in ids] == [True, True, False, False]
    assert (await seen(history, others["id"], history.company()))["status"] == "DONE"


TWO = (
    "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AnalysisJob { network { dataVersion "
    "FIELDS } } } }"
)


async def test_a_request_looks_at_one_answer_and_takes_it_apart_once(
    history: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [(await start(history, "STRENGTH", "REACH"))["job"]["id"] for _ in range(2)]
    while await worker(history).run_once():
        pass
    taken: list[bool] = []
    of = Kept.of

    def taking(text: str) -> Kept:
        taken.append(threading.current_thread() is threading.main_thread())
        return of(text)

    monkeypatch.setattr(Kept, "of", taking)
    answer = await ask(history.database, history.analyst(), TWO.replace("FIELDS", ""), {"ids": ids})
    assert [one["network"]["dataVersion"] for one in answer["nodes"]] == ["2026-03"] * 2
    assert taken == []
    fields = "toldFrom edges { totalCount } strength { inWords } reach { inWords }"
    query = TWO.replace("FIELDS", fields)
    await ask(history.database, history.analyst(), query, {"ids": ids[:1] * 2})
    assert taken == [False]
    found = await execute(history.database, history.analyst(), query, {"ids": ids})
    assert {error.original_error.code for error in found.errors} == {"ONE_ANSWER_AT_A_TIME"}
    assert taken == [False, False]


class Tells(AnalysisWorker):
    """Tells that it has worked on a job."""

    worked = asyncio.Event()

    async def run_once(self) -> bool:
        if found := await super().run_once():
            self.worked.set()
        return found


async def test_a_worker_goes_on_until_it_is_stopped(history: Played) -> None:
    analyses = Analyses(DatabaseReader(history.database), ThreadRunner())
    working = Tells(history.database, analyses, poll_s=0.01)
    working.worked = asyncio.Event()
    task = asyncio.ensure_future(working.run())
    job = (await start(history))["job"]
    await asyncio.wait_for(working.worked.wait(), 30)
    working.stop()
    await task
    assert (await seen(history, job["id"]))["status"] == "DONE"


async def test_the_network_tells_that_it_changed(history: Played) -> None:
    other = history.world.consortium_id.__class__(int=1)
    events = [
        Event(EventType.NETWORK_CHANGED, other, {"month": "2026-03"}),
        Event(EventType.NETWORK_CHANGED, history.world.consortium_id, {"month": "2026-03"}),
    ]
    assert await told(history, history.analyst(), events, signed_in=True) == ["2026-03"]
    assert await told(history, history.analyst(), events, signed_in=False) == []


async def told(history: Played, actor: Actor, events: list[Event], *, signed_in: bool) -> list[str]:
    async def follow() -> Any:
        for event in events:
            yield event

    async def again() -> Actor | None:
        return actor if signed_in else None

    context = Context(history.database, "https://tasuki.example", actor, events=follow, again=again)
    stream: Any = await SCHEMA.subscribe(
        "subscription { networkChanged { dataVersion } }", context_value=context
    )
    return [one.data["networkChanged"]["dataVersion"] async for one in stream]


def test_questions_and_results_are_read_as_they_were_written() -> None:
    flow = FlowGraph.of((0, 1, 2), [0, 1], [1, 2], [3.0, 7.0])
    for metric in ("strength", "hierarchy", "equity", "cohesion", "communities", "backbone"):
        found = METRICS[metric].compute(flow)
        back = read(written(found))
        assert type(back) is type(found)
        for name in found.__slots__:
            assert_same(getattr(back, name), getattr(found, name))


def assert_same(one: Any, other: Any) -> None:
    if isinstance(other, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif hasattr(other, "__slots__") and not isinstance(other, (str, tuple)):
        for name in other.__slots__:
            assert_same(getattr(one, name), getattr(other, name))
    else:
        assert one == other


async def test_a_question_is_read_as_it_was_written(history: Played) -> None:
    question = question_of(history)
    back = question_read(question_written(question), question.scope.consortium_id, None)
    assert back == question


def test_no_other_type_is_read() -> None:
    with pytest.raises(TypeError):
        read({"type": "os:system", "fields": {}})
    with pytest.raises(TypeError):
        read({"type": "network.storing:read", "fields": {}})


async def test_a_jobs_series_ends_today_as_a_requests_does(history: Played) -> None:
    where = '{firstDay: "2026-03-01", lastDay: "2026-12-31"}'
    query = START.replace(SPRING, where)
    variables = {"metrics": ["MONTHS", "WAITING"]}
    data = await ask(history.database, history.company(), query, variables)
    await worker(history).run_once()
    asked = (
        "query ($id: ID!) { node(id: $id) { ... on AnalysisJob { network { lastDay "
        "months { months { month } } } } } }"
    )
    job_id = data["startAnalysis"]["job"]["id"]
    found = (await seen(history, job_id, history.company(), asked))["network"]
    assert found == {
        "lastDay": "2026-12-31",
        "months": {"months": [{"month": "2026-03"}, {"month": "2026-04"}]},
    }
