"""What may not be cut when a page ends. No Qt here."""

from typing import NamedTuple

Cuts = tuple[int, ...]
"""Places, in pixels from the top, where what is taller than the glass may be cut."""


class Piece(NamedTuple):
    """Top and bottom in pixels. A piece that ``leads`` (a title, a label) stays with what follows it.

    ``cuts`` are places between lines or buttons, where a piece may end a page that is lower than it."""

    top: int
    bottom: int
    leads: bool = False
    cuts: Cuts = ()

    def moved(self, down: int) -> "Piece":
        return Piece(self.top + down, self.bottom + down, self.leads, tuple(cut + down for cut in self.cuts))


def between_lines(top: int, tall: int, line: int) -> Cuts:
    """Above, between and below the lines of words that are ``tall`` high."""
    return tuple(range(top, top + tall + 1, line))
