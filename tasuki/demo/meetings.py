"""The demo's meetings: the makers met two months ago, and now; the consortium is going to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from models.access import Actor
from models.operations.frozen import freeze_past
from models.operations.meeting_decisions import (
    DecideMeeting,
    ReviewMeeting,
    decide_meeting,
    review_meeting,
)
from models.operations.meeting_packs import PrepareMeeting, prepare_meeting
from models.operations.meetings import (
    RecordMinutes,
    ScheduleMeeting,
    hold_meeting,
    schedule_meeting,
)
from models.rules.comparisons import Figure
from models.rules.meetings import DecisionMade, MeetingPlan
from models.session import Database
from network.meetings import TELLING
from tasuki.demo.founding import Founded

FIRST_MEETING_AGO = timedelta(days=60)
MINUTES = """各社の数字を確認した。
紹介の数は十分だが、受け取った側の回答に時間がかかっている。
回答の目安を2週間とし、次回にその効果を見る。"""


async def meet_before(database: Database, founded: Founded) -> None:
    """The makers' first meeting, in the history's midst, and what it decided."""
    assert founded.partnership_id is not None
    await freeze_past(database)
    actor = founded.staff_of(founded.partners[0])
    made = await _prepared(database, actor, founded.partnership_id, "製造三社 定例会（前回）")
    decisions = (
        DecisionMade(
            "紹介を受けたら2週間以内に回答する",
            owner_id=founded.partners[1],
            owner_name="採用担当",
            figure=Figure.ANSWERED_IN_TIME,
        ),
        DecisionMade("紹介の数を保つ", figure=Figure.HANDED_OVER),
        DecisionMade("次回までに、担当者の連絡先を交換する", owner_id=founded.partners[2]),
    )
    async with database.transaction() as tx:
        await hold_meeting(tx, actor, RecordMinutes(made, MINUTES))
    async with database.transaction() as tx:
        await decide_meeting(tx, actor, DecideMeeting(made, decisions))
    founded.meeting_id = made


async def meet_today(database: Database, founded: Founded) -> None:
    """The second one is prepared, and with it the first reviewed; the consortium's is to come."""
    assert founded.partnership_id is not None
    assert founded.meeting_id is not None
    actor = founded.staff_of(founded.partners[0])
    await _prepared(database, actor, founded.partnership_id, "製造三社 定例会（今回）")
    async with database.transaction() as tx:
        await review_meeting(tx, actor, ReviewMeeting(founded.meeting_id, TELLING))
    chief = founded.staff_of(founded.consortium_id)
    plan = _plan(database.clock, "コンソーシアム全体の定例会", days=21)
    async with database.transaction() as tx:
        await schedule_meeting(tx, chief, ScheduleMeeting(None, plan))


async def _prepared(
    database: Database, actor: Actor, partnership_id: uuid.UUID, title: str
) -> uuid.UUID:
    command = ScheduleMeeting(partnership_id, _plan(database.clock, title, days=2))
    async with database.transaction() as tx:
        made = await schedule_meeting(tx, actor, command)
    async with database.transaction() as tx:
        await prepare_meeting(tx, actor, PrepareMeeting(made, TELLING))
    return made


def _plan(clock: Callable[[], datetime], title: str, *, days: int) -> MeetingPlan:
    starts_at = (clock() + timedelta(days=days)).replace(hour=1, minute=0)
    return MeetingPlan(title, starts_at, 60, "本社 会議室A", None, "数字の確認\n前回の決定の効果")
