"""Preparing a meeting: its figures are computed and frozen, by a fixed number of statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.access import Actor, Permission, require
from models.operations.handovers import time_zone_of
from models.operations.meeting_records import (
    Telling,
    locked_meeting,
    require_manager,
    tell_participants,
)
from models.operations.meeting_records import step as take_step
from models.reads import meeting_figures as figures
from models.reads.meetings import last_pack, last_pack_ended_on
from models.reads.members import smallest_count_of
from models.rules.comparisons import Figure
from models.rules.flows import local_day
from models.rules.lifecycles import (
    MEETING,
    Channel,
    MeetingStatus,
    ReferralStatus,
    require_step,
)
from models.rules.meeting_figures import Days, HandOver, measure, waits_of
from models.rules.meeting_packs import (
    CONSIDERED_MAX,
    EVENTS,
    Considered,
    Flow,
    Pack,
    Pair,
    canonical_of,
    document_of,
)
from models.rules.meetings import pack_days
from models.rules.notices import NoticeKind
from models.rules.partner_fit import FitCompany, Need, suggest
from models.rules.told_figures import ToldFigures, counts_by_event
from models.session import WriteSession
from models.tables.meetings import Meeting, MeetingPack
from models.tables.partnerships import Terms

HASH_PURPOSE = "meeting-pack"
SHARES = (Figure.TAKEN_UP, Figure.ANSWERED_IN_TIME, Figure.HIRED_OF_HANDED_OVER)


@dataclass(frozen=True, slots=True)
class PrepareMeeting:
    """A meeting whose figures are to be frozen, and how those of others are told."""

    meeting_id: uuid.UUID
    telling: Telling


async def prepare_meeting(tx: WriteSession, actor: Actor, command: PrepareMeeting) -> uuid.UUID:
    """Freeze the figures from the day after the last meeting's to yesterday.

    Raises `Forbidden`, `NotFound`, `NotParty`, `InvalidTransition`, `PackTooSoon` where no day has
    passed since then, and `MonthNotFrozen` shortly after a month's end.
    """
    require(actor, Permission.MANAGE_MEETINGS)
    await _lock_others(tx, actor, command.meeting_id)
    meeting = await locked_meeting(tx, actor, command.meeting_id)
    require_step("meeting", MEETING, meeting.status, MeetingStatus.PREPARED)
    zone = await time_zone_of(tx, actor.consortium_id)
    today = local_day(tx.now, zone)
    first_on, last_on = pack_days(
        begins_on=await _begins_on(tx, meeting, zone),
        last_pack_ended_on=await last_pack_ended_on(
            tx, meeting.consortium_id, meeting.partnership_id
        ),
        today=today,
    )
    days = Days(first_on, last_on)
    participants = await require_manager(tx, actor, meeting.partnership_id)
    if meeting.partnership_id is None:
        pack = await _of_consortium(tx, meeting.consortium_id, days, today, command.telling)
    else:
        pack = await _of_partnership(
            tx, meeting.consortium_id, participants, days, zone, command.telling
        )
    last = await last_pack(tx, meeting.consortium_id, meeting.partnership_id)
    meeting.previous_id = last.meeting_id if last else None
    document = document_of(pack)
    tx.add(
        MeetingPack(
            meeting_id=meeting.id,
            document=document,
            hash=tx.vault.blind(HASH_PURPOSE, meeting.consortium_id, canonical_of(document)),
            first_on=days.first,
            last_on=days.last,
            told_through=pack.told_through,
            prepared_at=tx.now,
        )
    )
    take_step(tx, actor, meeting, MeetingStatus.PREPARED)
    await tell_participants(tx, meeting, participants, NoticeKind.MEETING_PREPARED)
    return meeting.id


async def _lock_others(tx: WriteSession, actor: Actor, meeting_id: uuid.UUID) -> None:
    """All meetings of the same partnership, or the consortium's: no two packs tell of one day."""
    of = select(Meeting.partnership_id).where(Meeting.id == meeting_id).scalar_subquery()
    await tx.execute(
        select(Meeting.id)
        .where(
            Meeting.consortium_id == actor.consortium_id,
            Meeting.partnership_id.is_not_distinct_from(of),
        )
        .order_by(Meeting.id)
        .with_for_update()
    )


