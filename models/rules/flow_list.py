"""Aggregated flows from elsewhere, as a consortium admin imports them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.rules.csv_files import (
    CellRefused,
    Column,
    RefusedRow,
    read_csv,
    read_date,
    read_line,
    read_required_line,
    read_rows,
)
from models.rules.flows import month_begins, month_of
from models.rules.lifecycles import ReferralStatus
from models.rules.rounding import Draw, told
from models.vocabulary.text import Text, vocabulary_key

FLOW_ROWS_MAX = 200_000
NODE_ROWS_MAX = 20_000
NODE_NAME_MAX_CHARS = 200
PEOPLE_MAX = 1_000_000_000
"""Of one file: what is told of it can be added up everywhere."""
YEARS = range(1900, 2101)

Cells = dict[str, str]

COLUMNS = (
    Column("source", ("送り出し元", "どこから", "from"), required=True),
    Column("target", ("受け入れ先", "どこへ", "to"), required=True),
    Column("date", ("年月", "年月日", "日付", "day", "month")),
    Column("year", ("年",)),
    Column("count", ("人数", "件数", "people", "weight")),
    Column("hires", ("採用数", "採用人数")),
    Column("outcome", ("結果", "event")),
)
"""The columns of a file of flows, with their other names. ``hires`` are counts of people hired."""

NODE_COLUMNS = (
    Column("id", ("番号", "node"), required=True),
    Column("name", ("名称", "名前", "label"), required=True),
)
"""The columns of a file that names the nodes of another."""

_OUTCOMES = {vocabulary_key(status.value): status for status in ReferralStatus} | {
    "採用": ReferralStatus.HIRED,
    "入社": ReferralStatus.HIRED,
    "内定": ReferralStatus.OFFERED,
    "面接": ReferralStatus.INTERVIEWING,
    "紹介": ReferralStatus.ACCEPTED,
    "受入": ReferralStatus.ACCEPTED,
    "不採用": ReferralStatus.DECLINED,
    "見送り": ReferralStatus.DECLINED,
    "辞退": ReferralStatus.WITHDRAWN,
}

_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")


class Period(NamedTuple):
    """A month or a year, by its first and last day."""

    first: date
    last: date


class FlowRow(NamedTuple):
    """So many people from one node to another; `period` is None where the row is not dated."""

    line: int
    source: str
    target: str
    period: Period | None
    outcome: ReferralStatus
    people: int


class FlowList(NamedTuple):
    """The rows that can be imported and the reasons for those that cannot, one for each row."""

    rows: list[FlowRow]
    refused: list[RefusedRow]
    unknown_columns: list[str]


class ToldFlow(NamedTuple):
    """What is told of one cell of a source."""

    source: str
    target: str
    period: Period | None
    outcome: ReferralStatus
    people: int


def read_flow_list(data: bytes, nodes: bytes | None = None) -> FlowList:
    """Read a CSV of flows by `COLUMNS`, and one of their nodes' names by `NODE_COLUMNS`.

    A row is of the month of its date, else of its year, else of no time. Codes of refused rows,
    beside those of `read_csv`, `read_line` and `read_date`: COUNT_MISSING, COUNT_TWICE,
    COUNT_INVALID, YEAR_INVALID, OUTCOME_UNKNOWN, NODE_UNKNOWN, DUPLICATE_NODE, DUPLICATE_NAME and
    TOO_MANY_PEOPLE. What is wrong with the names of nodes is told first, and alone.
    """
    names: Mapping[str, str] | None = None
    if nodes is not None:
        names, refused = _read_nodes(nodes)
        if refused:
            return FlowList([], refused, [])
    table = read_csv(data, COLUMNS, FLOW_ROWS_MAX)
    rows, refused = read_rows(
        table,
        lambda line, cells: _read_flow(line, cells, names),
        same=lambda row: row.line,
        duplicate=_never,
    )
    if sum(row.people for row in rows) > PEOPLE_MAX:
        reason = Text(
            f"人数の合計は{PEOPLE_MAX:,}名までです。",
            f"All counts together may be at most {PEOPLE_MAX:,}.",
        )
        return FlowList([], [RefusedRow(1, "count", "TOO_MANY_PEOPLE", reason)], [])
    return FlowList(rows, refused, table.unknown_columns)


def told_flows(
    rows: Sequence[FlowRow], *, label: str, smallest_count: int, draw: Draw
) -> list[ToldFlow]:
    """What is told of a source's rows: its cells added up, and rounded as the consortium's own.

    A cell is told the same however often a file with it is imported under one label.
    """
    summed: Counter[tuple[str, str, Period | None, ReferralStatus]] = Counter()
    for row in rows:
        summed[row.source, row.target, row.period, row.outcome] += row.people
    found = []
    for (source, target, period, outcome), people in summed.items():
        days = f"{period.first}|{period.last}" if period else "|"
        parts = ["source", label, source, target, days, outcome.value]
        cell = "\0".join(parts)
        number = told(people, smallest_count=smallest_count, cell=cell, draw=draw)
        if number:
            found.append(ToldFlow(source, target, period, outcome, number))
    return found


def _never(first_line: int) -> CellRefused:
    raise AssertionError(first_line)  # every row has a line of its own


class _NodeRow(NamedTuple):
    line: int
    id: str
    name: str


def _read_nodes(data: bytes) -> tuple[Mapping[str, str], list[RefusedRow]]:
    table = read_csv(data, NODE_COLUMNS, NODE_ROWS_MAX)
    rows, refused = read_rows(table, _read_node, same=lambda row: row.id, duplicate=_duplicate_node)
    first_line: dict[str, int] = {}
    for row in rows:
        first = first_line.setdefault(row.name, row.line)
        if first != row.line:
            reason = Text(
                f"同じ名称が {first} 行目にもあります。", f"The same name is on line {first}."
            )
            refused.append(RefusedRow(row.line, "name", "DUPLICATE_NAME", reason))
    return {row.id: row.name for row in rows}, refused


def _read_node(line: int, cells: Cells) -> _NodeRow:
    return _NodeRow(
        line,
        read_required_line(cells, "id", NODE_NAME_MAX_CHARS),
        read_required_line(cells, "name", NODE_NAME_MAX_CHARS),
    )


def _duplicate_node(first_line: int) -> CellRefused:
    reason = Text(
        f"同じ番号が {first_line} 行目にもあります。", f"The same id is on line {first_line}."
    )
    return CellRefused("id", "DUPLICATE_NODE", reason)


def _read_flow(line: int, cells: Cells, names: Mapping[str, str] | None) -> FlowRow:
    return FlowRow(
        line=line,
        source=_read_end(cells, "source", names),
        target=_read_end(cells, "target", names),
        period=_read_period(cells),
        outcome=_read_outcome(cells),
        people=_read_people(cells),
    )


def _read_end(cells: Cells, column: str, names: Mapping[str, str] | None) -> str:
    node = read_required_line(cells, column, NODE_NAME_MAX_CHARS)
    if names is None:
        return node
    if node not in names:
        reason = Text(
            "この番号は、名称のファイルにありません。",
            "The file of names has no node with this id.",
        )
        raise CellRefused(column, "NODE_UNKNOWN", reason)
    return names[node]


def _read_period(cells: Cells) -> Period | None:
    text = unicodedata.normalize("NFKC", cells["date"])
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12:
        day: date | None = date(int(found[1]) or 1, int(found[2]), 1)
    else:
        day = read_date(cells, "date")
    if day is not None:
        _check_year(day.year, "date")
        month = month_of(day)
        return Period(month_begins(month), month_begins(month + 1) - timedelta(days=1))
    year = read_line(cells, "year", 10)
    if year is None:
        return None
    digits = unicodedata.normalize("NFKC", year).removesuffix("年").removesuffix(".0")
    number = int(digits) if digits.isdecimal() else 0
    _check_year(number, "year")
    return Period(date(number, 1, 1), date(number, 12, 31))


def _check_year(year: int, column: str) -> None:
    if year not in YEARS:
        reason = Text(
            f"西暦{YEARS.start}年から{YEARS.stop - 1}年までで書いてください。例: 2024",
            f"Give a year from {YEARS.start} to {YEARS.stop - 1}, like 2024.",
        )
        raise CellRefused(column, "YEAR_INVALID", reason)


def _read_outcome(cells: Cells) -> ReferralStatus:
    if not cells["outcome"]:
        return ReferralStatus.HIRED if cells["hires"] else ReferralStatus.ACCEPTED
    outcome = _OUTCOMES.get(vocabulary_key(cells["outcome"]))
    if outcome is None:
        some = "HIRED, ACCEPTED, DECLINED, WITHDRAWN"
        reason = Text(
            f"結果として読めません。例: {some}、採用、不採用、辞退",
            f"This is no outcome. Write for example {some}.",
        )
        raise CellRefused("outcome", "OUTCOME_UNKNOWN", reason)
    return outcome


def _read_people(cells: Cells) -> int:
    given = [name for name in ("count", "hires") if cells[name]]
    if not given:
        reason = Text("人数がありません。", "How many people is missing.")
        raise CellRefused("count", "COUNT_MISSING", reason)
    if len(given) > 1:
        reason = Text(
            "count と hires はどちらか一方にしてください。", "Give either count or hires."
        )
        raise CellRefused("hires", "COUNT_TWICE", reason)
    [column] = given
    digits = unicodedata.normalize("NFKC", cells[column]).replace(",", "").removesuffix(".0")
    if not digits.isdecimal() or len(digits) > 10 or not 1 <= int(digits) <= PEOPLE_MAX:
        reason = Text(
            f"1から{PEOPLE_MAX:,}までの整数で書いてください。",
            f"Write a whole number from 1 to {PEOPLE_MAX:,}.",
        )
        raise CellRefused(column, "COUNT_INVALID", reason)
    return int(digits)
