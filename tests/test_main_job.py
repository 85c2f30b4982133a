"""The main job on real input: from the list of companies to a hire without a fee.

Over real HTTP, real SMTP and a real browser, on both databases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.conftest import chromium
from tests.served import Client, Served, installation

pytestmark = pytest.mark.browser

SHARED = Path(__file__).parent.parent.parent / "shared/data/listed_companies_jp.csv"
PASSWORD = "a relay of ten runners"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MADE_LIST = """corporate_number,name,name_en,tse_industry,address,securities_code
1010001000006,五洋建設株式会社,"PENTA-OCEAN CONSTRUCTION CO.,LTD.",建設業,文京区後楽,1893
1010001000708,イチカワ株式会社,"ICHIKAWA CO., LTD.",繊維製品,文京区本郷,3513
"""
FIRST, SECOND = "五洋建設株式会社", "イチカワ株式会社"
AGENCY = {
    "kind": "AGENCY",
    "corporateNumber": "7000012050002",
    "name": "つなぐキャリア株式会社",
    "licenceNumber": "13-ユ-300001",
    "licenceExpiresOn": "2031-03-31",
}


def real_list() -> tuple[str, int]:
    """The listed companies, or two lines of our own where the shared data is not at hand."""
    text = SHARED.read_text() if SHARED.exists() else MADE_LIST
    return text, len(text.splitlines()) - 1


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    with installation(database_url, tmp_path) as served:
        yield served


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(FLAGS)
        )
        yield browser
        await browser.close()


class People:
    """The clients of everyone who signs in."""

    admin: Client
    first: Client
    second: Client
    agency: Client


async def set_up(served: Served) -> People:
    """The consortium's admin imports the members, sets the rules and invites everyone."""
    served.command("create-consortium", "kanto", "関東採用連盟")
    served.command("create-user", "kanto", "admin@kanto.example.jp", "運営", "--password", PASSWORD)
    people = People()
    people.admin = Client(served)
    await people.admin.sign_in("admin@kanto.example.jp", PASSWORD)
    csv, rows = real_list()
    imported = await people.admin.do(
        "importMembers", "ImportMembersInput", {"csv": csv}, "imported refusedCount"
    )
    assert (imported["imported"], imported["refusedCount"]) == (rows, 0)
    agency = await people.admin.do("addMember", "AddMemberInput", AGENCY, "member { id }")
    await people.admin.do(
        "publishProgramVersion",
        "PublishProgramVersionInput",
        {"defaultAgencyId": agency["member"]["id"]},
        "programVersion { number }",
    )
    first, second = await member(people.admin, FIRST), await member(people.admin, SECOND)
    people.first = await invited(served, people.admin, first, "one@first.example.jp")
    people.second = await invited(served, people.admin, second, "two@second.example.jp")
    people.agency = await invited(
        served, people.admin, agency["member"]["id"], "three@agency.example.jp"
    )
    return people


async def member(admin: Client, name: str) -> str:
    data = await admin.ask(
        "query($name: String!) { consortium { members(where: {name: {eq: $name}}) "
        "{ nodes { id } } } }",
        name=name,
    )
    [found] = data["consortium"]["members"]["nodes"]
    node_id: str = found["id"]
    return node_id


async def invited(served: Served, admin: Client, organization: str, address: str) -> Client:
    given = {
        "email": address,
        "name": "採用 担当",
        "role": "ADMIN",
        "organizationId": organization,
    }
    await admin.do("inviteUser", "InviteUserInput", given, "user { id }")
    client = Client(served)
    await client.accept(await served.inbox.wait_for(address, "invitation/"), PASSWORD)
    return client


async def turn_down(client: Client, addresses: list[str]) -> None:
    """Put a link into a rejection mail for each of these people."""
    link = await client.do(
        "createRelayLink", "CreateRelayLinkInput", {"campaign": "2026 中途採用"}, "relayLink { id }"
    )
    rows = [f"候補者{n},{address},営業職,一次面接" for n, address in enumerate(addresses, 1)]
    csv = "\n".join(["氏名,メールアドレス,応募職種,選考段階", *rows])
    mailing = await client.do(
        "createMailing",
        "CreateMailingInput",
        {"relayLinkId": link["relayLink"]["id"], "csv": csv},
        "mailing { id } refusedCount",
    )
    assert mailing["refusedCount"] == 0
    given = {"id": mailing["mailing"]["id"]}
    await client.do("startMailing", "MailingInput", given, "mailing { status }")


async def register(served: Served, browser: Browser, address: str) -> None:
    """Open the link as it arrived, fill the form in, and confirm the address."""
    page = await new_page(browser)
    await page.goto(await served.inbox.wait_for(address, "r/"))
    await page.locator("#name").fill("佐藤 花子")
    await page.locator("#email").fill(address)
    await page.locator("#employment-none").check()
    await page.locator("#consent-AGENCY_SUPPORT").check()
    await page.locator("#form button").click()
    await page.wait_for_url("**/sent")
    await page.goto(await served.inbox.wait_for(address, "confirm/"))
    await page.locator("main form button").click()
    await page.wait_for_url("**/me?done=registered")
    await page.context.close()


