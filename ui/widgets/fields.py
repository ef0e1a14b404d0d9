"""Where a person writes: words, numbers, a date. Our own painted fields, driven by our own keys."""

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import DateField, FieldKind, Part, TextField, Tone, Typed
from ui.theme import Face, Look
from ui.widgets import brush, hangul, words
from ui.widgets.block import Block, Span
from ui.widgets.press import PressGuard

DIGITS_ONLY = frozenset({FieldKind.INTEGER, FieldKind.CODE, FieldKind.PIN})
NUMERIC = DIGITS_ONLY | {FieldKind.DECIMAL, FieldKind.NATIONAL_ID}
LONGEST = 2000


def grouped(text: str, groups: tuple[int, ...]) -> str:
    """Digits with a space between groups, as on the paper that they are copied from."""
    pieces: list[str] = []
    rest = text
    for length in groups:
        if not rest:
            break
        pieces.append(rest[:length])
        rest = rest[length:]
    return " ".join([*pieces, rest] if rest else pieces)


class Entry(QWidget):
    """One box to write in. ``changed`` carries its whole text, after each key."""

    changed = Signal(str)
    focused = Signal()
    full = Signal()

    def __init__(self, look: Look, kind: FieldKind, *, max_length: int = 0) -> None:
        super().__init__()
        self.look = look
        self.kind = kind
        self.text = ""
        self.groups: tuple[int, ...] = ()
        self.unit = ""
        self.wrong = False
        self.max_length = max_length or LONGEST
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def put(self, text: str) -> None:
        """Shows ``text`` without telling of it."""
        if text != self.text:
            self.text = text
            self.update()

    def type_letter(self, letter: str) -> None:
        if self.kind in DIGITS_ONLY and not letter.isdecimal():
            return
        if self.kind is FieldKind.DECIMAL and not letter.isdecimal():
            # A comma is a decimal point to half of the world; a form wants the point.
            if letter not in ".," or "." in self.text:
                return
            letter = "."
        after = hangul.type_jamo(self.text, letter) if hangul.is_jamo(letter) else self.text + letter
        if len(after) <= self.max_length:
            self._become(after)
            if len(after) == self.max_length:
                self.full.emit()

    def delete(self) -> None:
        self._become(hangul.delete_jamo(self.text))

    def _become(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.update()
            self.changed.emit(text)

    def shown(self) -> str:
        """What stands in the box."""
        if self.kind is FieldKind.PIN:
            return "●" * len(self.text)
        return grouped(self.text, self.groups) if self.groups else self.text

    def _face(self) -> Face:
        return Face.STRONG

    def _unit_width(self) -> int:
        return words.natural_width(self.unit, self.look.font()) + self.look.gap if self.unit else 0

    def _inner(self, width: int) -> int:
        return width - 2 * self.look.padding - self._unit_width() - self.look.px(1)

    def height_for(self, width: int) -> int:
        look = self.look
        # The dash keeps room for one line, and for the caret behind a full one.
        tall = words.height(
            self.shown() or "-", look.font(self._face()), self._inner(width), look.line(self._face())
        )
        if self.kind is FieldKind.MULTILINE:
            tall = max(tall, 2 * look.line(self._face()))
        return max(look.px(20), tall + 2 * look.px(2))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if event.key() == Qt.Key.Key_Backspace:
            self.delete()
        elif letter and letter.isprintable():
            for each in letter:
                self.type_letter(each)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        focused = self.hasFocus()
        line_colour = palette.error if self.wrong else palette.accent if focused else palette.line
        wide = look.thick if self.wrong or focused else look.thin
        brush.frame(painter, look, self.rect(), fill=palette.card, line=line_colour, width=wide)
        font, line = look.font(self._face()), look.line(self._face())
        inner = self._inner(self.width())
        shown = self.shown()
        lines = words.break_lines(shown or "", font, inner)
        tall = max(1, len(lines)) * line
        top = look.px(2) if self.kind is FieldKind.MULTILINE else (self.height() - tall) // 2
        painter.setPen(QColor(palette.ink))
        words.paint(painter, shown, font, QRect(look.padding, top, inner, tall), line)
        if self.unit:
            place = QRect(self.width() - look.padding - self._unit_width(), top, self._unit_width(), line)
            painter.setPen(QColor(palette.quiet))
            words.paint(painter, self.unit, look.font(), place, line, Qt.AlignmentFlag.AlignRight)
        if focused:
            last = lines[-1] if lines else None
            x = look.padding + (words.natural_width(last.text, font) if last and last.text else 0)
            y = top + (max(1, len(lines)) - 1) * line
            caret = QRect(min(x, self.width() - look.padding), y + line // 6, look.px(0.7), line * 2 // 3)
            painter.fillRect(caret, QColor(palette.accent))


class _Labelled(Block):
    """A label and an error above what is written in."""

    def _label_text(self) -> str:
        return ""

    def _error_text(self) -> str:
        return ""

    def _above(self, width: int) -> int:
        look = self.look
        wide = min(width, look.column)
        tall = words.height(self._label_text(), look.font(Face.STRONG), wide, look.line())
        indent = look.icon + look.px(2)
        tall += words.height(self._error_text(), look.font(Face.STRONG), wide - indent, look.line())
        return tall + look.px(2) if tall else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        wide = min(self.width(), look.column)
        box = QRect(0, 0, wide, self.height())
        if self._label_text():
            painter.setPen(QColor(palette.ink))
            words.paint(painter, self._label_text(), look.font(Face.STRONG), box, look.line())
            box.translate(0, words.height(self._label_text(), look.font(Face.STRONG), wide, look.line()))
        if self._error_text():
            ink = brush.tone_ink(look, Tone.ERROR)
            side = look.icon
            brush.icon(painter, "warning", QRect(0, box.top() + (look.line() - side) // 2, side, side), ink)
            painter.setPen(QColor(ink))
            box.setLeft(side + look.px(2))
            words.paint(painter, self._error_text(), look.font(Face.STRONG), box, look.line())

    def entries(self) -> Iterator[tuple[str, Entry]]:
        yield from ()

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        yield from self.entries()

    def spans(self) -> list[Span]:
        return [(0, self.height())]


class TextBlock(_Labelled):
    """Words or a number in one box."""

    def __init__(self, look: Look, guard: PressGuard, part: TextField, *, label: bool) -> None:
        super().__init__(look, guard)
        self._shows_label = label
        self.entry = Entry(look, part.kind, max_length=part.max_length or sum(part.groups))
        self.entry.setParent(self)
        self.entry.changed.connect(self._changed)
        self._show(part)

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

    def take(self, part: Part) -> bool:
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

    def _entry_width(self, width: int) -> int:
        if self.part.kind in (FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.PIN):
            return min(width, self.look.px(140))
        return width

    def height_for(self, width: int) -> int:
        return self._above(width) + self.entry.height_for(self._entry_width(width))

    def place(self) -> None:
        above = self._above(self.width())
        self.entry.setGeometry(0, above, self._entry_width(self.width()), self.height() - above)


class DateBlock(_Labelled):
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
            self._boxes[letter].full.connect(self._filled)
        self._show(part)

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

    def _filled(self) -> None:
        self.advance()

    def advance(self) -> None:
        """The focus goes on to the next box, where there is one."""
        letters = list(self.part.order)
        for letter, following in zip(letters, letters[1:], strict=False):
            if self._boxes[letter].hasFocus():
                self._boxes[following].setFocus(Qt.FocusReason.TabFocusReason)
                return

    def take(self, part: Part) -> bool:
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
        line = look.line()
        wanted = self._widths(width)
        found: list[tuple[QRect, QRect]] = []
        high = look.px(20)
        x = 0
        for wide in wanted:
            if x and x + wide > width:
                x, top = 0, top + line + high + look.gap
            found.append((QRect(x, top, wide, line), QRect(x, top + line, wide, high)))
            x += wide + look.gap
        return found

    def height_for(self, width: int) -> int:
        box = self._geometry(width)[-1][1]
        return box.top() + box.height()

    def place(self) -> None:
        for letter, (_, box) in zip(self.part.order, self._geometry(self.width()), strict=True):
            self._boxes[letter].setGeometry(box)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        brush.ready(painter, self.look)
        painter.setPen(QColor(self.look.palette.ink))
        for letter, (place, _) in zip(self.part.order, self._geometry(self.width()), strict=True):
            words.paint(painter, self._box_label(letter), self.look.font(), place, self.look.line())
