"""The receipt as a PDF: A4, large print (at least 14 pt, VVSG 2.0 7.1-I), ink on white.

In memory only. The same content gives the same bytes. Distinctions are in words and shape, because many
centres print without colour.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from kiosk.receipts.content import ReceiptContent, ReceiptState
from kiosk.receipts.fonts import PaperFonts, find_fonts
from kiosk.receipts.sheet import (
    INK,
    LEADING,
    MARGIN,
    MILLIMETRE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    SMALLEST,
    Sheet,
    draw_qr,
    height_of,
)
from kiosk.receipts.wording import AnswersPart, CodePart, Fact, ReceiptText, ShortPart, receipt_text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

QR_SIDE = 34 * MILLIMETRE
QUIET_ZONE = 5.5 * MILLIMETRE
"""Four modules and a little (ISO/IEC 18004): the blank paper around the QR code."""

VALUE = 15.0
HEADING = 17.0
STATE = 20.0
REFERENCE = 22.0
CODE = 27.0
TITLE = 30.0
LABEL_WIDTH = 52 * MILLIMETRE
CODE_GAP = CODE * 0.5

HAIRLINE = (0.62, 0.62, 0.64)


def receipt_pdf(content: ReceiptContent, fonts: PaperFonts | None = None) -> bytes:
    """The paper that goes home: one sheet, and a second for another language, long texts or the answers.

    ``fonts`` None looks where the system keeps them.

    :raises PrintFault: a font is missing.
    """
    text = receipt_text(content)
    sheet = Sheet(text, fonts or find_fonts())
    _head(sheet, text)
    _state(sheet, text)
    _facts(sheet, text)
    _next(sheet, text)
    if text.code:
        _code(sheet, text.code)
    if text.second:
        _short(sheet, text.second)
        sheet.language = text.language
    if text.answers:
        _answers(sheet, text.answers)
    return sheet.finished()


def _head(sheet: Sheet, text: ReceiptText) -> None:
    name, others = text.centre[:1], text.centre[1:]
    for line in name:
        sheet.paragraph(line, sheet.bold, SMALLEST, colour=QUIET)
    widths = [sheet.plain.width(line, SMALLEST) for line in others]
    if sum(widths) + 30 * (len(others) - 1) <= sheet.width:
        # Address and telephone share a line where they can: the height often decides on a second sheet.
        top, x = sheet.y, sheet.left
        for line in others:
            sheet.y = top
            sheet.line(line, sheet.plain, SMALLEST, x=x, colour=QUIET)
            x = sheet.left + sheet.width - widths[-1]
    else:
        for line in others:
            sheet.paragraph(line, sheet.plain, SMALLEST, colour=QUIET)
    sheet.down(8)
    sheet.paragraph(text.title, sheet.bold, TITLE)
    if text.copy_note:
        sheet.paragraph(text.copy_note, sheet.bold, SMALLEST)
    sheet.down(8)


def _state(sheet: Sheet, text: ReceiptText) -> None:
    padding, mark = 12.0, 30.0
    x = sheet.left + padding + mark + 12
    width = sheet.left + sheet.width - padding - x
    height = (
        2 * padding
        + height_of(sheet.bold, text.state_title, STATE, width)
        + height_of(sheet.plain, text.state_text, SMALLEST, width)
    )
    sheet.need(height)
    top = sheet.y
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setStrokeColorRGB(*INK)
    _STATE_FRAMES[text.state](canvas, sheet.left, top - height, sheet.width, height)
    canvas.restoreState()
    _mark(canvas, text.state, sheet.left + padding + mark / 2, top - padding - mark / 2 - 1, mark / 2)
    sheet.down(padding)
    sheet.paragraph(text.state_title, sheet.bold, STATE, x=x, width=width)
    sheet.paragraph(text.state_text, sheet.plain, SMALLEST, x=x, width=width)
    sheet.down(padding + 12)


def _dashed_frame(canvas: "Canvas", x: float, y: float, width: float, height: float) -> None:
    canvas.setLineWidth(1.4)
    canvas.setDash(7, 4)
    canvas.roundRect(x, y, width, height, 9)


def _double_frame(canvas: "Canvas", x: float, y: float, width: float, height: float) -> None:
    canvas.setLineWidth(3)
    canvas.roundRect(x, y, width, height, 9)


_STATE_FRAMES: dict[ReceiptState, Callable[["Canvas", float, float, float, float], None]] = {
    ReceiptState.STORED_HERE: _dashed_frame,
    ReceiptState.RECEIVED: _double_frame,
}


def _mark(canvas: "Canvas", state: ReceiptState, x: float, y: float, radius: float) -> None:
    """A house for what lies here, a filled tick for what has arrived."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*INK)
    canvas.setFillColorRGB(*INK)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    path = canvas.beginPath()
    match state:
        case ReceiptState.STORED_HERE:
            canvas.setLineWidth(2.4)
            wall, eaves = radius * 0.68, radius * 0.02
            path.moveTo(x - radius, y + eaves)
            path.lineTo(x, y + radius * 0.9)
            path.lineTo(x + radius, y + eaves)
            path.moveTo(x - wall, y + radius * 0.3)
            path.lineTo(x - wall, y - radius * 0.85)
            path.lineTo(x + wall, y - radius * 0.85)
            path.lineTo(x + wall, y + radius * 0.3)
        case ReceiptState.RECEIVED:
            canvas.circle(x, y, radius, stroke=0, fill=1)
            canvas.setStrokeColorRGB(1, 1, 1)
            canvas.setLineWidth(3.4)
            path.moveTo(x - radius * 0.46, y - radius * 0.02)
            path.lineTo(x - radius * 0.12, y - radius * 0.38)
            path.lineTo(x + radius * 0.48, y + radius * 0.36)
        case _:
            assert_never(state)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def _facts(sheet: Sheet, text: ReceiptText) -> None:
    for fact in text.facts:
        _fact(sheet, fact, VALUE)
    _fact(sheet, text.reference, REFERENCE)
    sheet.down(8)


