"""The statutory registers as files: who gets which rows, which names, and for which days."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import select
from starlette.applications import Starlette

from models.access import Actor, Role, candidate
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.operations.candidate_pages import WithdrawConsent, withdraw_consent
from models.operations.erasures import erase_own_data
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.outcomes import RecordExit, record_exit
from models.operations.referrals import IntroduceCandidate, introduce_candidate
from models.reads import registers as reads
from models.rules.registers import COLUMNS, Register, no_poaching_until
from models.rules.sharing import Purpose
from models.tables.candidates import Consent, Disclosure
from models.tables.consortium import Organization
from models.tables.records import AuditEntry
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from tasuki import registers
from tasuki.auth import COOKIE
from tests.handovers import change, hired, offered, recruiter, run
from tests.partners import agreed, asked, link_of, list_all, partners, shared
from tests.partners import offered as offered_on
from tests.people import add_person, enter
from tests.world import World

BASE = "https://tasuki.example"
JANUARY = {"from": "2026-01-01", "to": "2026-01-31", "lang": "en"}
NAME = "佐藤 花子"


@pytest_asyncio.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=registers.RegisterRoutes(world.database).routes())
    world.clock.forward(days=20)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        yield client


async def cookie_of(
    world: World, organization: Organization | None, role: Role = Role.ADMIN
) -> dict[str, str]:
    """The header of somebody who has signed in."""
    email = f"person{next(world.numbers)}@staff.example"
    await add_person(world, organization, role, email)
    signed_in = await enter(world.database, email)
    return {"cookie": f"{COOKIE}={signed_in.token}"}


async def rows_of(
    browser: httpx.AsyncClient,
    world: World,
    organization: Organization,
    name: str,
    **params: str,
) -> list[dict[str, str]]:
    """A register as Python's csv reads it."""
    answer = await browser.get(
        f"/registers/{name}.csv",
        params=JANUARY | params,
        headers=await cookie_of(world, organization),
    )
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def opening_of(world: World, title: str = "Sales") -> uuid.UUID:
    """An opening that the agency keeps for the second company."""
    command = CreateOpening(
        company_id=world.other_company.id,
        terms=OpeningTerms(title=title, category="SALES", prefecture="13", headcount=2),
    )
    found: uuid.UUID = await run(world, create_opening, recruiter(world, world.agency), command)
    return found


def person(world: World, candidate_id: uuid.UUID) -> Actor:
    return candidate(world.consortium_id, candidate_id, "en")


async def introduced(world: World, candidate_id: uuid.UUID, opening_id: uuid.UUID) -> uuid.UUID:
    command = IntroduceCandidate(candidate_id, world.other_company.id, opening_id)
    found: uuid.UUID = await run(
        world, introduce_candidate, recruiter(world, world.agency), command
    )
    return found


# What is in them


async def test_provider_and_recipient_have_the_same_record(
    browser: httpx.AsyncClient, world: World
) -> None:
    await partners(world, world.company, world.other_company)
    candidate_id = await shared(world)
    referral_id = await offered_on(world, world.company, candidate_id, world.other_company)
    await agreed(world, candidate_id, referral_id)
    listed, given = sorted(
        await rows_of(browser, world, world.company, "provision"),
        key=lambda row: row["Purpose"],
        reverse=True,
    )
    assert (listed["Purpose"], listed["Recipient"]) == ("shown to partners", "Company 2")
    assert given["Provided on"] == "2026-01-25"
    assert given["Recipient"] == "Company 2"
    assert given["Corporate number"] == world.other_company.corporate_number
    assert given["Person (where you may read the name)"] == NAME
    assert given["Purpose"] == "introduction to a company"
    assert given["Items"].startswith("name, mail address")
    assert given["Consent (version of its text)"].startswith("given (")
    assert given["How it was acquired"] == "from the person, by the form"
    assert (given["Address"], given["Representative"]) == ("", "")
    received = {
        row["Record"]: row for row in await rows_of(browser, world, world.other_company, "receipt")
    }
    assert set(received) == {listed["Record"], given["Record"]}
    assert {row["Provider"] for row in received.values()} == {"Company 1"}
    assert received[given["Record"]]["Person (where you may read the name)"] == NAME
    [support] = await rows_of(browser, world, world.agency, "receipt")
    assert (support["Provider"], support["Corporate number"]) == ("the person", "")
    assert await rows_of(browser, world, world.agency, "provision") == []


