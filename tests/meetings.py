"""Steps that the tests of feedback meetings begin with."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from models.access import Actor
from models.operations.frozen import freeze_past
from models.operations.meeting_decisions import DecideMeeting, decide_meeting
from models.operations.meeting_packs import PrepareMeeting, prepare_meeting
from models.operations.meetings import (
    RecordMinutes,
    ScheduleMeeting,
    hold_meeting,
    schedule_meeting,
)
from models.reads.meetings import SeenFigures, SeenMeeting, figures_by_meeting, meetings_by_id
from models.rules.meetings import DecisionMade, MeetingPlan
from network.meetings import TELLING
from tests.handovers import run
from tests.partners import admin
from tests.world import World


def plan(world: World, **changes: Any) -> MeetingPlan:
    """A meeting in a week."""
    values: dict[str, Any] = {
        "title": "定例会",
        "starts_at": world.database.clock() + timedelta(days=7),
        "duration_minutes": 60,
    }
    return MeetingPlan(**{**values, **changes})


async def scheduled(
    world: World, partnership_id: uuid.UUID | None, actor: Actor | None = None
) -> uuid.UUID:
    """The first company sets a meeting; the consortium's its admin."""
    actor = actor or admin(world, world.company if partnership_id else None)
    command = ScheduleMeeting(partnership_id, plan(world))
    found: uuid.UUID = await run(world, schedule_meeting, actor, command)
    return found


async def prepared(
    world: World, partnership_id: uuid.UUID | None, actor: Actor | None = None
) -> uuid.UUID:
    """Its figures are frozen as well."""
    actor = actor or admin(world, world.company if partnership_id else None)
    meeting_id = await scheduled(world, partnership_id, actor)
    await freeze_past(world.database)
    await run(world, prepare_meeting, actor, PrepareMeeting(meeting_id, TELLING))
    return meeting_id


async def held(
    world: World, partnership_id: uuid.UUID | None, actor: Actor | None = None
) -> uuid.UUID:
    """It took place as well."""
    actor = actor or admin(world, world.company if partnership_id else None)
    meeting_id = await prepared(world, partnership_id, actor)
    await run(world, hold_meeting, actor, RecordMinutes(meeting_id, "話したこと"))
    return meeting_id


async def decided(
    world: World,
    partnership_id: uuid.UUID | None,
    *decisions: DecisionMade,
    actor: Actor | None = None,
) -> uuid.UUID:
    """It decided as well."""
    actor = actor or admin(world, world.company if partnership_id else None)
    meeting_id = await held(world, partnership_id, actor)
    await run(world, decide_meeting, actor, DecideMeeting(meeting_id, decisions))
    return meeting_id


async def seen(world: World, actor: Actor, meeting_id: uuid.UUID) -> SeenMeeting | None:
    """A meeting as someone sees it."""
    async with world.database.read() as read:
        return (await meetings_by_id(read, actor, [meeting_id])).get(meeting_id)


async def figures(world: World, actor: Actor, meeting_id: uuid.UUID) -> SeenFigures:
    """Its figures as someone is told them."""
    async with world.database.read() as read:
        return (await figures_by_meeting(read, actor, [meeting_id]))[meeting_id]
