from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from models.rules.csv_files import write_csv
from models.rules.member_list import (
    MEMBER_ROWS_MAX,
    MemberRow,
    normalise_corporate_number,
    normalise_licence_number,
    read_member_list,
)

LISTED_COMPANIES_FILE = Path(__file__).parents[2] / "shared" / "data" / "listed_companies_jp.csv"


def corporate_number(serial: int) -> str:
    base = f"{serial:012}"
    return cn.calc_check_digit(base) + base


HEADER = [
    "corporate_number",
    "name",
    "name_en",
    "kind",
    "industry",
    "prefecture",
    "address",
    "mail_domain",
    "licence_number",
    "licence_expires_on",
]


def member(**cells: str) -> list[str]:
    filled = {"corporate_number": corporate_number(1), "name": "たすき株式会社"} | cells
    return [filled.get(column, "") for column in HEADER]


def read_one(**cells: str) -> MemberRow:
    members = read_member_list(write_csv(HEADER, [member(**cells)]))
    assert members.refused == []
    (row,) = members.rows
    return row


def test_a_company_needs_only_its_number_and_name() -> None:
    assert read_one() == MemberRow(
        line=2,
        corporate_number=corporate_number(1),
        name="たすき株式会社",
        name_en=None,
        kind="COMPANY",
        industry_division=None,
        industry_group=None,
        prefecture=None,
        mail_domain=None,
        licence_number=None,
        licence_expires_on=None,
    )


def test_an_agency_is_read_with_its_licence() -> None:
    row = read_one(
        name_en="Tasuki Inc.",
        kind="人材紹介会社",
        industry="91",
        address="東京都港区一丁目",
        mail_domain="@Example.co.jp",
        licence_number="１３－ﾕ－１２３４５６",
        licence_expires_on="2030年3月31日",
    )
    assert row == MemberRow(
        line=2,
        corporate_number=corporate_number(1),
        name="たすき株式会社",
        name_en="Tasuki Inc.",
        kind="AGENCY",
        industry_division="R",
        industry_group="91",
        prefecture="13",
        mail_domain="example.co.jp",
        licence_number="13-ユ-123456",
        licence_expires_on=date(2030, 3, 31),
    )


def test_columns_may_be_named_in_japanese() -> None:
    number = corporate_number(1)
    data = f"法人番号,会社名,産業分類,都道府県,従業員数\n{number},甲,G,大阪,5".encode("cp932")
    members = read_member_list(data)
    assert members.unknown_columns == ["従業員数"]
    assert members.refused == []
    (row,) = members.rows
    assert (row.name, row.industry_division, row.industry_group) == ("甲", "G", None)
    assert row.prefecture == "27"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"corporate_number": ""}, "corporate_number", "CELL_MISSING"),
        ({"corporate_number": "1.01E+12"}, "corporate_number", "CORPORATE_NUMBER_INVALID"),
        ({"corporate_number": "1234567890123"}, "corporate_number", "CORPORATE_NUMBER_INVALID"),
        ({"name": ""}, "name", "CELL_MISSING"),
        ({"name": "a" * 201}, "name", "CELL_TOO_LONG"),
        ({"name": "a\nb"}, "name", "CELL_NOT_PLAIN"),
        ({"name_en": "a" * 201}, "name_en", "CELL_TOO_LONG"),
        ({"kind": "club"}, "kind", "UNKNOWN_KIND"),
        ({"industry": "情報・通信業"}, "industry", "UNKNOWN_INDUSTRY"),
        ({"prefecture": "江戸"}, "prefecture", "UNKNOWN_PREFECTURE"),
        ({"address": "東京都" * 101}, "address", "CELL_TOO_LONG"),
        ({"mail_domain": "co.jp"}, "mail_domain", "MAIL_DOMAIN_INVALID"),
        ({"mail_domain": "gmail.com"}, "mail_domain", "FREE_MAIL_DOMAIN"),
        ({"kind": "AGENCY"}, "licence_number", "CELL_MISSING"),
        ({"kind": "AGENCY", "licence_number": "13"}, "licence_number", "LICENCE_NUMBER_INVALID"),
        (
            {"kind": "AGENCY", "licence_number": "13-ユ-123456"},
            "licence_expires_on",
            "CELL_MISSING",
        ),
        (
            {
                "kind": "AGENCY",
                "licence_number": "13-ユ-123456",
                "licence_expires_on": "soon",
            },
            "licence_expires_on",
            "DATE_INVALID",
        ),
    ],
)
def test_a_bad_row_is_refused_alone(cells: dict[str, str], column: str, code: str) -> None:
    good = member(corporate_number=corporate_number(2))
    members = read_member_list(write_csv(HEADER, [member(**cells), good]))
    assert [(r.line, r.column, r.code) for r in members.refused][:1] == [(2, column, code)]
    assert len(members.refused) == 1
    assert [row.corporate_number for row in members.rows] == [corporate_number(2)]


