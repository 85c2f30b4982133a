"""The dashboards in a real browser: every page of every role, and a journey by keyboard."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, FilePayload, Page, Response, async_playwright
from sqlalchemy import func, select

from gql.node import encode_id
from models.access import Role
from models.audit import HASH_BYTES, verify_chain
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.links import CreateRelayLink, create_relay_link
from models.operations.mailings import CreateMailing, create_mailing, read_people
from models.operations.meeting_decisions import ReviewMeeting, review_meeting
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.outcomes import RecordExit, record_exit
from models.operations.requests import EndRequest, SendRequest, answer_request, send_request
from models.operations.terms import ProposeTerms, propose_terms
from models.rules.comparisons import Figure
from models.rules.flows import local_day
from models.rules.ledger import Unit
from models.rules.lifecycles import Channel
from models.rules.meetings import DecisionMade
from models.rules.requests import RequestKind
from models.rules.rewards import ClauseOffered, RewardEvent
from models.session import Database, utc_now
from models.tables.consortium import Organization, ProgramVersion
from models.tables.links import LinkUsage
from models.tables.referrals import Case, Referral
from network.meetings import TELLING
from tasuki.app import create_app
from tasuki.dashboards import BUILT
from tasuki.settings import Settings
from tests.conftest import chromium
from tests.databases import SECRET_KEY, SqliteTemplates, open_database
from tests.handovers import (
    ZONE,
    accepted,
    delivered,
    give_free_hires,
    hired,
    offered,
    proposed,
    run,
)
from tests.meetings import decided, held, prepared
from tests.partners import (
    TERMS,
    admin,
    agreed,
    asked,
    frozen_months,
    funded,
    link_of,
    partners,
    person,
    seeks,
    shared,
    taken_up,
    third_company,
    turned_down,
)
from tests.people import PASSWORD, add_person
from tests.world import World, build_world

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "clients/node_modules/axe-core/axe.min.js"
RUN_AXE = """
axe.run(document, {resultTypes: ["violations"], preload: false})
  .then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))
