"""Where a spoken focus can stand on a page, in reading order: what is said there, and what choosing does.

The same words as :func:`~kiosk.voice.spoken.words_of`, cut into places to stand on, so that whoever walks the
page by ear meets everything that whoever looks at it sees (508 §402.2, VVSG dual switch).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from kiosk.flow.view import (
    Button,
    Buttons,
    Choices,
    Chosen,
    DateField,
    Event,
    FieldKind,
    Pressed,
    Rows,
    SignaturePad,
    Signed,
    TextField,
    View,
)
from kiosk.voice.spoken import ERROR, Utterance

HEADING: Final = "heading"
_OF_THE_HEADING: Final = frozenset({"where", "title", "hint"})


@dataclass(frozen=True, slots=True)
class Box:
    """Something to write in. ``field`` as in the view; ``box`` names one of a date's three: "d", "m", "y"."""

    field: str
    kind: FieldKind
    label: str
    value: str = ""
    groups: tuple[int, ...] = ()
    box: str = ""
    longest: int = 0
    """How many signs it may hold; 0 for no limit of its own."""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Choosing opens the boxes, one after the other."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """Choosing goes to where the field is answered."""

    field: str


@dataclass(frozen=True, slots=True)
class Stop:
    """``name`` is the part's (see :class:`Utterance`); ``does`` is None where there is only to listen."""

    name: str
    said: tuple[Utterance, ...]
    does: Event | Write | Lead | None = None


def stops_of(view: View, words: tuple[Utterance, ...]) -> tuple[Stop, ...]:
    """The places of a page whose words are ``words``; the first is always its heading."""
    does = dict(_doings(view))
    heading = tuple(each for each in words if each.part in _OF_THE_HEADING)
    rest = (each for each in words if each.part not in _OF_THE_HEADING)
    return (
        Stop(HEADING, heading),
        *(Stop(part, tuple(said), does.get(part)) for part, said in groupby(rest, lambda each: each.part)),
    )


def _doings(view: View) -> Iterator[tuple[str, Event | Write | Lead]]:
    for error in view.errors:
        if error.field:
            yield f"{ERROR}{error.field}", Lead(error.field)
    for part in view.body:
        match part:
            case Choices():
                for choice in part.choices:
                    yield f"{part.field}={choice.value}", Chosen(part.field, choice.value)
            case TextField():
                yield part.field, Write((_box(part),))
            case DateField():
                yield part.field, Write(_boxes(part))
            case SignaturePad() if part.strokes:
                yield f"{part.field}:clear", Signed(part.field, ())
            case Rows():
                for row in part.rows:
                    yield from _presses(row.actions)
            case Buttons():
                yield from _presses(part.buttons)
            case _:
                pass
    yield from _presses(each for each in (view.back, view.forward, *view.bar.buttons) if each is not None)


def _presses(buttons: "Iterator[Button] | tuple[Button, ...]") -> Iterator[tuple[str, Event]]:
    for button in buttons:
        if button.enabled:
            yield button.id, Pressed(button.id)


def _box(part: TextField) -> Box:
    longest = part.max_length or sum(part.groups)
    return Box(
        part.field, part.kind, part.label, part.value, part.groups, longest=longest, private=part.private
    )


def _boxes(part: DateField) -> tuple[Box, ...]:
    year, month, day = (*part.value.split("-"), "", "", "")[:3]
    values = {"y": year, "m": month, "d": day}
    labels = {"y": part.year_label, "m": part.month_label, "d": part.day_label}
    return tuple(
        Box(
            part.field,
            FieldKind.INTEGER,
            labels[box],
            values[box],
            box=box,
            longest=4 if box == "y" else 2,
            private=part.private,
        )
        for box in part.order
    )
