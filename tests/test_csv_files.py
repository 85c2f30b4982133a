from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.csv_files import (
    CELL_MAX_CHARS,
    COLUMNS_MAX,
    FILE_MAX_BYTES,
    CellRefused,
    Column,
    CsvRow,
    escape_formula,
    is_plain_line,
    read_csv,
    read_date,
    read_line,
    read_required_line,
    unescape_formula,
    write_csv,
)

COLUMNS = (
    Column("name", ("氏名", "名前"), required=True),
    Column("email", ("メールアドレス",)),
)


def rows_of(data: bytes) -> list[tuple[int, str, str]]:
    table = read_csv(data, COLUMNS, rows_max=100)
    assert table.refused == []
    return [(row.line, row.cells["name"], row.cells["email"]) for row in table.rows]


def refusal_of(data: bytes, rows_max: int = 100) -> tuple[int, str | None, str]:
    table = read_csv(data, COLUMNS, rows_max)
    assert table.rows == []
    (refused,) = table.refused
    assert all(refused.reason)
    return refused.line, refused.column, refused.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_usual_encoding_is_read(encoding: str, line_end: str) -> None:
    text = line_end.join(["氏名,メールアドレス", "髙橋　①郎,a@example.com", ""])
    assert rows_of(text.encode(encoding)) == [(2, "髙橋　①郎", "a@example.com")]


@pytest.mark.parametrize(
    "header", ["Name,E-MAIL", "ｎａｍｅ, ｅ_ｍａｉｌ ", "名前,メール アドレス"]
)
def test_header_names_match_whatever_their_case_and_width(header: str) -> None:
    assert rows_of(f"{header}\nTaro,a@example.com".encode()) == [(2, "Taro", "a@example.com")]


def test_unknown_columns_are_reported_and_unnamed_ones_passed_over() -> None:
    table = read_csv("備考,氏名,,年齢\nx,太郎,y,30\n".encode(), COLUMNS, rows_max=10)
    assert table.unknown_columns == ["備考", "年齢"]
    assert table.rows == [CsvRow(2, {"name": "太郎", "email": ""})]
    assert table.refused == []


def test_lines_are_those_of_the_file() -> None:
    data = b'name,email\r\n"A\r\nB",a\r\n\r\n,,\r\nC,c\r\n"D\nE\nF",d\r\nG,g'
    assert [(line, name) for line, name, _ in rows_of(data)] == [
        (2, "A\r\nB"),
        (6, "C"),
        (7, "D\nE\nF"),
        (10, "G"),
    ]


def test_a_short_row_has_empty_cells_and_a_long_one_is_refused() -> None:
    table = read_csv(b"name,email\nA\nB,b,c\nC,c,,\n", COLUMNS, rows_max=10)
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"name": "A", "email": ""}),
        (4, {"name": "C", "email": "c"}),
    ]
    assert [(r.line, r.column, r.code) for r in table.refused] == [(3, None, "TOO_MANY_CELLS")]


def test_a_cell_that_is_too_long_refuses_its_row_alone() -> None:
    data = f"name\n{'a' * (CELL_MAX_CHARS + 1)}\n{'b' * CELL_MAX_CHARS}".encode()
    table = read_csv(data, COLUMNS, rows_max=10)
    assert [(r.line, r.column, r.code) for r in table.refused] == [(2, "name", "CELL_TOO_LONG")]
    assert [row.line for row in table.rows] == [3]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", (1, None, "FILE_EMPTY")),
        (b" \r\n\n", (1, None, "FILE_EMPTY")),
        (b"\xef\xbb\xbf", (1, None, "FILE_EMPTY")),
        (b"PK\x03\x04 and so on", (1, None, "FILE_NOT_CSV")),
        ("name\nA".encode("utf-16"), (1, None, "FILE_NOT_CSV")),
        (b"name\n\x81\xff\xff", (1, None, "FILE_ENCODING_UNKNOWN")),
        (b"a" * (FILE_MAX_BYTES + 1), (1, None, "FILE_TOO_LARGE")),
        (b"email\na@example.com", (1, "name", "MISSING_COLUMN")),
        ("氏名,email\nA,a".encode("euc-jp"), (1, "name", "MISSING_COLUMN")),
        ("\nname,氏名\nA,B".encode(), (2, "name", "DUPLICATE_COLUMN")),
        (b"name," * (COLUMNS_MAX + 1), (1, None, "TOO_MANY_COLUMNS")),
        (b'name,email\nA,a\nB,"b\nC,c\n', (3, None, "FILE_MALFORMED")),
        (b'name,email\nA,"a"b\n', (2, None, "FILE_MALFORMED")),
        (b"name\n" + b"x" * 200_000, (2, None, "FILE_MALFORMED")),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(
    data: bytes, refusal: tuple[int, str | None, str]
) -> None:
    assert refusal_of(data) == refusal