"""
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZES = {"phone": (360, 740), "desk": (1440, 900)}
TAB_PRESSES_MAX = 60
WITHIN_MS = 20_000
Language = Literal["ja", "en"]

PAGES = {
    "company": [
        *("/", "/links", "/links/new", "/templates", "/templates/edit?name=default&locale=ja"),
        *("/mailings", "/mailings/new", "{mailing}", "/ledger", "/ledger?view=freeHires"),
        *("/ledger?view=yen", "/ledger?view=registrations", "/referrals", "{referral}", "{hired}"),
        *("/openings", "/openings/new", "/openings/import", "{opening}", "/retention"),
        *("/impact", "/impact?year=2025"),
        *("/partnerships", "/partnerships/new", "{partnership}", "/pool", "/pool?years=10"),
        *("/partnerships/find", "/partnerships/new?companies={suggested}", "/people", "/flows"),
        *("{named}", "{share}", "{rewarded}", "/deletions", "/registers", "/settings"),
        *("/meetings", "/meetings/new", "{reviewed}", "{held}", "{ofAll}"),
        "/no-such-page",
    ],
    "agency": [
        *("/cases", "{case}", "/referrals", "{referral}", "{hired}", "/openings", "/openings/new"),
        *("/openings/import", "{opening}", "/retention", "/deletions", "/people", "/flows"),
        *("/settings", "/fundings", "/fundings?view=account", "/registers", "/meetings"),
        "{ofAll}",
    ],
    "consortium": [
        *("/", "/members", "/members/new", "/members/import", "{member}", "/program"),
        "/program/new",
        "/program/replay?countsPerFreeHire=8&countRule=EACH_COMPANY&windowDays=365&openLinks=ALL",
        *("/partnerships", "/partnerships/new", "{partnership}", "/partnerships/policy"),
        *("/partnerships?answers=WAITING", "/partnerships/find?company={suggested}"),
        *("/deletions", "/deletions?show=all", "/requests", "/requests?show=all", "/exits"),
        *("/reviews", "/audit", "/people", "/flows", "/settings", "/consortium", "/impact"),
        *("/flows/sources", "/flows/import"),
        *("/meetings", "/meetings/new", "{reviewed}", "{ofAll}"),
    ],
    "analyst": [
        *("/flows", "/flows/sources", "/network", "/network/advice", "/network/analyses"),
        *("/impact", "/settings"),
    ],
}


@dataclass
class Site:
    """The whole application, served. ``paths`` lead to pages of one thing."""

    world: World
    url: str
    paths: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """The address of a page."""
        return f"{self.url}/app{path.format(**self.paths)}"


@pytest_asyncio.fixture
async def site(sqlite_templates: SqliteTemplates) -> AsyncIterator[Site]:
    assert (BUILT / "index.html").exists(), "the dashboards are not built: make setup"
    url = sqlite_templates.clone()
    database = open_database(url)
    world = await build_world(database)
    database.clock = utc_now
    world.clock.now = utc_now()
    paths = await stage(world)
    listening = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://localhost:{listening.getsockname()[1]}"
    settings = Settings(database_url=url, secret_key=SECRET_KEY.decode(), base_url=base_url)
    app = create_app(settings, database=database)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield Site(world, base_url, paths)
    server.force_exit = server.should_exit = True
    await serving
    await app.state.analyses.close()
    await database.close()
    sqlite_templates.drop(url)


async def stage(world: World) -> dict[str, str]:
    """Somebody of each kind, and something on every page."""
    people = {
        "company": (world.other_company, Role.ADMIN),
        "agency": (world.agency, Role.ADMIN),
        "consortium": (None, Role.CONSORTIUM_ADMIN),
        "analyst": (None, Role.ANALYST),
    }
    for kind, (organization, role) in people.items():
        await add_person(world, organization, role, f"{kind}@staged.example.jp")
    candidates = [(await world.register()).candidate_id for _ in range(3)]
    await requests_of(world, candidates)
    await give_free_hires(world, world.other_company, 1)
    await proposed(world, candidates[0])
    await delivered(world, candidates[1])
    referral = await accepted(world, candidates[2])
    left = await offered(world, (await world.register()).candidate_id)
    hire = await hired(world, left, fee_yen=900_000)
    exit_ = RecordExit(hire, local_day(world.clock.now, ZONE))
    await run(world, record_exit, world.actor(world.other_company, Role.ADMIN), exit_)
    # Two are to be deleted: the company has confirmed neither.
    for _ in range(2):
        gone = (await world.register()).candidate_id
        step_back = WithdrawFrom(await delivered(world, gone))
        await run(world, withdraw_from, person(world, gone), step_back)
    paths = await things(world, referral) | await sharing(world)
    return {**paths, "hired": f"/referrals/{encode_id('Referral', left)}"}


async def requests_of(world: World, candidates: list[Any]) -> None:
    """What each of them asks: one is answered, the others wait."""
    ask = SendRequest(RequestKind.SHOWING, "誰に見られましたか。\n理由も教えてください。")
    made = [await run(world, send_request, person(world, one), ask) for one in candidates]
    answer = EndRequest(made[0], "提供の記録をご覧ください。")
    await run(world, answer_request, admin(world, None), answer)


async def sharing(world: World) -> dict[str, str]:
    """A partnership with rewards and with other terms proposed, someone in the pool, one asked
    for, one named, and one who was taken up.
    """
    ours, theirs = world.other_company, world.company
    named = await shared(world, await link_of(world, ours))
    for_asking = [await shared(world) for _ in range(3)]
    rewards = tuple(
        ClauseOffered(RewardEvent.REFERRAL, unit, 1, world.agency.id)
        for unit in (Unit.COUNT, Unit.REWARD)
    )
    partnership = await partners(world, ours, theirs, rewards=rewards)
    await funded(world)
    terms = ProposeTerms(partnership, replace(TERMS, categories=("SALES",), rewards=rewards))
    await run(world, propose_terms, admin(world, theirs), terms)
    rewarded = await asked(world, ours, for_asking[1])
    await agreed(world, for_asking[1], rewarded)
    await taken_up(world, ours, rewarded)
    share = await asked(world, ours, for_asking[0])
    suggested = await in_need(world, ours)
    meetings = await met(world, partnership)
    return {
        **{name: f"/meetings/{encode_id('Meeting', key)}" for name, key in meetings.items()},
        "suggested": str(encode_id("Company", suggested.id)),
        "partnership": f"/partnerships/{encode_id('Partnership', partnership)}",
        "rewarded": f"/referrals/{encode_id('Referral', rewarded)}",
        "share": f"/referrals/{encode_id('Referral', share)}",
        "named": f"/referrals/{encode_id('Referral', await relayed(world.database, named))}",
    }


async def met(world: World, partnership: Any) -> dict[str, Any]:
    """Two meetings of the partners, of which the first is reviewed, and one of everybody.

    They are of later days, since figures end the day before.
    """
    decisions = (DecisionMade("回答を早める", figure=Figure.TAKEN_UP), DecisionMade("続ける"))
    made = {}
    for days, name in ((2, "reviewed"), (4, "held")):
        world.database.clock = lambda days=days: utc_now() + timedelta(days=days)  # type: ignore[misc]
        if name == "held":
            made[name] = await held(world, partnership)
            await run(
                world,
                review_meeting,
                admin(world, world.company),
                ReviewMeeting(made["reviewed"], TELLING),
            )
        else:
            made[name] = await decided(world, partnership, *decisions)
    made["ofAll"] = await prepared(world, None)
    world.database.clock = utc_now
    return made


async def in_need(world: World, ours: Organization) -> Organization:
    """A company that turned down, last month, what ours seeks, and the other way round."""
    theirs = await third_company(world)
    day = (world.clock.now.replace(day=1) - timedelta(days=1)).date()
    for company in (ours, theirs):
        await turned_down(world, company, "SALES", day, 30)
        await seeks(world, company, "SALES", 2)
    await frozen_months(world, day)
    return theirs


async def relayed(database: Database, candidate_id: Any) -> Any:
    async with database.read() as read:
        return await read.scalar(
            select(Referral.id).where(
                Referral.candidate_id == candidate_id, Referral.channel == Channel.RELAY_LINK
            )
        )


async def things(world: World, referral: Any) -> dict[str, str]:
    company = world.actor(world.other_company, Role.ADMIN, "ja")
    link = await run(world, create_relay_link, company, CreateRelayLink(campaign="2027 新卒"))
    poster = CreateRelayLink(campaign="採用ページ", usage=LinkUsage.PUBLIC)
    await run(world, create_relay_link, company, poster)
    terms = OpeningTerms(title="法人営業", category="SALES", prefecture="13")
    opening = await run(world, create_opening, company, CreateOpening(terms))
    csv = "氏名,メールアドレス\n佐藤 花子,hanako@example.jp\n鈴木 一郎,ichiro@example.jp\n"
    async with world.database.read() as read:
        listed = await read_people(read, company, csv.encode())
    mailing = (await run(world, create_mailing, company, CreateMailing(link, listed))).mailing_id
    return {
        "mailing": f"/mailings/{encode_id('Mailing', mailing)}",
        "referral": f"/referrals/{encode_id('Referral', referral)}",
        "opening": f"/openings/{encode_id('Opening', opening)}",
        "member": f"/members/{encode_id('Company', world.company.id)}",
        "case": f"/cases/{encode_id('Case', await first_case(world.database))}",
    }


async def first_case(database: Database) -> Any:

    async with database.read() as read:
        return await read.scalar(select(Case.id).order_by(Case.opened_at).limit(1))


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(FLAGS)
        )
        yield browser
        await browser.close()


class Watched:
    """A page, and everything it complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def is_sound_at_each_size(self) -> None:
        """The same on a phone and on a desk, without loading it anew."""
        for width, height in SIZES.values():
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.evaluate("new Promise(requestAnimationFrame)")
            await self.is_sound()

    async def is_sound(self) -> None:
        """Nothing is wider than the window, axe finds nothing, nothing was complained about."""
        width = await self.page.evaluate("document.documentElement.scrollWidth")
        assert self.page.viewport_size is not None
        assert width <= self.page.viewport_size["width"], self.page.url
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text() + ";0")
        found = await self.page.evaluate(RUN_AXE)
        assert found == [], self.page.url
        assert self.complaints == [], self.page.url


