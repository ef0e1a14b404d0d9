"""Where a person writes: words or a number, with a label and what is wrong with it."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import FieldKind, TextField, Tone, Typed
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
        self.entry.wrong, self.entry.covered = bool(part.error), part.covered
        self.entry.thousands = part.thousands
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
