"""The yearly report: who gets it, and that it tells every number beside what it rests on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
import pytest_asyncio
from reportlab.pdfbase import pdfmetrics
from starlette.applications import Starlette

from models.access import Role
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.operations.frozen import freeze_past
from models.operations.savings import StateAssumptions, state_assumptions
from models.rules.savings import ASSUMPTION_NAMES, Assumptions
from models.tables.consortium import Organization
from tasuki.impact_routes import ImpactRoutes
from tasuki.report_pdf import write_pdf
from tasuki.reports import Report, Section, Table, plain_rows, shown
from tests.handovers import run
from tests.people import add_person
from tests.test_impact import answers, some_flows
from tests.test_outcomes import free, leave, paid
from tests.world import World

NEXT_YEAR = datetime(2027, 1, 20, tzinfo=UTC)


@pytest_asyncio.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=ImpactRoutes(world.database).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://tasuki.test"
    ) as client:
        yield client


async def get(
    http: httpx.AsyncClient,
    world: World,
    path: str,
    of: Organization | None,
    role: Role = Role.ADMIN,
    site: str = "none",
) -> httpx.Response:
    maker = await add_person(
        world, of, Role.ADMIN if of else Role.CONSORTIUM_ADMIN, f"{next(world.numbers)}@x.example"
    )
    made = await run(world, create_api_token, maker, CreateApiToken("report", role))
    headers = {"authorization": f"Bearer {made.secret}", "sec-fetch-site": site}
    return await http.get(path, headers=headers)


async def a_year(world: World) -> None:
    """The second company: a free hire, a paid one, one that ended early, and what it states."""
    await paid(world, 500_000)
    await free(world)
    early = await paid(world, 1_000_000)
    await leave(world, early, date(2026, 1, 25))
    stated = Assumptions(
        valid_from=date(2026, 1, 1),
        cost_per_hire_yen=800_000,
        hires_a_year=3,
        participation_yen_a_year=100_000,
        note="=会計<2025>",
    )
    admin = world.actor(world.other_company, Role.ADMIN)
    await run(world, state_assumptions, admin, StateAssumptions(stated))
    await some_flows(world)
    await answers(world, 0, 3, 3, 6, 9, of=world.other_company)
    world.clock.now = NEXT_YEAR
    await freeze_past(world.database)


def cells(response: httpx.Response) -> dict[tuple[str, str, str], str]:
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header == ["section", "row", "column", "value"]
    assert all(len(row) == 4 for row in rows)
    return {(row[0], row[1], row[2]): row[3] for row in rows if row[1]}


async def test_the_csv_has_the_whole_sum(http: httpx.AsyncClient, world: World) -> None:
    await a_year(world)
    found = await get(http, world, "/reports/impact/2026.csv?lang=en", world.other_company)
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="tasuki-impact-2026.csv"'
    assert found.headers["cache-control"] == "no-store"
    told = cells(found)
    assert {row: value for (section, row, column), value in told.items() if column == "Yen"} == {
        "What those hires would have cost outside": "1600000",
        "Fees paid, less what is owed back": "700000",  # 500,000, and a fifth of a million
        "Saved": "900000",
        "What taking part cost": "100000",
        "Net saved": "800000",
        "What hiring outside the network cost": "2400000",
        "What all hires would have cost outside": "4000000",
        "Reduction of the cost of hiring (%)": "20.0",
    }
    assert told["Savings", "Hires through agencies' introductions", "Left early"] == "1"
    assert told["Second chances", "Registrations through links", "People, or days"] == "8"
    assert told["Who stayed", "90", "Could have"] == "3"


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_assumption_and_the_rounding_are_told_in_it(
    http: httpx.AsyncClient, world: World, language: str
) -> None:
    await a_year(world)
    path = f"/reports/impact/2026.html?lang={language}"
    found = await get(http, world, path, world.other_company, Role.VIEWER)
    assert found.status_code == 200
    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    page = found.text
    assert f'<html lang="{language}">' in page
    for name in ASSUMPTION_NAMES.values():
        assert name.in_(language) in page
    assert "=会計&lt;2025&gt;" in page
    for words in {
        "ja": (
            "最小人数（3）",
            "1〜5名",
            "ウィルソン",
            "800,000円",
            "誰の回答かは記録していません",
        ),
        "en": ("smallest count (3)", "1 to 5 people", "Wilson", "¥800,000", "is not recorded"),
    }[language]:
        assert words in page
    assert re.search(r"https?://|<script|<link|<img", page) is None
    _Balanced().feed(page)


class _Balanced(HTMLParser):
    """Every element that is opened is closed, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_pdf_is_the_same_whenever_it_is_asked_for(
    http: httpx.AsyncClient, world: World, language: str
) -> None:
    await a_year(world)
    path = f"/reports/impact/2026.pdf?lang={language}"
    first, second = [await get(http, world, path, world.other_company) for _ in range(2)]
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content


