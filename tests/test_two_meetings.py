"""Two meetings of one partnership, from the plan to the measured effect, through the API.

Before the first, 4 of 12 are answered in time; then the terms are amended, and 11 of 12 are.
"""

from __future__ import annotations

import io
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from pypdf import PdfReader

from gql.node import encode_id
from models.operations.referrals import DeclineReferral, decline_referral
from models.tables.referrals import DeclineReason
from models.verify import verify_consortium
from tests.handovers import recruiter, run
from tests.partners import agreed, joined, offered, partners, shared, taken_up
from tests.play import Company, Play
from tests.world import World

PACK = """
query ($id: ID!) {
  node(id: $id) {
    ... on Meeting {
      status previous { id }
      pack {
        firstDay lastDay toldThrough hash
        parties { company { id } gave gaveHired took tookHired }
        exchanges { giver { id } offered asked handedOver takenUp hired isExact bonusCounts }
        reciprocity
        shares { figure part whole }
        waitDays waits waitsOpen
        stays { days due leftMin leftMax }
        changes { figure verdict before { part whole days } after { part whole days } words }
      }
      decisions {
        id number text ownerName dueOn figure owner { id } terms { number status }
        effect {
          obstacle firstDayBefore lastDayBefore firstDayAfter lastDayAfter
          comparison { verdict before { part whole days } after { part whole days } low high words }
        }
      }
    }
  }
}
"""
TERMS: dict[str, Any] = {"fields": ["NAME", "EMAIL", "SKILLS"], "sharedDays": 20, "noticeDays": 0}


class Cast:
    """Two partners, and who looks on."""

    world: World
    play: Play
    first: Company
    second: Company
    admin: Company
    partnership_id: uuid.UUID

    async def pack(self, company: Company, meeting: str) -> Any:
        """A meeting as a company reads it."""
        return (await company.ask(PACK, id=meeting))["node"]

    async def pass_days(self, days: int) -> None:
        """Time goes by, and timers and workers with it."""
        self.world.clock.forward(days=days)
        await self.play.work()

    async def do(self, mutation: str, kind: str, **given: Any) -> Any:
        """A step of a meeting, by the first company."""
        return (await self.first.do(mutation, kind, "meeting { id status }", **given))["meeting"]

    async def meeting(self, title: str, in_days: int) -> str:
        """A meeting is scheduled."""
        starts_at = self.world.clock.now.replace(hour=1, minute=0).isoformat()
        found = await self.do(
            "scheduleMeeting",
            "ScheduleMeetingInput",
            partnershipId=encode_id("Partnership", self.partnership_id),
            plan={"title": title, "startsAt": _later(starts_at, in_days), "durationMinutes": 90},
        )
        assert found["status"] == "SCHEDULED"
        meeting_id: str = found["id"]
        return meeting_id


def _later(starts_at: str, days: int) -> str:
    return (datetime.fromisoformat(starts_at) + timedelta(days=days)).isoformat()


@pytest_asyncio.fixture
async def cast(world: World, tmp_path: Path) -> Cast:
    cast = Cast()
    cast.world, cast.play = world, Play(world, tmp_path)
    cast.partnership_id = await partners(world, world.company, world.other_company)
    cast.first = await cast.play.company(world.company)
    cast.second = await cast.play.company(world.other_company)
    cast.admin = await cast.play.company(None)
    return cast


async def history(cast: Cast, *, in_time: int, late: int, hires: int) -> None:
    """The first company gives on so many people; some are answered at once, others after 20 days.

    Those that are answered in time are taken up, the first of them hired; the others are declined.
    """
    world = cast.world
    referrals = []
    for _ in range(in_time + late):
        candidate_id = await shared(world)
        referral_id = await offered(world, world.company, candidate_id, world.other_company)
        await agreed(world, candidate_id, referral_id)
        referrals.append(referral_id)
    await cast.pass_days(3)
    for referral_id in referrals[:in_time]:
        await taken_up(world, world.other_company, referral_id)
    for referral_id in referrals[:hires]:
        await joined(world, world.other_company, referral_id)
    await cast.pass_days(17)
    for referral_id in referrals[in_time:]:
        no = DeclineReferral(referral_id, DeclineReason.SKILLS)
        await run(world, decline_referral, recruiter(world), no)
    await cast.pass_days(1)


