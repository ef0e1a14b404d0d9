"""What may not be cut when a page ends. No Qt here."""

from typing import NamedTuple


class Piece(NamedTuple):
    """Top and bottom in pixels. A piece that ``leads`` (a title, a label) stays with what follows it."""

    top: int
    bottom: int
    leads: bool = False
