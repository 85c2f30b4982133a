"""Feedback meetings, as those who take part in them see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from models.access import Actor
from models.filters import matches
from models.paging import Keys, PageAsked, page_rows, page_rows_by_parent
from models.rules.decision_effects import Effect, effect_from
from models.rules.lifecycles import MeetingStatus
from models.rules.meeting_packs import SeenPack, pack_of, seen_pack
from models.rules.meetings import FOLLOWING
from models.session import ReadSession
from models.tables.meetings import DecisionEffect, Meeting, MeetingDecision, MeetingPack
from models.tables.partnerships import PartnershipParty
from models.visibility import visible_meetings

KEYS: Keys = (Meeting.starts_at, Meeting.id)

_Own = aliased(PartnershipParty)
"""The reader's own part in the meeting's partnership; none for consortium admins."""
_STATUS: ColumnElement[MeetingStatus] = case(
    (Meeting.reviewed_at > _Own.left_at, literal(MeetingStatus.DECIDED, Meeting.status.type)),
    else_=Meeting.status,
)
"""To a company that left before it was reviewed, it was not."""


@dataclass(frozen=True, slots=True)
class SeenMeeting:
    """A meeting as the actor sees it. To a company that left, what was decided is not reviewed."""

    row: Meeting
    status: MeetingStatus
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenDecision:
    """A decision, and what was measured of it. ``text`` is in the reader's sight as it is."""

    row: MeetingDecision
    effect: Effect | None
    measured_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenFigures:
    """A meeting's pack as the actor is told it, and what it was frozen with."""

    seen: SeenPack
    row: MeetingPack


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    partnership_id: uuid.UUID | None = None
    is_of_consortium: bool | None = None


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(
        _Own.partnership_id == Meeting.partnership_id, _Own.company_id == actor.organization_id
    )


def _seen(actor: Actor) -> Any:
    return (
        select(Meeting, _STATUS.label("status"), _Own.left_at)
        .outerjoin(_Own, _own(actor))
        .where(visible_meetings(actor))
    )


def _as_seen(row: Any) -> SeenMeeting:
    return SeenMeeting(row[0], row[1], row[2])


def _conditions(where: MeetingFilter) -> list[ColumnElement[bool]]:
    conditions = matches(_STATUS, where.status, "status")
    if where.partnership_id is not None:
        conditions.append(Meeting.partnership_id == where.partnership_id)
    if where.is_of_consortium is not None:
        of_consortium = Meeting.partnership_id.is_(None)
        conditions.append(of_consortium if where.is_of_consortium else ~of_consortium)
    return conditions


async def meetings_page(
    read: ReadSession, actor: Actor, where: MeetingFilter, asked: PageAsked, *, descending: bool
) -> list[SeenMeeting]:
    """One page of the meetings that the actor sees, by when they are."""
    statement = _seen(actor).where(*_conditions(where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [_as_seen(row) for row in rows]


async def count_meetings(read: ReadSession, actor: Actor, where: MeetingFilter) -> int:
    """How many there are."""
    statement = (
        select(func.count())
        .select_from(Meeting)
        .outerjoin(_Own, _own(actor))
        .where(visible_meetings(actor), *_conditions(where))
    )
    return (await read.scalar(statement)) or 0


async def meetings_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, SeenMeeting]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(_seen(actor).where(Meeting.id.in_(ids)))
    return {row[0].id: _as_seen(row) for row in rows}


async def meeting_ids_by_partnership(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID], asked: PageAsked
) -> Mapping[uuid.UUID, Sequence[Any]]:
    """The same page of many partnerships' meetings, the latest first: id and when each is."""
    columns: tuple[Any, ...] = (Meeting.id, Meeting.partnership_id, Meeting.starts_at)
    return await page_rows_by_parent(
        read,
        select(*columns).where(visible_meetings(actor)),
        KEYS,
        asked,
        parents=ids,
        parent=cast(Any, Meeting.partnership_id),
        descending=True,
    )


