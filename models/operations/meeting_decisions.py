"""What a meeting decides, the amendments that spring from it, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidTransition, NotFound
from models.operations.handovers import time_zone_of
from models.operations.meeting_records import Telling, locked_meeting, require_manager, step
from models.operations.terms import ProposeTerms, propose_terms
from models.reads.meeting_figures import handovers_between
from models.reads.meetings import following_pack
from models.rules.comparisons import COUNTS, Figure
from models.rules.decision_effects import (
    Effect,
    Obstacle,
    effect_days,
    effect_document,
    effect_of,
    effect_of_consortium,
    unmeasured,
)
from models.rules.flows import local_day
from models.rules.lifecycles import MEETING, MeetingStatus, require_step
from models.rules.meeting_figures import Days
from models.rules.meetings import (
    AlreadyAmended,
    DecisionMade,
    NotFollowed,
    check_decisions,
)
from models.rules.partnerships import TermsOffered
from models.session import WriteSession
from models.tables.meetings import DecisionEffect, Meeting, MeetingDecision
from models.tables.partnerships import PartnershipParty, Terms
from models.visibility import visible_meetings


@dataclass(frozen=True, slots=True)
class DecideMeeting:
    """What a meeting decided; it may have decided nothing."""

    meeting_id: uuid.UUID
    decisions: tuple[DecisionMade, ...]


@dataclass(frozen=True, slots=True)
class ProposeDecidedTerms:
    """Other terms that spring from a decision."""

    decision_id: uuid.UUID
    terms: TermsOffered


@dataclass(frozen=True, slots=True)
class ReviewMeeting:
    """A meeting whose decisions are to be measured, and how figures of others are told."""

    meeting_id: uuid.UUID
    telling: Telling


async def decide_meeting(tx: WriteSession, actor: Actor, command: DecideMeeting) -> uuid.UUID:
    """Write down what a held meeting decided; its minutes stand from then on.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidInput` and `InvalidTransition`.
    """
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    require_step("meeting", MEETING, meeting.status, MeetingStatus.DECIDED)
    today = local_day(tx.now, await time_zone_of(tx, actor.consortium_id))
    participants = await require_manager(tx, actor, meeting.partnership_id)
    is_of_partners = meeting.partnership_id is not None
    decisions = check_decisions(
        command.decisions,
        owners=participants,
        sides=participants if is_of_partners else frozenset(),
        figures=frozenset(Figure) if is_of_partners else COUNTS,
        today=today,
    )
    tx.add_all(
        MeetingDecision(
            meeting_id=meeting.id,
            number=number,
            text=one.text,
            owner_id=one.owner_id,
            owner_name=one.owner_name,
            due_on=one.due_on,
            figure=one.figure,
            giver_id=one.giver_id,
            receiver_id=one.receiver_id,
        )
        for number, one in enumerate(decisions, 1)
    )
    meeting.decided_at = tx.now
    step(tx, actor, meeting, MeetingStatus.DECIDED)
    return meeting.id


async def propose_decided_terms(
    tx: WriteSession, actor: Actor, command: ProposeDecidedTerms
) -> uuid.UUID:
    """Propose the amendment that a decision asks for; the parties answer it as any other.

    Raises what `propose_terms` does, `NotFound`, `AlreadyAmended`, and `InvalidTransition` before
    the meeting has decided, once it is reviewed, and for a consortium's, which has no terms.
    """
    require(actor, Permission.MANAGE_MEETINGS)
    decision = await tx.scalar(
        select(MeetingDecision)
        .join(Meeting, Meeting.id == MeetingDecision.meeting_id)
        .where(visible_meetings(actor), MeetingDecision.id == command.decision_id)
    )
    if decision is None:
        raise NotFound("decisionId", what="decision")
    meeting = await locked_meeting(tx, actor, decision.meeting_id)
    if meeting.status is not MeetingStatus.DECIDED or meeting.partnership_id is None:
        raise InvalidTransition(what="meeting", state=meeting.status.value, allowed="")
    if decision.terms_id is not None:
        raise AlreadyAmended
    proposed = ProposeTerms(meeting.partnership_id, command.terms)
    decision.terms_id = await propose_terms(tx, actor, proposed)
    audit(tx, actor, "meeting.terms_proposed", "meeting", meeting.id)
    return decision.id


async def review_meeting(tx: WriteSession, actor: Actor, command: ReviewMeeting) -> uuid.UUID:
    """Measure what a meeting's decisions changed, up to the figures of the next meeting.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidTransition`, `NotFollowed` before those are
    frozen, and `MonthNotFrozen` shortly after a month's end.
    """
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    require_step("meeting", MEETING, meeting.status, MeetingStatus.REVIEWED)
    following = await following_pack(tx, meeting.id)
    if following is None:
        raise NotFollowed
    decisions = (
        await tx.scalars(
            select(MeetingDecision)
            .where(MeetingDecision.meeting_id == meeting.id, MeetingDecision.figure.is_not(None))
            .order_by(MeetingDecision.number)
        )
    ).all()
    for decision, effect in await _effects(
        tx, meeting, decisions, following.last_on, command.telling
    ):
        document = effect_document(effect)
        tx.add(DecisionEffect(decision_id=decision.id, document=document, measured_at=tx.now))
    meeting.reviewed_at = tx.now
    step(tx, actor, meeting, MeetingStatus.REVIEWED)
    return meeting.id


async def _effects(
    tx: WriteSession,
    meeting: Meeting,
    decisions: Sequence[MeetingDecision],
    through: date,
    telling: Telling,
) -> Iterable[tuple[MeetingDecision, Effect]]:
    zone = await time_zone_of(tx, meeting.consortium_id)
    begins = await _begins(tx, meeting, decisions, zone)
    windows = {
        key: effect_days(begins_on, through)
        for key, begins_on in begins.items()
        if begins_on is not None
    }
    spans = [days for days in windows.values() if days is not None]
    if not spans:
        return [(one, _obstacle(one, begins)) for one in decisions]
    span = Days(min(before.first for before, _ in spans), max(after.last for _, after in spans))
    measured = _of_consortium if meeting.partnership_id is None else _of_partnership
    found = await measured(tx, meeting, decisions, windows, span, telling)
    return [(one, found.get(one.id) or _obstacle(one, begins)) for one in decisions]


def _obstacle(decision: MeetingDecision, begins: dict[uuid.UUID, date | None]) -> Effect:
    assert decision.figure is not None
    waits = begins[decision.id] is None
    return unmeasured(
        decision.figure, Obstacle.TERMS_NOT_IN_FORCE if waits else Obstacle.NO_TIME_SINCE
    )


async def _begins(
    tx: WriteSession, meeting: Meeting, decisions: Sequence[MeetingDecision], zone: str
) -> dict[uuid.UUID, date | None]:
    """The day on which each decision came to work: an amendment's is that of its being in force."""
    assert meeting.decided_at is not None
    rows = await tx.execute(
        select(Terms.id, Terms.in_force_at).where(
            Terms.id.in_([one.terms_id for one in decisions if one.terms_id is not None])
        )
    )
    in_force = {row.id: row.in_force_at for row in rows}
    found: dict[uuid.UUID, date | None] = {}
    for one in decisions:
        at = in_force.get(one.terms_id) if one.terms_id is not None else meeting.decided_at
        found[one.id] = local_day(at, zone) if at is not None else None
    return found


