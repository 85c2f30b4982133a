"""Feedback meetings on a stage: one at every step, with figures that are known."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from models.operations.meetings import ScheduleMeeting, schedule_meeting
from models.rules.comparisons import Figure, Measured
from models.rules.decision_effects import (
    Effect,
    Obstacle,
    PairEffect,
    effect_document,
    unmeasured,
)
from models.rules.ledger import Unit
from models.rules.lifecycles import Channel, MeetingStatus, ReferralStatus
from models.rules.meeting_figures import Days
from models.rules.meeting_packs import (
    Considered,
    Flow,
    Pack,
    Pair,
    Stay,
    canonical_of,
    document_of,
)
from models.rules.meetings import MeetingPlan
from models.tables.meetings import DecisionEffect, Meeting, MeetingDecision, MeetingPack
from models.vocabulary.text import Text
from tests.access.stage import Stage
from tests.handovers import change

FIRST, LAST = date(2026, 1, 6), date(2026, 1, 31)


async def set_meetings(stage: Stage) -> None:
    """Of the company and the sibling, of the receiver and the sibling, and of all."""
    await _schedule(stage, "meeting to come", "partnership")
    await _reach(stage, "meeting before", "partnership", MeetingStatus.DECIDED)
    await _reach(stage, "meeting", "partnership", MeetingStatus.REVIEWED, "meeting before")
    await _reach(stage, "meeting prepared", "partnership", MeetingStatus.PREPARED)
    await _reach(stage, "meeting held", "partnership", MeetingStatus.HELD)
    await _reach(stage, "meeting elsewhere", "suspended partnership", MeetingStatus.DECIDED)
    await _reach(stage, "meeting of all", None, MeetingStatus.PREPARED)
    for name, of in (("decision", "meeting"), ("decision elsewhere", "meeting elsewhere")):
        await _decide(stage, name, of)
    await _measure(stage)


async def _schedule(stage: Stage, name: str, partnership: str | None) -> uuid.UUID:
    title = f"[{name}] {stage.name}"
    plan = MeetingPlan(
        title,
        stage.world.clock.now + timedelta(days=7),
        60,
        "会議室",
        "https://meet.example/room",
        "数字を見る",
    )
    command = ScheduleMeeting(stage.key(partnership) if partnership else None, plan)
    actor = {None: "consortium_admin", "partnership": "company_admin"}.get(
        partnership, "sibling_admin"
    )
    made: uuid.UUID = await stage.do(schedule_meeting, actor, command)
    stage.put(name, "Meeting", made)
    return made


async def _reach(
    stage: Stage,
    name: str,
    partnership: str | None,
    status: MeetingStatus,
    previous: str | None = None,
) -> None:
    key, now = await _schedule(stage, name, partnership), stage.world.clock.now
    values: dict[str, Any] = {"status": status}
    if status is not MeetingStatus.PREPARED:
        values["minutes"] = f"minutes of {name} {stage.name}"
    if status in (MeetingStatus.DECIDED, MeetingStatus.REVIEWED):
        values["decided_at"] = now
    if status is MeetingStatus.REVIEWED:
        values["reviewed_at"] = now
    if previous is not None:
        values["previous_id"] = stage.key(previous)
    await change(stage.world, Meeting, Meeting.id == key, **values)
    pack = _of_all() if partnership is None else _of_partners(stage)
    async with stage.world.database.transaction() as tx:
        document = document_of(pack)
        tx.add(
            MeetingPack(
                meeting_id=key,
                document=document,
                hash=tx.vault.blind(
                    "meeting-pack", stage.world.consortium_id, canonical_of(document)
                ),
                first_on=FIRST,
                last_on=LAST,
                told_through=LAST,
                prepared_at=now,
            )
        )


def _of_all() -> Pack:
    flows = (Flow(Channel.RELAY_LINK, ReferralStatus.ACCEPTED, 3),)
    return Pack(Days(FIRST, LAST), LAST, 3, {}, flows=flows)


def _of_partners(stage: Stage) -> Pack:
    company, sibling = stage.key("company"), stage.key("sibling")
    counts = {
        ReferralStatus.PROPOSED: 9,
        ReferralStatus.REQUESTED: 1,
        ReferralStatus.DELIVERED: 8,
        ReferralStatus.ACCEPTED: 7,
        ReferralStatus.HIRED: 6,
    }
    told = dict.fromkeys(counts, 6)
    shares = {Figure.TAKEN_UP: (7, 8), Figure.HIRED_OF_HANDED_OVER: (6, 8)}
    rewards = {Unit.COUNT: 2, Unit.FREE_HIRE: 1, Unit.REWARD: 1_000}
    waits = ((2, True), (3, True), (9, False))
    return Pack(
        Days(FIRST, LAST),
        LAST,
        3,
        {company: Text("会社", "Company"), sibling: Text("姉妹", "Sibling")},
        pairs=(
            Pair(company, sibling, counts, told, shares, waits, rewards),
            Pair(sibling, company, {}, {}, {}, (), {}),
        ),
        stays=(Stay(company, sibling, 30, 6, 3),),
        considered=(
            Considered(
                company, stage.key("newcomer"), Text("新", "New"), 500, (Text("理", "Why"),)
            ),
        ),
    )


async def _decide(stage: Stage, name: str, of: str) -> None:
    row = MeetingDecision(
        meeting_id=stage.key(of),
        number=1,
        text=f"decision of {of} {stage.name}",
        owner_id=stage.key("sibling"),
        owner_name="担当",
        due_on=date(2026, 12, 1),
        figure=Figure.TAKEN_UP,
        giver_id=stage.key("company") if of == "meeting" else None,
        receiver_id=stage.key("sibling") if of == "meeting" else None,
        terms_id=stage.key("terms") if of == "meeting" else None,
    )
    async with stage.world.database.transaction() as tx:
        tx.add(row)
    stage.put(name, "MeetingDecision", row.id)


async def _measure(stage: Stage) -> None:
    before, after = Measured(2, 8, 26), Measured(6, 8, 26)
    pair = PairEffect(stage.key("company"), stage.key("sibling"), before, after)
    days = Days(date(2025, 12, 11), date(2026, 1, 5)), Days(FIRST, LAST)
    effects = {
        "decision": Effect(Figure.TAKEN_UP, None, days, (pair,), (before, after)),
        "decision elsewhere": unmeasured(Figure.TAKEN_UP, Obstacle.NO_TIME_SINCE),
    }
    async with stage.world.database.transaction() as tx:
        tx.add_all(
            DecisionEffect(
                decision_id=stage.key(name), document=effect_document(one), measured_at=tx.now
            )
            for name, one in effects.items()
        )