def _fact(sheet: Sheet, fact: Fact, size: float) -> None:
    """Label on the left, what it says on the right; both start on the same line of writing."""
    x = sheet.left + LABEL_WIDTH
    width = sheet.width - LABEL_WIDTH
    labels = sheet.plain.wrapped(fact.label, SMALLEST, LABEL_WIDTH - 10)
    faces = [sheet.bold if number == 0 else sheet.plain for number in range(len(fact.lines))]
    height = max(
        len(labels) * SMALLEST * LEADING,
        sum(height_of(face, line, size, width) for face, line in zip(faces, fact.lines, strict=True)),
    )
    sheet.need(height)
    top = sheet.y
    sheet.y = top - (size - SMALLEST) * 1.02
    for line in labels:
        sheet.line(line, sheet.plain, SMALLEST, colour=QUIET)
    below = sheet.y
    sheet.y = top
    for face, line in zip(faces, fact.lines, strict=True):
        sheet.paragraph(line, face, size, x=x, width=width)
    sheet.y = min(sheet.y, below) - 7


def _next(sheet: Sheet, text: ReceiptText) -> None:
    if text.next_title:
        sheet.need((HEADING + SMALLEST) * LEADING)
        sheet.paragraph(text.next_title, sheet.bold, HEADING)
        sheet.down(3)
        for step in text.next_steps:
            sheet.need(height_of(sheet.plain, step, SMALLEST, sheet.width))
            sheet.paragraph(step, sheet.plain, SMALLEST)
            sheet.down(3)
        sheet.down(7)
    for note in text.notes:
        sheet.need(height_of(sheet.plain, note, SMALLEST, sheet.width))
        sheet.paragraph(note, sheet.plain, SMALLEST, colour=QUIET)
        sheet.down(2)


