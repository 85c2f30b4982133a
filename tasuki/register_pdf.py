"""A register as a PDF: a table on pages of A4, in letters that every reader of PDFs has."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """The whole file. Each page repeats title and header."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=landscape(A4), invariant=True)
    canvas.setTitle(sheet.title)
    canvas.setAuthor(sheet.author)
    printer = _Printer(canvas, sheet)
    for row in rows:
        printer.print_row(row)
    printer.end()
    return file.getvalue()


class _Printer:
    """Sets rows below each other, and begins a page where one is full."""

    def __init__(self, canvas: Canvas, sheet: Sheet) -> None:
        self.canvas = canvas
        self.sheet = sheet
        self.width, self.height = landscape(A4)
        self.column = (self.width - 2 * MARGIN_POINTS) / len(sheet.header)
        self.pages = 0
        self.y = 0.0
        self._begin_page()

    def print_row(self, cells: Sequence[str]) -> None:
        """One row, on a new page where it does not fit."""
        lines = [_wrapped(_printable(cell), self.column - 2 * CELL_POINTS) for cell in cells]
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
        lines = [_wrapped(cell, self.column - 2 * CELL_POINTS) for cell in self.sheet.header]
        height = max(map(len, lines)) * LINE_POINTS + 2 * CELL_POINTS
        canvas.setFillGray(0.92)
        canvas.rect(
            MARGIN_POINTS, self.y - height, self.width - 2 * MARGIN_POINTS, height, stroke=0, fill=1
        )
        canvas.setFillGray(0)
        self._set(lines, height)

    def _set(self, lines: Sequence[Sequence[str]], height: float) -> None:
        canvas = self.canvas
        canvas.setFont(FONT, TEXT_POINTS)
        canvas.setLineWidth(0.3)
        for number, cell in enumerate(lines):
            x = MARGIN_POINTS + number * self.column
            canvas.rect(x, self.y - height, self.column, height, stroke=1, fill=0)
            for at, line in enumerate(cell):
                baseline = self.y - CELL_POINTS - TEXT_POINTS - at * LINE_POINTS
                canvas.drawString(x + CELL_POINTS, baseline, line)
        self.y -= height


def _printable(text: str) -> str:
    """Without what the font cannot set, in one line, and no longer than a cell can be."""
    plain = " ".join(text[: CHARS_PER_CELL_MAX + 1].split())
    plain = "".join(letter if ord(letter) <= 0xFFFF else UNKNOWN_LETTER for letter in plain)
    return plain if len(plain) <= CHARS_PER_CELL_MAX else plain[:CHARS_PER_CELL_MAX] + "…"


def _wrapped(text: str, width: float) -> list[str]:
    """The lines of a cell, broken where they are full: Japanese has no spaces to wait for."""
    lines, line, used = [], "", 0.0
    for letter in text:
        wide = pdfmetrics.stringWidth(letter, FONT, TEXT_POINTS)
        if line and used + wide > width:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + letter, used + wide
    lines.append(line)
    if len(lines) > LINES_PER_CELL_MAX:
        lines = [*lines[: LINES_PER_CELL_MAX - 1], lines[LINES_PER_CELL_MAX - 1][:-1] + "…"]
    return lines
