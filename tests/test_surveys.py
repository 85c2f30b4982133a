"""Two questions by mail: sent once, to those who may be asked; answered once, by nobody."""

from __future__ import annotations

import asyncio
import re
import uuid
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from models.access import candidate
from models.errors import InvalidInput, LinkUnknown
from models.operations.candidate_pages import BlockOrganization, block_organization
from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.erasures import erase_own_data
from models.operations.surveys import (
    AnswerSurvey,
    accept_surveys,
    answer_survey,
    decline_surveys,
)
from models.reads.own_data import own_data
from models.rules.surveys import ANSWERED_WITHIN, ASKED_LATE, SurveyKind, SurveyQuestion
from models.tables.referrals import Case
from models.tables.surveys import SurveyInvitation, SurveyMonth, SurveyOptOut
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import FolderMailer, Sender
from tasuki.workers.outbox import OutboxWorker
from tasuki.workers.timers import Timers
from tests.handovers import hired, offered, recruiter, run
from tests.test_pages import browser as browser  # noqa: PLC0414  (a fixture)
from tests.test_pages import contents, csrf, register
from tests.world import World

WELL, HELPED = SurveyQuestion.TREATED_WELL, SurveyQuestion.HELPED
AFTER_REGISTRATION, AFTER_OUTCOME = SurveyKind.REGISTRATION, SurveyKind.OUTCOME
BOTH = {"treated_well": "4", "helped": "5"}
SUBJECT = "Two questions for you"


async def mails(world: World, folder: Path) -> list[EmailMessage]:
    """The surveys that workers have sent until now."""
    post = Post(
        world.database, "https://x.example", Sender("Tasuki", "t@x.example"), FolderMailer(folder)
    )
    await OutboxWorker(world.database, handlers(post)).drain()
    return [
        one for one in _read(folder) if one["subject"] in (SUBJECT, "2つの質問にお答えください")
    ]


def _read(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), policy=default_policy)
        for path in sorted(folder.glob("*.eml"))
    ]


def link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"/survey/\S+", body.get_content())
    assert found is not None
    return found[0]


async def tick(world: World, **by: float) -> None:
    """Time goes on, and the timers run more often than they need to."""
    world.clock.forward(**by)
    for _ in range(2):
        await Timers(world.database).run_once()


async def invitations(world: World) -> list[tuple[uuid.UUID, SurveyKind, bool]]:
    async with world.database.read() as read:
        rows = await read.scalars(select(SurveyInvitation).order_by(SurveyInvitation.due_at))
        return [(row.candidate_id, row.kind, row.is_mailed) for row in rows]


async def counters(world: World) -> dict[tuple[Any, ...], int]:
    async with world.database.read() as read:
        rows = await read.scalars(select(SurveyMonth))
        return {
            (row.company_id, row.month, row.kind, row.question, row.score): row.answers
            for row in rows
        }


async def asked(world: World, folder: Path, **changes: Any) -> str:
    """Somebody registers and is asked; answers the path of the link."""
    before = len(await mails(world, folder))
    await world.register(locale="en", **changes)
    await mails(world, folder)
    await tick(world, days=7)
    sent = await mails(world, folder)
    assert len(sent) == before + 1
    return link(sent[-1])


def token(path: str) -> str:
    return path.rpartition("/")[2]


# Who is asked, and when


async def test_whoever_was_welcomed_is_asked_once_a_week_later(
    world: World, tmp_path: Path
) -> None:
    one = (await world.register(locale="en", email="one@example.jp")).candidate_id
    assert await invitations(world) == []
    await mails(world, tmp_path)
    assert await invitations(world) == [(one, AFTER_REGISTRATION, False)]
    await tick(world, days=6, hours=23)
    assert await mails(world, tmp_path) == []
    await tick(world, hours=1)
    [mail] = await mails(world, tmp_path)
    assert (mail["to"], mail["subject"]) == ("one@example.jp", SUBJECT)
    await tick(world, days=1)
    assert len(await mails(world, tmp_path)) == 1


