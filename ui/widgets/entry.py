"""One box to write in: painted by us, driven by our own keys and by a keyboard on the table."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import FieldKind
from ui.theme import Face, Look
from ui.widgets import brush, hangul, words

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


def by_thousands(text: str, separator: str) -> str:
    """ "1234567.5" as "1,234,567.5", also while it is being typed."""
    whole, point, rest = text.partition(".")
    head = len(whole) % 3
    threes = [whole[at : at + 3] for at in range(head, len(whole), 3)]
    return separator.join([whole[:head], *threes] if head else threes) + point + rest


class Entry(QWidget):
    """One box to write in. ``changed`` carries its whole text, after each key."""

    changed = Signal(str)
    touched = Signal()
    full = Signal()

    def __init__(self, look: Look, kind: FieldKind, *, max_length: int = 0) -> None:
        super().__init__()
        self.look = look
        self.kind = kind
        self.text = ""
        self.groups: tuple[int, ...] = ()
        self.unit = ""
        self.thousands = ""
        """What parts the digits of a number by threes; blank for nothing."""
        self.wrong = False
        self.covered = False
        self.active = False
        self._pressed = False
        self.max_length = max_length or LONGEST
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def set_active(self, active: bool) -> None:
        """Whether keys write into this box: a caret stands in it, whoever has the window system's focus."""
        if active != self.active:
            self.active = active
            self.update()

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
        if self.covered or self.kind is FieldKind.PIN:
            return "●" * len(self.text)
        if self.thousands:
            return by_thousands(self.text, self.thousands)
        return grouped(self.text, self.groups) if self.groups else self.text

    def _face(self) -> Face:
        return Face.STRONG

    def _unit_width(self) -> int:
        return words.natural_width(self.unit, self.look.font()) + self.look.gap if self.unit else 0

    def _inner(self, width: int) -> int:
        return width - 2 * self.look.padding - self._unit_width() - self.look.px(1)

    def least_height(self) -> int:
        """With room for one line, or for two where much is to be written."""
        lines = 2 if self.kind is FieldKind.MULTILINE else 1
        return max(self.look.target, lines * self.look.line(self._face()) + 2 * self.look.px(2))

    def height_for(self, width: int) -> int:
        """With room for all that is written."""
        font, line = self.look.font(self._face()), self.look.line(self._face())
        tall = words.height(self.shown(), font, self._inner(width), line)
        return max(self.least_height(), tall + 2 * self.look.px(2))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.touched.emit()
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if event.key() == Qt.Key.Key_Backspace:
            self.delete()
        elif letter and letter.isprintable():
            for each in letter:
                self.type_letter(each)
        else:
            super().keyPressEvent(event)

    def _visible(self) -> tuple[words.Line, ...]:
        """The lines that there is room for: where more is written than fits, the last ones."""
        lines = words.break_lines(self.shown(), self.look.font(self._face()), self._inner(self.width()))
        fitting = max(1, (self.height() - 2 * self.look.px(2)) // self.look.line(self._face()))
        return lines[-fitting:]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        here = self.active or self.hasFocus()
        line_colour = palette.error if self.wrong else palette.accent if here else palette.line
        wide = look.thick if self.wrong or self.hasFocus() else look.thin
        # A wide edge tells of the focus; where it tells of an error already, a ring does.
        ringed = self.wrong and self.hasFocus()
        brush.frame(
            painter, look, self.rect(), fill=palette.card, line=line_colour, width=wide, focused=ringed
        )
        font, line = look.font(self._face()), look.line(self._face())
        inner, lines = self._inner(self.width()), self._visible()
        tall = max(1, len(lines)) * line
        top = look.px(2) if self.kind is FieldKind.MULTILINE else (self.height() - tall) // 2
        painter.setPen(QColor(palette.ink))
        box = QRect(look.padding, top, inner, tall)
        words.paint_lines(painter, lines, font, box, line)
        if self.unit:
            place = QRect(self.width() - look.padding - self._unit_width(), top, self._unit_width(), line)
            painter.setPen(QColor(palette.quiet))
            words.paint(painter, self.unit, look.font(), place, line, Qt.AlignmentFlag.AlignRight)
        if here:
            last = lines[-1].text if lines else ""
            written = words.natural_width(last, font) if last else 0
            x = min(look.padding + written, self.width() - look.padding)
            if look.direction == Qt.LayoutDirection.RightToLeft:
                x = max(look.padding, look.padding + inner - written)
            y = top + (max(1, len(lines)) - 1) * line
            painter.fillRect(QRect(x, y + line // 6, look.px(0.7), line * 2 // 3), QColor(palette.accent))