Windows = dict[uuid.UUID, tuple[Days, Days] | None]


async def _of_partnership(
    tx: WriteSession,
    meeting: Meeting,
    decisions: Sequence[MeetingDecision],
    windows: Windows,
    span: Days,
    telling: Telling,
) -> dict[uuid.UUID, Effect]:
    parties = (
        await tx.scalars(
            select(PartnershipParty.company_id).where(
                PartnershipParty.partnership_id == meeting.partnership_id
            )
        )
    ).all()
    zone = await time_zone_of(tx, meeting.consortium_id)
    handovers = await handovers_between(tx, meeting.consortium_id, parties, span, zone)
    today = local_day(tx.now, zone)
    told = await telling.figures(tx, meeting.consortium_id, span, today=today, parties=parties)
    found = {}
    for one in decisions:
        days = windows.get(one.id)
        if days is not None and one.figure is not None:
            found[one.id] = effect_of(
                one.figure,
                days,
                handovers,
                told,
                giver_id=one.giver_id,
                receiver_id=one.receiver_id,
            )
    return found


async def _of_consortium(
    tx: WriteSession,
    meeting: Meeting,
    decisions: Sequence[MeetingDecision],
    windows: Windows,
    span: Days,
    telling: Telling,
) -> dict[uuid.UUID, Effect]:
    today = local_day(tx.now, await time_zone_of(tx, meeting.consortium_id))
    told = await telling.figures(tx, meeting.consortium_id, span, today=today, parties=None)
    found = {}
    for one in decisions:
        days = windows.get(one.id)
        if days is not None and one.figure is not None:
            found[one.id] = effect_of_consortium(one.figure, days, told)
    return found
