"""Lists of what, its value, and what can be done with it: answers to check, members, today's work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import Pressed, Row, Rows, Tone
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.buttons import PressButton
from ui.widgets.piece import Piece
from ui.widgets.press import PressGuard


@dataclass(frozen=True, slots=True)
class _Measured:
    """What of a row does not depend on how much room its label gets: measured once, placed many times."""

    row: Row
    buttons: tuple[PressButton, ...]
    naturals: tuple[int, ...]
    label_font: QFont
    value_font: QFont
    longest: tuple[int, int]
    """The widest word of the label, and of the value, in pixels."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where one row's parts stand, in the block's coordinates."""

    whole: QRect
    label: QRect
    value: QRect
    buttons: tuple[QRect, ...]


LABEL_SHARES: Final = (0.42, 0.34, 0.5, 0.58, 0.0)
"""How much of the room labels may take beside their values; the first of equally good ones is taken."""


def _in_a_row(buttons: Sequence[PressButton], widths: Sequence[int], left: int, gap: int) -> list[QRect]:
    boxes: list[QRect] = []
    for button, wide in zip(buttons, widths, strict=True):
        boxes.append(QRect(left, 0, wide, button.height_for(wide)))
        left += wide + gap
    return boxes


def _wrapped(buttons: Sequence[PressButton], widths: Sequence[int], width: int, gap: int) -> list[QRect]:
    """In rows that are no wider than ``width``."""
    boxes: list[QRect] = []
    x = y = highest = 0
    for button, wide in zip(buttons, widths, strict=True):
        if x and x + wide > width:
            x, y, highest = 0, y + highest + gap, 0
        boxes.append(QRect(x, y, wide, button.height_for(wide)))
        highest = max(highest, boxes[-1].height())
        x += wide + gap
    return boxes


