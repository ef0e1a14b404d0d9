"""A sheet of paper with one code on it: the recovery sheet, a badge, the code to go on another day."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kiosk.receipts.fonts import PaperFonts, find_fonts
from kiosk.receipts.sheet import LEADING, MILLIMETRE, QUIET, SMALLEST, Sheet, draw_qr

TITLE = 26.0
DIGITS = 25.0
QR_SIDE = 46 * MILLIMETRE
_A_LINE = 4
"""Groups of digits in one line."""


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """``lines`` say what the code is for and how it is kept; ``qr`` blank: no square picture."""

    language: str
    title: str
    where: str
    label: str
    groups: tuple[str, ...] = field(repr=False)
    lines: tuple[str, ...]
    qr: str = field(default="", repr=False)
    copy_mark: str = ""


def code_sheet_pdf(content: CodeSheet, fonts: PaperFonts | None = None) -> bytes:
    """A PDF of one A4 page, in memory alone.

    :raises PrintFault: the letters for the paper are missing.
    """
    sheet = Sheet(content, fonts or find_fonts())
    sheet.line(content.where, sheet.plain, SMALLEST, colour=QUIET)
    sheet.down(10)
    sheet.paragraph(content.title, sheet.bold, TITLE)
    sheet.down(14)
    sheet.paragraph(content.label, sheet.plain, SMALLEST, colour=QUIET)
    _digits(sheet, content.groups)
    if content.qr:
        sheet.down(QR_SIDE + 12)
        draw_qr(sheet.canvas, content.qr, sheet.left, sheet.y, QR_SIDE)
    sheet.down(16)
    for line in content.lines:
        sheet.paragraph(line, sheet.plain, SMALLEST)
        sheet.down(SMALLEST * (LEADING - 1))
    return sheet.finished()


def _digits(sheet: Sheet, groups: Sequence[str]) -> None:
    for at in range(0, len(groups), _A_LINE):
        sheet.line("   ".join(groups[at : at + _A_LINE]), sheet.bold, DIGITS)
