"""The candidates' pages in a real browser: without scripts, by keyboard, on phone and desk."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from sqlalchemy import select
from starlette.applications import Starlette

from models.access import candidate
from models.operations.candidate_sessions import SIGN_IN_PURPOSE
from models.operations.inactivity import KEEP_PURPOSE, end_silence
from models.operations.registrations import CONFIRM_PURPOSE
from models.operations.requests import SendRequest, send_request
from models.operations.survey_invitations import SURVEY_PURPOSE, invite
from models.rules.requests import RequestKind
from models.rules.surveys import SurveyKind
from models.tables.candidates import Candidate, SignInLink
from models.tables.inactivity import DeletionNotice
from models.tables.registrations import Registration
from models.tables.surveys import SurveyInvitation, SurveyMonth
from models.tokens import token_of
from tasuki.pages.routes import routes
from tests.conftest import chromium
from tests.databases import SqliteTemplates, open_database
from tests.handovers import change, run
from tests.test_pages import newest, propose
from tests.world import World, build_world

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "clients/node_modules/axe-core/axe.min.js"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZES = {"phone": (360, 740), "desk": (1440, 900)}
Language = Literal["ja", "en"]
TAB_PRESSES_MAX = 120


@dataclass
class Site:
    """A served world."""

    world: World
    url: str


@pytest_asyncio.fixture
async def site(sqlite_templates: SqliteTemplates) -> AsyncIterator[Site]:
    url = sqlite_templates.clone()
    database = open_database(url)
    world = await build_world(database)
    listening = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = Starlette(routes=routes(database, base_url=base_url, contact="privacy@example.jp"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield Site(world, base_url)
    server.should_exit = True
    await serving
    await database.close()
    sqlite_templates.drop(url)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(FLAGS)
        )
        yield browser
        await browser.close()


async def context_of(browser: Browser, language: str, size: str, **more: Any) -> BrowserContext:
    width, height = SIZES[size]
    context = await browser.new_context(
        locale=language, viewport={"width": width, "height": height}, **more
    )
    context.set_default_timeout(20_000)
    return context


async def fits(page: Page) -> None:
    """Nothing is wider than the window."""
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None
    assert width <= page.viewport_size["width"], page.url


async def follow_mail(page: Page, site: Site, table: type[Any], purpose: str, path: str) -> None:
    """Open the newest mailed link, and press its one button."""
    await page.goto(f"{site.url}/{path}/{await newest(site.world, table, purpose)}")
    await fits(page)
    await page.locator("main form button").click()


async def fill_in(page: Page) -> None:
    await page.locator("#name").fill("佐藤 花子")
    await page.locator("#email").fill("hanako@example.jp")
    await page.locator("#prefecture").select_option("13")
    await page.locator("#category").select_option("SALES")
    await page.locator("#experience_years").fill("3")
    await page.locator("#form summary").first.click()
    await page.locator("input[name=skills]").first.check()
    await page.locator("#employment-none").check()
    for purpose in ("AGENCY_SUPPORT", "NAMED_TO_REFERRER", "PARTNER_SHARING"):
        await page.locator(f"#consent-{purpose}").check()


async def register(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/r/{site.world.link_token()}")
    await fill_in(page)
    await page.locator("#form button").click()
    await page.wait_for_url("**/sent")
    await follow_mail(page, site, Registration, CONFIRM_PURPOSE, "confirm")
    await page.wait_for_url("**/me?done=registered")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_journey_needs_no_script(
    site: Site, browser: Browser, language: Language, size: str
) -> None:
    page = await (await context_of(browser, language, size, java_script_enabled=False)).new_page()
    await page.goto(f"{site.url}/r/{site.world.link_token()}")
    assert await page.locator("html").get_attribute("lang") == language
    await fits(page)
    await page.locator("#form button").click()
    await page.locator(".errors").wait_for()
    assert await page.locator(".errors li").count() == 4
    await fits(page)
    await page.locator(".errors a").first.click()
    assert page.url.endswith("#name")
    await fill_in(page)
    await page.locator("#wishes").fill("I have two children" if language == "en" else "育児中です")
    await page.locator("#form button").click()
    await page.locator(".caution").wait_for()
    await fits(page)
    await page.locator("#form button").click()
    await page.wait_for_url("**/sent")
    await follow_mail(page, site, Registration, CONFIRM_PURPOSE, "confirm")
    await page.wait_for_url("**/me?done=registered")
    await propose(site.world)
    await page.locator("footer button").click()
    await page.locator("#email").fill("hanako@example.jp")
    await page.locator("main form button").click()
    await page.wait_for_url("**/sent")
    await follow_mail(page, site, SignInLink, SIGN_IN_PURPOSE, "me/sign-in")
    await page.wait_for_url("**/me")
    await fits(page)
    await page.locator(".question .button").click()
    await fits(page)
    await page.locator("button[value=agree]").click()
    await page.wait_for_url("**?done=agreed")
    for path in ("consents", "exclusions", "records", "leave", "data", "data/edit", "erase"):
        await page.goto(f"{site.url}/me/{path}")
        await fits(page)
    await page.locator("#sure").check()
    await page.locator("main form button").click()
    await page.wait_for_url("**/me/erased")
    await fits(page)


async def tab_to(page: Page, target: str) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(TAB_PRESSES_MAX):
        await page.keyboard.press("Tab")
        if await page.locator(f"{target}:focus").count():
            return
    raise AssertionError(f"the keyboard does not reach {target}")


async def test_the_journey_by_keyboard_alone(site: Site, browser: Browser) -> None:
    page = await (await context_of(browser, "en", "phone", java_script_enabled=False)).new_page()
    await page.goto(f"{site.url}/r/{site.world.link_token()}")
    await page.keyboard.press("Tab")
    assert await page.locator(".skip:focus").count() == 1
    await tab_to(page, "#name")
    await page.keyboard.type("Hanako Sato")
    await tab_to(page, "#email")
    await page.keyboard.type("hanako@example.jp")
    await tab_to(page, "#skills-0")
    await page.keyboard.press("Enter")
    await tab_to(page, "input[name=skills]")
    await page.keyboard.press("Space")
    await tab_to(page, "#employment-none")
    await page.keyboard.press("Space")
    await tab_to(page, "#consent-AGENCY_SUPPORT")
    await page.keyboard.press("Space")
    await tab_to(page, "#form button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sent")
    token = await newest(site.world, Registration, CONFIRM_PURPOSE)
    await page.goto(f"{site.url}/confirm/{token}")
    await tab_to(page, "main form button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/me?done=registered")
    await propose(site.world)
    await page.reload()
    await tab_to(page, ".question .button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/me/introductions/*")
    await tab_to(page, "button[value=decline]")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=declined")


async def violations(page: Page) -> list[str]:
    """What axe finds on the page, in words."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        """axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
        "best-practice"]})"""
    )
    assert found["passes"]
    return [
        f"{page.url} {one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def noticed(world: World) -> str:
    """The link of a mail about a long silence; and a request, so that the silence is over."""
    async with world.database.read() as read:
        candidate_id = (await read.scalars(select(Candidate.id))).one()
    long_ago = world.clock.now - timedelta(days=400)
    await change(world, Candidate, Candidate.id == candidate_id, last_active_at=long_ago)
    async with world.database.transaction() as tx:
        assert await end_silence(tx, candidate_id)
        notice_id = (await tx.scalars(select(DeletionNotice.id))).one()
    ask = SendRequest(RequestKind.COMPLAINT, "Please call me.")
    await run(world, send_request, candidate(world.consortium_id, candidate_id, "en"), ask)
    return f"/keep/{token_of(world.database.vault, KEEP_PURPOSE, notice_id)}"


async def asked(world: World) -> str:
    """The link of a mail with two questions."""
    async with world.database.transaction() as tx:
        candidate_id = (await tx.scalars(select(Candidate.id))).one()
        await invite(
            tx,
            consortium_id=world.consortium_id,
            candidate_id=candidate_id,
            company_id=world.company.id,
            kind=SurveyKind.REGISTRATION,
        )
        invitation_id = (await tx.scalars(select(SurveyInvitation.id))).one()
    later = world.clock.now + timedelta(days=1)
    mailed = {"is_mailed": True, "due_at": later}
    await change(world, SurveyInvitation, SurveyInvitation.id == invitation_id, **mailed)
    return f"/survey/{token_of(world.database.vault, SURVEY_PURPOSE, invitation_id)}"


async def test_two_questions_are_answered_by_keyboard_on_a_phone(
    site: Site, browser: Browser
) -> None:
    await site.world.register()
    path = await asked(site.world)
    page = await (await context_of(browser, "ja", "phone", color_scheme="light")).new_page()
    await page.goto(site.url + path)
    await fits(page)
    assert await violations(page) == []
    await page.locator("form.card button").first.click()
    await page.locator(".errors").wait_for()
    assert await violations(page) == []
    await page.locator("#treated_well-4").focus()
    await page.keyboard.press("Space")
    await page.locator("form.card button").first.press("Enter")
    await page.wait_for_url("**/survey-done")
    assert await violations(page) == []
    async with site.world.database.read() as read:
        assert list(await read.scalars(select(SurveyMonth.score))) == [4]


@pytest.mark.parametrize(
    ("language", "size", "scheme"),
    [
        ("ja", "phone", "light"),
        ("en", "desk", "dark"),
        ("en", "phone", "dark"),
        ("ja", "desk", "light"),
    ],
)
async def test_axe_finds_nothing_on_any_page(
    site: Site, browser: Browser, language: Language, size: str, scheme: Literal["light", "dark"]
) -> None:
    page = await (await context_of(browser, language, size, color_scheme=scheme)).new_page()
    link = f"/r/{site.world.link_token()}"
    await page.goto(site.url + link)
    for summary in await page.locator("summary").all():
        await summary.click()
    found = await violations(page)
    await page.locator("#form button").click()
    await page.locator(".errors").wait_for()
    found += await violations(page)
    waiting = await site.world.start(site.world.form())
    await register(page, site)
    found += await violations(page)
    keep = await noticed(site.world)
    survey = await asked(site.world)
    referral_id = await propose(site.world)
    for path in (
        f"{link}/sent",
        keep,
        survey,
        "/survey-done",
        "/me/requests",
        f"/confirm/{waiting}",
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
        "/privacy",
        "/r/unknown",
    ):
        await page.goto(site.url + path)
        await fits(page)
        found += await violations(page)
    assert found == []