class RowsBlock(Block):
    """Rows under each other, parted by a thin line; buttons stand at the trailing side where they fit."""

    def __init__(self, look: Look, guard: PressGuard, rows: Rows) -> None:
        super().__init__(look, guard)
        self.rows = rows
        self._found: dict[int, list[_Places]] = {}
        self.setAccessibleName(rows.title)
        self._buttons: list[list[PressButton]] = []
        for row in rows.rows:
            made = [PressButton(look, guard, action) for action in row.actions]
            for button in made:
                button.setParent(self)
                # Which row a "Change" belongs to is said with it.
                button.setAccessibleDescription(f"{row.label} {row.value}".strip())
                button.clicked.connect(self._pressed)
            self._buttons.append(made)

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, PressButton):
            self.happened.emit(Pressed(button.button.id))

    def take(self, part: object) -> bool:
        if not isinstance(part, Rows):
            return False
        if [(r.id, r.actions) for r in part.rows] != [(r.id, r.actions) for r in self.rows.rows]:
            return False
        self.rows, self._found = part, {}
        for row, made in zip(part.rows, self._buttons, strict=True):
            for button in made:
                button.setAccessibleDescription(f"{row.label} {row.value}".strip())
        self.update()
        return True

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for made in self._buttons:
            for button in made:
                yield button.button.id, button

    def _title(self, width: int) -> int:
        look = self.look
        if not self.rows.title:
            return 0
        tall = words.height(self.rows.title, look.font(Face.STRONG), min(width, look.column), look.line())
        return tall + look.px(1.5)

    def _value_face(self, row: Row) -> Face:
        return Face.BODY if row.tone in (Tone.PLAIN, Tone.QUIET) else Face.STRONG

    def _places(self, width: int) -> list[_Places]:
        """Value beside label, in one line of columns, or below it: whichever makes the list the shortest."""
        if width not in self._found:
            rows = [self._measured(*each) for each in zip(self.rows.rows, self._buttons, strict=True)]
            ways = [self._places_at(width, share, rows) for share in LABEL_SHARES]
            best = min(ways, key=lambda places: places[-1].whole.bottom() if places else 0)
            self._found = {width: best}
        return self._found[width]

    def _measured(self, row: Row, buttons: list[PressButton]) -> _Measured:
        label_font, value_font = self.look.font(Face.STRONG), self.look.font(self._value_face(row))
        longest = words.longest_word(row.label, label_font), words.longest_word(row.value, value_font)
        naturals = tuple(button.natural() for button in buttons)
        return _Measured(row, tuple(buttons), naturals, label_font, value_font, longest)

    def _places_at(self, width: int, share: float, rows: Sequence[_Measured]) -> list[_Places]:
        """With labels of that share of the room; 0 for values below their labels."""
        found: list[_Places] = []
        top = self._title(width)
        for each in rows:
            places = self._row_at(width, share, each, top)
            found.append(places)
            top += places.whole.height()
        return found

    def _row_at(self, width: int, share: float, measured: _Measured, top: int) -> _Places:
        look, line = self.look, self.look.line()
        pad = look.px(1.5)
        row, buttons = measured.row, measured.buttons
        label_font, value_font = measured.label_font, measured.value_font
        naturals = [min(width, natural) for natural in measured.naturals]
        beside = sum(naturals) + look.gap * len(naturals)
        aside = bool(buttons) and beside <= width * 0.45
        room = width - (beside if aside else 0)
        narrow = round(room * share)
        two = (
            share > 0
            and bool(row.value)
            and measured.longest[0] <= narrow
            and measured.longest[1] <= room - narrow - look.space
        )
        label_width = min(narrow if two else room, look.column)
        value_left = narrow + look.space if two else 0
        value_width = min(room - value_left, look.column)
        label_tall = words.height(row.label, label_font, label_width, line)
        value_tall = words.height(row.value, value_font, value_width, line)
        words_tall = max(label_tall, value_tall) if two else label_tall + value_tall
        if aside:
            boxes = _in_a_row(buttons, naturals, room + look.gap, look.gap)
            tall = max(words_tall, *(box.height() for box in boxes))
            boxes = [box.translated(0, top + pad + (tall - box.height()) // 2) for box in boxes]
            shift = (tall - words_tall) // 2
        else:
            below = top + pad + words_tall + look.px(1.5)
            boxes = [box.translated(0, below) for box in _wrapped(buttons, naturals, width, look.gap)]
            tall = max((box.bottom() + 1 - top - pad for box in boxes), default=words_tall)
            shift = 0
        value_top = 0 if two else label_tall
        return _Places(
            QRect(0, top, width, tall + 2 * pad),
            QRect(0, top + pad + shift, label_width, label_tall),
            QRect(value_left, top + pad + shift + value_top, value_width, value_tall),
            tuple(boxes),
        )

    def height_for(self, width: int) -> int:
        places = self._places(width)
        return places[-1].whole.bottom() + 1 if places else self._title(width)

    def place(self) -> None:
        for made, places in zip(self._buttons, self._places(self.width()), strict=True):
            for button, box in zip(made, places.buttons, strict=True):
                button.setGeometry(brush.mirrored(self.look, box, self.width()))

    def answer_to(self, field: str) -> QWidget | None:
        for row, made in zip(self.rows.rows, self._buttons, strict=True):
            if row.id == field and made:
                return made[0]
        return None

    def pieces(self) -> list[Piece]:
        title = self._title(self.width())
        found: list[Piece] = []
        for index, places in enumerate(self._places(self.width())):
            # A title never stands alone at the end of a page.
            top = 0 if index == 0 and title else places.whole.top()
            found.append(Piece(top, places.whole.bottom() + 1, cuts=self._cuts(places)))
        return found or [Piece(0, title)]

    def _cuts(self, places: _Places) -> tuple[int, ...]:
        """Between lines and above buttons: a row may be taller than a small glass."""
        line = self.look.line()
        texts = (places.label, places.value)
        edges = {at for box in texts for at in range(box.top(), box.bottom() + 2, line)}
        edges |= {box.top() for box in places.buttons}
        return tuple(
            at
            for at in sorted(edges)
            if places.whole.top() < at <= places.whole.bottom()
            and not any(box.top() < at <= box.bottom() and (at - box.top()) % line for box in texts)
            and not any(box.top() < at <= box.bottom() for box in places.buttons)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        line = look.line()
        if self.rows.title:
            painter.setPen(QColor(palette.ink))
            box = brush.mirrored(look, QRect(0, 0, min(self.width(), look.column), 0), self.width())
            words.paint(painter, self.rows.title, look.font(Face.STRONG), box, line)
        for row, places in zip(self.rows.rows, self._places(self.width()), strict=True):
            whole = places.whole
            painter.fillRect(0, whole.bottom() - look.thin + 1, self.width(), look.thin, QColor(palette.line))
            painter.setPen(QColor(palette.ink))
            words.paint(
                painter,
                row.label,
                look.font(Face.STRONG),
                brush.mirrored(self.look, places.label, self.width()),
                line,
            )
            if row.value:
                painter.setPen(QColor(brush.tone_ink(look, row.tone)))
                font = look.font(self._value_face(row))
                words.paint(
                    painter, row.value, font, brush.mirrored(self.look, places.value, self.width()), line
                )
