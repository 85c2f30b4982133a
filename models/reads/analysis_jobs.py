"""Analyses that run, or ran, apart from a request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import defer

from models.access import Actor
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.analysis_jobs import AnalysisJob
from models.visibility import visible_analysis_jobs

KEYS = (AnalysisJob.created_at, AnalysisJob.id)


async def analysis_jobs_page(
    read: ReadSession, actor: Actor, asked: PageAsked
) -> Sequence[AnalysisJob]:
    """One page of them, the latest first, without their results."""
    statement = (
        select(AnalysisJob)
        .where(visible_analysis_jobs(actor))
        .options(defer(AnalysisJob.result, raiseload=True))
    )
    rows = await page_rows(read, statement, KEYS, asked, descending=True)
    return [row[0] for row in rows]


async def count_analysis_jobs(read: ReadSession, actor: Actor) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(AnalysisJob).where(visible_analysis_jobs(actor))
    return (await read.scalar(statement)) or 0


async def analysis_jobs_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, AnalysisJob]:
    """Those of the ids that the actor sees, without their results."""
    rows = await read.scalars(
        select(AnalysisJob)
        .where(visible_analysis_jobs(actor), AnalysisJob.id.in_(ids))
        .options(defer(AnalysisJob.result, raiseload=True))
    )
    return {row.id: row for row in rows}


async def result_of(read: ReadSession, actor: Actor, job_id: uuid.UUID) -> str | None:
    """What came of one that the actor sees, as the text it is kept as: it may be long."""
    found: str | None = await read.scalar(
        select(cast(AnalysisJob.result, Text)).where(
            visible_analysis_jobs(actor), AnalysisJob.id == job_id
        )
    )
    return found
