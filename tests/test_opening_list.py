"""Openings from a CSV: how the file is read, and what is listed, on both databases."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from stdnum.jp import cn

from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import Forbidden, InvalidInput
from models.operations.members import ImportReport
from models.operations.opening_list import ImportOpenings, import_openings, read_openings
from models.operations.openings import OpeningTerms, UpdateOpening, update_opening
from models.rules.csv_files import write_csv
from models.rules.opening_list import OPENING_ROWS_MAX, OpeningRow, read_opening_list
from models.tables.consortium import Organization
from models.tables.flows import NeedDay
from models.tables.openings import Opening
from tests.handovers import change, run
from tests.world import World

TODAY = date(2026, 4, 10)
HEADER = [
    "title",
    "category",
    "skills",
    "prefecture",
    "experience_years_min",
    "headcount",
    "open_until",
    "corporate_number",
]


def corporate_number(serial: int) -> str:
    base = f"{serial:012}"
    return cn.calc_check_digit(base) + base


def opening(**cells: str) -> list[str]:
    filled = {"title": "法人営業", "category": "営業"} | cells
    return [filled.get(column, "") for column in HEADER]


def read_one(**cells: str) -> OpeningRow:
    found = read_opening_list(write_csv(HEADER, [opening(**cells)]), TODAY, names_companies=False)
    assert found.refused == []
    (row,) = found.rows
    return row


def test_a_title_and_a_category_are_enough() -> None:
    assert read_one() == OpeningRow(
        line=2,
        corporate_number=None,
        title="法人営業",
        category="SALES",
        skills=(),
        prefecture=None,
        experience_years_min=None,
        headcount=1,
        open_until=None,
    )


def test_a_list_from_excel_in_japanese_is_read() -> None:
    data = (
        "求人名,職種,必要スキル,勤務地,必要経験年数,採用人数,募集期限,備考\r\n"
        "バックエンド開発,ソフトウェア開発,パイソン、ｋ８ｓ,東京都港区芝1-1,３年以上,２名,"
        "2026年5月31日,急募\r\n"
    ).encode("cp932")
    found = read_opening_list(data, TODAY, names_companies=False)
    assert found.refused == []
    assert found.unknown_columns == ["備考"]
    assert found.rows == [
        OpeningRow(
            line=2,
            corporate_number=None,
            title="バックエンド開発",
            category="SOFTWARE_ENGINEERING",
            skills=("PYTHON", "KUBERNETES"),
            prefecture="13",
            experience_years_min=3,
            headcount=2,
            open_until=date(2026, 5, 31),
        )
    ]


def test_an_english_header_is_read() -> None:
    data = (
        b"Position,Job category,Skills,Location,Years of experience,Headcount,Deadline\n"
        b'Engineer,software engineer,"Python, CI/CD; SQL",Osaka,5 years,3,2026-12-01\n'
    )
    [row] = read_opening_list(data, TODAY, names_companies=False).rows
    assert (row.title, row.category) == ("Engineer", "SOFTWARE_ENGINEERING")
    assert row.skills == ("PYTHON", "CI_CD", "SQL")
    assert (row.prefecture, row.experience_years_min, row.headcount) == ("27", 5, 3)


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"prefecture": "リモート"}, "prefecture", None),
        ({"prefecture": "1"}, "prefecture", "01"),
        ({"experience_years_min": "未経験可"}, "experience_years_min", 0),
        ({"experience_years_min": "0"}, "experience_years_min", 0),
        ({"skills": "Python、python3、"}, "skills", ("PYTHON",)),
    ],
)
def test_a_cell_is_understood(cells: dict[str, str], field: str, value: object) -> None:
    assert getattr(read_one(**cells), field) == value


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"title": ""}, "title", "CELL_MISSING"),
        ({"title": "長" * 101}, "title", "CELL_TOO_LONG"),
        ({"category": ""}, "category", "CELL_MISSING"),
        ({"category": "魔法使い"}, "category", "UNKNOWN_CATEGORY"),
        ({"skills": "Python、魔法"}, "skills", "UNKNOWN_SKILL"),
        ({"prefecture": "中央区"}, "prefecture", "UNKNOWN_PREFECTURE"),
        ({"experience_years_min": "51"}, "experience_years_min", "NUMBER_INVALID"),
        ({"experience_years_min": "多め"}, "experience_years_min", "NUMBER_INVALID"),
        ({"headcount": "0"}, "headcount", "NUMBER_INVALID"),
        ({"headcount": "-1"}, "headcount", "NUMBER_INVALID"),
        ({"open_until": "2026-04-09"}, "open_until", "DATE_IN_PAST"),
        ({"open_until": "soon"}, "open_until", "DATE_INVALID"),
        ({"corporate_number": "123"}, "corporate_number", "CORPORATE_NUMBER_INVALID"),
    ],
)
def test_a_bad_cell_refuses_its_row_alone(cells: dict[str, str], column: str, code: str) -> None:
    data = write_csv(HEADER, [opening(**cells), opening(title="別の求人")])
    found = read_opening_list(data, TODAY, names_companies=False)
    assert [(one.line, one.column, one.code) for one in found.refused] == [(2, column, code)]
    assert [row.line for row in found.rows] == [3]
    # What the cell said is not in the report.
    value = cells[column]
    assert len(value) < 2 or value not in found.refused[0].reason.ja


def test_too_many_skills_are_refused() -> None:
    from models.vocabulary.skills import SKILLS

    data = write_csv(HEADER, [opening(skills="、".join(list(SKILLS)[:21]))])
    [refused] = read_opening_list(data, TODAY, names_companies=False).refused
    assert refused.code == "TOO_MANY_SKILLS"


def test_an_opening_is_in_a_file_once() -> None:
    rows = [opening(), opening(headcount="3"), opening(prefecture="東京都")]
    found = read_opening_list(write_csv(HEADER, rows), TODAY, names_companies=False)
    assert [(one.line, one.code) for one in found.refused] == [(3, "DUPLICATE_OPENING")]
    assert [row.line for row in found.rows] == [2, 4]


def test_an_agency_names_the_company_of_every_row() -> None:
    named = opening(corporate_number=corporate_number(1))
    data = write_csv(HEADER, [named, opening(title="別")])
    found = read_opening_list(data, TODAY, names_companies=True)
    assert [row.corporate_number for row in found.rows] == [corporate_number(1)]
    assert [(one.line, one.code) for one in found.refused] == [(3, "CELL_MISSING")]


def test_a_file_that_is_too_long_is_refused_as_a_whole() -> None:
    data = write_csv(HEADER, [opening(title=f"求人{n}") for n in range(OPENING_ROWS_MAX + 1)])
    found = read_opening_list(data, TODAY, names_companies=False)
    assert found.rows == []
    assert [one.code for one in found.refused] == ["TOO_MANY_ROWS"]


# What is listed


async def send(
    world: World, actor: Actor, rows: list[list[str]], *, keep: bool = False
) -> ImportReport:
    async with world.database.read() as read:
        found = await read_openings(read, actor, write_csv(HEADER, rows))
    report: ImportReport = await run(world, import_openings, actor, ImportOpenings(found, keep))
    return report


async def listed(world: World) -> list[Opening]:
    async with world.database.read() as read:
        rows = await read.scalars(select(Opening).order_by(Opening.title, Opening.id))
        return list(rows)


async def sought(world: World) -> dict[str, int]:
    async with world.database.read() as read:
        rows = await read.execute(
            select(NeedDay.category, func.sum(NeedDay.sought)).group_by(NeedDay.category)
        )
        return {row[0]: row[1] for row in rows}


async def test_a_company_lists_its_openings_once(world: World) -> None:
    actor = world.actor(world.company, Role.RECRUITER)
    rows = [
        opening(headcount="2", experience_years_min="3", skills="Python"),
        opening(title="個人営業", headcount="3"),
        opening(title="経理", category="経理"),
    ]
    report = await send(world, actor, rows)
    assert (report.imported, report.refused) == (3, [])
    found = await listed(world)
    assert [(one.title, one.company_id, one.keeper_id) for one in found] == [
        (title, world.company.id, world.company.id) for title in sorted(r[0] for r in rows)
    ]
    [first] = [one for one in found if one.title == "法人営業"]
    assert (first.experience_years_min, first.skills, first.headcount) == (3, ["PYTHON"], 2)
    assert await sought(world) == {"SALES": 5, "ACCOUNTING": 1}
    again = await send(world, actor, rows, keep=True)
    assert again.imported == 0
    assert [(one.line, one.column, one.code) for one in again.refused] == [
        (line, "title", "ALREADY_EXISTS") for line in (2, 3, 4)
    ]
    assert len(await listed(world)) == 3
    assert await sought(world) == {"SALES": 5, "ACCOUNTING": 1}


async def test_one_bad_row_stops_the_file_unless_asked_otherwise(world: World) -> None:
    actor = world.actor(world.company, Role.RECRUITER)
    rows = [opening(), opening(title="", headcount="x")]
    report = await send(world, actor, rows)
    assert (report.imported, [one.line for one in report.refused]) == (0, [3])
    assert await listed(world) == []
    assert await sought(world) == {}
    kept = await send(world, actor, rows, keep=True)
    assert (kept.imported, [one.line for one in kept.refused]) == (1, [3])
    assert [one.title for one in await listed(world)] == ["法人営業"]


async def test_a_company_lists_no_other_companys_openings(world: World) -> None:
    own, other = corporate_number(71), corporate_number(72)
    await change(world, Organization, Organization.id == world.company.id, corporate_number=own)
    await change(
        world, Organization, Organization.id == world.other_company.id, corporate_number=other
    )
    actor = world.actor(world.company, Role.RECRUITER)
    rows = [
        opening(corporate_number=own),
        opening(corporate_number=other),
        opening(corporate_number=corporate_number(73)),
        # The same as the first: only that one says whose it is.
        opening(),
    ]
    report = await send(world, actor, rows, keep=True)
    assert [(one.line, one.code) for one in report.refused] == [
        (3, "NOT_OWN_COMPANY"),
        (4, "NOT_OWN_COMPANY"),
        (5, "ALREADY_EXISTS"),
    ]
    assert [one.company_id for one in await listed(world)] == [world.company.id]


async def test_an_agency_lists_openings_of_companies_it_keeps_them_for(world: World) -> None:
    number, agency_number = corporate_number(71), corporate_number(74)
    mine = Organization.id == world.company.id
    await change(world, Organization, mine, corporate_number=number)
    agency = Organization.id == world.agency.id
    await change(world, Organization, agency, corporate_number=agency_number)
    actor = world.actor(world.agency, Role.RECRUITER)
    rows = [
        opening(corporate_number=number),
        opening(corporate_number=agency_number),
        opening(corporate_number=corporate_number(73)),
    ]
    report = await send(world, actor, rows, keep=True)
    assert [(one.line, one.code) for one in report.refused] == [
        (3, "UNKNOWN_COMPANY"),
        (4, "UNKNOWN_COMPANY"),
    ]
    [one] = await listed(world)
    assert (one.company_id, one.keeper_id) == (world.company.id, world.agency.id)


async def test_two_imports_at_once_list_an_opening_once(world: World) -> None:
    actor = world.actor(world.company, Role.RECRUITER)
    reports = await asyncio.gather(*(send(world, actor, [opening()]) for _ in range(4)))
    assert sorted(one.imported for one in reports) == [0, 0, 0, 1]
    assert len(await listed(world)) == 1


async def test_a_viewer_lists_nothing(world: World) -> None:
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        with pytest.raises(Forbidden):
            await read_openings(read, actor, write_csv(HEADER, [opening()]))
    found = read_opening_list(write_csv(HEADER, [opening()]), TODAY, names_companies=False)
    with pytest.raises(Forbidden):
        await run(world, import_openings, actor, ImportOpenings(found))
    assert await listed(world) == []


@pytest.mark.parametrize("years", [-1, 51])
async def test_years_of_experience_have_their_bounds(world: World, years: int) -> None:
    actor = world.actor(world.company, Role.RECRUITER)
    await send(world, actor, [opening(experience_years_min="3")])
    [one] = await listed(world)
    terms = OpeningTerms(title="法人営業", category="SALES", experience_years_min=years)
    with pytest.raises(InvalidInput) as refused:
        await run(world, update_opening, actor, UpdateOpening(one.id, terms))
    assert refused.value.path == ("terms", "experienceYearsMin")
    [same] = await listed(world)
    assert same.experience_years_min == 3


IMPORT = """
mutation ($input: ImportOpeningsInput!) {
  importOpenings(input: $input) {
    imported refusedCount refusedRows { line column code reason } unknownColumns
    errors { code path }
  }
}
"""


async def test_the_api_tells_of_every_refused_row(world: World) -> None:
    actor = world.actor(world.company, Role.RECRUITER)

    async def ask(**given: Any) -> Any:
        context = Context(database=world.database, base_url="https://t.example", actor=actor)
        answer = await build_schema().execute(
            IMPORT, variable_values={"input": given}, context_value=context
        )
        assert answer.errors is None
        assert answer.data is not None
        return answer.data["importOpenings"]

    csv = "求人名,職種,謎\n営業,営業,\n経理,魔法,"
    told = await ask(csv=csv)
    assert (told["imported"], told["refusedCount"], told["unknownColumns"]) == (0, 1, ["謎"])
    [row] = told["refusedRows"]
    assert (row["line"], row["column"], row["code"]) == (3, "category", "UNKNOWN_CATEGORY")
    assert (await ask(csv=csv, keepGoodRows=True))["imported"] == 1
    assert (await ask())["errors"] == [{"code": "INVALID_INPUT", "path": ["input", "csv"]}]
