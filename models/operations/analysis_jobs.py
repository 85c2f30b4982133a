"""Analyses apart from a request: asked for, taken by a worker, ended."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import DomainError, InvalidInput, NotFound
from models.rules.lifecycles import ANALYSIS, AnalysisStatus, require_step
from models.session import ReadSession, WriteSession
from models.tables.analysis_jobs import AnalysisJob
from models.tables.flow_sources import FlowSource
from models.visibility import visible_analysis_jobs, visible_flow_sources
from models.vocabulary.text import Text

WAITING_MAX = 10
METRICS_MAX = 20
ATTEMPTS_MAX = 3
RESULT_BYTES_MAX = 16 * 1024 * 1024
KEPT_FOR = timedelta(days=30)
"""After its end a job, and what came of it, is kept so long."""
KEPT_MAX = 30
"""So many of one organization: when another is asked for, the one that ended first goes."""
JOBS_PER_BATCH = 20

_Q, _R = AnalysisStatus.QUEUED, AnalysisStatus.RUNNING
UNFINISHED = (_Q, _R)


class TooManyAnalyses(DomainError):
    """Enough analyses of the organization are waiting or running."""

    code = "TOO_MANY_ANALYSES"
    text = Text(
        ja="待機中または実行中の分析が{limit}件あります。"
        "終わるのを待つか、不要なものを取り消してください。",
        en="{limit} analyses are waiting or running. Wait until one has ended, or cancel one.",
    )


@dataclass(frozen=True, slots=True)
class StartAnalysis:
    """A question as it is written down, and what is asked of it."""

    question: Mapping[str, Any]
    metrics: tuple[str, ...]
    source_id: uuid.UUID | None = None
    """The imported history that is asked, if one is."""


async def start_analysis(tx: WriteSession, actor: Actor, command: StartAnalysis) -> uuid.UUID:
    """Queue an analysis. Its steps are to read the cells, and one for each metric.

    Raises `InvalidInput`, `NotFound` and `TooManyAnalyses`.
    """
    require(actor, Permission.READ_FLOWS)
    if not 1 <= len(command.metrics) <= METRICS_MAX or len(set(command.metrics)) < len(
        command.metrics
    ):
        raise InvalidInput(
            "metrics",
            ja=f"指標を重複なく1〜{METRICS_MAX}個指定してください。",
            en=f"Name 1 to {METRICS_MAX} metrics, each once.",
        )
    await _require_source(tx, actor, command.source_id)
    waiting = await tx.scalar(
        select(func.count())
        .select_from(AnalysisJob)
        .where(visible_analysis_jobs(actor), AnalysisJob.status.in_(UNFINISHED))
    )
    if (waiting or 0) >= WAITING_MAX:
        raise TooManyAnalyses(limit=WAITING_MAX)
    job = AnalysisJob(
        consortium_id=actor.consortium_id,
        organization_id=actor.organization_id,
        asked_by=actor.id,
        question=dict(command.question),
        metrics=list(command.metrics),
        steps_total=1 + len(command.metrics),
        created_at=tx.now,
    )
    tx.add(job)
    await _make_room(tx, actor)
    audit(tx, actor, "analysis.started", "analysis_job", job.id, metrics=list(command.metrics))
    return job.id


async def _make_room(tx: WriteSession, actor: Actor) -> None:
    """Delete the organization's jobs that ended first, up to those that are kept."""
    past = (
        select(AnalysisJob.id)
        .where(visible_analysis_jobs(actor), AnalysisJob.ended_at.is_not(None))
        .order_by(AnalysisJob.ended_at.desc(), AnalysisJob.id)
        .offset(KEPT_MAX)
    )
    await tx.execute(
        delete(AnalysisJob)
        .where(AnalysisJob.id.in_(past))
        .execution_options(synchronize_session=False)
    )


async def _require_source(tx: WriteSession, actor: Actor, source_id: uuid.UUID | None) -> None:
    if source_id is None:
        return
    known = exists().where(FlowSource.id == source_id, visible_flow_sources(actor))
    if not await tx.scalar(select(known)):
        raise NotFound("where", "sourceId", what="flow source")