async def _begins_on(tx: WriteSession, meeting: Meeting, zone: str) -> date | None:
    """The day on which a partnership's first terms came into force."""
    if meeting.partnership_id is None:
        return None
    began = await tx.scalar(
        select(func.min(Terms.in_force_at)).where(Terms.partnership_id == meeting.partnership_id)
    )
    return local_day(began, zone) if began is not None else None


async def _of_consortium(
    tx: WriteSession, consortium_id: uuid.UUID, days: Days, today: date, telling: Telling
) -> Pack:
    told = await telling.figures(tx, consortium_id, days, today=today, parties=None)
    sums: dict[tuple[Channel, ReferralStatus], int] = {}
    for one in told.cells:
        key = one.channel, one.event
        sums[key] = sums.get(key, 0) + one.referrals
    return Pack(
        days=days,
        told_through=told.months.last if told.months else None,
        smallest_count=await smallest_count_of(tx, consortium_id),
        names={},
        flows=tuple(
            Flow(channel, event, sums[channel, event])
            for channel in Channel
            for event in (*EVENTS, *(one for one in ReferralStatus if one not in EVENTS))
            if (channel, event) in sums
        ),
    )


async def _of_partnership(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    parties: frozenset[uuid.UUID],
    days: Days,
    zone: str,
    telling: Telling,
) -> Pack:
    today = local_day(tx.now, zone)
    told = await telling.figures(tx, consortium_id, days, today=today, parties=parties)
    needs = await telling.needs(tx, consortium_id, today=today)
    names = await figures.names_of(tx, parties)
    counts = await figures.counts_between(tx, consortium_id, parties, days)
    rewards = await figures.rewards_between(tx, consortium_id, parties, days)
    handovers = await figures.handovers_between(tx, consortium_id, parties, days, zone)
    pairs = []
    for key in figures.parties_in(names):
        of_pair = [one for one in handovers if (one.giver_id, one.receiver_id) == key]
        pairs.append(
            Pair(
                *key,
                counts=counts.get(key, {}),
                told=_told_of(key, told),
                shares=_shares(of_pair, days),
                waits=tuple(waits_of(of_pair, days)),
                rewards=rewards.get(key, {}),
            )
        )
    return Pack(
        days=days,
        told_through=told.months.last if told.months else None,
        smallest_count=await smallest_count_of(tx, consortium_id),
        names=names,
        pairs=tuple(pairs),
        stays=tuple(await figures.stays_between(tx, consortium_id, parties, days)),
        considered=tuple(await _considered(tx, consortium_id, parties, needs)),
    )


def _told_of(
    key: tuple[uuid.UUID, uuid.UUID], told: ToldFigures
) -> Mapping[ReferralStatus, int] | None:
    if told.months is None:
        return None
    found = counts_by_event(
        one
        for one in told.cells
        if (one.giver_id, one.receiver_id) == key and one.channel is Channel.PARTNER_SHARE
    )
    return {event: found[event] for event in EVENTS if event in found}


def _shares(handovers: list[HandOver], days: Days) -> dict[Figure, tuple[int, int]]:
    found = {}
    for figure in SHARES:
        measured = measure(figure, handovers, days)
        if measured.whole:
            found[figure] = (measured.part, measured.whole)
    return found


async def _considered(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    parties: frozenset[uuid.UUID],
    needs: Mapping[uuid.UUID, Mapping[str, Need]],
) -> Iterable[Considered]:
    """For each party the companies whose needs fit best, by what everybody is told of both."""
    companies, together = await figures.companies_to_consider(tx, consortium_id)
    names = {one.id: name for one, name in companies.items()}
    fits = {one.id: FitCompany(*one, needs.get(one.id, {})) for one in companies}
    found = []
    for party in sorted(parties & fits.keys()):
        others = [
            fit
            for key, fit in fits.items()
            if key != party and frozenset((key, party)) not in together
        ]
        for one in suggest(fits[party], others)[:CONSIDERED_MAX]:
            name = names[one.company_id]
            found.append(Considered(party, one.company_id, name, one.score_permille, one.reasons))
    return found
