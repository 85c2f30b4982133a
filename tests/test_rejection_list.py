from datetime import date, timedelta

import pytest

from models.rules.csv_files import write_csv
from models.rules.rejection_list import (
    REJECTED_AT_MOST_DAYS_AGO,
    REJECTION_ROWS_MAX,
    RejectionRow,
    read_rejection_list,
)

TODAY = date(2026, 4, 10)
HEADER = ["name", "email", "opening", "stage", "rejected_on", "language", "category"]


def person(**cells: str) -> list[str]:
    filled = {"name": "山田 太郎", "email": "taro@example.com"} | cells
    return [filled.get(column, "") for column in HEADER]


def test_a_name_and_an_address_are_enough() -> None:
    rejections = read_rejection_list(write_csv(HEADER, [person()]), TODAY)
    assert rejections.refused == []
    assert rejections.rows == [
        RejectionRow(
            line=2,
            name="山田 太郎",
            email="taro@example.com",
            normal_email="taro@example.com",
            opening=None,
            stage=None,
            rejected_on=None,
            language="ja",
            category=None,
        )
    ]


def test_a_list_from_excel_in_japanese_is_read() -> None:
    data = (
        "氏名,メールアドレス,応募職種,選考段階,不採用日,言語,職種,評価\r\n"
        "髙橋 花子,Hanako.T+job@Gmail.com,経理担当（本社）,１次面接,2026/4/1,英語,経理,B\r\n"
    ).encode("cp932")
    rejections = read_rejection_list(data, TODAY)
    assert rejections.refused == []
    assert rejections.unknown_columns == ["評価"]
    assert rejections.rows == [
        RejectionRow(
            line=2,
            name="髙橋 花子",
            email="Hanako.T+job@gmail.com",
            normal_email="hanakot@gmail.com",
            opening="経理担当（本社）",
            stage="FIRST_INTERVIEW",
            rejected_on=date(2026, 4, 1),
            language="en",
            category="ACCOUNTING",
        )
    ]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"name": ""}, "name", "CELL_MISSING"),
        ({"name": "あ" * 101}, "name", "CELL_TOO_LONG"),
        ({"name": "太郎\r\nBcc: x"}, "name", "CELL_NOT_PLAIN"),
        ({"email": ""}, "email", "CELL_MISSING"),
        ({"email": "taro"}, "email", "EMAIL_INVALID"),
        ({"email": "a" * 300 + "@example.com"}, "email", "EMAIL_TOO_LONG"),
        ({"opening": "a" * 201}, "opening", "CELL_TOO_LONG"),
        ({"stage": "雨天中止"}, "stage", "UNKNOWN_STAGE"),
        ({"rejected_on": "4月1日"}, "rejected_on", "DATE_INVALID"),
        ({"rejected_on": "2026-04-11"}, "rejected_on", "DATE_IN_FUTURE"),
        ({"rejected_on": "2025-04-08"}, "rejected_on", "DATE_TOO_OLD"),
        ({"language": "fr"}, "language", "UNKNOWN_LANGUAGE"),
        ({"category": "宇宙飛行士"}, "category", "UNKNOWN_CATEGORY"),
    ],
)
def test_a_bad_row_is_refused_alone(cells: dict[str, str], column: str, code: str) -> None:
    good = person(email="hanako@example.com")
    rejections = read_rejection_list(write_csv(HEADER, [person(**cells), good]), TODAY)
    (refused,) = rejections.refused
    assert refused[:3] == (2, column, code)
    assert [row.email for row in rejections.rows] == ["hanako@example.com"]


@pytest.mark.parametrize("days_ago", [0, REJECTED_AT_MOST_DAYS_AGO])
def test_the_first_and_the_last_day_allowed(days_ago: int) -> None:
    day = TODAY - timedelta(days=days_ago)
    (row,) = read_rejection_list(write_csv(HEADER, [person(rejected_on=str(day))]), TODAY).rows
    assert row.rejected_on == day


def test_another_spelling_of_an_address_is_refused_with_the_line_of_the_first() -> None:
    rows = [
        person(email="taro.yamada@gmail.com"),
        person(email="hanako@example.com"),
        person(email="TaroYamada+2@googlemail.com"),
    ]
    rejections = read_rejection_list(write_csv(HEADER, rows), TODAY)
    assert [row.line for row in rejections.rows] == [2, 3]
    (refused,) = rejections.refused
    assert refused[:3] == (4, "email", "DUPLICATE_EMAIL")
    assert "line 2" in refused.reason.en
    assert "2 行目" in refused.reason.ja


def test_a_reason_never_repeats_the_cell() -> None:
    rows = [person(email="secret-address"), person(email="x@example.com", stage="secret-stage")]
    for refused in read_rejection_list(write_csv(HEADER, rows), TODAY).refused:
        assert "secret" not in refused.reason.ja + refused.reason.en


def test_the_longest_list_is_read_and_a_longer_one_refused_whole() -> None:
    rows = [person(email=f"p{number}@example.com") for number in range(REJECTION_ROWS_MAX + 1)]
    longest = read_rejection_list(write_csv(HEADER, rows[:-1]), TODAY)
    assert (len(longest.rows), longest.refused) == (REJECTION_ROWS_MAX, [])
    longer = read_rejection_list(write_csv(HEADER, rows), TODAY)
    assert longer.rows == []
    assert [r.code for r in longer.refused] == ["TOO_MANY_ROWS"]


def test_a_file_without_an_address_column_is_refused() -> None:
    rejections = read_rejection_list("氏名\n太郎".encode(), TODAY)
    assert rejections.rows == []
    assert [r[:3] for r in rejections.refused] == [(1, "email", "MISSING_COLUMN")]