async def test_the_mail_is_in_the_candidates_language(world: World, tmp_path: Path) -> None:
    await world.register(locale="ja")
    await mails(world, tmp_path)
    await tick(world, days=7)
    [mail] = await mails(world, tmp_path)
    assert mail["subject"] == "2つの質問にお答えください"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "誰の回答かは記録しません" in body.get_content()


async def test_who_registers_again_by_the_same_company_is_not_asked_again(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path, email="one@example.jp")
    assert (await browser.post(path, data=BOTH)).status_code == 303
    await world.register(locale="en", email="one@example.jp")
    await mails(world, tmp_path)
    assert await invitations(world) == []


async def test_a_hire_and_the_lack_of_an_opening_are_asked_about(
    world: World, tmp_path: Path
) -> None:
    one, other = [(await world.register(locale="en")).candidate_id for _ in range(2)]
    await hired(world, await offered(world, one), fee_yen=1_000_000)
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id).where(Case.candidate_id == other))
    assert case_id is not None
    close = CloseCase(case_id, CaseOutcome.NO_SUITABLE_OPENING)
    await run(world, close_case, recruiter(world, world.agency), close)
    assert sorted(await invitations(world)) == sorted(
        (who, AFTER_OUTCOME, False) for who in (one, other)
    )
    await tick(world, days=14)
    assert len(await mails(world, tmp_path)) == 2


async def test_who_withdrew_is_left_in_peace(world: World) -> None:
    await world.register()
    async with world.database.read() as read:
        case_id = (await read.scalars(select(Case.id))).one()
    close = CloseCase(case_id, CaseOutcome.WITHDRAWN)
    await run(world, close_case, recruiter(world, world.agency), close)
    assert await invitations(world) == []


async def decline(world: World, candidate_id: uuid.UUID) -> None:
    async with world.database.transaction() as tx:
        await decline_surveys(tx, candidate(world.consortium_id, candidate_id, "en"))


async def block(world: World, candidate_id: uuid.UUID) -> None:
    actor = candidate(world.consortium_id, candidate_id, "en")
    await run(world, block_organization, actor, BlockOrganization(world.company.name))


async def erase(world: World, candidate_id: uuid.UUID) -> None:
    async with world.database.transaction() as tx:
        await erase_own_data(tx, candidate(world.consortium_id, candidate_id, "en"))


@pytest.mark.parametrize("step", [decline, block, erase])
async def test_who_does_not_want_to_be_asked_is_not(
    world: World, tmp_path: Path, step: Any
) -> None:
    one = (await world.register()).candidate_id
    await mails(world, tmp_path)
    await step(world, one)
    await tick(world, days=7)
    assert await mails(world, tmp_path) == []
    assert await invitations(world) == []


@pytest.mark.parametrize("step", [decline, erase])
async def test_a_mail_that_waits_to_be_sent_is_not_sent_then(
    world: World, tmp_path: Path, step: Any
) -> None:
    one = (await world.register()).candidate_id
    await mails(world, tmp_path)
    await tick(world, days=7)
    await step(world, one)
    assert await mails(world, tmp_path) == []


async def test_what_is_much_too_late_is_not_sent(world: World, tmp_path: Path) -> None:
    await world.register()
    await mails(world, tmp_path)
    await tick(world, days=7 + ASKED_LATE.days)
    assert await mails(world, tmp_path) == []
    assert await invitations(world) == []


async def test_what_nobody_answers_goes(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path)
    await tick(world, days=ANSWERED_WITHIN.days, seconds=-1)
    assert (await browser.get(path)).status_code == 200
    world.clock.forward(seconds=1)
    assert (await browser.get(path)).status_code == 404
    assert (await browser.post(path, data=BOTH)).status_code == 404
    await tick(world)
    assert (await invitations(world), await counters(world)) == ([], {})


# Answering


