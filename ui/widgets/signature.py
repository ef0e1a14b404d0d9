"""Where a person signs with a finger, a pen or a mouse."""

import time
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import Button, SignaturePad, Signed, Stroke
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.buttons import PressButton
from ui.widgets.press import PressGuard

LEAST_PAD_MM: Final = 40.0
LEAST_DRAWING_MM: Final = 62.0
TALLEST: Final = 0.4
"""Height of the pad in shares of its width, where the page has room for it."""


class Pad(QWidget):
    """The paper itself. ``drawn`` carries all strokes, each time a finger is lifted."""

    drawn = Signal(object)

    def __init__(self, look: Look, *, has_line: bool = True) -> None:
        super().__init__()
        self.look = look
        self.has_line = has_line
        self.strokes: tuple[Stroke, ...] = ()
        self._points: list[tuple[float, float, int]] = []
        self._began = 0.0

    def show_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        if strokes != self.strokes:
            self.strokes = strokes
            self.update()

    def _add(self, place: QPointF) -> None:
        if not self.strokes and not self._points:
            self._began = time.monotonic()
        x = min(max(place.x(), 0.0), float(self.width())) / self.width()
        y = min(max(place.y(), 0.0), float(self.height())) / self.width()
        self._points.append((x, y, round((time.monotonic() - self._began) * 1000)))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._points = []
        self._add(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._points:
            self._add(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._points:
            self._add(event.position())
            self.strokes = (*self.strokes, Stroke(tuple(self._points)))
            self._points = []
            self.drawn.emit(self.strokes)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.card,
            line=palette.line,
            width=look.thin,
            focused=self.hasFocus(),
        )
        if self.has_line:
            base = round(self.height() * 0.78)
            ruled = QRect(look.space, base, self.width() - 2 * look.space, look.thin)
            painter.fillRect(ruled, QColor(palette.line))
        pen = QPen(QColor(palette.ink), look.px(0.9))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        # Drawn on a taller pad, at another text size, a picture is shown smaller, never in part.
        lowest = max((y for stroke in self.strokes for _, y, _ in stroke.points), default=0.0)
        scale = min(float(self.width()), self.height() / lowest if lowest else float(self.width()))
        for points in (*(stroke.points for stroke in self.strokes), tuple(self._points)):
            line = QPolygonF([QPointF(x * scale, y * scale) for x, y, _ in points])
            if len(points) == 1:
                painter.setBrush(QColor(palette.ink))
                painter.drawEllipse(QRectF(line.at(0).x() - 1, line.at(0).y() - 1, 2, 2))
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(line)


class SignatureBlock(Block):
    """Label, pad, and a button that takes the strokes away."""

    def __init__(self, look: Look, guard: PressGuard, part: SignaturePad, *, label: bool) -> None:
        super().__init__(look, guard)
        self._shows_label = label
        self.part = part
        self.pad = Pad(look, has_line=not part.draws)
        self.pad.setParent(self)
        self.pad.setAccessibleName(part.label)
        self.pad.show_strokes(part.strokes)
        self.pad.drawn.connect(self._drawn)
        self._clear = PressButton(look, guard, Button(f"{part.field}:clear", part.clear_label, icon="remove"))
        self._clear.setParent(self)
        self._clear.setVisible(bool(part.clear_label))
        self._clear.clicked.connect(self._cleared)

    def _drawn(self, strokes: tuple[Stroke, ...]) -> None:
        self.happened.emit(Signed(self.part.field, strokes))

    def _cleared(self) -> None:
        self.pad.show_strokes(())
        self.happened.emit(Signed(self.part.field, ()))

    def take(self, part: object) -> bool:
        if not isinstance(part, SignaturePad) or (part.field, part.label, part.clear_label) != (
            self.part.field,
            self.part.label,
            self.part.clear_label,
        ):
            return False
        self.part = part
        self.pad.show_strokes(part.strokes)
        return True

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        yield f"field:{self.part.field}", self.pad
        if self.part.clear_label:
            yield self._clear.button.id, self._clear

    def _label(self, width: int) -> int:
        look = self.look
        if not self._shows_label:
            return 0
        tall = words.height(self.part.label, look.font(Face.STRONG), min(width, look.column), look.line())
        return tall + look.px(2) if tall else 0

    def _aside(self, width: int) -> bool:
        return self._clear.natural() + self.look.gap <= width * 0.35

    def _below(self, width: int) -> int:
        """What the button takes below the pad, where it has no room beside it."""
        if not self.part.clear_label or self._aside(width):
            return 0
        return self.look.gap + self._clear.height_for(min(width, self._clear.natural()))

    def height_for(self, width: int) -> int:
        least = LEAST_DRAWING_MM if self.part.draws else LEAST_PAD_MM
        return self._label(width) + self.look.px(least) + self._below(width)

    def most_for(self, width: int) -> int:
        return self._label(width) + round(width * TALLEST) + self._below(width)

    def answer_to(self, field: str) -> QWidget | None:
        return self.pad if field == self.part.field else None

    def place(self) -> None:
        look, width = self.look, self.width()
        top = self._label(width)
        wide = min(width, self._clear.natural())
        high = self._clear.height_for(wide)
        tall = self.height() - top - self._below(width)
        if self.part.clear_label and self._aside(width):
            pad = QRect(0, top, width - wide - look.gap, tall)
            clear = QRect(width - wide, top + tall - high, wide, high)
        else:
            pad = QRect(0, top, width, tall)
            clear = QRect(width - wide, top + tall + look.gap, wide, high)
        self.pad.setGeometry(brush.mirrored(look, pad, width))
        self._clear.setGeometry(brush.mirrored(look, clear, width))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._label(self.width()):
            painter = QPainter(self)
            brush.ready(painter, self.look)
            painter.setPen(QColor(self.look.palette.ink))
            box = brush.mirrored(self.look, QRect(0, 0, min(self.width(), self.look.column), 0), self.width())
            words.paint(painter, self.part.label, self.look.font(Face.STRONG), box, self.look.line())
