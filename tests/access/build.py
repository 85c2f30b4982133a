"""A whole stage, in the order in which things happen."""

from __future__ import annotations

from sqlalchemy import func, select

from gql.audit import key_of_number
from models.access import ActorKind
from models.outbox import Event, EventType
from models.session import Database
from models.tables.records import AuditEntry, OutboxEvent
from tests.access.impacted import set_impact
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
    # Of others the network tells only months that are over.
    world.clock.forward(days=40)
    await set_outcomes(stage)
    await set_impact(stage)
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
