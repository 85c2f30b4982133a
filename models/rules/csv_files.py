"""CSV files that people upload, read with care, and those we write for them to open in Excel.

A file is read whole or not at all as a table; what is wrong in a row refuses that row alone. Every
refusal says the line of the file, the column, a stable code and a reason that never repeats the
cell, so that a report can be kept without keeping personal data.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from models.vocabulary.text import Text, vocabulary_key

R = TypeVar("R")

FILE_MAX_BYTES = 8 * 1024 * 1024
COLUMNS_MAX = 64
CELL_MAX_CHARS = 2_000
HEADER_MAX_CHARS = 100

FIRST_LINE = 1

# At the start of a cell these make a spreadsheet read a formula; full-width ones do in Japanese.
_FORMULA_START = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")

_NOT_CSV_SIGNATURES = (
    b"PK\x03\x04",  # .xlsx
    b"\xd0\xcf\x11\xe0",  # .xls
    b"%PDF",
    b"\xff\xfe",  # UTF-16, as Excel's "Unicode text"
    b"\xfe\xff",
)

_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]0?0:00(?::00)?)?",
)
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")

# Characters that turn the direction of a line round and can make a name look like another.
_DIRECTION_CONTROLS = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class Column(NamedTuple):
    """A column we know: the name our code uses, other names it has in files, whether it must be."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


class RefusedRow(NamedTuple):
    """Why a row, or on the header's line the whole file, was refused.

    `line` is the line of the file, from 1, on which the row begins; `column` the name of the column
    or None where the fault is of the whole row.
    """

    line: int
    column: str | None
    code: str
    reason: Text


class CellRefused(ValueError):
    """Raised by what reads a cell; the reader of the file adds the line."""

    def __init__(self, column: str | None, code: str, reason: Text) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.reason = reason

    def at(self, line: int) -> RefusedRow:
        """The refusal of the row that begins on this line."""
        return RefusedRow(line, self.column, self.code, self.reason)


class CsvRow(NamedTuple):
    """A row that can be read: the line it begins on and every known column's cell, "" if empty."""

    line: int
    cells: dict[str, str]


class CsvTable(NamedTuple):
    """What a file holds. A file refused as a whole has no rows and one refusal."""

    rows: list[CsvRow]
    refused: list[RefusedRow]
    unknown_columns: list[str]


class _FileRefused(Exception):
    def __init__(self, line: int, code: str, reason: Text, column: str | None = None) -> None:
        super().__init__(code)
        self.refusal = RefusedRow(line, column, code, reason)


class _Record(NamedTuple):
    line: int
    cells: list[str]


def read_csv(data: bytes, columns: Sequence[Column], rows_max: int) -> CsvTable:
    """Read an uploaded file by the columns we know.

    UTF-8 (with or without a byte order mark) or, where it is not that, CP932 as Excel in Japan
    writes it. Header names match whatever their case, width, spaces, hyphens and underscores.
    Empty rows are passed over, cells are stripped, the apostrophe of `escape_formula` is taken off.

    The whole file is refused with FILE_EMPTY, FILE_TOO_LARGE, FILE_NOT_CSV,
    FILE_ENCODING_UNKNOWN, FILE_MALFORMED, TOO_MANY_ROWS, TOO_MANY_COLUMNS, DUPLICATE_COLUMN or
    MISSING_COLUMN; a row with TOO_MANY_CELLS or CELL_TOO_LONG. Other columns are reported.
    """
    try:
        return _read_table(_decoded(data), columns, rows_max)
    except _FileRefused as refused:
        return CsvTable([], [refused.refusal], [])


