"""A candidate is led to the page that was asked for, and reads there what they agreed to."""

from __future__ import annotations

import uuid
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from models.operations.candidate_sessions import SIGN_IN_PURPOSE
from models.outbox import EventType
from models.reads.candidate_mails import DeletionMail
from models.reads.outgoing_mails import agreement_mail, sign_in_mail
from models.rules.ledger import Unit
from models.rules.own_pages import own_page_at
from models.rules.rewards import ClauseOffered, RewardEvent
from models.rules.sharing import CandidateField
from models.tables.candidates import Candidate, SignInLink
from models.tables.records import OutboxEvent
from tasuki.workers import messages
from tests.handovers import proposed
from tests.partners import funded, list_all, offered, partners
from tests.test_pages import BASE, browser, csrf, newest, register
from tests.world import World

__all__ = ["browser"]


async def test_signing_in_leads_to_the_page_that_was_asked_for(
    browser: httpx.AsyncClient, world: World
) -> None:
    await world.register(email="hanako@example.jp")
    led = (await browser.get("/me/consents?lang=en")).headers["location"]
    assert led == "/me/sign-in?to=/me/consents"
    form = await browser.get(led)
    assert '<input type="hidden" name="to" value="/me/consents">' in form.text
    data = {"email": "hanako@example.jp", "to": "/me/consents"}
    assert (await browser.post("/me/sign-in", data=data)).status_code == 303
    async with world.database.read() as read:
        link_id = (await read.scalars(select(SignInLink.id))).one()
        [refs] = await read.scalars(
            select(OutboxEvent.refs).where(OutboxEvent.type == EventType.SIGN_IN_REQUESTED.value)
        )
        mail = await sign_in_mail(read, link_id, refs["page"])
    assert mail is not None
    address = f"/me/sign-in/{mail.token}?to=/me/consents"
    assert f"{BASE}{address}" in messages.sign_in(mail, BASE).text
    page = await browser.get(address)
    assert '<input type="hidden" name="to" value="/me/consents">' in page.text
    used = await browser.post(f"/me/sign-in/{mail.token}", data={"to": "/me/consents"})
    assert used.headers["location"] == "/me/consents"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/me/consents",
        "/\\evil.example",
        "/me//evil.example",
        "/me/../app",
        "/me/consents?x=1",
        "/me/consents\nset-cookie: a=b",
        "/me/sign-out",
        "/app",
        "/me/" + "a" * 100,
        '/me/"><script>',
    ],
)
async def test_signing_in_leads_nowhere_else(
    browser: httpx.AsyncClient, world: World, to: str
) -> None:
    await world.register(email="hanako@example.jp")
    assert own_page_at(to) is None
    form = await browser.get("/me/sign-in", params={"to": to})
    assert '<input type="hidden" name="to" value="/me">' in form.text
    await browser.post("/me/sign-in", data={"email": "hanako@example.jp", "to": to})
    token = await newest(world, SignInLink, SIGN_IN_PURPOSE)
    used = await browser.post(f"/me/sign-in/{token}", data={"to": to})
    assert used.headers["location"] == "/me"


async def candidate_id_of(world: World) -> uuid.UUID:
    async with world.database.read() as read:
        return (await read.scalars(select(Candidate.id))).one()


NAMED = ["AGENCY_SUPPORT", "PARTNER_SHARING", "NAMED_TO_REFERRER"]


async def test_a_partners_question_says_its_rewards_and_then_what_was_agreed(
    browser: httpx.AsyncClient, world: World
) -> None:
    reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
    fields = (CandidateField.NAME, CandidateField.SKILLS)
    await partners(world, world.company, world.other_company, fields=fields, rewards=(reward,))
    await funded(world)
    await register(browser, world, category="SALES", consent=NAMED)
    await list_all(world)
    someone = await candidate_id_of(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    path = f"/me/introductions/{referral_id}"
    async with world.database.read() as read:
        mail = await agreement_mail(read, referral_id)
    assert mail is not None
    assert f"{BASE}{path}\n" in messages.agreement(mail, BASE).text
    page = await browser.get(path)
    assert "When you join: Company 1 is given 1 count towards" in page.text
    assert "Company 1 learns: that you joined, that you left early." in page.text
    for other in ("90 days", "taken up"):
        assert other not in page.text
    assert "What you agreed to" not in page.text
    await browser.post(path, data={"csrf": csrf(page), "answer": "agree"})
    page = await browser.get(path)
    told = page.text.partition("What you agreed to")[2]
    assert "Company 2" in told
    assert "name, skills and qualifications" in told
    assert "by what you agreed to until 4 February 2026 09:00" in told
    page = await browser.get(f"{path}?lang=ja")
    assert "同意された条件では2026年2月4日 09:00まで" in page.text


async def test_an_agencys_introduction_says_what_was_agreed(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    referral_id = await proposed(world, await candidate_id_of(world))
    path = f"/me/introductions/{referral_id}"
    page = await browser.get(path)
    await browser.post(path, data={"csrf": csrf(page), "answer": "agree"})
    told = (await browser.get(path)).text.partition("What you agreed to")[2]
    assert "telephone number" in told
    assert "During the selection." in told
    assert "by what you agreed to until" not in told


async def test_the_erase_page_says_that_recipients_are_asked(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    page = await browser.get("/me/erase")
    assert "asked to delete it, and to confirm that within 14 days" in page.text
    assert "Ask them to delete it" not in page.text
    page = await browser.get("/me/erase?lang=ja")
    assert "14日以内に削除して確認するよう、こちらから依頼します" in page.text
    assert "各社にお申し出ください" not in page.text


async def test_years_of_experience_are_said_in_years(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world, experience_years="0")
    page = await browser.get("/me?lang=ja")
    assert "<dt>経験年数</dt><dd>0年</dd>" in page.text


def test_the_mail_before_an_erasure_says_the_day_as_people_write_it() -> None:
    told = {
        locale: messages.deletion_notice(
            DeletionMail("a@example.jp", locale, "花子", "関西", date(2026, 12, 25), "x" * 22), BASE
        )
        for locale in ("ja", "en")
    }
    assert told["ja"].subject == "2026年12月25日に登録を削除します"
    assert "2026年12月25日にすべて削除します" in told["ja"].text
    assert told["en"].subject == "Your registration will be erased on 25 December 2026"
    assert "2026-12-25" not in told["ja"].text + told["en"].text
