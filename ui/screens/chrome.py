"""What stands in the same place on every page: the bar of three on top, Back and forward below."""

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow import view as views
from kiosk.flow.view import Button
from ui.theme import Look
from ui.widgets import brush, words
from ui.widgets.buttons import PressButton, Weight
from ui.widgets.press import PressGuard


class Bar(QWidget):
    """Quiet buttons across the width of the page, and one short line of state."""

    pressed = Signal(str)

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self._look = look
        self._guard = guard
        self._note = ""
        self._buttons: list[PressButton] = []
        self._shared: tuple[int, list[int]] = (-1, [])
        """How a width was shared out the last time."""

    def show_bar(self, bar: views.Bar) -> None:
        if [button.button.id for button in self._buttons] != [button.id for button in bar.buttons]:
            self._shared = (-1, [])
            for old in self._buttons:
                old.hide()
                old.deleteLater()
            self._buttons = [
                PressButton(self._look, self._guard, button, Weight.BARE) for button in bar.buttons
            ]
            for made in self._buttons:
                made.setParent(self)
                made.clicked.connect(self._clicked)
                made.show()
        for made, button in zip(self._buttons, bar.buttons, strict=True):
            if made.button != button:
                made.show_button(button)
        if self._note != bar.note:
            self._note = bar.note
            self.update()
        self.place()

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PressButton):
            self.pressed.emit(button.button.id)

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for button in self._buttons:
            yield button.button.id, button

    def _widths(self, width: int) -> list[int]:
        """Each as wide as its words, and all widened alike; equal shares where words have to wrap.

        Shares stay while the words fit into them: a voice that falls silent changes a word and moves nothing.
        """
        for button in self._buttons:
            button.show_icon(True)
        natural = [button.natural() for button in self._buttons]
        if sum(natural) + (len(natural) - 1) * self._look.gap > width:
            # Four words stand in one line without their pictures where they would break with them.
            for button in self._buttons:
                button.show_icon(False)
            natural = [button.natural() for button in self._buttons]
        for_width, shares = self._shared
        if for_width == width and all(each <= share for each, share in zip(natural, shares, strict=True)):
            return shares
        count = max(1, len(self._buttons))
        room = width - (count - 1) * self._look.gap
        spare = room - sum(natural)
        shares = [room // count if spare < 0 else each + spare // count for each in natural]
        self._shared = (width, shares)
        return shares

    def _row(self, width: int) -> int:
        pairs = zip(self._buttons, self._widths(width), strict=True)
        return max((button.height_for(wide) for button, wide in pairs), default=0)

    def height_for(self, width: int) -> int:
        note = words.height(self._note, self._look.font(), width, self._look.line())
        row = self._row(width)
        return row + note + (self._look.px(1) if row or note else 0)

    def place(self) -> None:
        tall = self._row(self.width())
        x = 0
        for button, wide in zip(self._buttons, self._widths(self.width()), strict=True):
            mirrored = self._look.direction == Qt.LayoutDirection.RightToLeft
            button.setGeometry(self.width() - x - wide if mirrored else x, 0, wide, tall)
            x += wide + self._look.gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._look
        brush.ready(painter, look)
        if self._note:
            painter.setPen(QColor(look.palette.quiet))
            box = QRect(0, self._row(self.width()), self.width(), self.height())
            words.paint(painter, self._note, look.font(), box, look.line(), Qt.AlignmentFlag.AlignHCenter)
        if self.height():
            painter.fillRect(0, self.height() - look.thin, self.width(), look.thin, QColor(look.palette.line))


class Foot(QWidget):
    """Back on the leading side, the filled button on the trailing side, paging between them."""

    pressed = Signal(str)

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self._look = look
        blank = Button("", "")
        self._back = PressButton(look, guard, blank)
        self._up = PressButton(look, guard, blank)
        self._down = PressButton(look, guard, blank)
        self._filled = PressButton(look, guard, blank, Weight.FILLED)
        self._gap = look.gap
        for button in self._all():
            button.setParent(self)
            button.clicked.connect(self._clicked)

    def _all(self) -> tuple[PressButton, ...]:
        return self._back, self._up, self._down, self._filled

    def show_foot(
        self, back: Button | None, up: Button | None, down: Button | None, filled: Button | None
    ) -> None:
        for widget, button in zip(self._all(), (back, up, down, filled), strict=True):
            widget.setVisible(button is not None)
            if button is not None and widget.button != button:
                widget.show_button(button)

    def _shown(self) -> list[PressButton]:
        return [button for button in self._all() if not button.isHidden()]

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, PressButton):
            self.pressed.emit(button.button.id)

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for button in self._shown():
            yield button.button.id, button

    def _widths(self, width: int) -> dict[PressButton, int]:
        """Each as wide as its words; where that is too wide, words wrap, the widest button first."""
        shown = self._shown()
        self._gap = self._look.gap
        spare = width - self._gap * max(0, len(shown) - 1)
        for button in shown:
            button.show_icon(True)
        least = {button: button.least_width() for button in shown}
        if sum(least.values()) > spare:
            for button in shown:
                button.show_icon(False)
            least = {button: button.least_width() for button in shown}
        if sum(least.values()) > spare:
            self._gap = self._look.key_gap
            spare = width - self._gap * max(0, len(shown) - 1)
        wide = {
            button: max(button.natural(), self._look.px(60) if button is self._filled else 0)
            for button in shown
        }
        while sum(wide.values()) > spare:
            over = sum(wide.values()) - spare
            narrowable = [button for button in shown if wide[button] > least[button]]
            if not narrowable:
                break
            widest = max(narrowable, key=lambda button: wide[button])
            wide[widest] = max(least[widest], wide[widest] - max(1, min(over, self._look.px(4))))
        return wide

    def height_for(self, width: int) -> int:
        return max((button.height_for(wide) for button, wide in self._widths(width).items()), default=0)

    def place(self) -> None:
        if not self.width():
            return
        wide, tall = self._widths(self.width()), self.height()
        left = 0
        boxes: dict[PressButton, QRect] = {}
        if self._back in wide:
            boxes[self._back] = QRect(0, 0, wide[self._back], tall)
            left = wide[self._back]
        right = self.width()
        if self._filled in wide:
            right -= wide[self._filled]
            boxes[self._filled] = QRect(right, 0, wide[self._filled], tall)
        paging = [button for button in (self._up, self._down) if button in wide]
        total = sum(wide[button] for button in paging) + self._gap * max(0, len(paging) - 1)
        x = left + (right - left - total) // 2
        for button in paging:
            boxes[button] = QRect(x, 0, wide[button], tall)
            x += wide[button] + self._gap
        for button, box in boxes.items():
            if self._look.direction == Qt.LayoutDirection.RightToLeft:
                box.moveLeft(self.width() - box.left() - box.width())
            button.setGeometry(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()
