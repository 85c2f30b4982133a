"""What every change of a feedback meeting does: locks it, writes it down, and tells."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.notices import notify
from models.operations.partnership_records import joined, parties_of, require_party
from models.rules.lifecycles import MEETING, MeetingStatus, MembershipStatus, require_step
from models.rules.meeting_figures import Days
from models.rules.notices import NoticeKind
from models.rules.partner_fit import Need
from models.rules.partnerships import NotParty
from models.rules.told_figures import ToldFigures
from models.session import ReadSession, WriteSession
from models.tables.consortium import Membership
from models.tables.meetings import Meeting
from models.visibility import visible_meetings


class FiguresTelling(Protocol):
    """What everybody is told of some days, of hand-overs among parties or of the consortium.

    Raises `MonthNotFrozen` where a month in them that is over is not frozen yet.
    """

    async def __call__(
        self,
        read: ReadSession,
        consortium_id: uuid.UUID,
        days: Days,
        *,
        today: date,
        parties: Collection[uuid.UUID] | None,
    ) -> ToldFigures: ...


class NeedsTelling(Protocol):
    """What everybody is told of all companies' needs, by company and job category."""

    async def __call__(
        self, read: ReadSession, consortium_id: uuid.UUID, *, today: date
    ) -> Mapping[uuid.UUID, Mapping[str, Need]]: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """How figures are told about others. The network, which nothing here imports, says it."""

    figures: FiguresTelling
    needs: NeedsTelling


async def locked_meeting(tx: WriteSession, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """A meeting that the actor may change, for one change at a time.

    Raises `Forbidden`, `NotFound`, and `NotParty` for who takes part no more.
    """
    require(actor, Permission.MANAGE_MEETINGS)
    meeting = await tx.scalar(
        select(Meeting).where(visible_meetings(actor), Meeting.id == meeting_id).with_for_update()
    )
    if meeting is None:
        raise NotFound("id", what="meeting")
    await require_manager(tx, actor, meeting.partnership_id)
    return meeting


async def require_manager(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID | None
) -> frozenset[uuid.UUID]:
    """Who takes part in a meeting. A partnership's parties manage theirs, admins the consortium's.

    Raises `NotParty` for anybody else.
    """
    if partnership_id is None:
        if actor.organization_id is not None:
            raise NotParty
        return await _members(tx, actor.consortium_id)
    parties = await parties_of(tx, partnership_id)
    require_party(actor, parties)
    return joined(parties)


async def _members(tx: WriteSession, consortium_id: uuid.UUID) -> frozenset[uuid.UUID]:
    rows = await tx.scalars(
        select(Membership.organization_id).where(
            Membership.consortium_id == consortium_id,
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    return frozenset(rows)


def step(tx: WriteSession, actor: Actor, meeting: Meeting, to: MeetingStatus) -> None:
    """Take a meeting one step on. Raises `InvalidTransition`."""
    require_step("meeting", MEETING, meeting.status, to)
    meeting.status, meeting.changed_at = to, tx.now
    audit(tx, actor, f"meeting.{to.value.lower()}", "meeting", meeting.id)


async def tell_participants(
    tx: WriteSession, meeting: Meeting, participants: frozenset[uuid.UUID], kind: NoticeKind
) -> None:
    """Mail everybody who takes part, the one who did it too: it goes into their calendars."""
    told: list[uuid.UUID | None] = [*sorted(participants)]
    if meeting.partnership_id is None:
        told.append(None)
    await notify(tx, meeting.consortium_id, kind, meeting.id, told)
