"""The on-screen keyboard: letters of three scripts, signs, and a number pad. Keys are never made smaller."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.texts import Texts, texts_for
from ui.theme import Face, KeyOrder, Look
from ui.widgets import brush, keys, words
from ui.widgets.press import PressGuard, PressRules
from ui.widgets.scan import KeyScan, Level

KEY_LINE = 1.36
"""Height of a key's line in ems: tall letters and those that reach below the line stand whole."""


class KeyButton(QAbstractButton):
    """One key. It never takes the focus away from the field it types into."""

    def __init__(self, look: Look, guard: PressGuard, key: keys.Key, label: str, name: str) -> None:
        super().__init__()
        self.look = look
        self.key = key
        self.label = label
        self.lit = False
        self.pointed = False
        """Whether two switches stand on it, or on the row or the group that it belongs to."""
        self._rules = PressRules(self, look, guard)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setText(label.replace("&", "&&"))
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.card,
            line=palette.accent if self.lit else palette.line,
            width=look.thick if self.lit else look.thin,
            down=self.isDown(),
            focused=self.pointed,
        )
        font = look.font(Face.STRONG)
        for plainer in (Face.STRONG, Face.BODY):
            if words.longest_word(self.label, font) > self.width() - 2 * look.px(1):
                # A word on a key is never broken; it can do without wide spacing, and without thick strokes.
                font = replace(look, spaced=False).font(plainer)
        line = round(font.pixelSize() * KEY_LINE)
        tall = words.height(self.label, font, self.width() - look.px(2), line)
        painter.setPen(QColor(palette.ink))
        box = QRect(look.px(1), (self.height() - tall) // 2, self.width() - 2 * look.px(1), tall)
        words.paint(painter, self.label, font, box, line, Qt.AlignmentFlag.AlignHCenter)


class _Keys(QWidget):
    """Rows of keys. ``pressed`` carries the id of a key; ``named`` what is said of one, or of several."""

    pressed = Signal(str)
    named = Signal(str)

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self.look = look
        self.guard = guard
        self.texts: Texts = texts_for(look.language)
        self.rows: list[list[KeyButton]] = []
        self._scan: KeyScan | None = None

    def build(self, rows: tuple[tuple[keys.Key, ...], ...]) -> None:
        for old in self.buttons():
            old.hide()
            old.deleteLater()
        self.rows = []
        for row in rows:
            made: list[KeyButton] = []
            for key in row:
                button = KeyButton(self.look, self.guard, key, self.label(key.id), self.name(key.id))
                button.setParent(self)
                button.clicked.connect(self._clicked)
                button.show()
                made.append(button)
            self.rows.append(made)
        self.place()
        if self._scan is not None:
            self.scan()

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, KeyButton):
            self._press(button.key.id)

    def _press(self, id: str) -> None:
        # Said afterwards: whatever a person does cuts what was being said before.
        name = self.name(id)
        self.pressed.emit(id)
        self.named.emit(name)

    # -- two switches

    @property
    def is_scanned(self) -> bool:
        return self._scan is not None

    def scan(self) -> None:
        """Two switches go over the keys, from the first row on."""
        self._scan = KeyScan([[button.key.id for button in row] for row in self.rows])
        self._point()

    def scan_next(self) -> None:
        if self._scan is not None:
            self._scan.next()
            self._point()

    def scan_choose(self) -> bool:
        """Opens or presses what is lit; False where that leads out of the keys."""
        if self._scan is None:
            return False
        if self._scan.leads_out and self._scan.level is Level.ROW:
            self.scan_end()
            return False
        id = self._scan.choose()
        if id is not None:
            self._press(id)
        self._point()
        return True

    def scan_end(self) -> None:
        self._scan = None
        self._point()

    def _point(self) -> None:
        lit = self._scan.lit if self._scan is not None else ()
        for button in self.buttons():
            if button.pointed != (button.key.id in lit):
                button.pointed = not button.pointed
                button.update()
        if self._scan is None:
            return
        if self._scan.leads_out:
            out = self._scan.level is Level.ROW
            say = self.texts.say
            self.named.emit(say("Leave the keys") if out else say("Out of this row"))
        else:
            self.named.emit(", ".join(self.name(id) for id in lit))

    def label(self, id: str) -> str:
        say = self.texts.say
        match id:
            case keys.DELETE:
                return say("Delete")
            case keys.SPACE:
                return say("Space")
            case keys.NEXT:
                return say("Next")
            case _:
                return id

    def name(self, id: str) -> str:
        return self.label(id)

    def buttons(self) -> Iterator[KeyButton]:
        for row in self.rows:
            yield from row

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for button in self.buttons():
            yield f"key:{button.key.id}", button

    @property
    def key_height(self) -> int:
        return max(self.look.px(13.5), round(self.look.font(Face.STRONG).pixelSize() * KEY_LINE))

    def height_for(self, width: int) -> int:
        return len(self.rows) * self.key_height + (len(self.rows) - 1) * self.look.key_gap

    def place(self) -> None:
        if not self.rows or not self.width():
            return
        gap = self.look.key_gap
        units = max(sum(button.key.units for button in row) for row in self.rows)
        pitch = (self.width() + gap) / units
        top = 0
        for row in self.rows:
            at = 0
            for button in row:
                left = round(at * pitch)
                right = round((at + button.key.units) * pitch) - gap
                button.setGeometry(left, top, right - left, self.key_height)
                at += button.key.units
            top += self.key_height + gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()


