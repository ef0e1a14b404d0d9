"""What every part of a page is drawn by: a block, as tall as its width asks for."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Look
from ui.widgets.piece import Piece
from ui.widgets.press import PressGuard


class Block(QWidget):
    """One part of a page. ``happened`` carries a :data:`kiosk.flow.view.Event`.

    Blocks place their own children: ``height_for`` says how tall the block is at a width, and
    ``place`` puts the children there.
    """

    happened = Signal(object)

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self.look = look
        self.guard = guard
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setLayoutDirection(look.direction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def height_for(self, width: int) -> int:
        """Pixels that the block needs at ``width``, with nothing clipped."""
        raise NotImplementedError

    def least_for(self, width: int) -> int:
        """Pixels that the block can do with, where it may also be given more."""
        return self.height_for(width)

    def most_for(self, width: int) -> int:
        """Pixels that the block makes use of, where the page has room to spare."""
        return self.height_for(width)

    def place(self) -> None:
        """Puts the children where they belong at the present size."""

    def pieces(self) -> list[Piece]:
        """Parts that stay whole when a page ends, in the block's own coordinates."""
        return [Piece(0, self.height())]

    def take(self, part: object) -> bool:
        """Shows another state of the same part in place; False where it must be built anew."""
        return False

    def answer_to(self, field: str) -> QWidget | None:
        """Where ``field`` is answered in this block; None where it is not."""
        return None

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        """What can be pressed or typed in, by name, in reading order."""
        yield from ()

    def heightForWidth(self, width: int) -> int:
        return self.height_for(width)

    def hasHeightForWidth(self) -> bool:
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()