def test_a_number_twice_in_the_file_is_refused_with_the_line_of_the_first() -> None:
    twice = corporate_number(1)
    spaced = f"{twice[0]}-{twice[1:5]}-{twice[5:9]}-{twice[9:]}"
    rows = [member(), member(corporate_number=corporate_number(2))]
    rows.append(member(corporate_number=spaced))
    members = read_member_list(write_csv(HEADER, rows))
    assert [row.line for row in members.rows] == [2, 3]
    (refused,) = members.refused
    assert refused[:3] == (4, "corporate_number", "DUPLICATE_CORPORATE_NUMBER")
    assert "line 2" in refused.reason.en
    assert "2 行目" in refused.reason.ja


def test_refusals_come_in_the_order_of_the_file() -> None:
    data = f"corporate_number,name\n1,a\n{corporate_number(1)},b,c\n2,d\n".encode()
    assert [(r.line, r.code) for r in read_member_list(data).refused] == [
        (2, "CORPORATE_NUMBER_INVALID"),
        (3, "TOO_MANY_CELLS"),
        (4, "CORPORATE_NUMBER_INVALID"),
    ]


def test_a_list_that_is_too_long_is_refused_whole() -> None:
    data = b"corporate_number,name\n" + b"1,a\n" * (MEMBER_ROWS_MAX + 1)
    members = read_member_list(data)
    assert members.rows == []
    assert [(r.line, r.code) for r in members.refused] == [(MEMBER_ROWS_MAX + 2, "TOO_MANY_ROWS")]


@given(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 8))
def test_one_wrong_digit_makes_a_corporate_number_invalid(
    serial: int, place: int, shift: int
) -> None:
    number = corporate_number(serial)
    assert normalise_corporate_number(number) == number
    # Weights are 1 and 2 modulo 9: a change by less than 9 that is not 0 modulo 9 is seen.
    digit = (int(number[place]) + shift) % 10
    changed = number[:place] + str(digit) + number[place + 1 :]
    weight = 2 if place and place % 2 else 1
    if (digit - int(number[place])) * weight % 9:
        assert normalise_corporate_number(changed) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13-ユ-123456", "13-ユ-123456"),
        ("13ユ123456", "13-ユ-123456"),
        ("２７－ム－３００００１", "27-ム-300001"),
        ("48-ユ-123456", None),
        ("13-ユ-12345", None),
        ("派13-123456", None),
        ("", None),
    ],
)
def test_a_licence_number_has_one_form(text: str, number: str | None) -> None:
    assert normalise_licence_number(text) == number


@pytest.mark.skipif(not LISTED_COMPANIES_FILE.exists(), reason="the shared data folder is absent")
def test_the_listed_companies_of_japan_are_read_whole() -> None:
    members = read_member_list(LISTED_COMPANIES_FILE.read_bytes())
    assert members.refused == []
    assert members.unknown_columns == []
    assert len(members.rows) == 3_922
    assert {row.industry_division for row in members.rows} == {None}
    assert sum(row.prefecture is not None for row in members.rows) == 32
    assert sum(row.name_en is None for row in members.rows) == 378
