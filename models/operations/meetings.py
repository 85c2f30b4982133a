"""Feedback meetings from the plan to the minutes: scheduled, moved, called off, held."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidTransition, NotFound
from models.operations.meeting_records import (
    locked_meeting,
    require_manager,
    step,
    tell_participants,
)
from models.rules.lifecycles import MEETING, MeetingStatus, PartnershipStatus, require_step
from models.rules.meetings import MeetingPlan, check_minutes, check_plan
from models.rules.notices import NoticeKind
from models.session import WriteSession
from models.tables.meetings import Meeting
from models.tables.partnerships import Partnership
from models.visibility import visible_partnerships

GOING_ON = (PartnershipStatus.ACTIVE, PartnershipStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class ScheduleMeeting:
    """A meeting of a partnership, or of the consortium where none is named."""

    partnership_id: uuid.UUID | None
    plan: MeetingPlan


@dataclass(frozen=True, slots=True)
class RescheduleMeeting:
    """Another plan for a meeting that is to come."""

    meeting_id: uuid.UUID
    plan: MeetingPlan


@dataclass(frozen=True, slots=True)
class RecordMinutes:
    """What was said at a meeting."""

    meeting_id: uuid.UUID
    minutes: str


async def schedule_meeting(tx: WriteSession, actor: Actor, command: ScheduleMeeting) -> uuid.UUID:
    """Set a meeting, and mail everybody who takes part, with a calendar file.

    Raises `Forbidden`, `InvalidInput`, `NotFound`, `NotParty`, and `InvalidTransition` for a
    partnership that does not go on.
    """
    require(actor, Permission.MANAGE_MEETINGS)
    plan = check_plan(command.plan, tx.now)
    if command.partnership_id is not None:
        await _require_going_on(tx, actor, command.partnership_id)
    participants = await require_manager(tx, actor, command.partnership_id)
    meeting = Meeting(
        consortium_id=actor.consortium_id,
        partnership_id=command.partnership_id,
        title=plan.title,
        starts_at=plan.starts_at,
        duration_minutes=plan.duration_minutes,
        place=plan.place,
        url=plan.url,
        agenda=plan.agenda,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.add(meeting)
    await tx.flush()
    audit(tx, actor, "meeting.scheduled", "meeting", meeting.id)
    await tell_participants(tx, meeting, participants, NoticeKind.MEETING_SCHEDULED)
    return meeting.id


async def _require_going_on(tx: WriteSession, actor: Actor, partnership_id: uuid.UUID) -> None:
    status = await tx.scalar(
        select(Partnership.status).where(
            visible_partnerships(actor), Partnership.id == partnership_id
        )
    )
    if status is None:
        raise NotFound("partnershipId", what="partnership")
    if status not in GOING_ON:
        raise InvalidTransition(what="partnership", state=status.value, allowed="")


async def reschedule_meeting(
    tx: WriteSession, actor: Actor, command: RescheduleMeeting
) -> uuid.UUID:
    """Change the plan of a meeting that is to come; everybody's calendar is told.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidInput` and `InvalidTransition`.
    """
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    if meeting.status not in (MeetingStatus.SCHEDULED, MeetingStatus.PREPARED):
        raise InvalidTransition(what="meeting", state=meeting.status.value, allowed="")
    plan = check_plan(command.plan, tx.now)
    meeting.title, meeting.starts_at = plan.title, plan.starts_at
    meeting.duration_minutes = plan.duration_minutes
    meeting.place, meeting.url, meeting.agenda = plan.place, plan.url, plan.agenda
    meeting.revision += 1
    meeting.changed_at = tx.now
    audit(tx, actor, "meeting.rescheduled", "meeting", meeting.id)
    participants = await require_manager(tx, actor, meeting.partnership_id)
    await tell_participants(tx, meeting, participants, NoticeKind.MEETING_CHANGED)
    return meeting.id


async def cancel_meeting(tx: WriteSession, actor: Actor, meeting_id: uuid.UUID) -> uuid.UUID:
    """Call a meeting off that was not held. Its figures, if any, are no meeting's last ones.

    Raises `Forbidden`, `NotFound`, `NotParty` and `InvalidTransition`.
    """
    meeting = await locked_meeting(tx, actor, meeting_id)
    step(tx, actor, meeting, MeetingStatus.CANCELLED)
    meeting.revision += 1
    participants = await require_manager(tx, actor, meeting.partnership_id)
    await tell_participants(tx, meeting, participants, NoticeKind.MEETING_CANCELLED)
    return meeting.id


async def hold_meeting(tx: WriteSession, actor: Actor, command: RecordMinutes) -> uuid.UUID:
    """Say that a prepared meeting took place, with its minutes.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidInput` and `InvalidTransition`.
    """
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    require_step("meeting", MEETING, meeting.status, MeetingStatus.HELD)
    meeting.minutes = check_minutes(command.minutes)
    step(tx, actor, meeting, MeetingStatus.HELD)
    return meeting.id


async def amend_minutes(tx: WriteSession, actor: Actor, command: RecordMinutes) -> uuid.UUID:
    """Write other minutes, until the meeting's decisions are made.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidInput` and `InvalidTransition`.
    """
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    if meeting.status is not MeetingStatus.HELD:
        raise InvalidTransition(what="meeting", state=meeting.status.value, allowed="")
    meeting.minutes, meeting.changed_at = check_minutes(command.minutes), tx.now
    audit(tx, actor, "meeting.minutes_amended", "meeting", meeting.id)
    return meeting.id