async def test_the_consortiums_report_has_no_companys_figures(
    http: httpx.AsyncClient, world: World
) -> None:
    await a_year(world)
    for role in (Role.CONSORTIUM_ADMIN, Role.ANALYST):
        found = await get(http, world, "/reports/impact/2026.csv?lang=en", None, role)
        told = cells(found)
        assert {section for section, _, _ in told} == {"Second chances", "Candidates’ voices"}
        assert int(told["Second chances", "Hires in the network", "People, or days"]) % 3 == 0
        assert world.other_company.name not in found.text


async def test_a_report_before_anything_happened_says_so(
    http: httpx.AsyncClient, world: World
) -> None:
    found = await get(http, world, "/reports/impact/2026.html?lang=en", world.company)
    assert found.status_code == 200
    assert "no month of the period is closed" in found.text
    assert "Nothing has been stated." in found.text
    assert "Cost of one hire outside the network, from 2026-01-01 on" in found.text


async def test_who_may_not_is_refused(http: httpx.AsyncClient, world: World) -> None:
    path = "/reports/impact/2026.csv"
    assert (await http.get(path)).status_code == 401
    assert (await get(http, world, path, world.agency)).status_code == 403
    foreign = await get(http, world, path, world.company, site="cross-site")
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/impact/2026.xlsx", 404),
        ("/reports/impact/1999.csv", 404),
        ("/reports/impact/20260.csv", 404),
        ("/reports/impact/٢٠٢٦.csv", 404),
        ("/reports/impact/abc.csv", 404),
        ("/reports/impact/2027.csv", 422),
    ],
)
async def test_years_that_are_none_are_refused(
    http: httpx.AsyncClient, world: World, path: str, status: int
) -> None:
    found = await get(http, world, path, world.company)
    assert found.status_code == status
    assert found.headers["cache-control"] == "no-store"


# Writing


def a_report(locale: str, **more: Any) -> Report:
    table = Table(["a", "b"], [["−x𠮷", None], ["y", 1_234_567]])
    sections = [Section("名 & <b>", ["1 < 2"], [table], ["note"])]
    return Report(locale, "題 title", "𠮷野家 & Co", ["about"], **{"sections": sections, **more})


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_letters_and_marks_of_every_kind_are_set(locale: str) -> None:
    assert write_pdf(a_report(locale)).startswith(b"%PDF-")


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_long_table_and_a_long_word_go_on_over_pages(locale: str) -> None:
    long = Table([f"column {n}" for n in range(9)], [["w" * 200, *range(8)]] * 120)
    pdf = write_pdf(a_report(locale, sections=[Section("long", tables=[long])]))
    assert len(re.findall(rb"/Type /Page\b", pdf)) > 3


def test_numbers_and_words_for_programs() -> None:
    rows = plain_rows(a_report("en"))
    assert rows == [
        ["", "", "", "about"],
        ["名 & <b>", "", "", "1 < 2"],
        ["名 & <b>", "−x𠮷", "b", None],
        ["名 & <b>", "y", "b", 1_234_567],
        ["名 & <b>", "", "", "note"],
    ]
    assert [shown(one) for one in (3.10, 100.0, -5, date(2026, 1, 2))] == [
        "3.1",
        "100",
        "-5",
        "2026-01-02",
    ]


def test_the_fonts_need_no_file() -> None:
    assert "HeiseiKakuGo-W5" in pdfmetrics.getRegisteredFontNames()