async def open_page(browser: Browser, language: Language, size: str) -> Watched:
    width, height = SIZES[size]
    context = await browser.new_context(
        locale=language, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(WITHIN_MS)
    return Watched(await context.new_page())


async def sign_in(page: Page, site: Site, kind: str) -> None:
    await page.goto(site.at("/sign-in"))
    await page.locator("input[type=email]").fill(f"{kind}@staged.example.jp")
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await page.locator(".shell").wait_for()


OWN_LANGUAGE: Language = "en"
"""What everyone on the stage is written to in."""


async def choose(page: Page, language: Language) -> None:
    """Switch the language where the person's own is another.

    Theirs takes the place of the browser's a moment after they came in: that is waited for first.
    """
    await page.locator(f"html[lang={OWN_LANGUAGE}]").wait_for(state="attached")
    if language == OWN_LANGUAGE:
        return
    if await page.locator(".menu-button button").is_visible():
        await page.locator(".menu-button button").click()
    async with page.expect_response(_is_choice_of_language):
        await page.locator(f".rail-foot button[lang={language}]").click()
    await page.locator(f"html[lang={language}]").wait_for(state="attached")


def _is_choice_of_language(answer: Response) -> bool:
    return "changeLocale" in (answer.request.post_data or "")


async def settled(page: Page) -> None:
    await page.locator("h1").wait_for()
    await page.locator(".loading").first.wait_for(state="detached")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", PAGES)
async def test_every_page_is_accessible_and_fits(
    site: Site, browser: Browser, kind: str, language: Language
) -> None:
    watched = await open_page(browser, language, "desk")
    page = watched.page
    await page.goto(site.at("/sign-in"))
    await settled(page)
    await watched.is_sound_at_each_size()
    await sign_in(page, site, kind)
    await choose(page, language)
    for path in PAGES[kind]:
        await page.goto(site.at(path))
        await settled(page)
        assert await page.locator("html").get_attribute("lang") == language
        assert (await page.locator("h1").inner_text()) in await page.title()
        assert await page.locator("main .error-summary").count() == 0, path
        await watched.is_sound_at_each_size()


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something is reached."""
    for _ in range(TAB_PRESSES_MAX):
        if await page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


async def test_a_link_is_made_and_revoked_by_keyboard_alone(site: Site, browser: Browser) -> None:
    page = (await open_page(browser, "en", "desk")).page
    await page.goto(site.at("/sign-in"))
    await settled(page)
    await tab_to(page, "input[type=email]")
    await page.keyboard.type("company@staged.example.jp")
    await tab_to(page, "input[type=password]")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator(".shell").wait_for()
    await tab_to(page, ".nav a[href='/app/links']")
    await page.keyboard.press("Enter")
    await page.locator("h1", has_text="Relay links").wait_for()
    assert await page.evaluate("document.activeElement.tagName") == "H1"
    await tab_to(page, "main a[href='/app/links/new']")
    await page.keyboard.press("Enter")
    await page.locator("h1", has_text="Make a link").wait_for()
    await tab_to(page, "input[name=campaign]")
    await page.keyboard.type("By keyboard")
    await tab_to(page, "main button[type=submit]")
    await page.keyboard.press("Enter")
    await page.get_by_text("By keyboard").first.wait_for()
    await tab_to(page, "button[aria-label='Revoke: By keyboard']")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").wait_for()
    await page.keyboard.press("Escape")
    await page.locator("dialog").wait_for(state="detached")
    assert await page.evaluate("document.activeElement.ariaLabel") == "Revoke: By keyboard"
    await page.keyboard.press("Enter")
    await tab_to(page, "dialog .button.danger")
    await page.keyboard.press("Enter")
    await page.locator("tr", has_text="By keyboard").get_by_text("Revoked").wait_for()


async def test_the_head_of_the_audit_chain_is_there_to_keep_whole(
    site: Site, browser: Browser
) -> None:
    watched = await open_page(browser, "en", "phone")
    await sign_in(watched.page, site, "consortium")
    await watched.page.goto(site.at("/audit"))
    number, written = (await watched.page.locator(".audit-head code").inner_text()).split(":")
    async with site.world.database.read() as read:
        published = (int(number), bytes.fromhex(written))
        report = await verify_chain(read, site.world.consortium_id, published=published)
    assert (len(written), report.broken_at) == (HASH_BYTES * 2, None)
    await watched.is_sound()


async def test_the_flows_are_saved_as_a_file(site: Site, browser: Browser) -> None:
    watched = await open_page(browser, "en", "phone")
    await sign_in(watched.page, site, "analyst")
    await watched.page.goto(site.at("/flows?from=2026-01-01&until=2026-03-31"))
    await settled(watched.page)
    await watched.page.get_by_label("Format").select_option("PARQUET")
    async with watched.page.expect_download() as begun:
        await watched.page.get_by_role("button", name="Export to a file").press("Enter")
    download = await begun.value
    name = "tasuki-network-2026-01-01-2026-03-31.parquet"
    assert download.suggested_filename == name
    content = await asyncio.to_thread(Path(await download.path()).read_bytes)
    assert content[:4] == content[-4:] == b"PAR1"
    said = watched.page.get_by_role("status").filter(has_text="has begun")
    await said.get_by_role("link", name=name).wait_for()
    await watched.is_sound()


async def test_organizations_are_called_as_the_reader_reads(site: Site, browser: Browser) -> None:
    async with site.world.database.transaction() as tx:
        for row in await tx.scalars(select(Organization)):
            row.name, row.name_en = f"和名 {row.name}", f"English {row.name}"
    pages = {
        "company": ["/", "/settings", "/people"],
        "consortium": [path for path in PAGES["consortium"] if "program" in path] + ["/people"],
    }
    for kind, paths in pages.items():
        page = (await open_page(browser, "en", "desk")).page
        await sign_in(page, site, kind)
        for path in paths:
            await page.goto(site.at(path))
            await settled(page)
            shown = await page.locator("body").inner_text()
            assert "和名" not in shown, path
            assert "English" in shown, path


async def test_what_is_refused_is_said_at_its_field(site: Site, browser: Browser) -> None:
    watched = await open_page(browser, "en", "desk")
    page = watched.page
    await sign_in(page, site, "consortium")
    await page.goto(site.at("/members/new"))
    await settled(page)
    await page.locator("input[name=corporateNumber]").fill("1234567890123")
    await page.locator("input[name=name]").fill("Invented")
    await page.locator("main button[type=submit]").last.click()
    summary = page.locator(".error-summary")
    await summary.wait_for()
    assert await page.evaluate("document.activeElement.className") == "error-summary"
    wrong = page.locator("input[name=corporateNumber]")
    assert await wrong.get_attribute("aria-invalid") == "true"
    described = await wrong.get_attribute("aria-describedby")
    assert described is not None
    told = page.locator(".field-error")
    assert await told.get_attribute("id") in described.split()
    await summary.locator("a").first.click()
    assert await page.evaluate("document.activeElement.name") == "corporateNumber"
    # A value of a wrong form is refused as a bad request, which a browser always remarks on.
    [remark] = watched.complaints
    assert "400" in remark
    watched.complaints.clear()
    await watched.is_sound()


@pytest.mark.parametrize(("language", "size"), [("ja", "phone"), ("en", "desk")])
async def test_assumptions_are_stated_and_the_sum_is_shown(
    site: Site, browser: Browser, language: Language, size: str
) -> None:
    watched = await open_page(browser, language, size)
    page = watched.page
    await sign_in(page, site, "company")
    await choose(page, language)
    await page.goto(site.at("/impact"))
    await settled(page)
    await watched.is_sound()
    for name, value in {
        "costPerHireYen": "800000",
        "hiresAYear": "2",
        "participationYenAYear": "0",
        "agencyFeePercent": "101",
    }.items():
        await page.locator(f"input[name={name}]").fill(value)
    await page.locator("form.form button[type=submit]").last.click()
    await page.locator(".field-error").wait_for()
    await page.locator("input[name=agencyFeePercent]").fill("")
    await page.locator("form.form button[type=submit]").last.click()
    await page.locator("dl.facts").filter(has_text="800,000").first.wait_for()
    await settled(page)
    await watched.is_sound()


async def test_companies_are_there_to_choose_before_anything_is_sought(
    site: Site, browser: Browser
) -> None:
    watched = await open_page(browser, "en", "desk")
    page = watched.page
    await sign_in(page, site, "agency")
    await page.goto(site.at("/openings/new"))
    await is_offered(page, site)
    await page.goto(site.at("{case}"))
    await page.get_by_role("button", name="Introduce to a company").click()
    await is_offered(page, site)
    assert watched.complaints == []


async def is_offered(page: Page, site: Site) -> None:
    """The company is among those to choose from, and among those its name finds, and no others."""
    company = site.world.other_company
    choice = page.locator("select[name=companyId]")
    await choice.locator("option", has_text=company.name).wait_for(state="attached")
    await page.locator("input[type=search]").fill("No such company")
    await page.keyboard.press("Enter")
    await choice.locator("option", has_text=company.name).wait_for(state="detached")


async def test_what_cannot_be_loaded_to_choose_from_is_said(site: Site, browser: Browser) -> None:
    page = (await open_page(browser, "en", "desk")).page
    await sign_in(page, site, "agency")
    await page.goto(site.at("/openings/new"))
    await page.locator("select[name=companyId]").wait_for()
    await page.locator("input[type=search]").fill("x" * 201)
    await page.keyboard.press("Enter")
    await page.locator(".error-summary", has_text="This could not be loaded").wait_for()


SLOW_READING = """const read = FileReader.prototype.readAsDataURL;
FileReader.prototype.readAsDataURL = function (file) {
  setTimeout(() => read.call(this, file), 300);
};"""


@pytest.mark.parametrize(
    ("kind", "path", "mutation", "csv"),
    [
        ("company", "/mailings/new", "CreateMailing", "氏名,メールアドレス\n佐藤,a@example.jp\n"),
        ("consortium", "/members/import", "ImportMembers", "name\nInvented\n"),
    ],
)
async def test_a_file_is_sent_once_however_often_the_button_is_pressed(
    site: Site, browser: Browser, kind: str, path: str, mutation: str, csv: str
) -> None:
    page = (await open_page(browser, "en", "desk")).page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    await page.add_init_script(SLOW_READING)
    await sign_in(page, site, kind)
    await page.goto(site.at(path))
    file = FilePayload(name="list.csv", mimeType="text/csv", buffer=csv.encode())
    await page.locator("input[type=file]").set_input_files(file)
    for choice in await page.locator("main select:has(option[value=''])").all():
        await choice.select_option(index=1)
    async with page.expect_response(lambda answer: mutation in (answer.request.post_data or "")):
        await page.locator("main button[type=submit]").dblclick()
    await page.get_by_role("status").filter(has_text="Reading").wait_for(state="detached")
    assert [mutation in body for body in sent].count(True) == 1


@pytest.mark.parametrize(("language", "size"), [("ja", "phone"), ("en", "desk")])
async def test_flows_are_imported_listed_and_removed(
    site: Site, browser: Browser, language: Language, size: str
) -> None:
    watched = await open_page(browser, language, size)
    page = watched.page
    await sign_in(page, site, "consortium")
    await choose(page, language)
    await page.goto(site.at("/flows/import"))
    await settled(page)
    await watched.is_sound()
    rows = b"source,target,year,count\nAlpha,Beta,2024,7\n"
    file = FilePayload(name="flows.csv", mimeType="text/csv", buffer=rows)
    await page.locator("input[name=csvBase64]").set_input_files(file)
    await page.locator("input[name=label]").fill("Before we began")
    await page.locator("input[name=smallestCount]").fill("1")
    await page.locator("main button[type=submit]").click()
    await page.get_by_role("status").locator("dd", has_text="1").first.wait_for()
    await watched.is_sound()
    await page.goto(site.at("/flows/sources"))
    await settled(page)
    row = page.locator("tbody tr, .cards > li", has_text="Before we began")
    assert "7" in await row.inner_text()
    await watched.is_sound()
    await row.get_by_role("button").click()
    await page.get_by_role("dialog").locator("button.danger, button.primary").last.click()
    await row.wait_for(state="detached")


async def test_a_version_is_published_only_once_that_is_confirmed(
    site: Site, browser: Browser
) -> None:
    watched = await open_page(browser, "en", "desk")
    page = watched.page
    await sign_in(page, site, "consortium")
    await page.goto(site.at("/program/new"))
    await settled(page)
    publish = page.locator("form button[type=submit]")
    await publish.click()
    await page.get_by_text("neither changed nor taken back").wait_for()
    await watched.is_sound()
    await page.locator("dialog").get_by_role("button", name="Cancel").click()
    await page.locator("dialog").wait_for(state="detached")
    assert await versions(site) == 1
    await publish.click()
    await page.locator("dialog .button.danger").click()
    await page.wait_for_url("**/app/program")
    assert await versions(site) == 2


async def versions(site: Site) -> int:
    async with site.world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(ProgramVersion)) or 0


async def test_a_meeting_is_scheduled_and_moved(site: Site, browser: Browser) -> None:
    """Its hour is the consortium's, however it is written and read back."""
    page = (await open_page(browser, "ja", "phone")).page
    await page.goto(site.at("/sign-in"))
    await settled(page)
    await sign_in(page, site, "company")
    await choose(page, "ja")
    await page.goto(site.at("/meetings/new"))
    await settled(page)
    await page.locator("select[name=partnershipId]").select_option(index=1)
    await page.locator("input[name='plan.title']").fill("画面からの定例会")
    day = (utc_now() + timedelta(days=30)).date().isoformat()
    await page.locator("input[name='plan.startsAt']").fill(day)
    await page.locator("input[name=time]").fill("10:30")
    await page.locator("main button[type=submit]").click()
    await page.locator("h1", has_text="画面からの定例会").wait_for()
    assert "10:30" in await page.locator("main").inner_text()
    await page.get_by_role("button", name="予定を変える").click()
    assert await page.locator("dialog input[name=time]").input_value() == "10:30"
    await page.locator("dialog input[name='plan.place']").fill("会議室B")
    await page.locator("dialog button[type=submit]").click()
    await page.get_by_text("会議室B").first.wait_for()


async def test_a_page_of_another_role_is_not_there(site: Site, browser: Browser) -> None:
    watched = await open_page(browser, "en", "desk")
    await sign_in(watched.page, site, "company")
    await watched.page.goto(site.at("/audit"))
    await watched.page.locator("h1", has_text="There is no such page").wait_for()


async def test_who_has_not_signed_in_is_led_to_the_door(site: Site, browser: Browser) -> None:
    watched = await open_page(browser, "ja", "phone")
    await watched.page.goto(site.at("/ledger"))
    await watched.page.wait_for_url("**/app/sign-in")