async def count_by_partnership(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, int]:
    """How many meetings each has."""
    rows = await read.execute(
        select(Meeting.partnership_id, func.count())
        .where(Meeting.partnership_id.in_(ids), visible_meetings(actor))
        .group_by(Meeting.partnership_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows if row[0] is not None}


async def figures_by_meeting(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, SeenFigures]:
    """The packs of meetings that the actor sees, as it is told them: one statement.

    Of a meeting that was called off there are none.
    """
    before = aliased(MeetingPack)
    rows = await read.execute(
        select(MeetingPack, before.document)
        .join(Meeting, Meeting.id == MeetingPack.meeting_id)
        .outerjoin(before, before.meeting_id == Meeting.previous_id)
        .where(visible_meetings(actor), Meeting.id.in_(ids), Meeting.status.in_(FOLLOWING))
    )
    return {
        row.meeting_id: SeenFigures(
            seen_pack(
                pack_of(row.document),
                pack_of(earlier) if earlier is not None else None,
                actor.organization_id,
            ),
            row,
        )
        for row, earlier in rows
    }


async def decisions_by_meeting(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[SeenDecision]]:
    """The decisions of meetings that the actor sees, in their order."""
    found: dict[uuid.UUID, list[SeenDecision]] = {one: [] for one in ids}
    for one in await _decisions(read, actor, MeetingDecision.meeting_id.in_(ids)):
        found[one.row.meeting_id].append(one)
    return found


async def decisions_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, SeenDecision]:
    """Those of the ids that the actor sees."""
    rows = await _decisions(read, actor, MeetingDecision.id.in_(ids))
    return {one.row.id: one for one in rows}


async def _decisions(
    read: ReadSession, actor: Actor, chosen: ColumnElement[bool]
) -> list[SeenDecision]:
    measured = and_(
        DecisionEffect.decision_id == MeetingDecision.id,
        or_(_Own.left_at.is_(None), DecisionEffect.measured_at <= _Own.left_at),
    )
    rows = await read.execute(
        select(MeetingDecision, DecisionEffect.document, DecisionEffect.measured_at, _Own.left_at)
        .join(Meeting, Meeting.id == MeetingDecision.meeting_id)
        .outerjoin(_Own, _own(actor))
        .outerjoin(DecisionEffect, measured)
        .where(visible_meetings(actor), chosen)
        .order_by(MeetingDecision.number)
    )
    return [
        SeenDecision(row[0], effect_from(row[1]) if row[1] is not None else None, row[2], row[3])
        for row in rows
    ]


async def following_pack(read: ReadSession, meeting_id: uuid.UUID) -> MeetingPack | None:
    """The figures of the meeting that came next, once they are frozen."""
    found: MeetingPack | None = await read.scalar(
        select(MeetingPack)
        .join(Meeting, Meeting.id == MeetingPack.meeting_id)
        .where(Meeting.previous_id == meeting_id, Meeting.status.in_(FOLLOWING))
        .order_by(MeetingPack.prepared_at)
        .limit(1)
    )
    return found


async def last_pack(
    read: ReadSession, consortium_id: uuid.UUID, partnership_id: uuid.UUID | None
) -> MeetingPack | None:
    """The last figures of a partnership, or of the consortium, of a meeting not called off."""
    found: MeetingPack | None = await read.scalar(
        select(MeetingPack)
        .join(Meeting, Meeting.id == MeetingPack.meeting_id)
        .where(_of(consortium_id, partnership_id), Meeting.status.in_(FOLLOWING))
        .order_by(MeetingPack.last_on.desc(), MeetingPack.prepared_at.desc())
        .limit(1)
    )
    return found


async def last_pack_ended_on(
    read: ReadSession, consortium_id: uuid.UUID, partnership_id: uuid.UUID | None
) -> date | None:
    """The last day that any figures of theirs tell of.

    Also of a meeting that was called off: they may have been read, and the difference of two that
    overlap would tell of single days.
    """
    found: date | None = await read.scalar(
        select(func.max(MeetingPack.last_on))
        .join(Meeting, Meeting.id == MeetingPack.meeting_id)
        .where(_of(consortium_id, partnership_id))
    )
    return found


def _of(consortium_id: uuid.UUID, partnership_id: uuid.UUID | None) -> ColumnElement[bool]:
    return and_(
        Meeting.consortium_id == consortium_id,
        Meeting.partnership_id.is_not_distinct_from(partnership_id),
    )
