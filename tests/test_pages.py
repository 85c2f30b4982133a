"""The candidates' pages over HTTP: the journey, its refusals, and what GET must never do."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select
from starlette.applications import Starlette

from models.access import Role
from models.base import Base
from models.operations.candidate_sessions import SIGN_IN_PURPOSE
from models.operations.handovers import hand_over
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.registrations import CONFIRM_PURPOSE
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.lifecycles import Channel, LinkStatus, OrganizationKind, ReferralStatus
from models.rules.sharing import Purpose
from models.session import Database
from models.tables.candidates import Candidate, CandidateSession, Exclusion, SignInLink
from models.tables.consortium import Organization
from models.tables.links import RelayLink
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from models.tokens import token_of
from tasuki.pages import web
from tasuki.pages.routes import routes
from tests.world import World, add_organization

BASE = "https://tasuki.test"
CONTACT = "privacy@tasuki.test"
FORM: Mapping[str, Any] = {
    "name": "佐藤 花子",
    "email": "hanako@example.jp",
    "employment": "NONE",
    "consent": ["AGENCY_SUPPORT"],
}


def app_of(database: Database) -> Starlette:
    return Starlette(routes=routes(database, base_url=BASE, contact=CONTACT))


@pytest_asyncio.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Something that keeps cookies and sends the Origin of our own pages."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app_of(world.database)),
        base_url=BASE,
        headers={"origin": BASE, "accept-language": "en"},
    ) as client:
        yield client


async def newest(world: World, table: type[Any], purpose: str) -> str:
    """The token of the newest mailed link of a kind."""
    column = table.started_at if table is Registration else table.created_at
    async with world.database.read() as read:
        row_id = await read.scalar(select(table.id).order_by(column.desc()).limit(1))
    assert row_id is not None
    return token_of(world.database.vault, purpose, row_id)


async def register(browser: httpx.AsyncClient, world: World, **changes: Any) -> httpx.Response:
    """The whole way in; answers the page one lands on."""
    link = f"/r/{world.link_token()}"
    world.clock.forward(seconds=1)
    await browser.get(link)
    sent = await browser.post(link, data={**FORM, **changes})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{link}/sent")
    token = await newest(world, Registration, CONFIRM_PURPOSE)
    confirmed = await browser.post(f"/confirm/{token}", data={})
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/me?done=registered")
    return await browser.get("/me?done=registered")


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


async def propose(world: World) -> uuid.UUID:
    async with world.database.transaction() as tx:
        candidate_id = await tx.scalar(select(Candidate.id))
        assert candidate_id is not None
        return await hand_over(
            tx,
            world.actor(world.agency, Role.RECRUITER),
            candidate_id=candidate_id,
            channel=Channel.AGENCY_INTRODUCTION,
            from_id=world.agency.id,
            to_id=world.other_company.id,
            status=ReferralStatus.PROPOSED,
            time_zone="Asia/Tokyo",
        )


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    async with database.read() as read:
        return {
            table.name: sorted(
                (tuple(map(repr, row)) for row in await read.execute(select(table))), key=str
            )
            for table in Base.metadata.sorted_tables
        }


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value and value.startswith("/"):
                self.found.append(value)


def links_of(page: httpx.Response) -> Iterator[str]:
    parser = Links()
    parser.feed(page.text)
    yield from parser.found


# The way in


async def test_the_whole_way_in(browser: httpx.AsyncClient, world: World) -> None:
    page = await register(browser, world)
    assert page.status_code == 200
    assert "You are registered." in page.text
    assert "佐藤 花子" in page.text
    assert world.agency.name in page.text
    async with world.database.read() as read:
        registration = await read.scalar(select(Registration))
    assert registration is not None
    assert registration.device_hash is not None
    assert (registration.text_version, registration.locale) == (CONSENT_TEXT_VERSION, "en")


async def test_the_invitation_says_who_why_and_what_it_brings_the_company(
    browser: httpx.AsyncClient, world: World
) -> None:
    page = (await browser.get(f"/r/{world.link_token()}")).text
    assert "Company 1 passes you on, with care." in page
    assert "Agency 3 takes you on" in page
    assert "count of registrations rises by one" in page
    assert "Every 10 of them earn it one hire without a fee." in page
    assert "Registering is voluntary." in page
    ticks = re.findall(r'<input type="checkbox" id="consent-\w+" name="consent"[^>]*>', page)
    assert len(ticks) == 3
    assert not any("checked" in tick for tick in ticks)


@pytest.mark.parametrize("state", [LinkStatus.PAUSED, LinkStatus.EXPIRED, LinkStatus.REVOKED])
async def test_a_link_that_is_not_active_still_serves(
    browser: httpx.AsyncClient, world: World, state: LinkStatus
) -> None:
    async with world.database.transaction() as tx:
        (await tx.get_one(RelayLink, world.link.id)).status = state
    page = await browser.get(f"/r/{world.link_token()}")
    assert page.status_code == 200
    assert "This link no longer counts for Company 1." in page.text
    assert (await register(browser, world)).status_code == 200


async def test_all_errors_come_at_once_and_values_are_kept(
    browser: httpx.AsyncClient, world: World
) -> None:
    form = {
        "name": "",
        "email": "hanako",
        "phone": "123",
        "experience_years": "many",
        "skills": ["PYTHON", "NONE"],
        "employment": "EMPLOYED",
        "employer": "",
        "prefecture": "13",
        "wishes": "Near <b>a station</b>",
        "consent": ["PARTNER_SHARING"],
    }
    page = await browser.post(f"/r/{world.link_token()}", data=form)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    linked = re.findall(r'<li><a href="#([\w-]+)">', page.text)
    assert linked == [
        *("name", "email", "phone", "experience_years", "skills-0", "employer"),
        "consent-AGENCY_SUPPORT",
    ]
    for anchor in linked:
        assert f'id="{anchor}"' in page.text
    assert 'value="hanako"' in page.text
    assert '<option value="13" selected>' in page.text
    assert "Near &lt;b&gt;a station&lt;/b&gt;" in page.text
    assert 'value="PYTHON" checked' in page.text
    assert 'name="consent" value="PARTNER_SHARING" checked' in page.text
    assert 'aria-describedby="email-hint email-error" aria-invalid="true"' in page.text
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Registration)) == 0


async def test_whether_one_is_employed_must_be_said(
    browser: httpx.AsyncClient, world: World
) -> None:
    form = {name: value for name, value in FORM.items() if name != "employment"}
    page = await browser.post(f"/r/{world.link_token()}", data=form)
    assert page.status_code == 422
    assert "Say whether you have an employer at present." in page.text


async def test_sensitive_wishes_are_warned_about_once(
    browser: httpx.AsyncClient, world: World
) -> None:
    link, form = f"/r/{world.link_token()}", {**FORM, "wishes": "I have a chronic illness"}
    page = await browser.post(link, data=form)
    assert page.status_code == 200
    assert "health, illness or disability" in page.text
    assert 'name="wishes_warned" value="1"' in page.text
    again = await browser.post(link, data={**form, "wishes_warned": "1"})
    assert again.headers["location"] == f"{link}/sent"


async def test_the_page_after_the_form_names_each_step_that_is_left(
    browser: httpx.AsyncClient, world: World
) -> None:
    sent = f"/r/{world.link_token()}/sent"
    told = await browser.get(sent)
    assert "Open its link within 7 days and press the button" in told.text
    told = await browser.get(sent, headers={"accept-language": "ja"})
    assert "7日以内にメールのリンクを開き、次のページのボタンを押すと" in told.text


async def test_known_and_unknown_addresses_get_the_same_answer(
    browser: httpx.AsyncClient, world: World
) -> None:
    await world.register(email="known@example.jp")
    link = f"/r/{world.link_token()}"
    pairs = []
    for path, more in ((link, FORM), ("/me/sign-in", {})):
        answers = [
            await browser.post(path, data={**more, "email": address})
            for address in ("known@example.jp", "unknown@example.jp")
        ]
        pages = [await browser.get(answer.headers["location"]) for answer in answers]
        pairs.append([(a.status_code, a.text, p.text) for a, p in zip(answers, pages, strict=True)])
    assert all(known == unknown for known, unknown in pairs)


async def test_an_expired_confirmation_says_so(browser: httpx.AsyncClient, world: World) -> None:
    token = await world.start(world.form())
    world.clock.forward(days=7)
    page = await browser.get(f"/confirm/{token}")
    assert (page.status_code, "The time to confirm has passed" in page.text) == (410, True)
    sent = await browser.post(f"/confirm/{token}", data={})
    assert (sent.status_code, "Register once more" in sent.text) == (409, True)


async def test_a_confirmation_opens_no_session_later(
    browser: httpx.AsyncClient, world: World
) -> None:
    token = await world.start(world.form())
    await world.confirm(token)
    world.clock.forward(hours=1)
    answer = await browser.post(f"/confirm/{token}", data={})
    assert answer.headers["location"] == "/me/sign-in?done=confirmed"
    assert "set-cookie" not in answer.headers


# GET shows, POST acts


async def test_a_mail_scanner_that_follows_every_link_changes_nothing(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    await propose(world)
    waiting = await world.start(world.form())
    await browser.post("/me/sign-in", data={"email": FORM["email"]})
    mailed = await newest(world, SignInLink, SIGN_IN_PURPOSE)
    before = await contents(world.database)
    start = [f"/r/{world.link_token()}", f"/confirm/{waiting}", f"/me/sign-in/{mailed}", "/me"]
    seen: set[str] = set()
    while start:
        path = start.pop()
        if path in seen:
            continue
        seen.add(path)
        page = await browser.get(path)
        assert page.status_code in {200, 303}, path
        start += links_of(page)
    assert "/me/leave" in seen
    assert any(path.startswith("/me/introductions/") for path in seen)
    assert await contents(world.database) == before
    async with httpx.AsyncClient(transport=browser._transport, base_url=BASE) as other:
        used = await other.post(f"/me/sign-in/{mailed}", data={})
    assert used.headers["location"] == "/me"


async def test_head_is_answered_like_get(browser: httpx.AsyncClient, world: World) -> None:
    answer = await browser.head(f"/r/{world.link_token()}")
    assert (answer.status_code, answer.text) == (200, "")


# One's own pages


async def test_a_sign_in_link_works_once(browser: httpx.AsyncClient, world: World) -> None:
    await world.register(email="hanako@example.jp")
    assert (await browser.get("/me")).headers["location"] == "/me/sign-in"
    asked = await browser.post("/me/sign-in", data={"email": "Hanako@Example.jp"})
    assert asked.headers["location"] == "/me/sign-in/sent"
    token = await newest(world, SignInLink, SIGN_IN_PURPOSE)
    used = await browser.post(f"/me/sign-in/{token}", data={})
    assert used.headers["location"] == "/me"
    cookie = used.headers["set-cookie"]
    assert cookie.startswith("__Host-tasuki-me=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert (await browser.get("/me")).status_code == 200
    assert (await browser.post(f"/me/sign-in/{token}", data={})).status_code == 410
    assert (await browser.get(f"/me/sign-in/{token}")).status_code == 410


async def test_what_is_no_address_is_refused_beside_its_field(browser: httpx.AsyncClient) -> None:
    page = await browser.post("/me/sign-in", data={"email": "hanako"})
    assert page.status_code == 422
    assert '<a href="#email">' in page.text
    assert 'value="hanako"' in page.text


async def test_signing_out_ends_the_session(browser: httpx.AsyncClient, world: World) -> None:
    page = await register(browser, world)
    stolen = browser.cookies["__Host-tasuki-me"]
    out = await browser.post("/me/sign-out", data={"csrf": csrf(page)})
    assert out.headers["location"] == "/me/sign-in?done=signed-out"
    assert "__Host-tasuki-me" not in browser.cookies
    browser.cookies.set("__Host-tasuki-me", stolen)
    assert (await browser.get("/me")).status_code == 303
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(CandidateSession)) == 0


@pytest.mark.parametrize(
    ("answer", "done", "state"),
    [
        ("agree", "agreed", ReferralStatus.DELIVERED),
        ("decline", "declined", ReferralStatus.WITHDRAWN),
        ("withdraw", "withdrawn", ReferralStatus.WITHDRAWN),
    ],
)
async def test_an_introduction_is_answered(
    browser: httpx.AsyncClient, world: World, answer: str, done: str, state: ReferralStatus
) -> None:
    await register(browser, world)
    referral_id = await propose(world)
    me = await browser.get("/me")
    path = f"/me/introductions/{referral_id}"
    assert f'href="{path}"' in me.text
    page = await browser.get(path)
    assert "I agree to be introduced to Company 2" in page.text
    sent = await browser.post(path, data={"csrf": csrf(page), "answer": answer})
    assert sent.headers["location"] == f"{path}?done={done}"
    async with world.database.read() as read:
        assert (await read.get_one(Referral, referral_id)).status is state
    if answer == "agree":
        again = await browser.post(path, data={"csrf": csrf(page), "answer": answer})
        assert (again.status_code, "This was answered already" in again.text) == (409, True)


async def test_another_candidates_introduction_does_not_exist(
    browser: httpx.AsyncClient, world: World
) -> None:
    await world.register()
    referral_id = await propose(world)
    page = await register(browser, world)
    path = f"/me/introductions/{referral_id}"
    assert (await browser.get(path)).status_code == 404
    sent = await browser.post(path, data={"csrf": csrf(page), "answer": "agree"})
    assert sent.status_code == 404
    async with world.database.read() as read:
        referral = await read.get_one(Referral, referral_id)
    assert referral.status is ReferralStatus.PROPOSED


async def test_consents_exclusions_and_leaving(browser: httpx.AsyncClient, world: World) -> None:
    page = await register(browser, world, consent=[one.value for one in _ASKED])
    token = csrf(page)
    consents = await browser.get("/me/consents")
    named = re.search(r'name="consent" value="([^"]+)"', consents.text)
    assert named is not None
    sent = await browser.post("/me/consents", data={"csrf": token, "consent": named[1]})
    assert sent.headers["location"] == "/me/consents?done=consent"
    block = {"csrf": token, "action": "block", "name": "Company 2"}
    sent = await browser.post("/me/exclusions", data=block)
    assert sent.headers["location"] == "/me/exclusions?done=blocked"
    wrong = await browser.post("/me/exclusions", data={**block, "name": "株式会社"})
    assert (wrong.status_code, '<a href="#name">' in wrong.text) == (422, True)
    unblock = {"csrf": token, "action": "unblock", "organization": str(world.other_company.id)}
    sent = await browser.post("/me/exclusions", data=unblock)
    assert sent.headers["location"] == "/me/exclusions?done=unblocked"
    works = {"csrf": token, "action": "employer", "employer": "Company 2"}
    sent = await browser.post("/me/exclusions", data=works)
    assert sent.headers["location"] == "/me/exclusions?done=employer"
    assert "can look" in (await browser.get("/me/records")).text
    sent = await browser.post("/me/leave", data={"csrf": token})
    assert sent.headers["location"] == "/me?done=left"
    assert "can look" not in (await browser.get("/me/records")).text
    assert (await browser.get("/me/leave")).headers["location"] == "/me"
    assert (await browser.post("/me/leave", data={"csrf": token})).headers["location"] == "/me"


async def test_openings_that_fit_are_shown_with_their_reasons(
    browser: httpx.AsyncClient, world: World
) -> None:
    page = await register(browser, world, category="SALES", skills=["NEGOTIATION"])
    assert "No opening fits at present" in (await browser.get("/me/matches")).text
    terms = OpeningTerms(title="法人営業", category="SALES", skills=("NEGOTIATION", "CRM"))
    seller = world.actor(world.other_company, Role.RECRUITER)
    async with world.database.transaction() as tx:
        await create_opening(tx, seller, CreateOpening(terms))
    before = await contents(world.database)
    shown = (await browser.get("/me/matches")).text
    assert await contents(world.database) == before
    for text in ("法人営業", "Company 2", "The same job category: Sales", "1 of 2 skills"):
        assert text in shown
    assert "CRM" in shown.partition("What is missing")[2]
    block = {"csrf": csrf(page), "action": "block", "name": "Company 2"}
    await browser.post("/me/exclusions", data=block)
    assert "法人営業" not in (await browser.get("/me/matches")).text
    await browser.post("/me/leave", data={"csrf": csrf(page)})
    assert "No agency looks after you" in (await browser.get("/me/matches")).text


async def test_a_company_that_takes_no_part_yet_is_remembered(
    browser: httpx.AsyncClient, world: World
) -> None:
    token = csrf(await register(browser, world))
    block = {"csrf": token, "action": "block", "name": "Nobody's <b>"}
    await browser.post("/me/exclusions", data=block)
    page = await browser.get("/me/exclusions?done=blocked")
    assert "Nobody&#39;s &lt;b&gt;</span>" in page.text
    assert "also if it takes part only later" in page.text
    undo = {"csrf": token, "action": "unblock-name", "name": "nobodys (b)"}
    sent = await browser.post("/me/exclusions", data=undo)
    assert sent.headers["location"] == "/me/exclusions?done=unblocked"
    assert "Nobody" not in (await browser.get("/me/exclusions")).text
    assert (await browser.post("/me/exclusions", data=undo)).status_code == 404


async def test_moving_to_another_agency(browser: httpx.AsyncClient, world: World) -> None:
    token = csrf(await register(browser, world))
    assert "Another agency" not in (await browser.get("/me")).text
    async with world.database.transaction() as tx:
        other = await add_organization(tx, world.consortium_id, 20, OrganizationKind.AGENCY)
        agency = await tx.get_one(Organization, world.agency.id)
        agency.licence_expires_on = date(2026, 1, 1)
    page = (await browser.get("/me")).text
    assert "Agency 3 can no longer support you." in page
    assert "I agree that Agency 20 uses my data to help me find work." in page
    refused = await browser.post("/me/move", data={"agency": str(other.id)})
    assert refused.status_code == 403
    wrong = {"csrf": token, "agency": str(agency.id)}
    assert (await browser.post("/me/move", data=wrong)).status_code == 409
    nonsense = {"csrf": token, "agency": "x"}
    assert (await browser.post("/me/move", data=nonsense)).status_code == 404
    sent = await browser.post("/me/move", data={"csrf": token, "agency": str(other.id)})
    assert sent.headers["location"] == "/me?done=moved"
    page = (await browser.get("/me?done=moved")).text
    assert "Another agency looks after you from now on." in page
    assert "can no longer support you" not in page
    again = await browser.post("/me/move", data={"csrf": token, "agency": str(other.id)})
    assert again.status_code == 409


_ASKED = (Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING, Purpose.NAMED_TO_REFERRER)


async def test_no_employer_can_be_saved(browser: httpx.AsyncClient, world: World) -> None:
    page = await register(browser, world, employment="EMPLOYED", employer="Company 2")
    works = {"csrf": csrf(page), "action": "employer", "employer": ""}
    sent = await browser.post("/me/exclusions", data=works)
    assert sent.headers["location"] == "/me/exclusions?done=employer"
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Exclusion)) == 0


# Languages


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "ja"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,ja;q=0.4,en;q=0.7", "en"),
        ("fr", "en"),
        ("ja", "ja"),
        ("en;q=x, ja;q=0.1", "ja"),
    ],
)
async def test_the_browsers_language(world: World, accepted: str | None, language: str) -> None:
    headers = {"accept-language": accepted} if accepted else {"accept-language": ""}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app_of(world.database)), base_url=BASE, headers=headers
    ) as client:
        assert f'<html lang="{language}">' in (await client.get("/privacy")).text


async def test_the_chosen_language_stays(browser: httpx.AsyncClient) -> None:
    assert '<html lang="ja">' in (await browser.get("/privacy?lang=ja")).text
    assert '<html lang="ja">' in (await browser.get("/me/sign-in")).text
    assert '<html lang="en">' in (await browser.get("/me/sign-in?lang=en")).text
    assert '<html lang="en">' in (await browser.get("/privacy?lang=fr")).text


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_page_speaks_one_language(
    browser: httpx.AsyncClient, world: World, language: str
) -> None:
    await browser.get(f"/privacy?lang={language}")
    await register(browser, world)
    referral_id = await propose(world)
    token = world.link_token()
    for path in (
        f"/r/{token}",
        f"/r/{token}/sent",
        "/me",
        f"/me/introductions/{referral_id}",
        "/me/matches",
        "/me/consents",
        "/me/exclusions",
        "/me/records",
        "/me/leave",
        "/me/data",
        "/me/data/edit",
        "/me/erase",
        "/me/erased",
        "/me/sign-in",
        "/me/sign-in/sent",
        "/privacy",
        "/r/unknown",
    ):
        page = (await browser.get(path)).text
        text = re.sub(r"<[^>]+>|佐藤 花子|2026 春採用|日本語", " ", page)
        has_japanese = re.search(r"[ぁ-んァ-ヶ一-龠]", text) is not None
        assert has_japanese is (language == "ja"), path


# What is refused, and how pages are kept


async def test_every_answer_has_the_headers(browser: httpx.AsyncClient, world: World) -> None:
    link = f"/r/{world.link_token()}"
    answers = [
        await browser.get(link),
        await browser.post(link, data={}),
        await browser.post(link, data=dict(FORM)),
        await browser.get("/r/unknown"),
        await browser.get("/me"),
        await browser.get("/me/nothing/here"),
        await browser.post(link, data={}, headers={"origin": "https://evil.test"}),
    ]
    assert [one.status_code for one in answers] == [200, 422, 303, 404, 303, 404, 403]
    for answer in answers:
        for name, value in web.HEADERS.items():
            assert answer.headers[name] == value
    assert web.HEADERS["cache-control"] == "no-store"
    assert web.HEADERS["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://tasuki.test"},
        {"origin": "", "sec-fetch-site": "cross-site"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    world: World, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    token = await world.start(world.form())
    before = await contents(world.database)
    if not headers["origin"]:
        del browser.headers["origin"]
        headers = {"sec-fetch-site": "cross-site"}
    answer = await browser.post(f"/confirm/{token}", data={}, headers=headers)
    assert answer.status_code == 403
    assert await contents(world.database) == before


@pytest.mark.parametrize(
    "path",
    ["/me/sign-out", "/me/leave", "/me/consents", "/me/exclusions", "/me/data/edit", "/me/erase"],
)
async def test_own_forms_need_the_sessions_token(
    browser: httpx.AsyncClient, world: World, path: str
) -> None:
    await register(browser, world)
    before = await contents(world.database)
    for token in ({}, {"csrf": "x"}, {"csrf": "é"}):
        assert (await browser.post(path, data=token)).status_code == 403
    assert await contents(world.database) == before
    browser.cookies.clear()
    assert (await browser.post(path, data={})).headers["location"] == "/me/sign-in"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"name=" + b"x" * web.BODY_BYTES_MAX, web.FORM_TYPE, 413),
        (b"&".join([b"a=1"] * (web.FIELDS_MAX + 1)), web.FORM_TYPE, 400),
        (b"name=%ff", web.FORM_TYPE, 400),
        (b"\xff\xfe", web.FORM_TYPE, 400),
        (b"{}", "application/json", 400),
        (b"name=x", "", 400),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 400),
    ],
)
async def test_malformed_forms_are_refused(
    browser: httpx.AsyncClient, world: World, content: bytes, kind: str, status: int
) -> None:
    link = f"/r/{world.link_token()}"
    answer = await browser.post(link, content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert "Tasuki" in answer.text


@pytest.mark.parametrize("token", ["unknown", "x" * 65, "é", "%00", "..%2f"])
@pytest.mark.parametrize("path", ["/r/", "/confirm/"])
async def test_unknown_tokens_read_as_nothing(
    browser: httpx.AsyncClient, path: str, token: str
) -> None:
    page = await browser.get(path + token)
    assert (page.status_code, "This page does not exist" in page.text) == (404, True)
    assert (await browser.post(path + token, data=dict(FORM))).status_code == 404


async def test_files_are_cached_for_good_and_old_ones_are_gone(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/privacy")
    [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)
    answer = await browser.get(sheet)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await browser.get("/static/pages.000000000000.css")).status_code == 404


async def test_pages_hold_no_script_and_no_style_of_their_own(
    browser: httpx.AsyncClient, world: World
) -> None:
    page = await browser.get(f"/r/{world.link_token()}")
    assert re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://", page.text) is None
    assert len(page.content) < 60_000