def test_a_file_with_too_many_rows_is_refused_whole() -> None:
    data = b"name\nA\n\nB\nC\n"
    assert refusal_of(data, rows_max=2) == (5, None, "TOO_MANY_ROWS")
    assert len(read_csv(data, COLUMNS, rows_max=3).rows) == 3


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    table = read_csv(data, COLUMNS, rows_max=5)
    assert all(row.line >= 2 for row in table.rows)
    assert len(table.rows) <= 5


@pytest.mark.parametrize(
    ("cell", "escaped"),
    [
        ("=1+1", "'=1+1"),
        ("+81 90", "'+81 90"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝１", "'＝１"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'=1", "''=1"),
        ("a=1", "a=1"),
        ("'tis", "'tis"),
        ("", ""),
    ],
)
def test_a_formula_is_escaped(cell: str, escaped: str) -> None:
    assert escape_formula(cell) == escaped
    assert unescape_formula(escaped) == cell


@given(st.text(alphabet="'=+-@＝\t\r\nab"))
def test_escaping_loses_nothing_and_leaves_no_formula(cell: str) -> None:
    escaped = escape_formula(cell)
    assert unescape_formula(escaped) == cell
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS).filter(any), max_size=20))
def test_what_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    table = read_csv(write_csv(["氏名", "email"], rows), COLUMNS, rows_max=20)
    assert table.refused == []
    assert [(row.cells["name"], row.cells["email"]) for row in table.rows] == rows


def test_a_file_is_written_for_excel() -> None:
    data = write_csv(["=name", "count"], [["@太郎", -5], ['a,"b"', None]])
    text = '\ufeff\'=name,count\r\n\'@太郎,-5\r\n"a,""b""",\r\n'
    assert data.decode() == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-01", date(2026, 4, 1)),
        ("2026/4/1", date(2026, 4, 1)),
        ("２０２６年４月１日", date(2026, 4, 1)),
        ("2026.04.01", date(2026, 4, 1)),
        ("20260401", date(2026, 4, 1)),
        ("2026/4/1 0:00", date(2026, 4, 1)),
        ("", None),
    ],
)
def test_a_date_is_read(text: str, day: date | None) -> None:
    assert read_date({"on": text}, "on") == day


@pytest.mark.parametrize("text", ["2026-02-30", "4/1", "04/01/2026", "yesterday", "0000-01-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read_date({"on": text}, "on")
    assert (refused.value.column, refused.value.code) == ("on", "DATE_INVALID")
    assert text not in refused.value.reason.en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CELL_MISSING"),
        ("12345678901", "CELL_TOO_LONG"),
        ("a\nb", "CELL_NOT_PLAIN"),
        ("a\x00b", "CELL_NOT_PLAIN"),
        ("a\u202eb", "CELL_NOT_PLAIN"),
        ("a\u2028b", "CELL_NOT_PLAIN"),
    ],
)
def test_a_line_of_text_is_plain_and_bounded(text: str, code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read_required_line({"name": text}, "name", 10)
    assert (refused.value.column, refused.value.code) == ("name", code)


def test_a_line_of_text_is_kept_as_it_is() -> None:
    assert read_line({"name": "神﨑 〇子"}, "name", 10) == "神﨑 〇子"
    assert read_line({"name": ""}, "name", 10) is None
    assert is_plain_line("")


@pytest.mark.parametrize("joiner", "\u200c\u200d")
def test_joiners_are_plain(joiner: str) -> None:
    assert read_line({"name": f"👩{joiner}💻"}, "name", 10) == f"👩{joiner}💻"
