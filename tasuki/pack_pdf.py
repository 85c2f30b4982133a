"""A pack as a PDF on pages of A4, in letters that every reader of PDFs has."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from tasuki.pack_content import Block, Grid, PackContent
from tasuki.register_pdf import FONT, UNKNOWN_LETTER

LATIN, LATIN_BOLD = "Helvetica", "Helvetica-Bold"
MARGIN = 18 * mm
HEADED_MIN = 32 * mm
"""So much room a heading needs: for itself and the first rows below it."""
COLUMN_LETTERS_MIN, COLUMN_LETTERS_MAX = 9, 40
_LATIN_RUN = re.compile("[\x20-\x7e\xa0-\xff\u2013\u2014\u2018\u2019\u201c\u201d\u2026]+")


def write_pack_pdf(content: PackContent) -> bytes:
    """The whole file."""
    file = io.BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=content.title,
        author="Tasuki",
        lang=content.locale,
        invariant=1,
    )
    width, height = A4
    frame = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN, 0, 0, 0, 0)

    def number(canvas: Canvas, _: Any) -> None:
        _foot(canvas, content)

    document.addPageTemplates([PageTemplate(frames=[frame], onPage=number)])
    document.build([*_story(content, width - 2 * MARGIN)])
    return file.getvalue()


def _foot(canvas: Canvas, content: PackContent) -> None:
    canvas.saveState()
    canvas.setFont(FONT, 7)
    canvas.setFillGray(0.35)
    canvas.drawString(MARGIN, 10 * mm, _printable(content.footer))
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()


def _story(content: PackContent, width: float) -> Iterator[Flowable]:
    yield _text(content.title, 17, bold=True)
    yield Spacer(0, 2 * mm)
    yield _text(content.subtitle, 10)
    for block in content.blocks:
        yield Spacer(0, 5 * mm)
        yield from _block(block, width)


def _block(block: Block, width: float) -> Iterator[Flowable]:
    # A heading never stands alone at the foot of a page.
    yield CondPageBreak(HEADED_MIN)
    yield _text(block.title, 12, bold=True)
    yield Spacer(0, 1.5 * mm)
    for sentence in block.sentences:
        yield _text(sentence, 9.5, bullet=True)
    if block.grid is not None:
        yield _grid(block.grid, width)


def _grid(grid: Grid, width: float) -> Table:
    rows = [[_text(cell, 8.5, bold=True) for cell in grid.header]]
    rows += [[_text(cell, 8.5) for cell in row] for row in grid.rows]
    shares = _column_shares(grid)
    table = Table(rows, colWidths=[width * share for share in shares], repeatRows=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.Color(0.7, 0.72, 0.76)),
            ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.93, 0.94, 0.96)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return table


def _column_shares(grid: Grid) -> list[float]:
    """Each column's part of the width: by its longest cell, within bounds."""
    columns = zip(grid.header, *grid.rows, strict=True)
    longest = [max(map(_width, column)) for column in columns]
    lengths = [min(max(one, COLUMN_LETTERS_MIN), COLUMN_LETTERS_MAX) for one in longest]
    return [one / sum(lengths) for one in lengths]


def _width(text: str) -> int:
    return sum(1 if ord(letter) < 0x2000 else 2 for letter in text)


def _text(text: str, points: float, *, bold: bool = False, bullet: bool = False) -> Paragraph:
    # The font for Japanese has one weight: a bold number in it would stand out.
    style = ParagraphStyle(
        "text",
        fontName=LATIN_BOLD if bold and not _is_japanese(text) else LATIN,
        fontSize=points,
        leading=points * 1.55,
        leftIndent=10 if bullet else 0,
        bulletIndent=0,
        # Japanese has no spaces to wait for.
        wordWrap="CJK" if _is_japanese(text) else None,
    )
    return Paragraph(_marked(text, style.fontName), style, bulletText="•" if bullet else None)


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" for letter in text)


def _marked(text: str, latin: str) -> str:
    """The text as ReportLab reads it, each run in a font that has its letters."""
    plain, parts, at = _printable(text), [], 0
    for run in _LATIN_RUN.finditer(plain):
        parts.append(_japanese(plain[at : run.start()]))
        parts.append(f'<font name="{latin}">{escape(run[0])}</font>')
        at = run.end()
    return "".join([*parts, _japanese(plain[at:])])


def _japanese(text: str) -> str:
    return f'<font name="{FONT}">{escape(text)}</font>' if text else ""


def _printable(text: str) -> str:
    """In one line, without what no font here can set."""
    line = " ".join(text.replace("−", "–").split(" "))
    return "".join(letter if ord(letter) <= 0xFFFF else UNKNOWN_LETTER for letter in line)
