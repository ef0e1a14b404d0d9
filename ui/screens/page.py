"""The page: renders any view. Bar on top, words and answers in the middle, Back and forward below.

A page that is longer than the glass is cut into pages of whole parts; while one of them is unseen, the filled
button leads there. The same ``view.key`` is shown in place, another one starts at the top.
"""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import Button, Pressed, View
from kiosk.texts import texts_for
from ui.screens import building
from ui.screens.building import Slot
from ui.screens.chrome import Bar, Foot
from ui.screens.paging import Span, pages
from ui.screens.typing import TypingKeys
from ui.theme import Look
from ui.widgets.block import Block
from ui.widgets.fields import DateBlock, Entry, TextBlock
from ui.widgets.press import PressGuard

MORE, PAGE_UP, PAGE_DOWN = "more", "page-up", "page-down"


class Page(QWidget):
    """``happened`` carries a :data:`kiosk.flow.view.Event`; ``painted`` follows the first paint of a key."""

    happened = Signal(object)
    painted = Signal()

    def __init__(self, guard: PressGuard | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guard = guard or PressGuard()
        self.view: View | None = None
        self.look: Look | None = None
        self._slots: dict[str, Block] = {}
        self._parts: dict[str, Slot] = {}
        self._pages: list[Span] = [(0, 0)]
        self._at = 0
        self._seen = 0
        self._is_new = False
        self._alone = False
        self._bar: Bar | None = None
        self._foot: Foot | None = None
        self._keys: TypingKeys | None = None
        self._viewport = QWidget(self)
        self._content = QWidget(self._viewport)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # -- rendering ------------------------------------------------------------------------------------

    def render_view(self, view: View, look: Look) -> None:
        """Shows ``view``. With the same key, focus, place and widgets stay."""
        same_page = self.view is not None and self.view.key == view.key and self.view.screen == view.screen
        before = self.view
        focus = self._focus_name() if same_page else ""
        if look != self.look:
            self._forget()
        self.look, self.view = look, view
        self.setLayoutDirection(look.direction)
        self._viewport.setLayoutDirection(look.direction)
        new_errors = bool(view.errors) and (before is None or before.errors != view.errors)
        if not same_page:
            self._at = self._seen = 0
            self._is_new = True
            self._alone = False
        self._show_blocks(view, look)
        self._show_chrome(view, look)
        self._show_keys(look)
        if same_page and new_errors:
            self._at = 0
            self._alone = False
        self._lay_out()
        self._set_tab_order()
        if not same_page:
            self._begin()
        elif focus:
            self._focus(focus)
        self.update()

    def _forget(self) -> None:
        for block in self._slots.values():
            _drop(block)
        self._slots, self._parts = {}, {}
        for widget in (self._bar, self._foot, self._keys):
            if widget is not None:
                _drop(widget)
        self._bar = self._foot = self._keys = None

    def _show_blocks(self, view: View, look: Look) -> None:
        kept: dict[str, Block] = {}
        parts: dict[str, Slot] = {}
        for slot in building.slots(view):
            block = self._slots.pop(slot.name, None)
            if block is not None and not self._takes(block, slot):
                _drop(block)
                block = None
            if block is None:
                block = building.build(slot, view, look, self._guard)
                block.setParent(self._content)
                block.happened.connect(self.happened)
                block.show()
                for _, widget in block.targets():
                    widget.installEventFilter(self)
            kept[slot.name] = block
            parts[slot.name] = slot
        for block in self._slots.values():
            _drop(block)
        self._slots, self._parts = kept, parts

    def _takes(self, block: Block, slot: Slot) -> bool:
        if self._parts[slot.name].part == slot.part and not isinstance(block, TextBlock | DateBlock):
            return True
        return block.take(slot.part)

    def _show_chrome(self, view: View, look: Look) -> None:
        if self._bar is None:
            self._bar = Bar(look, self._guard)
            self._bar.setParent(self)
            self._bar.pressed.connect(self._press)
            self._bar.show()
        if self._foot is None:
            self._foot = Foot(look, self._guard)
            self._foot.setParent(self)
            self._foot.pressed.connect(self._press)
            self._foot.show()
        self._bar.show_bar(view.bar)

    def _show_keys(self, look: Look) -> None:
        first = next(self._entries(), None)
        if first is None:
            if self._keys is not None:
                _drop(self._keys)
                self._keys = None
        elif self._keys is None:
            self._keys = TypingKeys(look, self._guard)
            self._keys.setParent(self)
            self._keys.typed.connect(self._typed)
            self._keys.deleted.connect(self._deleted)
            self._keys.advanced.connect(self._advanced)
            self._keys.show_for(first[2].kind, date=isinstance(first[1], DateBlock))

    # -- layout ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        view, look, bar, foot = self.view, self.look, self._bar, self._foot
        if view is None or look is None or bar is None or foot is None or not self.width():
            return
        width = min(look.px(380), self.width() - 2 * look.margin)
        left = (self.width() - width) // 2
        half = look.margin // 2
        bar_height = bar.height_for(width)
        bar.setGeometry(left, half, width, bar_height)
        foot.show_foot(*self._foot_buttons(view, paged=True))
        foot_height = foot.height_for(width)
        foot.setGeometry(left, self.height() - half - foot_height, width, foot_height)
        top = half + bar_height + look.space if bar_height else look.margin
        bottom = (
            self.height() - half - foot_height - look.space if foot_height else self.height() - look.margin
        )
        self._lay_out_middle(QRect(left, top, width, max(1, bottom - top)))
        foot.show_foot(*self._foot_buttons(view, paged=len(self._pages) > 1))
        foot.place()

    def _lay_out_middle(self, area: QRect) -> None:
        assert self.look is not None
        names = list(self._slots)
        keys = self._keys
        if keys is None:
            self._fill(names, area)
            return
        beside = keys.beside(area)
        words_area, keys_area = beside
        typing = [name for name in names if name not in (building.WHERE, building.HINT)]
        entry_names = [name for name, block, _ in self._entries()]
        if not self._alone:
            self._fill(typing, words_area)
            entry_bottom = self._slots[entry_names[0]].geometry().bottom()
            if entry_bottom < self._pages[0][1]:
                keys.setGeometry(keys_area)
                keys.show()
                return
            # Whoever is typing keeps the keys, however tall the rest has grown; what is wrong comes first.
            typing_now = any(entry.hasFocus() for _, _, entry in self._entries())
            self._alone = (
                typing_now and not keys.isHidden() and self.view is not None and not self.view.errors
            )
        if not self._alone:
            keys.hide()
            self._fill(names, area)
            return
        active = self._active()
        name = next((n for n, _, entry in self._entries() if entry is active), entry_names[0])
        self._fill([name], words_area)
        keys.setGeometry(keys_area)
        keys.show()

    def _fill(self, names: list[str], area: QRect) -> None:
        """Puts the named blocks under each other, and cuts what is longer than ``area`` into pages."""
        look = self.look
        assert look is not None
        y = 0
        spans: list[Span] = []
        for name, block in self._slots.items():
            block.setVisible(name in names)
            if name not in names:
                continue
            height = block.height_for(area.width())
            block.setGeometry(0, y, area.width(), height)
            block.place()
            spans += [(y + top, y + bottom) for top, bottom in block.spans()]
            y += height + (look.px(2) if name == building.WHERE else look.space if height else 0)
        self._pages = pages(spans, area.height())
        self._at = min(self._at, len(self._pages) - 1)
        self._seen = max(self._seen, self._at)
        self._area = area
        self._content.resize(area.width(), max(1, y))
        self._turn_to(self._at)

    def _turn_to(self, at: int) -> None:
        top, bottom = self._pages[at]
        self._at = at
        self._seen = max(self._seen, at)
        self._viewport.setGeometry(self._area.left(), self._area.top(), self._area.width(), bottom - top)
        self._content.move(0, -top)

    def _foot_buttons(
        self, view: View, *, paged: bool
    ) -> tuple[Button | None, Button | None, Button | None, Button | None]:
        """Back, page up, page down and the filled one."""
        say = texts_for(view.language).say
        up_label, down_label = view.paging
        up = Button(PAGE_UP, up_label or say("Page up"), icon="up", enabled=self._at > 0)
        down = Button(
            PAGE_DOWN,
            down_label or say("Page down"),
            icon="down",
            enabled=self._at < len(self._pages) - 1,
        )
        filled = view.forward
        if self._seen < len(self._pages) - 1:
            filled = Button(MORE, view.more_label or say("More"), icon="down")
        return view.back, up if paged else None, down if paged else None, filled

    # -- moving about ---------------------------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Shows the next page (1) or the one before (-1) of a view that is longer than the glass."""
        at = self._at + by
        if 0 <= at < len(self._pages):
            self._turn_to(at)
            view, foot = self.view, self._foot
            assert view is not None and foot is not None
            foot.show_foot(*self._foot_buttons(view, paged=len(self._pages) > 1))
            foot.place()

    def _press(self, id: str) -> None:
        match id:
            case "more":
                self.turn(self._seen + 1 - self._at)
            case "page-up":
                self.turn(-1)
            case "page-down":
                self.turn(1)
            case "back" if self._alone:
                self._alone = False
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                self._lay_out()
                self._focus_heading()
            case _:
                self.happened.emit(Pressed(id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        view = self.view
        if view is None or event.isAutoRepeat():
            return
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_Back if view.back is not None and view.back.enabled:
                self._press(view.back.id)
            case Qt.Key.Key_PageDown:
                self.turn(1)
            case Qt.Key.Key_PageUp:
                self.turn(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                filled = self._foot_buttons(view, paged=False)[3]
                if filled is not None and filled.enabled:
                    self._press(filled.id)
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._bring(watched)
        return False

    def _bring(self, widget: QWidget) -> None:
        """What has the focus is on the visible page; what is written in has its keys beside it."""
        if isinstance(widget, Entry) and self._keys is not None:
            block = widget.parentWidget()
            self._keys.show_for(widget.kind, date=isinstance(block, DateBlock))
            if self._keys.isHidden() and not self._alone:
                self._alone = True
                self._at = 0
                self._lay_out()
                return
        middle = widget.mapTo(self._content, widget.rect().center()).y()
        for at, (top, bottom) in enumerate(self._pages):
            if top <= middle < bottom and at != self._at:
                self.turn(at - self._at)
                return

    def _begin(self) -> None:
        first = next(self._entries(), None)
        if first is not None and self._keys is not None and not self._keys.isHidden():
            first[2].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_heading()

    def _focus_heading(self) -> None:
        heading = self._slots.get(building.TITLE)
        (heading or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_name(self) -> str:
        for name, widget in self.all_targets():
            if widget.hasFocus():
                return name
        return ""

    def _focus(self, name: str) -> None:
        widget = dict(self.all_targets()).get(name)
        if widget is not None and not widget.hasFocus() and widget.isVisibleTo(self):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_tab_order(self) -> None:
        chain = [widget for name, widget in self.all_targets() if not name.startswith("key:")]
        for one, following in zip(chain, chain[1:], strict=False):
            QWidget.setTabOrder(one, following)

    # -- typing ---------------------------------------------------------------------------------------

    def _entries(self) -> Iterator[tuple[str, Block, Entry]]:
        for name, block in self._slots.items():
            if isinstance(block, TextBlock | DateBlock):
                for _, entry in block.entries():
                    yield name, block, entry

    def _active(self) -> Entry | None:
        """The box that keys write into: the one with the focus, else the first."""
        entries = [entry for _, _, entry in self._entries()]
        focused = next((entry for entry in entries if entry.hasFocus()), None)
        return focused or next(iter(entries), None)

    def _typed(self, letter: str) -> None:
        if (entry := self._active()) is not None:
            entry.type_letter(letter)

    def _deleted(self) -> None:
        if (entry := self._active()) is not None:
            entry.delete()

    def _advanced(self) -> None:
        entry = self._active()
        block = entry.parentWidget() if entry is not None else None
        if isinstance(block, DateBlock):
            block.advance()

    # -- what can be touched --------------------------------------------------------------------------

    def all_targets(self) -> Iterator[tuple[str, QWidget]]:
        """Everything that can be pressed or written in, by name, in reading order."""
        if self._bar is not None:
            yield from self._bar.targets()
        for block in self._slots.values():
            yield from block.targets()
        if self._keys is not None:
            yield from self._keys.targets()
        if self._foot is not None:
            yield from self._foot.targets()

    def target(self, name: str) -> QRect | None:
        """Where the target stands in the window; None when it is not on the visible page.

        Names: a button's id; ``field=value`` for a card; ``field:f`` (``field:f:day``) for what is written
        or signed in; ``key:х`` for a key.
        """
        for found, widget in self.all_targets():
            if found == name and widget.isVisible():
                box = QRect(widget.mapTo(self, QPoint(0, 0)), widget.size())
                if self._content.isAncestorOf(widget) and not self._viewport.geometry().contains(box):
                    continue
                return QRect(widget.mapTo(self.window(), QPoint(0, 0)), widget.size())
        return None

    @property
    def shown_page(self) -> int:
        """Which of the pages that the view is cut into is shown; from 0."""
        return self._at

    def written(self, name: str) -> str:
        """What stands in the box of that name; "" for none."""
        widget = dict(self.all_targets()).get(name)
        return widget.text if isinstance(widget, Entry) else ""

    # -- paint ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.look is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.look.palette.paper))
        if self._is_new:
            self._is_new = False
            self.painted.emit()


def _drop(widget: QWidget) -> None:
    """Takes a widget off the page; Qt deletes it once nothing is on its way to it."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