async def test_a_listing_in_the_pool_is_on_record_without_a_name(
    browser: httpx.AsyncClient, world: World
) -> None:
    await partners(world, world.company, world.other_company)
    await shared(world, purposes=frozenset({Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING}))
    for company, name in ((world.company, "provision"), (world.other_company, "receipt")):
        [row] = await rows_of(browser, world, company, name)
        assert row["Purpose"] == "shown to partners"
        assert row["Person (where you may read the name)"] == ""
        assert "name" not in row["Items"].split(", ")


async def test_a_record_without_a_name_stays_so_where_the_person_is_known_from_elsewhere(
    browser: httpx.AsyncClient, world: World
) -> None:
    """Neither company learns through whose link they came: only the agency introduced them."""
    unnamed = frozenset({Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING})
    await partners(world, world.company, world.other_company)
    someone = await shared(world, purposes=unnamed)
    opening_id = await opening_of(world)
    await agreed(world, someone, await introduced(world, someone, opening_id))
    asked_for = await shared(world, purposes=unnamed)
    await agreed(world, asked_for, await asked(world, world.other_company, asked_for))
    rows = await rows_of(browser, world, world.other_company, "receipt")
    column = "Person (where you may read the name)"
    assert sorted((row["Purpose"], row["Provider"], row[column]) for row in rows) == [
        ("introduction to a company", "Agency 3", NAME),
        ("introduction to a company", "Company 1", NAME),
        ("shown to partners", "Company 1", ""),
        ("shown to partners", "Company 1", ""),
    ]
    given = await rows_of(browser, world, world.company, "provision")
    assert sorted((row["Purpose"], row[column]) for row in given) == [
        ("introduction to a company", ""),
        ("shown to partners", ""),
        ("shown to partners", ""),
    ]


async def test_a_company_that_meets_them_again_is_not_told_who_came_through_its_link(
    browser: httpx.AsyncClient, world: World
) -> None:
    await partners(world, world.company, world.other_company)
    link = await link_of(world, world.other_company)
    unnamed = frozenset({Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING})
    someone = await shared(world, link, purposes=unnamed)
    await agreed(world, someone, await introduced(world, someone, await opening_of(world)))

    [listed] = await rows_of(browser, world, world.other_company, "provision")
    assert listed["Purpose"] == "shown to partners"
    assert listed["Person (where you may read the name)"] == ""
    [received] = await rows_of(browser, world, world.other_company, "receipt")
    assert received["Person (where you may read the name)"] == NAME


async def test_a_listing_stays_nameless_when_the_person_is_introduced_by_name(
    browser: httpx.AsyncClient, world: World
) -> None:
    """The two together would tell which partner had turned them down."""
    await partners(world, world.company, world.other_company)
    candidate_id = await shared(world, name=NAME)
    await list_all(world)
    await offered(world, candidate_id)
    rows = await rows_of(browser, world, world.other_company, "receipt")
    told = {row["Purpose"]: row["Person (where you may read the name)"] for row in rows}
    assert told == {"shown to partners": "", "introduction to a company": NAME}


