"""A sheet of A4 and a pen that moves down it, in letters of several scripts.

Lengths are points (1/72 inch), heights are measured from the lower edge, as in PDF.
"""

import io
import math
from typing import TYPE_CHECKING, Protocol

from kiosk.receipts.fonts import PaperFonts, Typeface

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MILLIMETRE = 72 / 25.4
PAGE_WIDTH = 210 * MILLIMETRE
PAGE_HEIGHT = 297 * MILLIMETRE
MARGIN = 17 * MILLIMETRE

SMALLEST = 14.0
WATERMARK_SIZE = 62.0
"""Or smaller, where the words would otherwise run off the paper."""
WATERMARK_SLANT = 52
"""Degrees."""
LEADING = 1.32
"""Height of a line, in sizes of its letters."""

Colour = tuple[float, float, float]
INK: Colour = (0.09, 0.09, 0.10)
QUIET: Colour = (0.27, 0.27, 0.29)
WATERMARK: Colour = (0.87, 0.87, 0.87)


class Titled(Protocol):
    """What a sheet has to know of the words that it carries. ``copy_mark`` blank: it is no copy."""

    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def copy_mark(self) -> str: ...


class Sheet:
    """Paper and a pen that moves down it. ``y`` is the height of the pen above the lower edge, in points."""

    def __init__(self, text: Titled, fonts: PaperFonts) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._fonts = fonts
        self._copy_mark = text.copy_mark
        self._body = io.BytesIO()
        self.left = MARGIN
        self.width = PAGE_WIDTH - 2 * MARGIN
        self.language = text.language
        self.canvas = Canvas(
            self._body,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            invariant=True,
            pageCompression=1,
            lang=text.language,
            initialFontName=self.plain.name,  # type: ignore[arg-type]  # types-reportlab has it wrong
            initialFontSize=SMALLEST,
        )
        self.canvas.setTitle(text.title)
        self.canvas.setAuthor("Opora")
        self.canvas.setCreator("Opora")
        self._begin()

    @property
    def plain(self) -> Typeface:
        files = (self._fonts.regular, self._fonts.hangul)
        return Typeface(*(reversed(files) if self.language == "ko" else files))

    @property
    def bold(self) -> Typeface:
        files = (self._fonts.bold, self._fonts.hangul_bold)
        return Typeface(*(reversed(files) if self.language == "ko" else files))

    @property
    def room(self) -> float:
        return self.y - MARGIN

    def need(self, height: float) -> None:
        """Goes on to a new page where fewer than ``height`` points are left on this one."""
        if height > self.room and self.y < PAGE_HEIGHT - MARGIN:
            self.new_page()

    def new_page(self) -> None:
        self.canvas.showPage()
        self._begin()

    def down(self, points: float) -> None:
        self.y -= points

    def line(
        self,
        text: str,
        face: Typeface,
        size: float,
        *,
        x: float | None = None,
        colour: Colour = INK,
    ) -> None:
        """One line of text; the pen moves below it."""
        self.y -= size * LEADING
        self._set(
            text, face, size, self.left if x is None else x, self.y + size * (LEADING - 1) * 0.72, colour
        )

    def paragraph(
        self,
        text: str,
        face: Typeface,
        size: float,
        *,
        x: float | None = None,
        width: float | None = None,
        colour: Colour = INK,
    ) -> None:
        for line in face.wrapped(text, size, width or self.width):
            self.need(size * LEADING)
            self.line(line, face, size, x=x, colour=colour)

    def finished(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._body.getvalue()

    def _begin(self) -> None:
        self.y = PAGE_HEIGHT - MARGIN
        if self._copy_mark:
            self.canvas.saveState()
            self.canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
            self.canvas.rotate(WATERMARK_SLANT)
            room = (PAGE_WIDTH - 2 * MARGIN) / math.cos(math.radians(WATERMARK_SLANT))
            width = self.bold.width(self._copy_mark, WATERMARK_SIZE)
            fitting = min(1.0, room / width)
            size, width = WATERMARK_SIZE * fitting, width * fitting
            self._set(self._copy_mark, self.bold, size, -width / 2, -size / 3, WATERMARK)
            self.canvas.restoreState()

    def _set(self, text: str, face: Typeface, size: float, x: float, y: float, colour: Colour) -> None:
        pen = self.canvas.beginText(x, y)
        pen.setFillColorRGB(*colour)
        for run in face.runs(text, size):
            pen.setFont(run.font, size)
            pen.textOut(run.text)
        self.canvas.drawText(pen)


def height_of(face: Typeface, text: str, size: float, width: float) -> float:
    return len(face.wrapped(text, size, width)) * size * LEADING


def draw_qr(canvas: "Canvas", content: str, x: float, y: float, side: float) -> None:
    import segno

    matrix = segno.make(content, micro=False, error="q").matrix
    module = side / len(matrix)
    canvas.saveState()
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            length = 0
            while column + length < len(modules) and modules[column + length]:
                length += 1
            if length:
                # A hair of overlap: some printers leave a light seam between rows that only touch.
                path.rect(x + column * module, y + side - (row + 1) * module, length * module, module * 1.01)
            column += length + 1
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
