"""What may not be cut when a page ends. No Qt here."""

from typing import NamedTuple


class Piece(NamedTuple):
    """Top and bottom in pixels. A piece that ``leads`` (a title, a label) stays with what follows it.

    ``cuts`` are places between lines or buttons, where a piece may end a page that is lower than it."""

    top: int
    bottom: int
    leads: bool = False
    cuts: tuple[int, ...] = ()

    def moved(self, down: int) -> "Piece":
        return Piece(self.top + down, self.bottom + down, self.leads, tuple(cut + down for cut in self.cuts))