async def agree(served: Served, browser: Browser, address: str) -> None:
    """Answer the agency's question, signed in by a mailed link."""
    page = await new_page(browser)
    await page.goto(f"{served.url}/me/sign-in")
    await page.locator("input[type=email]").fill(address)
    await page.locator("main form button").click()
    await page.wait_for_url("**/sent")
    await page.goto(await served.inbox.wait_for(address, "me/sign-in/"))
    await page.locator("main form button").click()
    await page.wait_for_url("**/me")
    await page.locator("a[href^='/me/introductions/']").first.click()
    await page.locator("button[value=agree]").click()
    await page.wait_for_load_state()
    await page.context.close()


async def new_page(browser: Browser) -> Page:
    context = await browser.new_context(locale="ja", viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    return await context.new_page()


ACCOUNT = """{ viewer { organization { ... on Company {
  account { counts missing freeHiresAvailable freeHiresReserved }
  freeHires { nodes { id status } }
} } } }"""


async def company(client: Client) -> Any:
    return (await client.ask(ACCOUNT))["viewer"]["organization"]


async def introduce(people: People, candidate_of: str, to: str) -> str:
    """The agency introduces the newest candidate of a company to another one."""
    data = await people.agency.ask("{ cases(first: 20) { nodes { candidate { id email } } } }")
    [candidate] = [
        case["candidate"]["id"]
        for case in data["cases"]["nodes"]
        if case["candidate"]["email"] == candidate_of
    ]
    given = {"candidateId": candidate, "companyId": to}
    made = await people.agency.do(
        "introduceCandidate", "IntroduceCandidateInput", given, "referral { id status }"
    )
    assert made["referral"]["status"] == "PROPOSED"
    referral: str = made["referral"]["id"]
    return referral


async def take_to_offer(client: Client, referral: str) -> None:
    for step, status in (
        ("acceptReferral", "ACCEPTED"),
        ("startInterviews", "INTERVIEWING"),
        ("makeOffer", "OFFERED"),
    ):
        done = await client.do(step, "ReferralInput", {"id": referral}, "referral { status }")
        assert done["referral"]["status"] == status


def today() -> str:
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date().isoformat()


async def test_from_the_list_of_companies_to_a_hire_without_a_fee(
    served: Served, browser: Browser
) -> None:
    people = await set_up(served)
    addresses = [f"candidate{number}@example.jp" for number in range(1, 11)]
    await turn_down(people.first, addresses)
    for number, address in enumerate(addresses, 1):
        await register(served, browser, address)
        account = (await company(people.first))["account"]
        assert account["counts"] == number % 10
        assert account["missing"] == 10 - number % 10
        assert account["freeHiresAvailable"] == number // 10
    assert [f["status"] for f in (await company(people.first))["freeHires"]["nodes"]] == [
        "AVAILABLE"
    ]
    second = await member(people.admin, SECOND)
    await hire_with_a_fee(served, browser, people, addresses[0], second)
    await hire_for_free(served, browser, people)
    assert "BROKEN" not in served.command("audit", "verify")
    served.stop()
    log = (served.folder / "serve.log").read_text()
    assert "example.jp" not in log
    assert "佐藤" not in log


async def hire_with_a_fee(
    served: Served, browser: Browser, people: People, address: str, to: str
) -> None:
    """A candidate of the first company comes to the second, which has no free hire."""
    referral = await introduce(people, address, to)
    await agree(served, browser, address)
    await take_to_offer(people.second, referral)
    refused = await people.second.ask(
        "mutation($input: RedeemFreeHireInput!) { redeemFreeHire(input: $input) "
        "{ freeHire { id } errors { code } } }",
        input={"referralId": referral},
    )
    assert refused["redeemFreeHire"] == {"freeHire": None, "errors": [{"code": "NO_FREE_HIRE"}]}
    hired = await people.second.do(
        "recordHire",
        "RecordHireInput",
        {"referralId": referral, "joinedOn": today(), "feeYen": 900_000},
        "hire { feeYen }",
    )
    assert hired["hire"]["feeYen"] == 900_000


async def hire_for_free(served: Served, browser: Browser, people: People) -> None:
    """A candidate of the second company comes to the first, which spends what it earned."""
    address = "eleventh@example.jp"
    await turn_down(people.second, [address])
    await register(served, browser, address)
    referral = await introduce(people, address, await member(people.admin, FIRST))
    await agree(served, browser, address)
    await take_to_offer(people.first, referral)
    given = {"referralId": referral, "idempotencyKey": "month-end"}
    for _ in range(2):
        reserved = await people.first.do(
            "redeemFreeHire", "RedeemFreeHireInput", given, "freeHire { status }"
        )
        assert reserved["freeHire"]["status"] == "RESERVED"
    hired = await people.first.do(
        "recordHire",
        "RecordHireInput",
        {"referralId": referral, "joinedOn": today()},
        "hire { feeYen }",
    )
    assert hired["hire"]["feeYen"] == 0
    after = await company(people.first)
    assert [free["status"] for free in after["freeHires"]["nodes"]] == ["SPENT"]
    assert (after["account"]["freeHiresAvailable"], after["account"]["counts"]) == (0, 0)
