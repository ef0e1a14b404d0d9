"""What a page shows while others stand near: the questions, and dots in place of the answers."""

from dataclasses import replace
from typing import TypeVar

from kiosk.flow.view import Choices, DateField, Part, Row, Rows, TextField, TimeField, View

DOTS = "●●●●●"
"""The same for a short answer and a long one."""

V = TypeVar("V", bound=View)


def covered(view: V) -> V:
    """``view`` with every answer on it covered, and none of them spoken without headphones.

    Cards keep their mark, since a person has to see what they chose; which it was is not said aloud.
    """
    return replace(view, body=tuple(_covered(part) for part in view.body))


def _covered(part: Part) -> Part:
    match part:
        case TextField() | DateField() | TimeField():
            return replace(part, private=True, covered=True)
        case Choices(acts=False):
            return replace(part, private=True)
        case Rows():
            return replace(part, rows=tuple(_covered_row(row) for row in part.rows))
        case _:
            return part


def _covered_row(row: Row) -> Row:
    return replace(row, value=DOTS if row.value else "", private=True)
