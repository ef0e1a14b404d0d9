"""What is wrong on a page: a title, and a line for each answer that leads to it (ACCESS D8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.flow.view import FieldError, Tone
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.piece import Cuts, Piece, between_lines
from ui.widgets.press import PressGuard, PressRules


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """Each sentence once; a line whose ``field`` is blank is of the whole page and leads nowhere."""

    title: str
    lines: tuple[FieldError, ...]


class ErrorLine(QAbstractButton):
    """One sentence that can be pressed: underlined, with an arrow at its end."""

    def __init__(self, look: Look, guard: PressGuard, error: FieldError) -> None:
        super().__init__()
        self.look = look
        self.error = error
        self._rules = PressRules(self, look, guard)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(error.text.replace("&", "&&"))
        self.setAccessibleName(error.text)

    def _inner(self, width: int) -> int:
        return min(width - self.look.icon - 3 * self.look.padding, self.look.column)

    def height_for(self, width: int) -> int:
        look = self.look
        tall = words.height(self.error.text, look.font(Face.STRONG), self._inner(width), look.line())
        return max(look.target, tall + 2 * look.px(1.5))

    def _words(self) -> QRect:
        """Where they stand, the mirrored side aside."""
        inner = self._inner(self.width())
        tall = words.height(self.error.text, self.look.font(Face.STRONG), inner, self.look.line())
        return QRect(self.look.padding, (self.height() - tall) // 2, inner, tall)

    def cuts(self) -> Cuts:
        box = self._words()
        return between_lines(box.top(), box.height(), self.look.line())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.card,
            line=palette.error,
            width=look.thin,
            down=self.isDown(),
            focused=self.hasFocus(),
        )
        box = self._words()
        arrow = QRect(
            self.width() - look.padding - look.icon, (self.height() - look.icon) // 2, look.icon, look.icon
        )
        if look.direction == Qt.LayoutDirection.RightToLeft:
            arrow.moveLeft(look.padding)
            box.moveLeft(2 * look.padding + look.icon)
        brush.icon(painter, "down", arrow, palette.error)
        painter.setPen(QColor(palette.error))
        words.paint(painter, self.error.text, look.font(Face.STRONG), box, look.line())


class ErrorsBlock(Block):
    """``led`` carries the field that a pressed line leads to."""

    led = Signal(str)

    def __init__(self, look: Look, guard: PressGuard, summary: ErrorSummary) -> None:
        super().__init__(look, guard)
        self.summary = summary
        self.setAccessibleName(summary.title or "\n".join(line.text for line in summary.lines))
        self._lines = [ErrorLine(look, guard, line) for line in summary.lines if line.field]
        for line in self._lines:
            line.setParent(self)
            line.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        line = self.sender()
        if isinstance(line, ErrorLine):
            self.led.emit(line.error.field)

    def take(self, part: object) -> bool:
        return part == self.summary

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for line in self._lines:
            yield f"error:{line.error.field}", line

    def first(self) -> QWidget:
        """What takes the focus when the errors appear."""
        return self._lines[0] if self._lines else self

    def _heading(self) -> str:
        """What is painted beside the icon: the title, and what is wrong with the whole page."""
        whole = [line.text for line in self.summary.lines if not line.field]
        return "\n".join(text for text in (self.summary.title, *whole) if text)

    def _indent(self) -> int:
        return self.look.thick + self.look.padding + self.look.icon + self.look.gap

    def _inner(self, width: int) -> int:
        return min(width - self._indent() - self.look.padding, self.look.column)

    def _head(self, width: int) -> int:
        look = self.look
        return words.height(self._heading(), look.font(Face.STRONG), self._inner(width), look.line())

    def _boxes(self, width: int) -> list[QRect]:
        look = self.look
        head = self._head(width)
        top = look.px(2.5) + head + (look.px(1.5) if head else 0)
        left = look.thick + look.padding
        boxes: list[QRect] = []
        for line in self._lines:
            wide = width - left - look.padding
            tall = line.height_for(wide)
            boxes.append(QRect(left, top, wide, tall))
            top += tall + look.gap
        return boxes

    def height_for(self, width: int) -> int:
        boxes = self._boxes(width)
        bottom = boxes[-1].bottom() + 1 if boxes else self.look.px(2.5) + self._head(width)
        return bottom + self.look.px(2.5)

    def place(self) -> None:
        for line, box in zip(self._lines, self._boxes(self.width()), strict=True):
            line.setGeometry(brush.mirrored(self.look, box, self.width()))

    def pieces(self) -> list[Piece]:
        boxes = self._boxes(self.width())
        head = between_lines(self.look.px(2.5), self._head(self.width()), self.look.line())
        if not boxes:
            return [Piece(0, self.height(), cuts=head)]
        # The title goes with the first line, the frame's end with the last.
        tops = [0, *(box.top() for box in boxes[1:])]
        bottoms = [*(box.bottom() + 1 for box in boxes[:-1]), self.height()]
        cuts = [
            (box.top(), *(box.top() + cut for cut in line.cuts()))
            for line, box in zip(self._lines, boxes, strict=True)
        ]
        cuts[0] = (*head, *cuts[0])
        return [Piece(top, bottom, cuts=each) for top, bottom, each in zip(tops, bottoms, cuts, strict=True)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, width = self.look, self.width()
        brush.ready(painter, look)
        ink = brush.tone_ink(look, Tone.ERROR)
        brush.frame(painter, look, self.rect(), fill=look.palette.card, line=ink, width=look.thin)
        mirrored = look.direction == Qt.LayoutDirection.RightToLeft
        edge = QRect(0, look.radius, look.thick + look.thin, self.height() - 2 * look.radius)
        side, line = look.icon, look.line()
        sign = QRect(look.thick + look.padding, look.px(2.5) + (line - side) // 2, side, side)
        box = QRect(self._indent(), look.px(2.5), self._inner(width), self._head(width))
        if mirrored:
            for each in (edge, sign, box):
                each.moveLeft(width - each.left() - each.width())
        painter.fillRect(edge, QColor(ink))
        if self._heading():
            brush.icon(painter, brush.TONE_ICON[Tone.ERROR], sign, ink)
            painter.setPen(QColor(ink))
            words.paint(painter, self._heading(), look.font(Face.STRONG), box, line)