async def test_two_meetings_play_through(cast: Cast) -> None:
    await history(cast, in_time=4, late=8, hires=1)
    first = await the_first_is_prepared(cast)
    decision = await it_is_held_and_decides(cast, first)
    await the_terms_are_amended(cast, first, decision)
    frozen = (await cast.pack(cast.first, first))["pack"]
    await history(cast, in_time=11, late=1, hires=3)
    assert (await cast.pack(cast.first, first))["pack"] == frozen
    second = await the_second_is_prepared(cast, first)
    await the_first_is_reviewed(cast, first)
    await others_see_the_verdict_alone(cast, first, second)
    await the_pack_is_a_page_and_a_pdf(cast, second)
    async with cast.world.database.read() as read:
        assert await verify_consortium(read, cast.world.consortium_id) == []


async def the_first_is_prepared(cast: Cast) -> str:
    meeting = await cast.meeting("第1回", 2)
    prepared = await cast.do("prepareMeeting", "MeetingInput", id=meeting)
    assert prepared["status"] == "PREPARED"
    for company in (cast.first, cast.second):
        seen = await cast.pack(company, meeting)
        pack = seen["pack"]
        assert seen["previous"] is None
        assert pack["parties"] == [
            {"company": {"id": cast.first.id}, "gave": 12, "gaveHired": 1}
            | {"took": 0, "tookHired": 0},
            {"company": {"id": cast.second.id}, "gave": 0, "gaveHired": 0}
            | {"took": 12, "tookHired": 1},
        ]
        assert pack["reciprocity"] == 0
        assert [(one["figure"], one["part"], one["whole"]) for one in pack["shares"]] == [
            ("TAKEN_UP", 4, 12),
            ("ANSWERED_IN_TIME", 4, 12),
            ("HIRED_OF_HANDED_OVER", 1, 12),
        ]
        assert (pack["waitDays"], pack["waits"], pack["waitsOpen"]) == (20, 12, 0)
        assert pack["changes"] == []
    return meeting


async def it_is_held_and_decides(cast: Cast, meeting: str) -> str:
    held = await cast.do(
        "holdMeeting", "MeetingMinutesInput", id=meeting, minutes="回答が遅い。\n期限を短くする。"
    )
    assert held["status"] == "HELD"
    due_on = _later(cast.world.clock.now.isoformat(), 30)[:10]
    decided = await cast.do(
        "decideMeeting",
        "DecideMeetingInput",
        id=meeting,
        decisions=[
            {
                "text": "見せる期間を20日にし、2週間以内に回答する",
                "ownerId": cast.second.id,
                "ownerName": "田中",
                "dueOn": due_on,
                "figure": "ANSWERED_IN_TIME",
                "giverId": cast.first.id,
                "receiverId": cast.second.id,
            },
            {"text": "紹介の数を保つ", "figure": "HANDED_OVER"},
            {"text": "担当者の連絡先を交換する"},
        ],
    )
    assert decided["status"] == "DECIDED"
    decisions = (await cast.pack(cast.second, meeting))["decisions"]
    assert [one["number"] for one in decisions] == [1, 2, 3]
    assert decisions[0]["owner"] == {"id": cast.second.id}
    assert [one["effect"] for one in decisions] == [None, None, None]
    found: str = decisions[0]["id"]
    return found


async def the_terms_are_amended(cast: Cast, meeting: str, decision: str) -> None:
    made = await cast.first.do(
        "proposeDecidedTerms",
        "ProposeDecidedTermsInput",
        "decision { terms { id number status } }",
        decisionId=decision,
        terms=TERMS,
    )
    terms = made["decision"]["terms"]
    assert (terms["number"], terms["status"]) == (2, "PROPOSED")
    assert (
        await cast.first.refused(
            "proposeDecidedTerms", "ProposeDecidedTermsInput", decisionId=decision, terms=TERMS
        )
        == "ALREADY_AMENDED"
    )
    accepted = await cast.second.do(
        "acceptTerms", "TermsVersionInput", "terms { status }", id=terms["id"]
    )
    assert accepted["terms"]["status"] == "IN_FORCE"
    decisions = (await cast.pack(cast.second, meeting))["decisions"]
    assert decisions[0]["terms"] == {"number": 2, "status": "IN_FORCE"}
    assert await cast.first.refused("reviewMeeting", "MeetingInput", id=meeting) == "NOT_FOLLOWED"
    await cast.pass_days(1)