def _decoded(data: bytes) -> str:
    if not data.strip():
        reason = Text("ファイルが空です。", "The file is empty.")
        raise _FileRefused(FIRST_LINE, "FILE_EMPTY", reason)
    if len(data) > FILE_MAX_BYTES:
        mebibytes = FILE_MAX_BYTES // (1024 * 1024)
        reason = Text(
            f"ファイルが大きすぎます。{mebibytes} MiB までです。",
            f"The file is too large: at most {mebibytes} MiB.",
        )
        raise _FileRefused(FIRST_LINE, "FILE_TOO_LARGE", reason)
    if data.startswith(_NOT_CSV_SIGNATURES):
        reason = Text(
            "CSV ではありません。Excel では「CSV UTF-8（コンマ区切り）」で保存してください。",
            'This is not a CSV file. In Excel, save it as "CSV UTF-8 (comma delimited)".',
        )
        raise _FileRefused(FIRST_LINE, "FILE_NOT_CSV", reason)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    reason = Text(
        "文字コードが分かりません。UTF-8 か Shift_JIS で保存してください。",
        "The encoding is not known. Save the file as UTF-8 or Shift_JIS.",
    )
    raise _FileRefused(FIRST_LINE, "FILE_ENCODING_UNKNOWN", reason)


def _records(text: str) -> Iterator[_Record]:
    """The rows that are not empty, each with the line of the file it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = FIRST_LINE
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            reason = Text(
                'この行から先を CSV として読めません。引用符（"）を確かめてください。',
                'From this line on the file cannot be read as CSV. Check the quotation marks (").',
            )
            raise _FileRefused(line, "FILE_MALFORMED", reason) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _Record(line, cells)
        line = reader.line_num + 1


def _read_table(text: str, columns: Sequence[Column], rows_max: int) -> CsvTable:
    records = _records(text)
    header = next(records, None)
    if header is None:
        raise _FileRefused(
            FIRST_LINE, "FILE_EMPTY", Text("ファイルが空です。", "The file is empty.")
        )
    names, unknown_columns = _read_header(header, columns)
    table = CsvTable([], [], unknown_columns)
    for count, record in enumerate(records, start=1):
        if count > rows_max:
            reason = Text(
                f"行が多すぎます。{rows_max:,} 行までです。ファイルを分けてください。",
                f"Too many rows: at most {rows_max:,}. Split the file.",
            )
            raise _FileRefused(record.line, "TOO_MANY_ROWS", reason)
        try:
            table.rows.append(CsvRow(record.line, _read_cells(record.cells, names, columns)))
        except CellRefused as refused:
            table.refused.append(refused.at(record.line))
    return table


def _read_header(header: _Record, columns: Sequence[Column]) -> tuple[list[str | None], list[str]]:
    """Our column name for each column of the file, None for one we do not know; and the unknown."""
    if len(header.cells) > COLUMNS_MAX:
        reason = Text(
            f"列が多すぎます。{COLUMNS_MAX} 列までです。",
            f"Too many columns: at most {COLUMNS_MAX}.",
        )
        raise _FileRefused(header.line, "TOO_MANY_COLUMNS", reason)
    known = {
        _header_key(spelling): column.name
        for column in columns
        for spelling in (column.name, *column.aliases)
    }
    names = [known.get(_header_key(cell)) for cell in header.cells]
    _check_header(header.line, names, columns)
    unknown = [
        cell.strip()[:HEADER_MAX_CHARS]
        for cell, name in zip(header.cells, names, strict=True)
        if name is None and cell.strip()
    ]
    return names, unknown


def _check_header(line: int, names: list[str | None], columns: Sequence[Column]) -> None:
    for column in columns:
        spellings = " / ".join((*column.aliases[:1], column.name))
        if column.required and column.name not in names:
            reason = Text(
                f"見出しの行に必要な列がありません: {spellings}",
                f"The header row lacks a column that is needed: {spellings}",
            )
            raise _FileRefused(line, "MISSING_COLUMN", reason, column.name)
        if names.count(column.name) > 1:
            reason = Text(
                f"同じ意味の列が二つあります: {spellings}",
                f"Two columns mean the same: {spellings}",
            )
            raise _FileRefused(line, "DUPLICATE_COLUMN", reason, column.name)


def _header_key(text: str) -> str:
    return re.sub(r"[\s_\-‐・]", "", vocabulary_key(text))


def _read_cells(
    cells: list[str], names: list[str | None], columns: Sequence[Column]
) -> dict[str, str]:
    """The cells by our column names. A row may be shorter than the header, not longer."""
    if any(cell.strip() for cell in cells[len(names) :]):
        reason = Text(
            '見出しより多くの列があります。コンマを含む値は引用符（"）で囲んでください。',
            'The row has more cells than the header. Put quotation marks (") around commas.',
        )
        raise CellRefused(None, "TOO_MANY_CELLS", reason)
    read = dict.fromkeys((column.name for column in columns), "")
    for name, cell in zip(names, cells, strict=False):
        if name is None:
            continue
        if len(cell) > CELL_MAX_CHARS:
            raise CellRefused(name, "CELL_TOO_LONG", too_long(CELL_MAX_CHARS))
        read[name] = unescape_formula(cell).strip()
    return read


def read_rows(
    table: CsvTable,
    read: Callable[[int, dict[str, str]], R],
    *,
    same: Callable[[R], Hashable],
    duplicate: Callable[[int], CellRefused],
) -> tuple[list[R], list[RefusedRow]]:
    """The rows that can be read, and the refusals in the order of the file, one for each other row.

    ``read`` takes a line and its cells. A row that is the ``same`` as an earlier one is refused by
    what ``duplicate`` makes of the earlier one's line.
    """
    rows: list[R] = []
    refused = list(table.refused)
    first_line: dict[Hashable, int] = {}
    for line, cells in table.rows:
        try:
            row = read(line, cells)
            first = first_line.setdefault(same(row), line)
            if first != line:
                raise duplicate(first)
            rows.append(row)
        except CellRefused as wrong:
            refused.append(wrong.at(line))
    refused.sort(key=lambda refusal: refusal.line)
    return rows, refused


def too_long(chars_max: int) -> Text:
    """The reason for a text with too many characters."""
    return Text(
        f"長すぎます。{chars_max:,}文字までです。", f"Too long: at most {chars_max:,} characters."
    )


def is_plain_line(text: str) -> bool:
    """Whether a text is one line without control characters or ones that turn its direction.

    The joiners are plain: emoji and the letters of several languages are written with them.
    """
    return not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or character in _DIRECTION_CONTROLS
        for character in text
    )


NOT_PLAIN_LINE = Text(
    "改行や制御文字は使えません。", "Line breaks and control characters cannot be used."
)
NOT_PLAIN_TEXT = Text("制御文字は使えません。", "Control characters cannot be used.")
"""Why a text of several lines is refused."""


def read_line(cells: dict[str, str], column: str, chars_max: int) -> str | None:
    """A cell that holds one line of text, None where it is empty.

    Raises `CellRefused`: CELL_TOO_LONG, CELL_NOT_PLAIN.
    """
    text = cells[column]
    if len(text) > chars_max:
        raise CellRefused(column, "CELL_TOO_LONG", too_long(chars_max))
    if not is_plain_line(text):
        raise CellRefused(column, "CELL_NOT_PLAIN", NOT_PLAIN_LINE)
    return text or None


def read_required_line(cells: dict[str, str], column: str, chars_max: int) -> str:
    """As `read_line`, for a cell that must not be empty (CELL_MISSING)."""
    text = read_line(cells, column, chars_max)
    if text is None:
        raise CellRefused(column, "CELL_MISSING", Text("値がありません。", "The value is missing."))
    return text


def read_date(cells: dict[str, str], column: str) -> date | None:
    """A cell that holds a date, None where it is empty; `CellRefused` (DATE_INVALID) otherwise.

    Understood are 2026-04-01, 2026/4/1, 2026.4.1, 2026年4月1日 and 20260401, with or without the
    midnight that spreadsheets add.
    """
    text = unicodedata.normalize("NFKC", cells[column]).strip()
    if not text:
        return None
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
    except ValueError:
        pass
    reason = Text(
        "日付として読めません。2026-04-01 のように書いてください。",
        "This is not a date. Write it like 2026-04-01.",
    )
    raise CellRefused(column, "DATE_INVALID", reason)


def escape_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before = + - @, tab and breaks.

    Cells that begin with apostrophes before one of those get one more, so that
    `unescape_formula` gives back every text.
    """
    return f"'{cell}" if _FORMULA_START.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """The text that `escape_formula` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA_START.match(cell) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """A file for Excel: UTF-8 with a byte order mark, CRLF, formulas escaped.

    Numbers are written as they are, None as an empty cell.
    """
    return codecs.BOM_UTF8 + write_csv_rows([header]) + write_csv_rows(rows)


def write_csv_rows(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """More rows of such a file, as `write_csv` writes them."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode()
