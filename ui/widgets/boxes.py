"""Dates and times: a large box for each of their parts, and below them what they mean in words."""

from collections.abc import Iterator
from typing import ClassVar, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from kiosk.flow.view import DateField, FieldKind, TimeField, Typed
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.entry import Entry
from ui.widgets.fields import WritingBlock
from ui.widgets.press import PressGuard

WIDEST_LABEL_MM: Final = 85.0
"""A longer label is broken into lines above its box."""


class BoxesBlock(WritingBlock):
    """Boxes side by side. ``NAMES`` gives each box's letter its name; ``LENGTHS`` its digits.

    Room is kept for the words below, so that nothing moves when the last digit is typed.
    """

    NAMES: ClassVar[dict[str, str]] = {}
    LENGTHS: ClassVar[dict[str, int]] = {}

    def __init__(
        self, look: Look, guard: PressGuard, part: DateField | TimeField, order: str, *, label: bool
    ) -> None:
        super().__init__(look, guard)
        self._shows_label = label
        self._order = order
        self._field = part.field
        self._label, self._error, self._in_words = "", "", ""
        self._reads_back = not isinstance(part, DateField) or part.reads_back
        self._boxes = {
            letter: Entry(look, FieldKind.INTEGER, max_length=self.LENGTHS[letter]) for letter in order
        }
        for entry in self._boxes.values():
            entry.setParent(self)
            entry.changed.connect(self._changed)
        self._listen()

    def _show_part(self, part: DateField | TimeField, labels: dict[str, str]) -> None:
        self._label, self._error = part.label, part.error
        self._in_words = "" if part.covered else part.in_words
        self._box_labels = labels
        if part.value != self.value():
            for letter, text in self._digits(part.value).items():
                self._boxes[letter].put(text)
        for letter, entry in self._boxes.items():
            entry.wrong, entry.covered = bool(part.error), part.covered
            entry.setAccessibleName(labels[letter])
            entry.setAccessibleDescription(part.error)
        self.setAccessibleDescription(self._in_words)
        self.update()

    def value(self) -> str:
        """What is told: the whole value, or as much of it as there is; "" for nothing."""
        raise NotImplementedError

    def _digits(self, value: str) -> dict[str, str]:
        """What stands in each box for a value."""
        raise NotImplementedError

    def _changed(self, _text: str) -> None:
        self.happened.emit(Typed(self._field, self.value()))

    @property
    def kind(self) -> FieldKind:
        return FieldKind.INTEGER

    @property
    def has_boxes(self) -> bool:
        return len(self._boxes) > 1

    def _label_text(self) -> str:
        return self._label if self._shows_label else ""

    def _error_text(self) -> str:
        return self._error

    def entries(self) -> Iterator[tuple[str, Entry]]:
        for letter in self._order:
            yield f"field:{self._field}:{self.NAMES[letter]}", self._boxes[letter]

    def _width_of(self, letter: str, *, tight: bool) -> int:
        """``tight``: the label's words under each other."""
        digits = words.natural_width("0" * self.LENGTHS[letter], self.look.font(Face.STRONG))
        label = words.natural_width(self._box_labels[letter], self.look.font())
        if tight or label > self.look.px(WIDEST_LABEL_MM):
            label = words.longest_word(self._box_labels[letter], self.look.font())
        return max(digits + 2 * self.look.padding + self.look.px(4), label, self.look.px(32))

    def _widths(self, width: int) -> dict[str, int]:
        """Of each box; tight where that alone lets all of them stand side by side."""
        ways = [
            {letter: self._width_of(letter, tight=tight) for letter in self._order} for tight in (False, True)
        ]
        gaps = self.look.gap * (len(self._order) - 1)
        return next((way for way in ways if sum(way.values()) + gaps <= width), ways[0])

    def _geometry(self, width: int) -> list[tuple[QRect, QRect]]:
        """Label and box of each, side by side, or under each other where they do not fit."""
        look = self.look
        widths = self._widths(width)
        talls = {
            letter: words.height(self._box_labels[letter], look.font(), widths[letter], look.line())
            for letter in self._order
        }
        rows: list[list[str]] = [[]]
        x = 0
        for letter in self._order:
            if rows[-1] and x + widths[letter] > width:
                rows.append([])
                x = 0
            rows[-1].append(letter)
            x += widths[letter] + look.gap
        found: list[tuple[QRect, QRect]] = []
        top, high = self._above(width), max(look.target, look.line(Face.STRONG) + 2 * look.px(2))
        for row in rows:
            tall = max(talls[letter] for letter in row)
            x = 0
            for letter in row:
                wide, own = widths[letter], talls[letter]
                found.append((QRect(x, top + tall - own, wide, own), QRect(x, top + tall, wide, high)))
                x += wide + look.gap
            top += tall + high + look.gap
        return found

    def _boxes_bottom(self, width: int) -> int:
        box = self._geometry(width)[-1][1]
        return box.top() + box.height()

    def _words_room(self, width: int) -> int:
        look = self.look
        if self.bare or not self._reads_back:
            return 0
        tall = words.height(self._in_words, look.font(Face.STRONG), min(width, look.column), look.line())
        return look.px(2) + max(look.line(), tall)

    def height_for(self, width: int) -> int:
        return self._boxes_bottom(width) + self._words_room(width)

    def place(self) -> None:
        for letter, (_, box) in zip(self._order, self._geometry(self.width()), strict=True):
            self._boxes[letter].setGeometry(brush.mirrored(self.look, box, self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        look, width = self.look, self.width()
        brush.ready(painter, look)
        painter.setPen(QColor(look.palette.ink))
        for letter, (place, _) in zip(self._order, self._geometry(width), strict=True):
            place = brush.mirrored(look, place, width)
            words.paint(painter, self._box_labels[letter], look.font(), place, look.line())
        if self._in_words and not self.bare:
            top = self._boxes_bottom(width) + look.px(2)
            box = brush.mirrored(look, QRect(0, top, min(width, look.column), 0), width)
            words.paint(painter, self._in_words, look.font(Face.STRONG), box, look.line())


class DateBlock(BoxesBlock):
    """Day, month and year in the language's own order, or those that are asked for."""

    NAMES: ClassVar = {"d": "day", "m": "month", "y": "year"}
    LENGTHS: ClassVar = {"d": 2, "m": 2, "y": 4}

    def __init__(self, look: Look, guard: PressGuard, part: DateField, *, label: bool) -> None:
        super().__init__(look, guard, part, part.order, label=label)
        self._show(part)

    def _show(self, part: DateField) -> None:
        self._show_part(part, {"d": part.day_label, "m": part.month_label, "y": part.year_label})

    def take(self, part: object) -> bool:
        if not isinstance(part, DateField) or (part.field, part.order) != (self._field, self._order):
            return False
        self._show(part)
        return True

    def value(self) -> str:
        """ISO 8601 when all boxes are filled; else what there is, which is no date; "" for nothing."""
        texts = {letter: entry.text for letter, entry in self._boxes.items()}
        if not any(texts.values()):
            return ""
        year, month, day = (texts.get(letter, "01") for letter in "ymd")
        if all(texts.values()):
            return f"{year}-{month:0>2}-{day:0>2}"
        return f"{year}-{month}-{day}"

    def _digits(self, value: str) -> dict[str, str]:
        year, month, day = (*value.split("-"), "", "", "")[:3]
        return {
            letter: text for letter, text in (("y", year), ("m", month), ("d", day)) if letter in self._boxes
        }


class TimeBlock(BoxesBlock):
    """Hours and minutes of a 24-hour clock."""

    NAMES: ClassVar = {"h": "hour", "i": "minute"}
    LENGTHS: ClassVar = {"h": 2, "i": 2}

    def __init__(self, look: Look, guard: PressGuard, part: TimeField, *, label: bool) -> None:
        super().__init__(look, guard, part, "hi", label=label)
        self._show(part)

    def _show(self, part: TimeField) -> None:
        self._show_part(part, {"h": part.hour_label, "i": part.minute_label})

    def take(self, part: object) -> bool:
        if not isinstance(part, TimeField) or part.field != self._field:
            return False
        self._show(part)
        return True

    def value(self) -> str:
        """HH:MM when both boxes are filled; else what there is, which is no time; "" for nothing."""
        hour, minute = (self._boxes[letter].text for letter in "hi")
        if hour and minute:
            return f"{hour:0>2}:{minute:0>2}"
        return f"{hour}:{minute}" if hour or minute else ""

    def _digits(self, value: str) -> dict[str, str]:
        hour, _, minute = value.partition(":")
        return {"h": hour, "i": minute}
