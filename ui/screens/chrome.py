"""What stands in the same place on every page: the bar of three on top, Back and forward below."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow import view as views
from kiosk.flow.view import Button
from ui.theme import Look
from ui.widgets import brush, words
from ui.widgets.buttons import PressButton, Weight
from ui.widgets.press import PressGuard


def shared_out(buttons: Sequence[PressButton], room: int, step: int, filled: int = 0) -> list[int]:
    """Widths of buttons side by side: as wide as their words, or narrower, so that words wrap, the widest
    button first. ``filled`` is the least that the filled one would have.

    Icons leave where that spares a line, and before a word is broken. More than ``room`` is taken only where
    words have no room at all.
    """
    for icons in (True, False):
        for button in buttons:
            button.show_icon(icons)
        wide = [max(each.natural(), filled if each.weight is Weight.FILLED else 0) for each in buttons]
        if sum(wide) <= room:
            return wide
    for icons in (True, False):
        for button in buttons:
            button.show_icon(icons)
        wide = [max(each.natural(), filled if each.weight is Weight.FILLED else 0) for each in buttons]
        least = [button.least_width() for button in buttons]
        if sum(least) <= room:
            break
    while (over := sum(wide) - room) > 0:
        narrowable = [at for at in range(len(wide)) if wide[at] > least[at]]
        if not narrowable:
            break
        widest = max(narrowable, key=lambda at: wide[at])
        wide[widest] = max(least[widest], wide[widest] - max(1, min(over, step)))
    return wide


class Bar(QWidget):
    """Quiet buttons across the width of the page, and one short line of state."""

    pressed = Signal(str)

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self._look = look
        self._guard = guard
        self._note = ""
        self._buttons: list[PressButton] = []
        self._shared: tuple[int, list[list[int]]] = (-1, [])
        """How a width was shared out the last time, line by line."""

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

    def _widths(self, width: int) -> list[list[int]]:
        """Each as wide as its words, and all widened alike; the widest first where words have to wrap. On two
        lines where words would be broken on one.

        Shares stay while the words fit into them: a voice that falls silent changes a word and moves nothing.
        """
        shares = [share for line in self._shared[1] for share in line]
        if self._shared[0] == width and all(
            button.natural() <= share for button, share in zip(self._buttons, shares, strict=True)
        ):
            return self._shared[1]
        gap = self._look.gap
        for count in (1, 2):
            lines = [self._spread(line, width) for line in self._lines(count)]
            if all(sum(line) + (len(line) - 1) * gap <= width for line in lines):
                break
        self._shared = (width, lines)
        return lines

    def _lines(self, count: int) -> list[list[PressButton]]:
        many = max(1, -(-len(self._buttons) // count))
        return [self._buttons[at : at + many] for at in range(0, len(self._buttons), many)]

    def _spread(self, line: Sequence[PressButton], width: int) -> list[int]:
        room = width - (len(line) - 1) * self._look.gap
        shares = shared_out(line, room, self._look.px(4))
        spare = max(0, room - sum(shares))
        return [each + spare // len(line) for each in shares]

    def _placed(self, width: int) -> Iterator[tuple[PressButton, QRect]]:
        """Where each stands, from the leading side on."""
        left, top, gap = 0, 0, self._look.gap
        rest = iter(self._buttons)
        for shares in self._widths(width):
            line = [(next(rest), wide) for wide in shares]
            tall = max(button.height_for(wide) for button, wide in line)
            for button, wide in line:
                yield button, QRect(left, top, wide, tall)
                left += wide + gap
            left, top = 0, top + tall + gap

    def _row(self, width: int) -> int:
        return max((box.bottom() + 1 for _, box in self._placed(width)), default=0)

    def height_for(self, width: int) -> int:
        note = words.height(self._note, self._look.font(), width, self._look.line())
        row = self._row(width)
        return row + note + (self._look.px(1) if row or note else 0)

    def place(self) -> None:
        mirrored = self._look.direction == Qt.LayoutDirection.RightToLeft
        for button, box in self._placed(self.width()):
            if mirrored:
                box.moveLeft(self.width() - box.left() - box.width())
            button.setGeometry(box)

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
        self.stacked = False
        """Paging in a row of its own above the others, where one row would be taller or has no room."""
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
        for row in self._rows():
            yield from ((button.button.id, button) for button in row)

    def _rows(self) -> list[list[PressButton]]:
        shown = self._shown()
        if not self.stacked:
            return [shown]
        ways = [[self._up, self._down], [self._back, self._filled]]
        rows = [[button for button in row if button in shown] for row in ways]
        return [row for row in rows if row]

    def _widths(self, row: list[PressButton], width: int) -> dict[PressButton, int]:
        room = width - self._look.gap * max(0, len(row) - 1)
        shares = shared_out(row, room, self._look.px(4), filled=self._look.px(60))
        return dict(zip(row, shares, strict=True))

    def fits(self, width: int) -> bool:
        """Whether no word has to be broken at that width."""
        gap = self._look.gap
        rows = (self._widths(row, width) for row in self._rows())
        return all(sum(row.values()) + gap * (len(row) - 1) <= width for row in rows)

    def _height_of(self, row: list[PressButton], width: int) -> int:
        return max((button.height_for(wide) for button, wide in self._widths(row, width).items()), default=0)

    def height_for(self, width: int) -> int:
        rows = [self._height_of(row, width) for row in self._rows()]
        return sum(rows) + self._look.gap * (len(rows) - 1)

    def place(self) -> None:
        if not self.width():
            return
        rows, top = self._rows(), 0
        spare = self.height() - self.height_for(self.width())
        for row in rows:
            tall = self._height_of(row, self.width()) + spare // len(rows)
            self._place_row(self._widths(row, self.width()), top, tall)
            top += tall + self._look.gap

    def _place_row(self, wide: dict[PressButton, int], top: int, tall: int) -> None:
        left, right, gap = 0, self.width(), self._look.gap
        boxes: dict[PressButton, QRect] = {}
        if self._back in wide:
            boxes[self._back] = QRect(0, top, wide[self._back], tall)
            left = wide[self._back] + gap
        if self._filled in wide:
            right -= wide[self._filled]
            boxes[self._filled] = QRect(right, top, wide[self._filled], tall)
            right -= gap
        paging = [button for button in (self._up, self._down) if button in wide]
        total = sum(wide[button] for button in paging) + gap * max(0, len(paging) - 1)
        x = left + (right - left - total) // 2
        for button in paging:
            boxes[button] = QRect(x, top, wide[button], tall)
            x += wide[button] + gap
        for button, box in boxes.items():
            button.setGeometry(brush.mirrored(self._look, box, self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()
