"""Between the bar and the foot: the parts of a view, and the keys beside what is written in.

What does not fit is cut into sheets, which are turned and never scrolled. Where the words and the keys have
no room on one sheet, the keys and the box they write into are a sheet of their own, after the words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.screens.building import ERRORS, HINT, TITLE, WHERE
from ui.screens.paging import Span, pages
from ui.screens.typing import TypingKeys
from ui.theme import Look
from ui.widgets.block import Block
from ui.widgets.codes import CodeBlock, widths_beside
from ui.widgets.entry import Entry
from ui.widgets.fields import WritingBlock
from ui.widgets.keyboard import LetterKeys, NumberPad
from ui.widgets.piece import Piece
from ui.widgets.press import PressGuard


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the glass at once: of the named blocks, stacked, what lies within ``span``.

    ``typing``: the blocks that the keys on this sheet write into; empty where there are no keys.
    """

    names: tuple[str, ...]
    span: Span
    typing: tuple[str, ...] = ()
    bare: bool = False


class Middle(QWidget):
    """``turned``: another sheet is shown, or there are other sheets. ``named``: what is said of a key."""

    turned = Signal()
    named = Signal(str)

    def __init__(self, guard: PressGuard, parent: QWidget) -> None:
        super().__init__(parent)
        self._guard = guard
        self._look: Look | None = None
        self._blocks: dict[str, Block] = {}
        self._keys: TypingKeys | None = None
        self._viewport = QWidget(self)
        self._content = QWidget(self._viewport)
        self.sheets: tuple[Sheet, ...] = (Sheet((), (0, 0)),)
        self.at = 0
        self.seen = 0
        self._is_turning = False
        self._room = QRect()
        self._writing = ""
        """The box that keys write into, by its name: the first of a new view, then the one last touched."""

    # -- what is shown --------------------------------------------------------------------------------

    def adopt(self, block: Block) -> None:
        """Takes a block in, before :meth:`take_blocks` says where it stands."""
        block.setParent(self._content)
        if isinstance(block, WritingBlock):
            block.touched.connect(self.write_into)
            block.advanced.connect(self._advanced)

    def take_blocks(self, blocks: Mapping[str, Block], look: Look, *, new: bool) -> None:
        """The blocks to show, in reading order; :meth:`arrange` then puts them in their places."""
        if look != self._look and self._keys is not None:
            drop(self._keys)
            self._keys = None
        self._look = look
        self._blocks = dict(blocks)
        for widget in (self, self._viewport, self._content):
            widget.setLayoutDirection(look.direction)
        names = [name for name, _ in self._entries()]
        if names and self._keys is None:
            self._keys = TypingKeys(look, self._guard)
            self._keys.setParent(self)
            self._keys.typed.connect(self._typed)
            self._keys.deleted.connect(self._deleted)
            self._keys.advanced.connect(self._advanced)
            self._keys.named.connect(self.named)
        elif not names and self._keys is not None:
            drop(self._keys)
            self._keys = None
        if new or self._writing not in names:
            self._writing = next(iter(names), "")
        self._mark()

    def fits(self, width: int, height: int) -> bool:
        """Whether one sheet is enough at that size."""
        self._room = QRect(0, 0, width, height)
        return len(self._plan()[0]) == 1

    def arrange(self, *, new: bool) -> None:
        """Cuts the blocks into sheets for the present size; ``new``: at the sheet where a person begins."""
        before = self.sheets[self.at]
        self._room = self.rect()
        nth = sum(sheet.typing == before.typing for sheet in self.sheets[: self.at])
        sheets, start = self._plan()
        self.sheets = tuple(sheets)
        if new:
            self.at = self.seen = start
        else:
            last = len(sheets) - 1
            alike = [at for at, sheet in enumerate(sheets) if sheet.typing == before.typing]
            self.at = alike[min(nth, len(alike) - 1)] if alike else min(self.at, last)
            self.seen = min(max(self.seen, self.at), last)
        self._show()

    def turn_to(self, at: int) -> None:
        """Shows a sheet, by its place in ``sheets``."""
        if 0 <= at < len(self.sheets) and at != self.at:
            self.at = at
            self.seen = max(self.seen, at)
            typing = self.sheets[at].typing
            if typing and not any(self._writing == name for name, _ in self._entries(typing)):
                self._writing = next(name for name, _ in self._entries(typing))
                self._mark()
            self._show()
            self.turned.emit()

    def bring(self, widget: QWidget) -> None:
        """Turns to a sheet on which ``widget``, one of a block's, can be seen whole."""
        if self._is_turning or not self._content.isAncestorOf(widget):
            return
        entry = next((name for name, entry in self._entries() if entry is widget), "")
        if entry and entry != self._writing:
            self._writing = entry
            self._mark()
        if self.shows(widget):
            return
        owner = next(name for name, block in self._blocks.items() if block.isAncestorOf(widget))
        for at, sheet in enumerate(self.sheets):
            if owner in sheet.names:
                self._stack(sheet)
                middle = widget.mapTo(self._content, widget.rect().center()).y()
                if sheet.span[0] <= middle < sheet.span[1]:
                    self.turn_to(at)
                    break
        self._show()

    def shows(self, widget: QWidget) -> bool:
        """Whether all of a block's widget lies on the visible sheet."""
        if not widget.isVisibleTo(self):
            return False
        place = QRect(widget.mapTo(self._viewport, QPoint(0, 0)), widget.size())
        return self._viewport.rect().contains(place)

    @property
    def is_typing(self) -> bool:
        """Whether keys stand on the visible sheet."""
        return bool(self.sheets[self.at].typing)

    # -- cutting into sheets --------------------------------------------------------------------------

    def _plan(self) -> tuple[list[Sheet], int]:
        """The sheets, and the place of the one where a person begins."""
        names, keys = tuple(self._blocks), self._keys
        writing = {name: block for name, block in self._blocks.items() if isinstance(block, WritingBlock)}
        if keys is None or not writing:
            return self._cut(names, self._room), 0
        if len({(block.kind, block.has_boxes) for block in writing.values()}) == 1:
            area, _ = self._shared(tuple(writing))
            for left_out in ((), (WHERE,), (WHERE, HINT)):
                some = tuple(name for name in names if name not in left_out)
                sheets = self._cut(some, area, tuple(writing))
                if len(sheets) == 1:
                    return self._after_the_hint(sheets, HINT in left_out)
            # What can be pressed instead of writing may follow; what is written in may not.
            last = self._blocks[next(reversed(writing))].geometry()
            if last.bottom() < sheets[0].span[1]:
                return self._after_the_hint(sheets, hint_is_left_out=True)
        own = [self._own(name) for name in writing]
        # Boxes without keys would be a page on which nothing can be done.
        words = tuple(name for name in names if name not in writing)
        return [*self._cut(words, self._room), *own], 0

    def _after_the_hint(self, typing: list[Sheet], hint_is_left_out: bool) -> tuple[list[Sheet], int]:
        """A hint that had to leave stands one page before."""
        if not hint_is_left_out or HINT not in self._blocks:
            return typing, 0
        names = tuple(name for name in self._blocks if name in (WHERE, ERRORS, TITLE, HINT))
        words = self._cut(names, self._room)
        return [*words, *typing], len(words)

    def _own(self, name: str) -> Sheet:
        """Keys with the box they write into, and as much about it as there is room for."""
        area, _ = self._shared((name,))
        for names, bare in (((TITLE, name), False), ((name,), False), ((name,), True)):
            sheets = self._cut(tuple(each for each in names if each in self._blocks), area, (name,), bare)
            if len(sheets) == 1 and sheets[0].span[1] <= area.height():
                break
        return sheets[0]

    def _cut(
        self, names: tuple[str, ...], area: QRect, typing: tuple[str, ...] = (), bare: bool = False
    ) -> list[Sheet]:
        pieces = self._stack(Sheet(names, (0, 0), typing, bare), area)
        return [Sheet(names, span, typing, bare) for span in pages(pieces, area.height())]

    def _shared(self, typing: tuple[str, ...]) -> tuple[QRect, QRect]:
        """Where the words and the keys stand on a sheet."""
        keys = self._keys
        if not typing or keys is None:
            return self._room, QRect()
        block = self._blocks[typing[0]]
        assert isinstance(block, WritingBlock), typing
        keys.show_for(block.kind, has_boxes=block.has_boxes)
        return keys.beside(self._room)

    def _stack(self, sheet: Sheet, area: QRect | None = None) -> list[Piece]:
        """Puts a sheet's blocks under each other; those that can use it share what room is left."""
        look = self._look
        assert look is not None, "nothing was shown yet"
        area = area or self._shared(sheet.typing)[0]
        width = area.width()
        for block in self._blocks.values():
            if isinstance(block, WritingBlock):
                block.bare = sheet.bare
        rows = list(self._rows(sheet.names, width))
        heights = [max(block.least_for(wide) for block, wide in row) for _, row in rows]
        below = [look.px(2) if name == WHERE else look.paragraph for name, _ in rows]
        below = [space if tall else 0 for space, tall in zip(below, heights, strict=True)]
        spare = max(0, area.height() - sum(heights) - sum(below[:-1]))
        pieces: list[Piece] = []
        y = 0
        for (_, row), least, space in zip(rows, heights, below, strict=True):
            more = max(0, min(spare, max(block.most_for(wide) for block, wide in row) - least))
            spare -= more
            x = 0
            for block, wide in row:
                left = width - x - wide if look.direction == Qt.LayoutDirection.RightToLeft else x
                block.setGeometry(left, y, wide, least + more)
                block.place()
                pieces += [piece.moved(y) for piece in block.pieces()]
                x += wide + look.gap
            y += least + more + space
        self._content.resize(width, max(1, y))
        return pieces

    def _rows(self, names: tuple[str, ...], width: int) -> Iterator[tuple[str, list[tuple[Block, int]]]]:
        """Each block with its width; two codes stand side by side where that takes less room."""
        assert self._look is not None
        waiting = [name for name in self._blocks if name in names]
        while waiting:
            name = waiting.pop(0)
            block = self._blocks[name]
            following = self._blocks[waiting[0]] if waiting else None
            if isinstance(block, CodeBlock) and isinstance(following, CodeBlock):
                widths = widths_beside(block, following, width)
                if widths is not None:
                    waiting.pop(0)
                    yield name, [(block, widths[0]), (following, widths[1])]
                    continue
            yield name, [(block, width)]

    def _show(self) -> None:
        sheet = self.sheets[self.at]
        words, keys_area = self._shared(sheet.typing)
        self._stack(sheet, words)
        top, bottom = sheet.span
        self._viewport.setGeometry(words.left(), words.top(), words.width(), bottom - top)
        self._content.move(0, -top)
        # What is hidden hands the focus on, which must not turn the page back.
        self._is_turning = True
        for name, block in self._blocks.items():
            block.show()
            if name not in sheet.names:
                # Out of sight and not hidden: the focus can go there, and turns the page to it.
                block.move(0, -2 * self._room.height() - block.height())
        self._is_turning = False
        if self._keys is not None:
            self._keys.setGeometry(keys_area)
            self._keys.setVisible(bool(sheet.typing))

    # -- writing --------------------------------------------------------------------------------------

    def _entries(self, names: tuple[str, ...] | None = None) -> Iterator[tuple[str, Entry]]:
        for name, block in self._blocks.items():
            if isinstance(block, WritingBlock) and (names is None or name in names):
                yield from block.entries()

    @property
    def entry(self) -> Entry | None:
        """The box that keys write into."""
        return dict(self._entries()).get(self._writing)

    def write_into(self, name: str) -> None:
        """Keys write into the box of that name from now on; they are shown with it."""
        self._writing = name
        self._mark()
        owner = next(each for each in self._blocks if any(n == name for n, _ in self._entries((each,))))
        if owner not in self.sheets[self.at].typing:
            at = next((at for at, sheet in enumerate(self.sheets) if owner in sheet.typing), self.at)
            self.turn_to(at)

    def _mark(self) -> None:
        for name, entry in self._entries():
            entry.set_active(name == self._writing)

    def _typed(self, letter: str) -> None:
        if (entry := self.entry) is not None:
            entry.type_letter(letter)

    def _deleted(self) -> None:
        if (entry := self.entry) is not None:
            entry.delete()

    def _advanced(self) -> None:
        """On to the next box of the same block."""
        for name, block in self._blocks.items():
            if isinstance(block, WritingBlock) and block.has_boxes:
                for (one, entry), (following, next_entry) in pairwise(self._entries((name,))):
                    if one == self._writing:
                        self._writing = following
                        self._mark()
                        if entry.hasFocus():
                            next_entry.setFocus(Qt.FocusReason.TabFocusReason)
                        return

    def key_targets(self) -> Iterator[tuple[str, QWidget]]:
        if self._keys is not None:
            yield from self._keys.targets()

    @property
    def keys(self) -> LetterKeys | NumberPad | None:
        """The keys on the visible sheet."""
        return self._keys.inner if self._keys is not None and self.is_typing else None

    def owns(self, widget: QWidget) -> bool:
        """Whether it belongs to a block, and not to the keys."""
        return self._content.isAncestorOf(widget)


def drop(widget: QWidget) -> None:
    """Takes a widget off the page; Qt deletes it once nothing is on its way to it."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
