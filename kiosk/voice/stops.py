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
    TimeField,
    View,
)
from kiosk.voice.spoken import ERROR, Utterance

HEADING: Final = "heading"
_OF_THE_HEADING: Final = frozenset({"where", "title", "hint"})


@dataclass(frozen=True, slots=True)
class Box:
    """Something to write in. ``field`` as in the view; ``box`` names one of several: a date's
    "d", "m" and "y", a time's "h" and "i"; "" for one alone."""

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
                yield part.field, Write(tuple(_date_boxes(part)))
            case TimeField():
                yield part.field, Write(tuple(_time_boxes(part)))
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


def _date_boxes(part: DateField) -> Iterator[Box]:
    values = dict(zip("ymd", (*part.value.split("-"), "", "", ""), strict=False))
    labels = {"y": part.year_label, "m": part.month_label, "d": part.day_label}
    for box in part.order:
        yield Box(
            part.field,
            FieldKind.INTEGER,
            labels[box],
            values[box],
            box=box,
            longest=4 if box == "y" else 2,
            private=part.private,
        )


def _time_boxes(part: TimeField) -> Iterator[Box]:
    hour, _, minute = part.value.partition(":")
    for box, label, value in (("h", part.hour_label, hour), ("i", part.minute_label, minute)):
        yield Box(part.field, FieldKind.INTEGER, label, value, box=box, longest=2, private=part.private)


def text_of(boxes: tuple[Box, ...]) -> str:
    """What a view's field takes: one box's own text; a date as ISO 8601, a time as HH:MM, and what is not
    whole as it stands, which is neither. What a date is not asked for is 01."""
    values = {box.box: box.value for box in boxes}
    if "" in values:
        return values[""]
    if not any(values.values()):
        return ""
    if "h" in values:
        whole = all(values.values())
        return f"{values['h']:0>2}:{values['i']:0>2}" if whole else f"{values['h']}:{values['i']}"
    year, month, day = (values.get(box, "01") for box in "ymd")
    return f"{year}-{month:0>2}-{day:0>2}" if all(values.values()) else f"{year}-{month}-{day}"
