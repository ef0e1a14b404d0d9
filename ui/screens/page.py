"""The page: renders any view. Bar on top, words and answers in the middle, Back and forward below.

A page that is longer than the glass is cut into pages of whole parts; while one of them is unseen, the filled
button leads there. The same ``view.key`` is shown in place, another one starts at the top.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import Button, Pressed, View
from kiosk.texts import texts_for
from ui.screens import building, switches
from ui.screens.building import Slot
from ui.screens.chrome import Bar, Foot
from ui.screens.middle import Middle, drop
from ui.theme import Look
from ui.widgets.block import Block
from ui.widgets.entry import Entry
from ui.widgets.errors import ErrorsBlock
from ui.widgets.fields import WritingBlock
from ui.widgets.press import PressGuard

NO_ROOM = 1 << 20
"""Taller than any glass: a row of buttons in which words would be broken."""
MORE, PAGE_UP, PAGE_DOWN = "more", "page-up", "page-down"


class Page(QWidget):
    """``happened`` carries a :data:`kiosk.flow.view.Event`; ``painted`` follows the first paint of a key.

    ``key_named`` carries what is said of a key on the glass that was pressed, or that switches stand on.
    """

    happened = Signal(object)
    painted = Signal()
    key_named = Signal(str)

    def __init__(self, guard: PressGuard | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.guard = guard or PressGuard()
        self.view: View | None = None
        self.look: Look | None = None
        self._slots: dict[str, Block] = {}
        self._parts: dict[str, Slot] = {}
        self._is_new = False
        self._bar: Bar | None = None
        self._foot: Foot | None = None
        self._middle = Middle(self.guard, self)
        self._middle.turned.connect(self._turned)
        self._middle.named.connect(self.key_named)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # -- rendering ------------------------------------------------------------------------------------

    def build(self, slot: Slot, view: View, look: Look) -> Block:
        """The block for a part; a screen of its own layout builds others."""
        return building.build(slot, view, look, self.guard)

    def render_view(self, view: View, look: Look) -> None:
        """Shows ``view``. With the same key, focus, place and widgets stay."""
        before = self.view
        if before is not None and look == self.look and self._differs_in_the_bar_alone(before, view):
            # A voice that begins or ends is told of with every sentence, and moves nothing.
            self.view = view
            self._show_chrome(view, look)
            return
        same_page = before is not None and (before.key, before.screen) == (view.key, view.screen)
        new_errors = bool(view.errors) and (before is None or before.errors != view.errors)
        focus = self._focus_name() if same_page else ""
        same_look = look == self.look
        if not same_look:
            self._forget()
        self.look, self.view = look, view
        self.setLayoutDirection(look.direction)
        self._is_new = self._is_new or not same_page
        self._show_blocks(view, look)
        self._show_chrome(view, look)
        self._lay_out(new=not same_page or new_errors)
        self._set_tab_order()
        if not same_page:
            self._begin()
        elif new_errors:
            self._focus_errors()
        elif focus:
            self._focus(focus)
        if not (same_page and same_look):
            self.update()

    @staticmethod
    def _differs_in_the_bar_alone(before: View, view: View) -> bool:
        """And not in its note either, whose line takes room."""
        return before.bar.note == view.bar.note and before == replace(view, bar=before.bar)

    def _focus_errors(self) -> None:
        block = self._slots.get(building.ERRORS)
        if isinstance(block, ErrorsBlock):
            block.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        for block in self._slots.values():
            drop(block)
        self._slots, self._parts = {}, {}
        for widget in (self._bar, self._foot):
            if widget is not None:
                drop(widget)
        self._bar = self._foot = None

    def _show_blocks(self, view: View, look: Look) -> None:
        kept: dict[str, Block] = {}
        parts: dict[str, Slot] = {}
        for slot in building.slots(view):
            block = self._slots.pop(slot.name, None)
            if block is not None and not self._takes(block, slot):
                drop(block)
                block = None
            if block is None:
                block = self.build(slot, view, look)
                self._middle.adopt(block)
                block.happened.connect(self.happened)
                if isinstance(block, ErrorsBlock):
                    block.led.connect(self._lead)
                for _, widget in block.targets():
                    widget.installEventFilter(self)
            kept[slot.name] = block
            parts[slot.name] = slot
        for block in self._slots.values():
            drop(block)
        self._slots, self._parts = kept, parts

    def _takes(self, block: Block, slot: Slot) -> bool:
        if self._parts[slot.name].part == slot.part and not isinstance(block, WritingBlock):
            return True
        return block.take(slot.part)

    def _show_chrome(self, view: View, look: Look) -> None:
        if self._bar is None:
            self._bar = Bar(look, self.guard)
            self._bar.setParent(self)
            self._bar.pressed.connect(self._press)
            self._bar.show()
        if self._foot is None:
            self._foot = Foot(look, self.guard)
            self._foot.setParent(self)
            self._foot.pressed.connect(self._press)
            self._foot.show()
        self._bar.show_bar(view.bar)

    # -- layout ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(new=False)

    def _lay_out(self, *, new: bool) -> None:
        look, bar, foot = self.look, self._bar, self._foot
        if look is None or bar is None or foot is None or not self.width():
            return
        width = min(look.px(380), self.width() - 2 * look.margin)
        left, half = (self.width() - width) // 2, look.margin // 2
        above, below = self._bands()
        bar_height = bar.height_for(width)
        bar.setGeometry(left, above + half, width, bar_height)
        top = above + (half + bar_height + look.space if bar_height else look.margin)
        area = QRect(left, top, width, self.height() - below - top)
        self._middle.take_blocks(self._slots, look, new=new)
        room = self._room_of_middle(area, paged=False)
        if not self._middle.fits(room.width(), room.height()):
            room = self._room_of_middle(area, paged=True)
        self._middle.setGeometry(room)
        self._middle.arrange(new=new)
        self._show_foot()

    def _bands(self) -> tuple[int, int]:
        """Pixels above and below all else that a screen of its own layout keeps for itself."""
        return 0, 0

    def _room_of_middle(self, area: QRect, *, paged: bool) -> QRect:
        """Puts the foot at the bottom of ``area``; gives what is left of it."""
        look, foot, view = self.look, self._foot, self.view
        assert look is not None
        assert foot is not None
        assert view is not None
        back, up, down, _ = self._foot_buttons(view, paged=paged)
        ways: dict[bool, int] = {}
        for stacked in (False, True) if paged else (False,):
            foot.stacked = stacked
            # The foot is as tall with "More" as without, or turning the page would move the words.
            for each in (view.forward, self._more(view)) if paged else (view.forward,):
                foot.show_foot(back, up, down, each)
                room = foot.height_for(area.width()) if foot.fits(area.width()) else NO_ROOM
                ways[stacked] = max(ways.get(stacked, 0), room)
        foot.stacked = min(ways, key=lambda way: ways[way])
        tall = max(foot.height_for(area.width()), ways[foot.stacked] % NO_ROOM)
        half = look.margin // 2
        foot.setGeometry(area.left(), area.bottom() + 1 - half - tall, area.width(), tall)
        below = half + tall + look.space if tall else look.margin
        return QRect(area.left(), area.top(), area.width(), max(1, area.height() - below))

    def _show_foot(self) -> None:
        view, foot = self.view, self._foot
        if view is not None and foot is not None:
            foot.show_foot(*self._foot_buttons(view, paged=len(self._middle.sheets) > 1))
            foot.place()

    def _turned(self) -> None:
        self._show_foot()
        entry, focused = self._middle.entry, self.window().focusWidget()
        if entry is not None and self._middle.is_typing and self._middle.shows(entry):
            entry.setFocus(Qt.FocusReason.OtherFocusReason)
        elif focused is not None and self._middle.owns(focused) and not self._middle.shows(focused):
            # What cannot be seen must not be pressed by a key.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _foot_buttons(
        self, view: View, *, paged: bool
    ) -> tuple[Button | None, Button | None, Button | None, Button | None]:
        """Back, page up, page down and the filled one."""
        middle = self._middle
        last = len(middle.sheets) - 1
        say = texts_for(view.language).say
        up_label, down_label = view.paging
        up = Button(PAGE_UP, up_label or say("Page up"), icon="up", enabled=middle.at > 0)
        down = Button(PAGE_DOWN, down_label or say("Page down"), icon="down", enabled=middle.at < last)
        filled = self._more(view) if middle.seen < last else view.forward
        return view.back, up if paged else None, down if paged else None, filled

    def _more(self, view: View) -> Button:
        return Button(MORE, view.more_label or texts_for(view.language).say("More"), icon="down")

    # -- moving about ---------------------------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Shows the next page (1) or the one before (-1) of a view that is longer than the glass."""
        self._middle.turn_to(self._middle.at + by)

    def _press(self, id: str) -> None:
        match id:
            case "more":
                self._middle.turn_to(self._middle.seen + 1)
            case "page-up":
                self.turn(-1)
            case "page-down":
                self.turn(1)
            case _:
                self.happened.emit(Pressed(id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        view = self.view
        if view is None or event.isAutoRepeat():
            return
        entry = self._middle.entry
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_Back if view.back is not None and view.back.enabled:
                self._press(view.back.id)
            case Qt.Key.Key_F9:
                switches.move_on(self, self._middle)
            case Qt.Key.Key_F10:
                switches.take(self, self._middle)
            case Qt.Key.Key_PageDown:
                self.turn(1)
            case Qt.Key.Key_PageUp:
                self.turn(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                filled = self._foot_buttons(view, paged=False)[3]
                if filled is not None and filled.enabled:
                    self._press(filled.id)
            case _ if entry is not None and self._middle.is_typing and not entry.hasFocus():
                entry.keyPressEvent(event)
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._middle.bring(watched)
        return False

    def _lead(self, field: str) -> None:
        """To where ``field`` is answered."""
        for block in self._slots.values():
            widget = block.answer_to(field)
            if widget is not None:
                self._middle.bring(widget)
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                if isinstance(widget, Entry):
                    self._middle.write_into(next(name for name, each in block.targets() if each is widget))
                return

    def _begin(self) -> None:
        entry = self._middle.entry
        if entry is not None and self._middle.is_typing:
            entry.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_heading()

    def _focus_heading(self) -> None:
        heading = self._slots.get(building.TITLE)
        (heading or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def point_at(self, name: str) -> None:
        """The focus goes to what a part's name stands for, on whichever sheet; else to the heading."""
        for found, widget in self.all_targets():
            if found in (name, f"field:{name}") or found.startswith(f"field:{name}:"):
                self._middle.bring(widget)
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._focus_heading()

    def _focus_name(self) -> str:
        return next((name for name, widget in self.all_targets() if widget.hasFocus()), "")

    def _focus(self, name: str) -> None:
        widget = dict(self.all_targets()).get(name)
        if widget is not None and not widget.hasFocus() and widget.isVisibleTo(self):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_tab_order(self) -> None:
        chain = [widget for name, widget in self.all_targets() if not name.startswith("key:")]
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    # -- what can be touched --------------------------------------------------------------------------

    def all_targets(self) -> Iterator[tuple[str, QWidget]]:
        """Everything that can be pressed or written in, by name, in reading order."""
        if self._bar is not None:
            yield from self._bar.targets()
        for block in self._slots.values():
            yield from block.targets()
        yield from self._middle.key_targets()
        if self._foot is not None:
            yield from self._foot.targets()

    def target(self, name: str) -> QRect | None:
        """Where the target stands in the window; None when it is not on the visible page.

        Names: a button's id; ``field=value`` for a card; ``field:f`` (``field:f:day``) for what is written
        or signed in; ``error:f`` for the line that leads there; ``key:х`` for a key.
        """
        for found, widget in self.all_targets():
            if found == name and self._can_be_touched(widget):
                return QRect(widget.mapTo(self.window(), QPoint(0, 0)), widget.size())
        return None

    def visible_targets(self) -> Iterator[tuple[str, QWidget]]:
        """Those of :meth:`all_targets` that stand on the visible page, whole."""
        yield from ((name, widget) for name, widget in self.all_targets() if self._can_be_touched(widget))

    def _can_be_touched(self, widget: QWidget) -> bool:
        return widget.isVisible() and (not self._middle.owns(widget) or self._middle.shows(widget))

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The parts of the view, by name, in reading order."""
        yield from self._slots.items()

    def sees(self, widget: QWidget) -> bool:
        """Whether all of a part, or of what belongs to one, lies on the visible page."""
        return self._middle.shows(widget)

    @property
    def shown_page(self) -> int:
        """Which of the pages that the view is cut into is shown; from 0."""
        return self._middle.at

    @property
    def page_count(self) -> int:
        """How many pages the view is cut into."""
        return len(self._middle.sheets)

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