async def cancel_analysis(tx: WriteSession, actor: Actor, job_id: uuid.UUID) -> uuid.UUID:
    """Compute it no further. Raises `NotFound` and `InvalidTransition`."""
    require(actor, Permission.READ_FLOWS)
    job = await tx.scalar(
        select(AnalysisJob)
        .where(visible_analysis_jobs(actor), AnalysisJob.id == job_id)
        .with_for_update()
    )
    if job is None:
        raise NotFound("id", what="analysis")
    require_step("analysis", ANALYSIS, job.status, AnalysisStatus.CANCELLED)
    job.status, job.ended_at, job.claimed_until = AnalysisStatus.CANCELLED, tx.now, None
    audit(tx, actor, "analysis.cancelled", "analysis_job", job.id)
    return job.id


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that one worker has. ``attempt`` is 1 the first time it is taken."""

    id: uuid.UUID
    consortium_id: uuid.UUID
    organization_id: uuid.UUID | None
    question: Mapping[str, Any]
    metrics: Sequence[str]
    attempt: int


def _takeable(session: ReadSession) -> ColumnElement[bool]:
    left = and_(AnalysisJob.status == _R, AnalysisJob.claimed_until <= session.now)
    return or_(AnalysisJob.status == _Q, left)


async def any_job(read: ReadSession) -> bool:
    """Whether it is worth asking for a job: a look that takes no lock."""
    return bool(await read.scalar(select(exists().where(_takeable(read)))))


async def take_job(tx: WriteSession, *, lease: timedelta) -> TakenJob | None:
    """The job that has waited longest, or one whose worker has died. No one else has it then.

    One that was taken so often that it seems to be what its workers die of has failed.
    """
    job = await tx.scalar(
        select(AnalysisJob)
        .where(_takeable(tx))
        .order_by(AnalysisJob.created_at, AnalysisJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    if job.attempts >= ATTEMPTS_MAX:
        _fail(tx, job, WorkersDied())
        return None
    job.status, job.claimed_until = _R, tx.now + lease
    job.attempts += 1
    job.steps_done = 0
    job.started_at = tx.now
    return TakenJob(
        job.id, job.consortium_id, job.organization_id, job.question, job.metrics, job.attempts
    )


class WorkersDied(DomainError):
    """Every worker that took the analysis was lost while it ran."""

    code = "WORKERS_DIED"
    text = Text(
        ja="この分析を行ったプロセスが繰り返し停止しました。対象を絞ってお試しください。",
        en="Every process that worked on this analysis was lost. Ask for less at once.",
    )


class AnalysisFailed(DomainError):
    """An analysis met a fault of ours."""

    code = "ANALYSIS_FAILED"
    text = Text(
        ja="分析中に問題が発生しました。もう一度お試しください。続く場合は管理者にお知らせください。",
        en="Something went wrong on our side. Try again; if it goes on, tell the administrator.",
    )


def _mine(job: TakenJob) -> ColumnElement[bool]:
    return and_(
        AnalysisJob.id == job.id, AnalysisJob.status == _R, AnalysisJob.attempts == job.attempt
    )


async def keep_job(tx: WriteSession, job: TakenJob, *, lease: timedelta, steps_done: int) -> bool:
    """Say that it is still worked on, and how far it is. False where that is in vain.

    It was cancelled then, or another worker has it.
    """
    kept = await tx.scalar(
        update(AnalysisJob)
        .where(_mine(job))
        .values(claimed_until=tx.now + lease, steps_done=steps_done)
        .returning(AnalysisJob.id)
        .execution_options(synchronize_session=False)
    )
    return kept is not None


async def give_back_job(tx: WriteSession, job: TakenJob) -> None:
    """Queue it anew: this worker stops, and that is no failure of the job's."""
    await tx.execute(
        update(AnalysisJob)
        .where(_mine(job))
        .values(status=_Q, claimed_until=None, steps_done=0, attempts=AnalysisJob.attempts - 1)
        .execution_options(synchronize_session=False)
    )


async def finish_job(
    tx: WriteSession, job: TakenJob, *, data_version: str, result: Mapping[str, Any]
) -> None:
    """Keep what came of it, unless it was cancelled or taken by another."""
    await tx.execute(
        update(AnalysisJob)
        .where(_mine(job))
        .values(
            status=AnalysisStatus.DONE,
            claimed_until=None,
            steps_done=AnalysisJob.steps_total,
            data_version=data_version,
            result=dict(result),
            ended_at=tx.now,
        )
        .execution_options(synchronize_session=False)
    )


async def fail_job(tx: WriteSession, job: TakenJob, error: DomainError) -> None:
    """Keep why there is no answer, unless it was cancelled or taken by another."""
    row = await tx.scalar(select(AnalysisJob).where(_mine(job)).with_for_update())
    if row is not None:
        _fail(tx, row, error)


def _fail(tx: WriteSession, job: AnalysisJob, error: DomainError) -> None:
    job.status, job.ended_at, job.claimed_until = AnalysisStatus.FAILED, tx.now, None
    job.failure = {"code": error.code, "ja": error.message("ja"), "en": error.message("en")}


async def delete_analysis_jobs(tx: WriteSession) -> int:
    """Jobs that ended long ago, and what came of them."""
    old = (
        select(AnalysisJob.id)
        .where(AnalysisJob.ended_at <= tx.now - KEPT_FOR)
        .order_by(AnalysisJob.ended_at)
        .limit(JOBS_PER_BATCH)
    )
    gone = await tx.scalars(
        delete(AnalysisJob)
        .where(AnalysisJob.id.in_(old))
        .returning(AnalysisJob.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