async def test_a_name_goes_with_the_consent_and_with_the_person_and_the_record_stays(
    browser: httpx.AsyncClient, world: World
) -> None:
    first, second = await world.register(), await world.register(name="田中 一郎")
    await offered(world, first.candidate_id)
    await offered(world, second.candidate_id)

    async def names() -> list[str]:
        rows = await rows_of(browser, world, world.other_company, "receipt")
        return sorted(row["Person (where you may read the name)"] for row in rows)

    assert await names() == [NAME, "田中 一郎"]
    async with world.database.read() as read:
        consent_id = await read.scalar(
            select(Consent.id).where(
                Consent.candidate_id == first.candidate_id,
                Consent.purpose == Purpose.INTRODUCTION,
            )
        )
    assert consent_id is not None
    actor = person(world, first.candidate_id)
    await run(world, withdraw_consent, actor, WithdrawConsent(consent_id))
    assert await names() == ["", "田中 一郎"]
    async with world.database.transaction() as tx:
        await erase_own_data(tx, person(world, second.candidate_id))
    assert await names() == ["", ""]
    seekers = await rows_of(browser, world, world.agency, "seekers")
    assert sorted(row["Seeker"] for row in seekers) == ["", NAME]
    assert [row["Outcome"] for row in seekers] == ["recalled", "recalled"]


async def test_the_registers_of_the_agency(browser: httpx.AsyncClient, world: World) -> None:
    opening_id = await opening_of(world)
    done = await world.register(category="SALES")
    referral_id = await offered(world, done.candidate_id)
    await change(world, Referral, Referral.id == referral_id, opening_id=opening_id)
    hire_id = await hired(world, referral_id, fee_yen=1_000_000)
    await run(world, record_exit, recruiter(world), RecordExit(hire_id, date(2026, 1, 25)))
    [opening] = await rows_of(browser, world, world.agency, "openings")
    assert (opening["Opening"], opening["Headcount"], opening["Seeker"]) == ("Sales", "2", NAME)
    assert (opening["Outcome"], opening["Joined on"]) == ("hired", "2026-01-25")
    assert opening["Not to be moved on until"] == "2028-01-24"
    [seeker] = await rows_of(browser, world, world.agency, "seekers")
    assert (seeker["Seeker"], seeker["Company"]) == (NAME, "Company 2")
    assert seeker["Job category wanted"] == "Sales"
    assert seeker["Address (prefecture)"] == "Tokyo"
    assert seeker["Date of birth"] == ""
    [fee] = await rows_of(browser, world, world.agency, "fees")
    assert (fee["Who pays"], fee["Fee (yen)"]) == ("Company 2", "1000000")
    assert fee["Left on"] == "2026-01-25"
    assert int(fee["Refund (yen)"]) > 0


async def test_only_what_is_the_agencys_own_is_in_its_registers(
    browser: httpx.AsyncClient, world: World
) -> None:
    await opening_of(world)
    keeper = recruiter(world)
    command = CreateOpening(
        company_id=world.other_company.id,
        terms=OpeningTerms(title="Kept by the company", category="SALES"),
    )
    untouched = await run(world, create_opening, keeper, command)
    done = await world.register()
    await introduced(world, done.candidate_id, untouched)
    other = await run(world, create_opening, keeper, command)
    found = await rows_of(browser, world, world.agency, "openings")
    assert sorted(row["Opening"] for row in found) == ["Kept by the company", "Sales"]
    assert other != untouched


def test_the_two_years_in_which_nobody_is_moved_on() -> None:
    assert no_poaching_until(date(2026, 4, 1)) == date(2028, 3, 31)
    assert no_poaching_until(date(2024, 2, 29)) == date(2026, 2, 28)


# For whom


@pytest.mark.parametrize(
    ("of", "role", "name", "status"),
    [
        (None, Role.CONSORTIUM_ADMIN, "provision", 403),
        (None, Role.ANALYST, "provision", 403),
        ("company", Role.RECRUITER, "provision", 403),
        ("agency", Role.VIEWER, "seekers", 403),
        ("company", Role.ADMIN, "seekers", 404),
        ("company", Role.ADMIN, "fees", 404),
        ("company", Role.ADMIN, "everything", 404),
        ("company", Role.ADMIN, "receipt", 200),
        ("agency", Role.ADMIN, "fees", 200),
    ],
)
async def test_only_the_administrator_takes_out_what_is_its_organizations_own(
    browser: httpx.AsyncClient,
    world: World,
    of: str | None,
    role: Role,
    name: str,
    status: int,
) -> None:
    headers = await cookie_of(world, getattr(world, of) if of else None, role)
    answer = await browser.get(f"/registers/{name}.csv", params=JANUARY, headers=headers)
    assert answer.status_code == status
    async with world.database.read() as read:
        exported = (
            await read.scalars(select(AuditEntry).where(AuditEntry.action == "register.exported"))
        ).all()
    if status != 200:
        assert exported == []
        return
    [entry] = exported
    assert entry.subject_id == getattr(world, of or "").id
    assert entry.details == {
        "register": name.upper(),
        "format": "CSV",
        "first": "2026-01-01",
        "last": "2026-01-31",
    }


