"""Where a person writes: words, numbers, a date, each with its label and what is wrong with it."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import DateField, FieldKind, TextField, Tone, Typed
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.entry import Entry
from ui.widgets.press import PressGuard


class WritingBlock(Block):
    """A label and an error above what is written in. ``advanced`` asks for the box after a full one."""

    touched = Signal(str)
    """The name of the box that was touched."""
    advanced = Signal()

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__(look, guard)
        self.bare = False
        """Without label and error, where the keys leave no room for them."""

    @property
    def kind(self) -> FieldKind:
        """What is written here, and so which keys it takes."""
        raise NotImplementedError

    @property
    def has_boxes(self) -> bool:
        """Whether there are several boxes, one after the other."""
        return False

    def _label_text(self) -> str:
        return ""

    def _error_text(self) -> str:
        return ""

    def _above(self, width: int) -> int:
        look = self.look
        if self.bare:
            return 0
        wide = min(width, look.column)
        tall = words.height(self._label_text(), look.font(Face.STRONG), wide, look.line())
        indent = look.icon + look.px(2)
        tall += words.height(self._error_text(), look.font(Face.STRONG), wide - indent, look.line())
        return tall + look.px(2) if tall else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.bare:
            return
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        wide = min(self.width(), look.column)
        box = brush.mirrored(look, QRect(0, 0, wide, 0), self.width())
        if self._label_text():
            painter.setPen(QColor(palette.ink))
            words.paint(painter, self._label_text(), look.font(Face.STRONG), box, look.line())
            box.translate(0, words.height(self._label_text(), look.font(Face.STRONG), wide, look.line()))
        if self._error_text():
            ink = brush.tone_ink(look, Tone.ERROR)
            side, indent = look.icon, look.icon + look.px(2)
            sign = QRect(0, box.top() + (look.line() - side) // 2, side, side)
            brush.icon(painter, "warning", brush.mirrored(look, sign, self.width()), ink)
            painter.setPen(QColor(ink))
            box = brush.mirrored(look, QRect(indent, box.top(), wide - indent, 0), self.width())
            words.paint(painter, self._error_text(), look.font(Face.STRONG), box, look.line())

    def entries(self) -> Iterator[tuple[str, Entry]]:
        yield from ()

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        yield from self.entries()

    def answer_to(self, field: str) -> QWidget | None:
        entries = (entry for name, entry in self.entries() if f"{name}:".startswith(f"field:{field}:"))
        return next(entries, None)

    def _listen(self) -> None:
        """To be called once the boxes are made."""
        for name, entry in self.entries():
            entry.touched.connect(partial(self.touched.emit, name))
            entry.full.connect(self.advanced)


class TextBlock(WritingBlock):
    """Words or a number in one box."""

    def __init__(self, look: Look, guard: PressGuard, part: TextField, *, label: bool) -> None:
        super().__init__(look, guard)
        self._shows_label = label
        self.entry = Entry(look, part.kind, max_length=part.max_length or sum(part.groups))
        self.entry.setParent(self)
        self.entry.changed.connect(self._changed)
        self._show(part)
        self._listen()

    def _show(self, part: TextField) -> None:
        self.part = part
        self.entry.groups, self.entry.unit = part.groups, part.unit
        self.entry.wrong = bool(part.error)
        self.entry.setAccessibleName(part.label)
        self.entry.setAccessibleDescription(part.error)
        self.entry.put(part.value)
        self.update()

    def _changed(self, text: str) -> None:
        self.happened.emit(Typed(self.part.field, text))

    def take(self, part: object) -> bool:
        if not isinstance(part, TextField) or (part.field, part.kind, part.max_length) != (
            self.part.field,
            self.part.kind,
            self.part.max_length,
        ):
            return False
        if part != self.part or part.value != self.entry.text:
            self._show(part)
        return True

    def _label_text(self) -> str:
        return self.part.label if self._shows_label else ""

    def _error_text(self) -> str:
        return self.part.error

    def entries(self) -> Iterator[tuple[str, Entry]]:
        yield f"field:{self.part.field}", self.entry

    @property
    def kind(self) -> FieldKind:
        return self.part.kind

    def _entry_width(self, width: int) -> int:
        if self.part.kind in (FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.PIN):
            return min(width, self.look.px(140))
        return width

    def height_for(self, width: int) -> int:
        return self._above(width) + self.entry.height_for(self._entry_width(width))

    def least_for(self, width: int) -> int:
        return self._above(width) + self.entry.least_height()

    def place(self) -> None:
        above = self._above(self.width())
        place = QRect(0, above, self._entry_width(self.width()), self.height() - above)
        self.entry.setGeometry(brush.mirrored(self.look, place, self.width()))


class DateBlock(WritingBlock):
    """Three boxes, in the language's own order. What is not whole is told as it stands."""

    def __init__(self, look: Look, guard: PressGuard, part: DateField, *, label: bool) -> None:
        super().__init__(look, guard)
        self._shows_label = label
        self.part = part
        self._boxes = {
            "d": Entry(look, FieldKind.INTEGER, max_length=2),
            "m": Entry(look, FieldKind.INTEGER, max_length=2),
            "y": Entry(look, FieldKind.INTEGER, max_length=4),
        }
        for letter in part.order:
            self._boxes[letter].setParent(self)
            self._boxes[letter].changed.connect(self._changed)
        self._show(part)
        self._listen()

    def _show(self, part: DateField) -> None:
        self.part = part
        if part.value != self.value():
            year, month, day = (*part.value.split("-"), "", "", "")[:3]
            for letter, text in (("y", year), ("m", month), ("d", day)):
                self._boxes[letter].put(text)
        for letter, entry in self._boxes.items():
            entry.wrong = bool(part.error)
            entry.setAccessibleName(self._box_label(letter))
            entry.setAccessibleDescription(part.error)
        self.update()

    def value(self) -> str:
        """ISO 8601 when all boxes are filled; else what there is, which is no date; "" for nothing."""
        year, month, day = (self._boxes[letter].text for letter in "ymd")
        if not (year or month or day):
            return ""
        if year and month and day:
            return f"{year}-{month:0>2}-{day:0>2}"
        return f"{year}-{month}-{day}"

    def _changed(self, _text: str) -> None:
        self.happened.emit(Typed(self.part.field, self.value()))

    @property
    def kind(self) -> FieldKind:
        return FieldKind.INTEGER

    @property
    def has_boxes(self) -> bool:
        return True

    def take(self, part: object) -> bool:
        if not isinstance(part, DateField) or (part.field, part.order) != (
            self.part.field,
            self.part.order,
        ):
            return False
        self._show(part)
        return True

    def _box_label(self, letter: str) -> str:
        return {"d": self.part.day_label, "m": self.part.month_label, "y": self.part.year_label}[letter]

    def _label_text(self) -> str:
        return self.part.label if self._shows_label else ""

    def _error_text(self) -> str:
        return self.part.error

    def entries(self) -> Iterator[tuple[str, Entry]]:
        names = {"d": "day", "m": "month", "y": "year"}
        for letter in self.part.order:
            yield f"field:{self.part.field}:{names[letter]}", self._boxes[letter]

    def _widths(self, width: int) -> list[int]:
        font = self.look.font(Face.STRONG)
        wanted = []
        for letter in self.part.order:
            digits = words.natural_width("0" * (4 if letter == "y" else 2), font)
            label = words.longest_word(self._box_label(letter), self.look.font())
            wanted.append(max(digits + 2 * self.look.padding + self.look.px(4), label, self.look.px(32)))
        return wanted

    def _geometry(self, width: int) -> list[tuple[QRect, QRect]]:
        """Label and box of each, side by side, or under each other where they do not fit."""
        look = self.look
        top = self._above(width)
        wanted = self._widths(width)
        labels = [
            words.height(self._box_label(letter), look.font(), wide, look.line())
            for letter, wide in zip(self.part.order, wanted, strict=True)
        ]
        line = max(labels)
        found: list[tuple[QRect, QRect]] = []
        high = look.px(20)
        x = 0
        for wide, tall in zip(wanted, labels, strict=True):
            if x and x + wide > width:
                x, top = 0, top + line + high + look.gap
            found.append((QRect(x, top + line - tall, wide, tall), QRect(x, top + line, wide, high)))
            x += wide + look.gap
        return found

    def height_for(self, width: int) -> int:
        box = self._geometry(width)[-1][1]
        return box.top() + box.height()

    def place(self) -> None:
        for letter, (_, box) in zip(self.part.order, self._geometry(self.width()), strict=True):
            self._boxes[letter].setGeometry(brush.mirrored(self.look, box, self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        brush.ready(painter, self.look)
        painter.setPen(QColor(self.look.palette.ink))
        for letter, (place, _) in zip(self.part.order, self._geometry(self.width()), strict=True):
            place = brush.mirrored(self.look, place, self.width())
            words.paint(painter, self._box_label(letter), self.look.font(), place, self.look.line())