def _code(sheet: Sheet, part: CodePart) -> None:
    """Cut off along one line: at the foot of the page where there is room, else at the head of a new one.
    It is never broken, so its height is known before anything is drawn."""
    gap = QUIET_ZONE
    x = sheet.left + QR_SIDE + gap
    width = sheet.width - QR_SIDE - gap
    beside = (
        HEADING * LEADING
        + _code_lines(sheet, part, width) * CODE * LEADING
        + sum(height_of(sheet.plain, sentence, SMALLEST, width) for sentence in part.sentences)
        + 8
    )
    words = height_of(sheet.plain, part.fold, SMALLEST, sheet.width)
    height = 2 + words + QUIET_ZONE + max(QR_SIDE, beside)
    at_foot = height + 10 <= sheet.room
    if at_foot:
        sheet.y = MARGIN + height
        _cut(sheet)
    elif sheet.y < PAGE_HEIGHT - MARGIN:
        sheet.new_page()
    sheet.down(2)
    sheet.paragraph(part.fold, sheet.plain, SMALLEST, colour=QUIET)
    sheet.down(QUIET_ZONE)
    top = sheet.y
    draw_qr(sheet.canvas, part.qr, sheet.left, top - QR_SIDE, QR_SIDE)
    sheet.paragraph(part.title, sheet.bold, HEADING, x=x, width=width)
    sheet.down(2)
    _code_digits(sheet, part, x, width)
    sheet.down(4)
    for sentence in part.sentences:
        sheet.paragraph(sentence, sheet.plain, SMALLEST, x=x, width=width)
    sheet.y = min(sheet.y, top - QR_SIDE) - 20
    if not at_foot:
        _cut(sheet)
        sheet.down(10)


def _code_lines(sheet: Sheet, part: CodePart, width: float) -> int:
    per_line = _groups_per_line(sheet, part, width)
    return -(-len(part.groups) // per_line)


def _groups_per_line(sheet: Sheet, part: CodePart, width: float) -> int:
    widest = max(sheet.bold.width(group, CODE) for group in part.groups)
    return 5 if widest * 5 + CODE_GAP * 4 <= width else 3


def _code_digits(sheet: Sheet, part: CodePart, x: float, width: float) -> None:
    per_line = _groups_per_line(sheet, part, width)
    step = max(sheet.bold.width(group, CODE) for group in part.groups) + CODE_GAP
    for start in range(0, len(part.groups), per_line):
        top = sheet.y
        for column, group in enumerate(part.groups[start : start + per_line]):
            sheet.y = top
            sheet.line(group, sheet.bold, CODE, x=x + column * step)


def _cut(sheet: Sheet) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setStrokeColorRGB(*QUIET)
    canvas.setLineWidth(1)
    canvas.setDash(2, 4)
    canvas.line(0, sheet.y, PAGE_WIDTH, sheet.y)
    canvas.restoreState()


def _short(sheet: Sheet, part: ShortPart) -> None:
    sheet.language = part.language
    padding = 14.0
    width = sheet.width - 2 * padding
    height = (
        2 * padding
        + HEADING * LEADING
        + 6
        + sum(height_of(sheet.plain, sentence, SMALLEST, width) + 3 for sentence in part.sentences)
        + (SMALLEST + REFERENCE) * LEADING
    )
    sheet.down(10)
    sheet.need(height)
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setStrokeColorRGB(*HAIRLINE)
    canvas.setLineWidth(1)
    canvas.roundRect(sheet.left, sheet.y - height, sheet.width, height, 9)
    canvas.restoreState()
    x = sheet.left + padding
    sheet.down(padding)
    sheet.paragraph(part.title, sheet.bold, HEADING, x=x, width=width)
    sheet.down(6)
    for number, sentence in enumerate(part.sentences):
        sheet.paragraph(sentence, sheet.plain if number else sheet.bold, SMALLEST, x=x, width=width)
        sheet.down(3)
    sheet.line(part.reference.label, sheet.plain, SMALLEST, x=x, colour=QUIET)
    for line in part.reference.lines:
        sheet.line(line, sheet.bold, REFERENCE, x=x)
    sheet.down(padding)


def _answers(sheet: Sheet, part: AnswersPart) -> None:
    sheet.new_page()
    sheet.paragraph(part.title, sheet.bold, TITLE)
    sheet.down(6)
    _fact(sheet, part.reference, REFERENCE)
    sheet.down(6)
    for row in part.rows:
        values = [(line, height_of(sheet.bold, line, VALUE, sheet.width)) for line in row.lines]
        sheet.need(
            height_of(sheet.plain, row.label, SMALLEST, sheet.width) + sum(height for _, height in values)
        )
        sheet.paragraph(row.label, sheet.plain, SMALLEST, colour=QUIET)
        for line, _ in values:
            sheet.paragraph(line, sheet.bold, VALUE)
        sheet.down(8)