async def test_nobody_gets_one_unasked_for(browser: httpx.AsyncClient, world: World) -> None:
    assert (await browser.get("/registers/receipt.csv", params=JANUARY)).status_code == 401
    headers = {"authorization": "Bearer nothing"}
    refused = await browser.get("/registers/receipt.csv", params=JANUARY, headers=headers)
    assert refused.status_code == 401
    own = await cookie_of(world, world.company)
    foreign = own | {"sec-fetch-site": "cross-site"}
    refused = await browser.get("/registers/receipt.csv", params=JANUARY, headers=foreign)
    assert refused.status_code == 404
    answer = await browser.get("/registers/receipt.csv", params=JANUARY, headers=own)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="tasuki-receipt-2026-01-01-2026-01-31.csv"'
    )


async def test_an_api_token_is_as_good(browser: httpx.AsyncClient, world: World) -> None:
    maker = await add_person(world, world.company, Role.ADMIN, "maker@staff.example")
    made = await run(world, create_api_token, maker, CreateApiToken("registers", Role.ADMIN))
    headers = {"authorization": f"Bearer {made.secret}"}
    answer = await browser.get("/registers/receipt.csv", params=JANUARY, headers=headers)
    assert answer.status_code == 200
    [header] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header == [column.en for column in COLUMNS[Register.RECEIPT]]


# Periods


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "2026-01-31", "like 2026-04-01"),
        ("2026-13-01", "2026-01-31", "like 2026-04-01"),
        ("2026-01-20", "2026-01-01", "366 days"),
        ("2024-01-01", "2025-01-01", "366 days"),
        ("1999-12-31", "2000-01-01", "2000-01-01"),
        ("2026-01-26", "2026-01-27", "today"),
    ],
)
async def test_a_period_out_of_bounds_is_refused_in_words(
    browser: httpx.AsyncClient, world: World, first: str, last: str, said: str
) -> None:
    headers = await cookie_of(world, world.company) | {"accept-language": "en"}
    answer = await browser.get(
        "/registers/provision.csv", params={"from": first, "to": last}, headers=headers
    )
    assert (answer.status_code, said in answer.text) == (422, True)


async def test_days_begin_where_the_consortium_is(browser: httpx.AsyncClient, world: World) -> None:
    for _ in range(3):
        await world.register()
    instants = (
        datetime(2026, 1, 9, 14, 59, tzinfo=UTC),
        datetime(2026, 1, 9, 15, 0, tzinfo=UTC),
        datetime(2026, 1, 10, 15, 0, tzinfo=UTC),
    )
    async with world.database.read() as read:
        ids = (await read.scalars(select(Disclosure.id).order_by(Disclosure.opened_at))).all()
    for row_id, instant in zip(ids, instants, strict=True):
        await change(world, Disclosure, Disclosure.id == row_id, opened_at=instant)
    day = {"from": "2026-01-10", "to": "2026-01-10"}
    [row] = await rows_of(browser, world, world.agency, "receipt", **day)
    assert (row["Record"], row["Received on"]) == (str(ids[1]), "2026-01-10")


