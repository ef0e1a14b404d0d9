"""Digits to copy or to keep, in groups, with a QR code beside them where it holds one."""

import math
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from kiosk.flow.view import Code
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.piece import Piece
from ui.widgets.press import PressGuard

LEAST_QR_MM: Final = 32.0


def qr_modules(content: str) -> tuple[bytes, ...]:
    """Rows of a QR code, 1 for dark, with a quiet zone of four modules (ISO/IEC 18004)."""
    import segno

    code = segno.make(content, micro=False)
    return tuple(bytes(row) for row in code.matrix_iter(scale=1, border=4))


class CodeBlock(Block):
    """Digits to copy, in groups, large; with a QR code beside them where it holds one."""

    def __init__(self, look: Look, guard: PressGuard, code: Code) -> None:
        super().__init__(look, guard)
        self.code = code
        self.setAccessibleName(f"{code.label} {' '.join(code.groups)}")
        self.setAccessibleDescription(code.caption)
        self._modules = qr_modules(code.qr) if code.qr else ()

    def take(self, part: object) -> bool:
        return isinstance(part, Code) and part == self.code

    def pieces(self) -> list[Piece]:
        """Whole; where it may be taller than a sheet, its caption is cut between lines."""
        look, inner = self.look, self._inner(self.width())
        whole = [Piece(0, self.height())]
        if self.height() <= look.glass.height_px // 3 or self._modules or not self.code.caption:
            return whole
        top = look.padding + words.height(self.code.label, look.font(), inner, look.line())
        top += len(self._group_rows(inner)) * look.line(Face.DIGITS)
        tops = [*range(top, self.height() - look.padding, look.line())]
        bottoms = [*tops[1:], self.height()]
        return [Piece(0, top), *(Piece(*each) for each in zip(tops, bottoms, strict=True))]

    def _qr_side(self) -> int:
        """Whole pixels a module, and never smaller than scanners of cheap telephones want."""
        count = len(self._modules)
        return math.ceil(self.look.px(LEAST_QR_MM) / count) * count if count else 0

    def _inner(self, width: int) -> int:
        spare = self._qr_side() + self.look.space if self._modules else 0
        return width - 2 * self.look.padding - spare

    def _group_rows(self, width: int) -> list[list[str]]:
        """Whole groups on each line: a group is never broken, for it is what people copy."""
        font = self.look.font(Face.DIGITS)
        space = self._group_gap()
        rows: list[list[str]] = [[]]
        used = 0
        for group in self.code.groups:
            wide = words.natural_width(group, font)
            if rows[-1] and used + space + wide > width:
                rows.append([])
                used = 0
            used += wide + (space if rows[-1] else 0)
            rows[-1].append(group)
        return rows

    def _group_gap(self) -> int:
        return round(self.look.font(Face.DIGITS).pixelSize() * 0.6)

    def natural(self) -> int:
        """The width at which all groups stand on one line."""
        font = self.look.font(Face.DIGITS)
        groups = [words.natural_width(group, font) for group in self.code.groups]
        digits = sum(groups) + self._group_gap() * max(0, len(groups) - 1)
        spare = self._qr_side() + self.look.space if self._modules else 0
        return digits + 2 * self.look.padding + spare

    def least_width(self) -> int:
        """The width below which a group or a word would be broken."""
        font = self.look.font(Face.DIGITS)
        groups = [words.natural_width(group, font) for group in self.code.groups]
        texts = [words.longest_word(t, self.look.font()) for t in (self.code.label, self.code.caption)]
        spare = self._qr_side() + self.look.space if self._modules else 0
        return max((*groups, *texts)) + 2 * self.look.padding + spare

    def height_for(self, width: int) -> int:
        look, inner = self.look, self._inner(width)
        body = look.line()
        tall = words.height(self.code.label, look.font(), inner, body)
        tall += len(self._group_rows(inner)) * look.line(Face.DIGITS)
        tall += words.height(self.code.caption, look.font(), min(inner, look.column), body)
        return max(tall, self._qr_side()) + 2 * look.padding

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, code = self.look, self.code
        brush.ready(painter, look)
        brush.frame(
            painter, look, self.rect(), fill=look.palette.card, line=look.palette.line, width=look.thin
        )
        inner = self._inner(self.width())
        mirrored = look.direction == Qt.LayoutDirection.RightToLeft
        box = QRect(self.width() - look.padding - inner if mirrored else look.padding, look.padding, inner, 0)
        painter.setPen(QColor(look.palette.ink))
        if code.label:
            words.paint(painter, code.label, look.font(), box, look.line())
            box.translate(0, words.height(code.label, look.font(), inner, look.line()))
        font = look.font(Face.DIGITS)
        for row in self._group_rows(inner):
            # Digits run from left to right in every script, and so do their groups.
            widths = [words.natural_width(group, font) for group in row]
            left = box.left()
            if mirrored:
                left += inner - sum(widths) - self._group_gap() * (len(row) - 1)
            for group, wide in zip(row, widths, strict=True):
                place = QRect(left, box.top(), wide, look.line(Face.DIGITS))
                words.paint(painter, group, font, place, look.line(Face.DIGITS))
                left += wide + self._group_gap()
            box.translate(0, look.line(Face.DIGITS))
        if code.caption:
            wide = min(inner, look.column)
            caption = QRect(box.right() + 1 - wide if mirrored else box.left(), box.top(), wide, 0)
            words.paint(painter, code.caption, look.font(), caption, look.line())
        if self._modules:
            self._paint_qr(painter)

    def _paint_qr(self, painter: QPainter) -> None:
        side = self._qr_side()
        count = len(self._modules)
        module = side // count
        whole = module * count
        mirrored = self.look.direction == Qt.LayoutDirection.RightToLeft
        left = self.look.padding if mirrored else self.width() - self.look.padding - whole
        top = self.look.padding
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        # Scanners want black on white, whatever the theme is.
        painter.fillRect(left, top, whole, whole, QColor("#FFFFFF"))
        for y, row in enumerate(self._modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(left + x * module, top + y * module, module, module, QColor("#000000"))


def widths_beside(one: CodeBlock, other: CodeBlock, width: int) -> tuple[int, int] | None:
    """Widths at which two codes stand side by side; None where that would be no shorter than one by one.

    Of the shares that are possible, the one that makes the row the shortest.
    """
    room = width - one.look.gap
    least, most = one.least_width(), room - other.least_width()
    if least > most:
        return None
    step = max(1, (most - least) // 24)
    shares = {
        *range(least, most + 1, step),
        most,
        min(most, max(least, one.natural())),
        min(most, max(least, room - other.natural())),
    }
    best = min(shares, key=lambda share: (max(one.height_for(share), other.height_for(room - share)), share))
    beside = max(one.height_for(best), other.height_for(room - best))
    under = one.height_for(width) + one.look.space + other.height_for(width)
    if beside > one.look.glass.height_px // 2:
        # Taller than a sheet may have room for: under each other, they can be cut.
        return None
    return (best, room - best) if beside < under else None
