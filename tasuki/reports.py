"""What a report says, before it is HTML, PDF or CSV: sections of words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header. Their first column names them."""

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is said below it, and the tables that follow."""

    title: str
    words: Sequence[str] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    """Said after the tables."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report in one language. ``about`` are the facts below its title."""

    locale: str
    title: str
    organization: str
    about: Sequence[str]
    sections: Sequence[Section] = field(default_factory=tuple)
    page: str = "{n}"
    """How a page is numbered."""


def shown(cell: Cell) -> str:
    """A cell as people read it: thousands apart, and a dash for what is not known.

    >>> shown(-1234567), shown(12.5), shown(None)
    ('-1,234,567', '12.5', '–')
    """
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{Decimal(str(cell)).normalize():f}"
    return str(cell)


def is_number(cell: Cell) -> bool:
    """Whether it is set to the right."""
    return cell is None or isinstance(cell, int | float)


def plain_rows(report: Report) -> list[list[str | int | None]]:
    """The report for programs: section, row, column and value of each cell; words by themselves."""
    rows: list[list[str | int | None]] = [["", "", "", line] for line in report.about]
    for section in report.sections:
        rows += [[section.title, "", "", line] for line in section.words]
        for table in section.tables:
            for row in table.rows:
                rows += [
                    [section.title, shown(row[0]), head, _plain(cell)]
                    for head, cell in zip(table.header[1:], row[1:], strict=True)
                ]
        rows += [[section.title, "", "", line] for line in section.notes]
    return rows


def _plain(cell: Cell) -> str | int | None:
    return cell if cell is None or isinstance(cell, str | int) else str(cell)
