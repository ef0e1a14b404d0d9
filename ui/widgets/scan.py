"""Scanning keys with two switches: one moves on, the other takes: a row, a group in it, a key. No Qt here.

The last place of every level leads out of it again, so that two switches are enough.
"""

from collections.abc import Sequence
from enum import IntEnum

GROUP = 5
"""Keys of a group at most: a key is then reached with few presses from its row."""


class Level(IntEnum):
    ROW = 0
    GROUP = 1
    KEY = 2


class KeyScan:
    """``lit`` are the ids of the keys that the next press takes or opens."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = [tuple(row) for row in rows if row]
        self._path: list[int] = [0]

    @property
    def level(self) -> Level:
        return Level(len(self._path) - 1)

    @property
    def leads_out(self) -> bool:
        """Whether the present place is the one that leaves this level: everything around it is lit."""
        return self._path[-1] == len(self._places())

    @property
    def lit(self) -> tuple[str, ...]:
        places = self._places()
        if self.leads_out:
            return tuple(id for place in places for id in place)
        return places[self._path[-1]]

    def next(self) -> None:
        """On to the next place of this level; after the last one to the first."""
        self._path[-1] = (self._path[-1] + 1) % (len(self._places()) + 1)

    def choose(self) -> str | None:
        """Opens what is lit. Gives a key where one was taken, and begins again at the rows.

        At the rows' own last place there is nothing to open: the caller leaves (``leads_out``).
        """
        if self.leads_out:
            if self.level is not Level.ROW:
                self._path.pop()
            return None
        lit = self.lit
        if len(lit) == 1:
            self._path = [0]
            return lit[0]
        self._path.append(0)
        return None

    def _places(self) -> list[tuple[str, ...]]:
        """What there is to choose from at the present level."""
        if self.level is Level.ROW:
            return self._rows
        row = self._rows[self._path[0]]
        count = -(-len(row) // GROUP)
        size = -(-len(row) // count)
        groups = [row[start : start + size] for start in range(0, len(row), size)]
        if self.level is Level.GROUP and len(groups) > 1:
            return groups
        inside = row if len(groups) == 1 else groups[self._path[1]]
        return [(id,) for id in inside]
