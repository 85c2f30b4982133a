"""A register as a PDF: a table on pages of A4, in letters that every reader of PDFs has."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "HeiseiKakuGo-W5"
"""One of the fonts for Japanese that Adobe's format names: readers bring it, no file is needed."""
TITLE_POINTS, TEXT_POINTS, LINE_POINTS = 13, 6.5, 8.5
MARGIN_POINTS, CELL_POINTS = 24.0, 2.0
LINES_PER_CELL_MAX = 12
CHARS_PER_CELL_MAX = 400
WISH_PART_MAX = 0.3
"""So much of the page one column asks for at most; the rest is wrapped."""
HEADER_LINES = 2
"""Into so many lines a header may be wrapped before its column asks for more room."""
BROKEN_AT_HYPHENS_CHARS = 16
"""A word so long, as a record's number is, may be broken after its hyphens; a day never."""
_PIECE = re.compile(r"\S+\s*|\s+")
_NOT_FIRST = "、。，．）」』】〉》・：；？！ー,.)!?;:"
"""What begins no line."""
_NOT_LAST = "（「『【〈《〔［(["
"""What ends none."""
UNKNOWN_LETTER = "〓"
"""The geta that printers set for a letter that a font lacks: those beyond its 65,536."""

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed around the rows."""

    title: str
    subtitle: str
    author: str
    header: Sequence[str]
    page: str
    """How a page is numbered, with {n}."""


def write_pdf(sheet: Sheet, rows: Iterable[Sequence[str]]) -> bytes:
    """The whole file. Each page repeats title and header; columns are as wide as they need be."""
    printed = [[_printable(cell) for cell in row] for row in rows]
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=landscape(A4), invariant=True)
    canvas.setTitle(sheet.title)
    canvas.setAuthor(sheet.author)
    printer = _Printer(canvas, sheet, _widths(sheet.header, printed, _page_width()))
    for row in printed:
        printer.print_row(row)
    printer.end()
    return file.getvalue()


class _Printer:
    """Sets rows below each other, and begins a page where one is full."""

    def __init__(self, canvas: Canvas, sheet: Sheet, columns: Sequence[float]) -> None:
        self.canvas = canvas
        self.sheet = sheet
        self.width, self.height = landscape(A4)
        self.columns = columns
        self.lefts = list(accumulate(columns, initial=MARGIN_POINTS))
        self.pages = 0
        self.y = 0.0
        self._begin_page()

    def print_row(self, cells: Sequence[str]) -> None:
        """One row, on a new page where it does not fit."""
        lines = self._lines(cells)
        height = max(map(len, lines)) * LINE_POINTS + 2 * CELL_POINTS
        if self.y - height < MARGIN_POINTS + LINE_POINTS:
            self.canvas.showPage()
            self._begin_page()
        self._set(lines, height)

    def end(self) -> None:
        """The last page is done."""
        self.canvas.showPage()
        self.canvas.save()

    def _begin_page(self) -> None:
        self.pages += 1
        canvas = self.canvas
        canvas.setFont(FONT, TITLE_POINTS)
        top = self.height - MARGIN_POINTS - TITLE_POINTS
        canvas.drawString(MARGIN_POINTS, top, _printable(self.sheet.title))
        canvas.setFont(FONT, TEXT_POINTS + 1.5)
        canvas.drawString(MARGIN_POINTS, top - 14, _printable(self.sheet.subtitle))
        canvas.drawRightString(
            self.width - MARGIN_POINTS, MARGIN_POINTS - 8, self.sheet.page.format(n=self.pages)
        )
        self.y = top - 22
        lines = self._lines(self.sheet.header)
        height = max(map(len, lines)) * LINE_POINTS + 2 * CELL_POINTS
        canvas.setFillGray(0.92)
        canvas.rect(
            MARGIN_POINTS, self.y - height, self.width - 2 * MARGIN_POINTS, height, stroke=0, fill=1
        )
        canvas.setFillGray(0)
        self._set(lines, height)

    def _lines(self, cells: Sequence[str]) -> list[list[str]]:
        return [
            _wrapped(cell, width - 2 * CELL_POINTS)
            for cell, width in zip(cells, self.columns, strict=True)
        ]

    def _set(self, lines: Sequence[Sequence[str]], height: float) -> None:
        canvas = self.canvas
        canvas.setFont(FONT, TEXT_POINTS)
        canvas.setLineWidth(0.3)
        for number, cell in enumerate(lines):
            x = self.lefts[number]
            canvas.rect(x, self.y - height, self.columns[number], height, stroke=1, fill=0)
            for at, line in enumerate(cell):
                baseline = self.y - CELL_POINTS - TEXT_POINTS - at * LINE_POINTS
                canvas.drawString(x + CELL_POINTS, baseline, line)
        self.y -= height


def _printable(text: str) -> str:
    """Without what the font cannot set, in one line, and no longer than a cell can be."""
    plain = " ".join(text[: CHARS_PER_CELL_MAX + 1].split())
    plain = "".join(letter if ord(letter) <= 0xFFFF else UNKNOWN_LETTER for letter in plain)
    return plain if len(plain) <= CHARS_PER_CELL_MAX else plain[:CHARS_PER_CELL_MAX] + "…"


def _page_width() -> float:
    return float(landscape(A4)[0] - 2 * MARGIN_POINTS)


def _widths(header: Sequence[str], rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """How wide each column is: its longest word at least, and of the rest as it has to say.

    Where not even the words have room, all columns are narrowed alike, and words are broken.
    """
    needs = [_needs(name, {row[at] for row in rows}, room) for at, name in enumerate(header)]
    least = [one for one, _ in needs]
    wanting = [wish - one for one, wish in needs]
    spare = room - sum(least)
    if spare <= 0:
        return [room * one / sum(least) for one in least]
    if sum(wanting) >= spare:
        return [one + spare * want / sum(wanting) for one, want in zip(least, wanting, strict=True)]
    left = (spare - sum(wanting)) / len(header)
    return [one + want + left for one, want in zip(least, wanting, strict=True)]


def _needs(name: str, cells: set[str], room: float) -> tuple[float, float]:
    """The width of a column's longest word, and the one that it would like to have."""
    words = {piece.rstrip() for text in (name, *cells) for piece in _pieces(text)}
    least = max(map(_width, words), default=0.0)
    wish = max([_width(name) / HEADER_LINES, *map(_width, cells)])
    least, wish = (one + 2 * CELL_POINTS + 0.1 for one in (least, wish))
    return least, max(least, min(wish, room * WISH_PART_MAX))