async def test_every_row_comes_once_however_long_a_register_is(
    browser: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "ROWS_PER_PAGE", 2)
    opening_id = await opening_of(world)
    world.clock.forward(days=-5)
    for number in range(7):
        world.clock.forward(days=number % 3)
        done = await world.register()
        await introduced(world, done.candidate_id, opening_id)
        await opening_of(world)
    received = await rows_of(browser, world, world.agency, "receipt")
    assert len({row["Record"] for row in received}) == len(received) == 7
    days = [row["Received on"] for row in received]
    assert days == sorted(days)
    assert len(set(days)) > 2
    seekers = await rows_of(browser, world, world.agency, "seekers")
    assert [row["Outcome"] for row in seekers] == ["asked"] * 7
    openings = await rows_of(browser, world, world.agency, "openings")
    assert sorted(row["Outcome"] for row in openings) == [""] * 7 + ["asked"] * 7


# Files


async def test_cells_begin_no_formula(browser: httpx.AsyncClient, world: World) -> None:
    await opening_of(world, '=HYPERLINK("https://evil.example")')
    await world.register(name="+佐藤 花子")
    [opening] = await rows_of(browser, world, world.agency, "openings")
    assert opening["Opening"] == '\'=HYPERLINK("https://evil.example")'
    [seeker] = await rows_of(browser, world, world.agency, "seekers")
    assert seeker["Seeker"] == "'+佐藤 花子"


async def pdf_of(browser: httpx.AsyncClient, headers: dict[str, str], name: str) -> Any:
    params = JANUARY | {"lang": "ja"}
    return await browser.get(f"/registers/{name}.pdf", params=params, headers=headers)


async def test_a_pdf_has_the_same_rows_in_japanese_letters(
    browser: httpx.AsyncClient, world: World
) -> None:
    for number in range(40):
        await world.register(name=f"𠮷田 花子{number}")
    answer = await pdf_of(browser, await cookie_of(world, world.agency), "seekers")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) > 1
    assert all("求職管理簿" in page and "Agency 3" in page for page in pages)
    text = "\n".join(pages)
    assert {f"〓田 花子{number}" in text for number in range(40)} == {True}
    assert "2 ページ" in pages[1]


async def test_a_pdf_that_would_be_too_long_says_so(
    browser: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "PDF_ROWS_MAX", 1)
    headers = await cookie_of(world, world.agency)
    await world.register()
    assert (await pdf_of(browser, headers, "seekers")).status_code == 200
    await world.register()
    refused = await pdf_of(browser, headers, "seekers")
    assert (refused.status_code, "CSV" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "query", "ja", "en"),
    [
        ("receipt.csv", {"from": "x", "to": "2026-01-31"}, "日付を", "as a day"),
        ("nothing.csv", {"from": "2026-01-01", "to": "2026-01-31"}, "見つかりません", "No such"),
        ("seekers.csv", {"from": "2026-01-01", "to": "2026-01-31"}, "見つかりません", "No such"),
    ],
)
async def test_a_refusal_is_in_the_language_that_is_asked_for(
    browser: httpx.AsyncClient, world: World, path: str, query: dict[str, str], ja: str, en: str
) -> None:
    headers = await cookie_of(world, world.company)
    for language, said in (("ja", ja), ("en", en)):
        for accepted in ("ja", "en"):
            answer = await browser.get(
                f"/registers/{path}",
                params={**query, "lang": language},
                headers={**headers, "accept-language": accepted},
            )
            assert answer.status_code >= 400
            assert said in answer.text
    unsigned = await browser.get("/registers/receipt.csv", params={"lang": "en"})
    assert (unsigned.status_code, unsigned.text) == (401, "Sign in first.\n")


async def test_the_names_that_the_law_keeps_stay_sealed(
    browser: httpx.AsyncClient, world: World
) -> None:
    done = await world.register(name="封印 される子")
    await offered(world, done.candidate_id)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, person(world, done.candidate_id))
    for organization, name in (
        (world.agency, "receipt"),
        (world.agency, "provision"),
        (world.agency, "seekers"),
        (world.other_company, "receipt"),
    ):
        [row] = await rows_of(browser, world, organization, name)
        assert "封印" not in str(row)
    async with world.database.read() as read:
        assert await read.scalar(select(Registration.sealed)) is None