async def the_second_is_prepared(cast: Cast, first: str) -> str:
    meeting = await cast.meeting("第2回", 1)
    await cast.do("prepareMeeting", "MeetingInput", id=meeting)
    seen = await cast.pack(cast.second, meeting)
    assert seen["previous"] == {"id": first}
    pack = seen["pack"]
    before = (await cast.pack(cast.second, first))["pack"]
    assert pack["firstDay"] == _later(before["lastDay"], 1)[:10]
    changes = {one["figure"]: one for one in pack["changes"]}
    in_time = changes["ANSWERED_IN_TIME"]
    assert in_time["verdict"] == "ROSE"
    assert (in_time["before"]["part"], in_time["before"]["whole"]) == (4, 12)
    assert (in_time["after"]["part"], in_time["after"]["whole"]) == (11, 12)
    assert changes["HIRES"]["verdict"] == "NOT_TOLD_APART"
    assert "差があるとはまだ言えません" in changes["HIRES"]["words"] or (
        "No difference can be told yet" in changes["HIRES"]["words"]
    )
    return meeting


async def the_first_is_reviewed(cast: Cast, meeting: str) -> None:
    reviewed = await cast.do("reviewMeeting", "MeetingInput", id=meeting)
    assert reviewed["status"] == "REVIEWED"
    for company in (cast.first, cast.second):
        answered, handed, exchanged = (await cast.pack(company, meeting))["decisions"]
        found = answered["effect"]["comparison"]
        assert answered["effect"]["obstacle"] is None
        assert found["verdict"] == "ROSE"
        assert (found["before"]["part"], found["before"]["whole"]) == (4, 12)
        assert (found["after"]["part"], found["after"]["whole"]) == (11, 12)
        assert found["before"]["days"] == found["after"]["days"]
        assert 0 < found["low"] < 7 / 12 < found["high"] < 1
        numbers = handed["effect"]["comparison"]
        assert numbers["verdict"] == "NOT_TOLD_APART"
        assert (numbers["before"]["part"], numbers["after"]["part"]) == (12, 12)
        assert exchanged["effect"] is None
    assert (
        await cast.first.refused("reviewMeeting", "MeetingInput", id=meeting)
        == "INVALID_TRANSITION"
    )


async def others_see_the_verdict_alone(cast: Cast, first: str, second: str) -> None:
    """An admin of the consortium is told the figures of others as everywhere: by whole months."""
    seen = await cast.pack(cast.admin, second)
    assert {one["isExact"] for one in seen["pack"]["exchanges"]} == {False}
    assert {one["bonusCounts"] for one in seen["pack"]["exchanges"]} == {None}
    assert (seen["pack"]["waits"], seen["pack"]["stays"]) == (0, [])
    decision = (await cast.pack(cast.admin, first))["decisions"][0]
    comparison = decision["effect"]["comparison"]
    assert (comparison["verdict"], comparison["before"], comparison["after"]) == (
        "NOT_MEASURED",
        None,
        None,
    )
    assert {one["verdict"] for one in seen["pack"]["changes"]} == {"NOT_MEASURED"}


async def the_pack_is_a_page_and_a_pdf(cast: Cast, meeting: str) -> None:
    """In both languages, the same sentences in both forms."""
    for locale, said in (("ja", "前回の決定とその効果"), ("en", "The last meeting’s decisions")):
        page = await cast.first.http.get(f"/meetings/{meeting}/pack.html?lang={locale}")
        assert page.status_code == 200
        assert said.replace("’", "&#x27;") in page.text
        made = await cast.first.http.get(f"/meetings/{meeting}/pack.pdf?lang={locale}")
        assert made.headers["content-type"] == "application/pdf"
        pages = [one.extract_text() for one in PdfReader(io.BytesIO(made.content)).pages]
        assert said.replace("’", "'") in "".join(pages).replace("\n", "")