def _width(text: str) -> float:
    return sum(map(_letter_width, text))


@cache
def _letter_width(letter: str) -> float:
    return float(pdfmetrics.stringWidth(letter, FONT, TEXT_POINTS))


def _pieces(text: str) -> Iterator[str]:
    """What stands on one line: a word with the space behind it, or one Japanese letter."""
    piece = ""
    for word in _PIECE.findall(text):
        is_long = len(word) > BROKEN_AT_HYPHENS_CHARS
        for letter in word:
            if piece and _may_break(piece[-1], letter):
                yield piece
                piece = ""
            piece += letter
            if is_long and letter == "-":
                yield piece
                piece = ""
        if piece:
            yield piece
            piece = ""


def _may_break(before: str, letter: str) -> bool:
    is_bound = letter.isspace() or letter in _NOT_FIRST or before in _NOT_LAST
    return not is_bound and (_is_wide(letter) or _is_wide(before))


@cache
def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _wrapped(text: str, width: float) -> list[str]:
    """The lines of a cell, broken between words; Japanese has no spaces to wait for."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        if line and used + _width(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        for letter in piece:
            wide = _letter_width(letter)
            if line and used + wide > width and not letter.isspace():
                # A word that no column has room for.
                lines.append(line.rstrip())
                line, used = "", 0.0
            line, used = line + letter, used + wide
    lines.append(line.rstrip())
    if len(lines) > LINES_PER_CELL_MAX:
        lines = [*lines[: LINES_PER_CELL_MAX - 1], lines[LINES_PER_CELL_MAX - 1][:-1] + "…"]
    return lines