async def test_an_answer_is_two_counters_more_and_an_invitation_less_and_nothing_else(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path, email="one@example.jp")
    await asked(world, tmp_path, email="two@example.jp")
    before = await contents(world.database)
    page = await browser.get(path)
    assert world.company.name in page.text
    assert await contents(world.database) == before
    world.clock.forward(hours=3)
    sent = await browser.post(path, data=BOTH)
    assert (sent.status_code, sent.headers["location"]) == (303, "/survey-done")
    assert "set-cookie" not in sent.headers
    after = await contents(world.database)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"survey_invitation", "survey_month"}
    assert len(after["survey_invitation"]) == len(before["survey_invitation"]) - 1
    assert set(after["survey_invitation"]) < set(before["survey_invitation"])
    month = date(2026, 1, 1)
    assert await counters(world) == {
        (world.company.id, month, AFTER_REGISTRATION, WELL, 4): 1,
        (world.company.id, month, AFTER_REGISTRATION, HELPED, 5): 1,
    }


async def test_nothing_that_is_kept_of_an_answer_is_a_persons(world: World) -> None:
    """A counter's columns: no id of a row or person, no time but the month, no order."""
    assert [column.name for column in SurveyMonth.__table__.columns] == [
        "consortium_id",
        "company_id",
        "month",
        "kind",
        "question",
        "score",
        "answers",
        "smallest_count",
    ]
    assert {key.column.table.name for key in SurveyMonth.__table__.foreign_keys} == {
        "consortium",
        "organization",
    }


