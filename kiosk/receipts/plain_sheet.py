"""A sheet for the centre's own use: a title, sentences, and rows that are told apart by a mark's shape."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from kiosk.receipts.fonts import PaperFonts, find_fonts
from kiosk.receipts.sheet import INK, LEADING, QUIET, SMALLEST, Sheet, height_of

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TITLE = 26.0
ROW = 17.0
LARGE = 30.0
MARK = 24.0
"""Width of a mark, in points."""


class Mark(StrEnum):
    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"
    TO_DO = "to-do"
    """An empty box, to be ticked by hand."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    mark: Mark
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """``lines`` stand below the title; ``large`` is set in letters that are read from a distance."""

    language: str
    title: str
    where: str
    lines: tuple[str, ...] = ()
    large: str = ""
    rows: tuple[SheetRow, ...] = ()
    copy_mark: str = ""


def plain_sheet_pdf(content: PlainSheet, fonts: PaperFonts | None = None) -> bytes:
    """A PDF of A4 pages, in memory alone.

    :raises PrintFault: the letters for the paper are missing.
    """
    sheet = Sheet(content, fonts or find_fonts())
    if content.where:
        sheet.line(content.where, sheet.plain, SMALLEST, colour=QUIET)
        sheet.down(10)
    sheet.paragraph(content.title, sheet.bold, TITLE)
    sheet.down(10)
    for line in content.lines:
        sheet.paragraph(line, sheet.plain, SMALLEST)
        sheet.down(SMALLEST * (LEADING - 1))
    if content.large:
        sheet.down(10)
        sheet.paragraph(content.large, sheet.bold, LARGE)
    if content.rows:
        sheet.down(6)
    for row in content.rows:
        _row(sheet, row)
    return sheet.finished()


def _row(sheet: Sheet, row: SheetRow) -> None:
    x = sheet.left + MARK + 14
    width = sheet.width - MARK - 14
    height = height_of(sheet.bold, row.title, ROW, width) + sum(
        height_of(sheet.plain, line, SMALLEST, width) for line in row.lines
    )
    sheet.need(height)
    draw_mark(sheet.canvas, row.mark, sheet.left, sheet.y - ROW * LEADING + 1, MARK)
    sheet.paragraph(row.title, sheet.bold, ROW, x=x, width=width)
    for line in row.lines:
        sheet.paragraph(line, sheet.plain, SMALLEST, x=x, width=width)
    sheet.down(9)


def draw_mark(canvas: "Canvas", mark: Mark, x: float, y: float, side: float) -> None:
    """In the square whose lower left corner is (x, y); each differs from the others in its outline."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*INK)
    canvas.setFillColorRGB(*INK)
    canvas.setLineWidth(side / 11)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    match mark:
        case Mark.FINE:
            path.moveTo(x + side * 0.14, y + side * 0.5)
            path.lineTo(x + side * 0.4, y + side * 0.24)
            path.lineTo(x + side * 0.88, y + side * 0.8)
            canvas.drawPath(path, stroke=1, fill=0)
        case Mark.LOOK:
            path.moveTo(x + side * 0.5, y + side * 0.95)
            path.lineTo(x + side * 0.98, y + side * 0.1)
            path.lineTo(x + side * 0.02, y + side * 0.1)
            path.close()
            canvas.drawPath(path, stroke=1, fill=0)
            canvas.line(x + side * 0.5, y + side * 0.66, x + side * 0.5, y + side * 0.42)
            canvas.circle(x + side * 0.5, y + side * 0.25, side / 22, stroke=0, fill=1)
        case Mark.BROKEN:
            canvas.circle(x + side * 0.5, y + side * 0.5, side * 0.48, stroke=0, fill=1)
            canvas.setStrokeColorRGB(1, 1, 1)
            near, far = 0.32, 0.68
            canvas.line(x + side * near, y + side * near, x + side * far, y + side * far)
            canvas.line(x + side * near, y + side * far, x + side * far, y + side * near)
        case Mark.TO_DO:
            canvas.roundRect(x + side * 0.1, y + side * 0.1, side * 0.8, side * 0.8, side / 10)
        case _:
            assert_never(mark)
    canvas.restoreState()
