"""A report as a PDF on pages of A4, in letters that every reader of PDFs has."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, PageTemplate, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from tasuki.register_pdf import FONT, UNKNOWN_LETTER
from tasuki.reports import Cell, Report, Section, Table, is_number, shown

LATIN_FONT, LATIN_BOLD = "Helvetica", "Helvetica-Bold"
MARGIN_POINTS = 48.0
FOOT_POINTS = 28.0
INK, SOFT, LINE, SASH, WASH = map(HexColor, ("#1e2630", "#545d69", "#d9d4c8", "#c8452e", "#f6f4ef"))
CELL_POINTS, PADDING_POINTS = 8.0, 10.0
FIRST_COLUMN_SHARE = 0.22
"""So much of the width is left at least to the column that names the rows."""
_OTHER_LETTERS = re.compile(r"[^\x20-\x7e\xa0-\xff–—‘’“”•…]+")


def write_pdf(report: Report) -> bytes:
    """The whole file."""
    file = io.BytesIO()
    width, height = A4
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=report.title,
        author=report.organization,
        lang=report.locale,
        invariant=1,
    )
    frame = Frame(
        MARGIN_POINTS,
        MARGIN_POINTS,
        width - 2 * MARGIN_POINTS,
        height - 2 * MARGIN_POINTS,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    letters = _Letters(report.locale)

    def foot(canvas: Canvas, _: Any) -> None:
        line = f"{report.title}　{report.organization}"
        _foot(canvas, letters, line, report.page.format(n=canvas.getPageNumber()))

    document.addPageTemplates([PageTemplate("page", [frame], onPage=foot)])
    document.build(_story(report, letters, width - 2 * MARGIN_POINTS))
    return file.getvalue()


def _foot(canvas: Canvas, letters: _Letters, line: str, page: str) -> None:
    width, height = A4
    canvas.saveState()
    canvas.setFillColor(SASH)
    canvas.rect(0, height - 6, width, 6, stroke=0, fill=1)
    for text, style in (
        (line, letters.style(7.5, SOFT)),
        (page, letters.style(7.5, SOFT, alignment=TA_RIGHT)),
    ):
        words = Paragraph(letters.marked(text), style)
        words.wrapOn(canvas, width - 2 * MARGIN_POINTS, FOOT_POINTS)
        words.drawOn(canvas, MARGIN_POINTS, FOOT_POINTS)
    canvas.restoreState()


class _Letters:
    """Fonts of a language: Japanese throughout, or Latin with Japanese where a name needs it."""

    def __init__(self, locale: str) -> None:
        self.is_japanese = locale == "ja"

    def style(self, points: float, color: Color = INK, **more: Any) -> ParagraphStyle:
        """Words of a size."""
        is_bold = more.pop("is_bold", False)
        latin = LATIN_BOLD if is_bold else LATIN_FONT
        return ParagraphStyle(
            "words",
            fontName=FONT if self.is_japanese else latin,
            fontSize=points,
            leading=points * (1.65 if self.is_japanese else 1.4),
            textColor=color,
            wordWrap="CJK" if self.is_japanese else None,
            **more,
        )

    def marked(self, text: str) -> str:
        """The text with its marks escaped, and another font for letters that this one lacks."""
        plain = "".join(one if ord(one) <= 0xFFFF else UNKNOWN_LETTER for one in text)
        if self.is_japanese:
            plain = plain.replace("–", "―")
        lines = "<br/>".join(map(self._marked_line, plain.splitlines()))
        return lines or " "

    def _marked_line(self, line: str) -> str:
        if self.is_japanese:
            return escape(line)
        return _OTHER_LETTERS.sub(
            lambda found: f'<font name="{FONT}">{found[0]}</font>', escape(line)
        )


def _story(report: Report, letters: _Letters, width: float) -> list[Any]:
    title = letters.style(20, is_bold=True, spaceAfter=2)
    who = letters.style(12.5, is_bold=True, spaceAfter=6)
    about = letters.style(8.5, SOFT)
    story: list[Any] = [
        Paragraph(letters.marked(report.title), title),
        Paragraph(letters.marked(report.organization), who),
        *(Paragraph(letters.marked(line), about) for line in report.about),
        Spacer(0, 8),
    ]
    for section in report.sections:
        story += _section(section, letters, width)
    return story


def _section(section: Section, letters: _Letters, width: float) -> list[Any]:
    head = letters.style(
        12.5,
        is_bold=True,
        spaceBefore=12,
        spaceAfter=5,
        borderWidth=0,
        keepWithNext=1,
    )
    words = letters.style(9.5, spaceAfter=4)
    notes = letters.style(8, SOFT, spaceAfter=2, leftIndent=9, bulletIndent=0)
    said = [Paragraph(letters.marked(line), words) for line in section.words]
    grids = [_grid(table, letters, width) for table in section.tables]
    tables = [part for grid in grids for part in (grid, Spacer(0, 6))]
    after = [Paragraph(letters.marked(line), notes, bulletText="•") for line in section.notes]
    # What is longer than a page is broken all the same.
    return [KeepTogether([Paragraph(letters.marked(section.title), head), *said, *tables, *after])]


def _grid(table: Table, letters: _Letters, width: float) -> Grid:
    heads = letters.style(7.5, is_bold=True)
    right_heads = letters.style(7.5, is_bold=True, alignment=TA_RIGHT)
    cells, right = letters.style(CELL_POINTS), letters.style(CELL_POINTS, alignment=TA_RIGHT)
    is_right = [
        number > 0 and all(is_number(row[number]) for row in table.rows)
        for number in range(len(table.header))
    ]

    def words(cell: Cell, at: int) -> Paragraph:
        return Paragraph(letters.marked(shown(cell)), right if is_right[at] else cells)

    rows = [
        [
            Paragraph(letters.marked(head), right_heads if is_right[at] else heads)
            for at, head in enumerate(table.header)
        ],
        *([words(cell, at) for at, cell in enumerate(row)] for row in table.rows),
    ]
    return Grid(
        rows,
        colWidths=_widths(table, letters, width),
        repeatRows=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), WASH),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ],
    )


def _widths(table: Table, letters: _Letters, width: float) -> Sequence[float]:
    """Each column as wide as what stands in it, while that leaves the first its share.

    What is left over goes to all alike.
    """
    font = FONT if letters.is_japanese else LATIN_BOLD
    natural = [
        max(stringWidth(shown(cell), font, CELL_POINTS) for cell in (head, *cells)) + PADDING_POINTS
        for head, *cells in zip(table.header, *table.rows, strict=True)
    ]
    most = (1 - FIRST_COLUMN_SHARE) * width
    others = sum(natural[1:])
    if others > most:
        natural[1:] = [one * most / others for one in natural[1:]]
    natural[0] = min(natural[0], width - sum(natural[1:]))
    spare = (width - sum(natural)) / len(natural)
    return [one + spare for one in natural]
