"""Tables of our own documentation, for tests that work their numbers out anew."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
Row = dict[str, str]


def sections(page: str, level: str) -> dict[str, list[list[Row]]]:
    """The tables below each heading of a level, by the heading: rows by their column's name."""
    found: dict[str, list[list[Row]]] = {}
    tables: list[list[Row]] | None = None
    header: list[str] | None = None
    for line in (DOCS / page).read_text().splitlines():
        if line.startswith("#"):
            tables = found.setdefault(line[len(level) + 1 :], []) if _is(line, level) else None
        if not line.startswith("|"):
            header = None
        elif tables is not None and header is None:
            header = _cells(line)
            tables.append([])
        elif tables is not None and header is not None and not line.startswith("|--"):
            tables[-1].append(dict(zip(header, _cells(line), strict=True)))
    return found


def _is(line: str, level: str) -> bool:
    return line.partition(" ")[0] == level


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(text: str) -> int | None:
    """A whole number with its commas; None where nothing is there."""
    return int(text.replace(",", "")) if text else None
