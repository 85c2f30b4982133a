"""A whole stage, in the order in which things happen."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from gql.audit import key_of_number
from models.access import ActorKind
from models.operations.analysis_jobs import StartAnalysis, start_analysis, take_job
from models.operations.flow_sources import FlowFile, ImportFlows, import_flows
from models.operations.frozen import freeze_past
from models.outbox import Event, EventType
from models.session import Database
from models.tables.records import AuditEntry, OutboxEvent
from network.answering import Analyses, DatabaseReader, ThreadRunner
from network.edges import Window
from network.questions import Question, Scope
from network.storing import question_written
from tasuki.workers.analyses import AnalysisWorker
from tests.access.impacted import set_impact
from tests.access.met import set_meetings
from tests.access.partnered import set_partnerships, set_shared
from tests.access.relayed import (
    set_candidates,
    set_introductions,
    set_ledger,
    set_outcomes,
    set_requests,
)
from tests.access.stage import (
    COUNTS_PER_FREE_HIRE,
    Stage,
    set_links,
    set_mailing,
    set_openings,
    set_organizations,
    set_people,
)
from tests.world import build_world

FOLLOWED = (
    EventType.REFERRAL_CHANGED,
    EventType.FREE_HIRE_EARNED,
    EventType.PARTNERSHIP_CHANGED,
    EventType.CONSENT_WITHDRAWN,
    EventType.INTRODUCTION_REQUESTED,
    EventType.NETWORK_CHANGED,
)
"""The events that subscriptions tell of."""


async def build_stage(database: Database, name: str, first_number: int) -> Stage:
    """The whole stage. ``name`` is in every mark."""
    world = await build_world(
        database, slug=name, first_number=first_number, counts_per_free_hire=COUNTS_PER_FREE_HIRE
    )
    stage = Stage(world, name)
    # No two stages have an instant in common, by which their marks would be mixed up.
    world.clock.forward(minutes=first_number)
    await set_organizations(stage, first_number)
    await set_people(stage)
    await set_links(stage)
    await set_openings(stage)
    await set_mailing(stage)
    await set_partnerships(stage)
    await set_candidates(stage)
    await set_requests(stage)
    await set_introductions(stage)
    await set_shared(stage)
    await set_ledger(stage)
    await _set_audit(stage)
    await set_impact(stage)
    # Of others the network tells only months that are over.
    world.clock.forward(days=40)
    await freeze_past(database)
    await set_outcomes(stage)
    await set_analyses(stage)
    await _set_flow_source(stage)
    await set_meetings(stage)
    async with database.read() as read:
        rows = await read.scalars(
            select(OutboxEvent).where(OutboxEvent.consortium_id == world.consortium_id)
        )
        stage.events = [
            Event(EventType(row.type), row.consortium_id, row.refs, row.id)
            for row in rows
            if EventType(row.type) in FOLLOWED
        ]
    return stage


async def _set_flow_source(stage: Stage) -> None:
    text = "source,target,year,count\nAlpha,Beta,2024,9"
    command = ImportFlows(f"source of {stage.name}", FlowFile.of(text.encode()))
    done = await stage.do(import_flows, "consortium_admin", command)
    stage.put("flow source", "FlowSource", done.source_id)


async def set_analyses(stage: Stage) -> None:
    """One that is done, one that failed, and one that runs."""
    question = question_written(
        Question(
            Scope(stage.world.consortium_id, None, Window(date(2026, 1, 1), date(2026, 12, 31)))
        )
    )
    actor = stage.actor("company_admin")
    names = {"analysis": "strength", "failed analysis": "nothing", "running analysis": "strength"}
    for name, metric in names.items():
        async with stage.world.database.transaction() as tx:
            command = StartAnalysis(question, (metric,))
            stage.put(name, "AnalysisJob", await start_analysis(tx, actor, command))
        if name.startswith("running"):
            # By a worker that never ends: another stage's would take it otherwise.
            async with stage.world.database.transaction() as tx:
                assert await take_job(tx, lease=timedelta(days=3_650))
        else:
            analyses = Analyses(DatabaseReader(stage.world.database), ThreadRunner())
            await AnalysisWorker(stage.world.database, analyses).run_once()


async def _set_audit(stage: Stage) -> None:
    consortium_id = stage.world.consortium_id
    async with stage.world.database.read() as read:
        number = await read.scalar(
            select(func.min(AuditEntry.number)).where(
                AuditEntry.consortium_id == consortium_id,
                AuditEntry.actor_kind == ActorKind.USER,
            )
        )
    assert number is not None
    stage.put("audit entry", "AuditEntry", key_of_number(consortium_id, number))