class LetterKeys(_Keys):
    """Letters and signs. ``typed`` carries a letter; ``deleted`` is one step back."""

    typed = Signal(str)
    deleted = Signal()

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__(look, guard)
        self._script = look.language if look.language in keys.LETTERS else "en"
        self._capital = False
        self._signs = False
        self._narrow = False
        self.pressed.connect(self._pressed)
        self._rebuild()

    def _rebuild(self) -> None:
        if self._signs:
            self.build(keys.sign_rows(narrow=self._narrow))
        else:
            alphabetical = self.look.key_order is KeyOrder.ALPHABETICAL
            self.build(
                keys.letter_rows(
                    self._script, capital=self._capital, alphabetical=alphabetical, narrow=self._narrow
                )
            )
            for button in self.buttons():
                button.lit = button.key.id == keys.SHIFT and self._capital

    def height_for(self, width: int) -> int:
        self._suit(width)
        return super().height_for(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._suit(self.width())
        super().resizeEvent(event)

    def _suit(self, width: int) -> None:
        narrow = self._is_narrow(width)
        if narrow != self._narrow:
            self._narrow = narrow
            self._rebuild()

    def _is_narrow(self, width: int) -> bool:
        """Whether the longest rows of any script would have keys that are too small, or a Delete whose word
        is broken. The same for all scripts, so that no row moves when another one is switched to."""
        look = self.look
        rows = [
            row
            for script in keys.LETTERS
            for row in keys.letter_rows(script, capital=False, alphabetical=False)
        ]
        pitch = (width + look.key_gap) / max(sum(key.units for key in row) for row in rows)
        delete = next(key for row in rows for key in row if key.id == keys.DELETE)
        room = pitch * delete.units - look.key_gap - 2 * look.px(1)
        plain = replace(look, spaced=False).font(Face.BODY)
        return (
            pitch - look.key_gap < look.px(12.7) or words.longest_word(self.label(keys.DELETE), plain) > room
        )

    def _next_script(self) -> str:
        scripts = list(keys.LETTERS)
        return scripts[(scripts.index(self._script) + 1) % len(scripts)]

    def label(self, id: str) -> str:
        match id:
            case keys.SHIFT:
                return keys.SHIFT_NAMES[self._script]
            case keys.LAYOUT:
                return keys.NAMES[self._next_script()]
            case keys.SIGNS:
                return keys.NAMES[self._script] if self._signs else "123"
            case _:
                return super().label(id)

    def name(self, id: str) -> str:
        say = self.texts.say
        match id:
            case keys.SHIFT:
                return say("Capital letters") if self._script != "ko" else say("Double letters")
            case keys.LAYOUT:
                return say("Letters of another language")
            case keys.SIGNS:
                return say("Back to the letters") if self._signs else say("Numbers and signs")
            case _:
                return super().name(id)

    def _pressed(self, id: str) -> None:
        match id:
            case keys.DELETE:
                self.deleted.emit()
            case keys.SPACE:
                self.typed.emit(" ")
            case keys.SHIFT:
                self._capital = not self._capital
                self._rebuild()
            case keys.LAYOUT:
                self._script = self._next_script()
                self._capital = False
                self._rebuild()
            case keys.SIGNS:
                self._signs = not self._signs
                self._capital = False
                self._rebuild()
            case letter:
                self.typed.emit(letter)
                if self._capital:
                    self._capital = False
                    self._rebuild()


class NumberPad(_Keys):
    """Digits. ``typed`` carries a digit; ``advanced`` asks for the next box."""

    typed = Signal(str)
    deleted = Signal()
    advanced = Signal()

    def __init__(self, look: Look, guard: PressGuard, extra: str, next_box: bool) -> None:
        super().__init__(look, guard)
        self.pressed.connect(self._pressed)
        self._beside_nought = extra or (keys.NEXT if next_box else "")
        self.flat = False
        """In two long rows, where four have no room above each other."""
        self.build(keys.pad_rows(self._beside_nought))

    def lie_flat(self, flat: bool) -> None:
        if flat != self.flat:
            self.flat = flat
            rows = keys.flat_pad_rows if flat else keys.pad_rows
            self.build(rows(self._beside_nought))

    @property
    def key_height(self) -> int:
        return max(self.look.px(18), round(self.look.font(Face.STRONG).pixelSize() * KEY_LINE))

    def wide(self) -> int:
        """The width at which the words on the widest key stand on one line."""
        font = self.look.font(Face.STRONG)
        unit = self.look.px(20)
        for button in self.buttons():
            label = words.longest_word(button.label, font) + 2 * self.look.px(2)
            unit = max(unit, (label - (button.key.units - 1) * self.look.key_gap) // button.key.units)
        units = max(sum(button.key.units for button in row) for row in self.rows)
        return units * unit + (units - 1) * self.look.key_gap

    def _pressed(self, id: str) -> None:
        match id:
            case keys.DELETE:
                self.deleted.emit()
            case keys.NEXT:
                self.advanced.emit()
            case digit:
                self.typed.emit(digit)