async def test_the_order_of_answers_leaves_no_trace(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    """Two pairs answer, the second pair the other way round: no row tells the pairs apart."""
    for _ in range(4):
        await world.register(locale="en")
    await mails(world, tmp_path)
    await tick(world, days=7)
    one, two, three, four = map(link, await mails(world, tmp_path))
    high, low = {"treated_well": "5"}, {"treated_well": "1"}
    await browser.post(one, data=high)
    await browser.post(two, data=low)
    once = await counters(world)
    world.clock.forward(hours=1)
    await browser.post(three, data=low)
    await browser.post(four, data=high)
    assert list(once.values()) == [1, 1]
    assert await counters(world) == dict.fromkeys(once, 2)
    assert await invitations(world) == []


async def test_a_link_works_once(world: World, tmp_path: Path, browser: httpx.AsyncClient) -> None:
    path = await asked(world, tmp_path)
    await browser.post(path, data=BOTH)
    before = await contents(world.database)
    again = await browser.post(path, data=BOTH)
    assert again.status_code == 404
    assert "This link works no more" in again.text
    assert (await browser.get(path)).status_code == 404
    assert await contents(world.database) == before


async def test_sent_twice_at_once_it_counts_once(world: World, tmp_path: Path) -> None:
    secret = token(await asked(world, tmp_path))

    async def send() -> bool:
        try:
            async with world.database.transaction() as tx:
                await answer_survey(tx, AnswerSurvey(secret, {WELL: 3}))
        except LinkUnknown:
            return False
        return True

    assert sorted(await asyncio.gather(*(send() for _ in range(6)))) == [False] * 5 + [True]
    assert list((await counters(world)).values()) == [1]


async def test_a_link_cannot_be_guessed_nor_used_before_it_is_mailed(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    from models.operations.survey_invitations import SURVEY_PURPOSE
    from models.tokens import token_of

    await world.register()
    await mails(world, tmp_path)
    async with world.database.read() as read:
        invitation_id = (await read.scalars(select(SurveyInvitation.id))).one()
    waiting = token_of(world.database.vault, SURVEY_PURPOSE, invitation_id)
    for guess in (waiting, "x" * 22, invitation_id.hex, "é"):
        assert (await browser.get(f"/survey/{guess}")).status_code == 404
        assert (await browser.post(f"/survey/{guess}", data=BOTH)).status_code == 404
        assert (await browser.post(f"/survey/{guess}/no-more")).status_code == 404
    assert await counters(world) == {}


async def test_one_question_may_be_left_open_but_not_both(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path)
    refused = await browser.post(path, data={})
    assert refused.status_code == 422
    assert "Answer at least one question" in refused.text
    for value in ("6", "0", "yes", "4.0"):
        assert (await browser.post(path, data={"helped": value})).status_code == 400
    assert await counters(world) == {}
    assert (await browser.post(path, data={"helped": "2"})).status_code == 303
    assert [key[3:] for key in await counters(world)] == [(HELPED, 2)]


async def test_a_score_outside_the_scale_is_refused_by_the_operation(
    world: World, tmp_path: Path
) -> None:
    secret = token(await asked(world, tmp_path))
    before = await contents(world.database)
    for scores in ({}, {WELL: 0}, {WELL: 6}):
        with pytest.raises(InvalidInput) as refusal:
            async with world.database.transaction() as tx:
                await answer_survey(tx, AnswerSurvey(secret, scores))
        assert refusal.value.path == ("scores",)
    assert await contents(world.database) == before


async def test_another_sites_form_is_refused(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path)
    sent = await browser.post(path, data=BOTH, headers={"origin": "https://other.example"})
    assert sent.status_code == 403
    assert await counters(world) == {}


async def test_months_are_those_of_the_consortiums_calendar(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path)
    world.clock.now = world.clock.now.replace(month=1, day=31, hour=15)  # February in Tokyo
    await browser.post(path, data={"helped": "3"})
    assert [key[1] for key in await counters(world)] == [date(2026, 2, 1)]


async def test_a_change_of_the_smallest_count_draws_no_month_anew(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    from models.tables.consortium import Consortium
    from tests.handovers import change

    paths = [await asked(world, tmp_path) for _ in range(2)]
    world.clock.now = world.clock.now.replace(day=28)
    for path, smallest in zip(paths, (3, 10), strict=True):
        await change(
            world, Consortium, Consortium.id == world.consortium_id, smallest_count=smallest
        )
        assert (await browser.post(path, data={"helped": "3"})).status_code == 303
    async with world.database.read() as read:
        row = (await read.scalars(select(SurveyMonth))).one()
    assert (row.answers, row.smallest_count) == (2, 3)


# Declining


async def test_the_mails_own_page_declines_without_signing_in(
    world: World, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    path = await asked(world, tmp_path)
    sent = await browser.post(f"{path}/no-more")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/survey-done?done=no-surveys",
    )
    assert (await invitations(world), await counters(world)) == ([], {})
    assert (await browser.get(path)).status_code == 404
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(SurveyOptOut)) == 1


async def test_a_candidate_declines_and_accepts_on_their_own_page(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    page = await browser.get("/me/data")
    form = {"csrf": csrf(page), "surveys": "no"}
    assert (await browser.post("/me/surveys", data={**form, "csrf": "0"})).status_code == 403
    assert (await browser.post("/me/surveys", data={**form, "surveys": "x"})).status_code == 400
    sent = await browser.post("/me/surveys", data=form)
    assert sent.headers["location"] == "/me/data?done=no-surveys"
    page = await browser.get(sent.headers["location"])
    assert "You are sent no more questions by mail." in page.text
    assert "You are not asked anything by mail." in page.text
    await browser.post("/me/surveys", data={**form, "surveys": "yes"})
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(SurveyOptOut)) == 0


async def test_accepting_again_asks_from_then_on(world: World, tmp_path: Path) -> None:
    one = (await world.register(locale="en")).candidate_id
    await decline(world, one)
    async with world.database.transaction() as tx:
        await accept_surveys(tx, candidate(world.consortium_id, one, "en"))
    await mails(world, tmp_path)
    await tick(world, days=7)
    assert len(await mails(world, tmp_path)) == 1


async def test_a_candidate_is_shown_what_waits(world: World, tmp_path: Path) -> None:
    one = (await world.register()).candidate_id
    await mails(world, tmp_path)
    actor = candidate(world.consortium_id, one, "en")
    async with world.database.read() as read:
        held = await own_data(read, actor)
    [waiting] = held.surveys
    assert (waiting.company.ja, waiting.kind, waiting.is_mailed, held.declines_surveys) == (
        world.company.name,
        AFTER_REGISTRATION,
        False,
        False,
    )
    assert waiting.due_at == world.clock.now + timedelta(days=7)
