"""Gives an answer to the question on the glass, as a person would: by its cards, boxes and pads."""

from typing import Protocol

from kiosk.flow.answering.choosing import SEARCH
from kiosk.flow.view import Buttons, Choices, DateField, SignaturePad, TextField, TimeField, View
from kiosk.forms import Question, QuestionKind


class Touches(Protocol):
    """What a person does with the page; each returns when the page has answered."""

    @property
    def view(self) -> View: ...
    def press(self, id: str) -> None: ...
    def choose(self, field: str, value: str) -> None: ...
    def type(self, field: str, text: str) -> None: ...
    def sign(self, field: str) -> None: ...


def give(touches: Touches, question: Question, value: str) -> None:
    """``value`` as the form writes it; blank leaves the question as it is."""
    if value and _is_searched(touches.view, value):
        _search(touches, question, value)
        return
    for part in touches.view.body:
        match part:
            case Choices() if part.field == question.ref:
                _choose(touches, part, question, value)
            case TextField(search=False) | DateField() | TimeField():
                wanted = _typed(part, question, value)
                if wanted != part.value:
                    touches.type(part.field, wanted)
            case SignaturePad() if value:
                touches.sign(part.field)
            case _:
                pass


def _is_searched(view: View, value: str) -> bool:
    """Whether the wanted card only appears once it is looked for."""
    there = any(
        card.value == value for part in view.body if isinstance(part, Choices) for card in part.choices
    )
    buttons = [each.id for part in view.body if isinstance(part, Buttons) for each in part.buttons]
    fields = any(isinstance(part, TextField) and part.search for part in view.body)
    return not there and (fields or SEARCH in buttons)


def _search(touches: Touches, question: Question, value: str) -> None:
    if not any(isinstance(part, TextField) and part.search for part in touches.view.body):
        touches.press(SEARCH)
    label = next(each.label for each in question.choices if each.value == value)
    for length in range(2, len(label) + 1):
        touches.type(f"{question.ref}:search", label[:length])
        found = [part for part in touches.view.body if isinstance(part, Choices)]
        if any(card.value == value for part in found for card in part.choices):
            touches.choose(question.ref, value)
            return
    raise AssertionError(f"{label!r} was not found by its own letters")


def _choose(touches: Touches, part: Choices, question: Question, value: str) -> None:
    chosen = [each.value for each in part.choices if each.chosen]
    if part.ranked:
        if [each.value for each in sorted(part.choices, key=lambda each: each.place)] != value.split():
            for each in value.split():
                touches.choose(part.field, each)
        return
    if question.kind is QuestionKind.SELECT_MULTIPLE:
        wanted = set(value.split())
    elif question.kind is QuestionKind.RANGE and value:
        wanted = {each.value for each in part.choices if float(each.value) == float(value)}
    else:
        wanted = {value} - {""}
    for each in sorted(wanted ^ set(chosen) if part.many else wanted - set(chosen)):
        touches.choose(part.field, each)


def _typed(part: TextField | DateField | TimeField, question: Question, value: str) -> str:
    """What is written into this box of the page for the form's value."""
    day, _, clock = value.partition("T") if question.kind is QuestionKind.DATETIME else (value, "", value)
    if isinstance(part, TimeField):
        return clock[:5]
    if isinstance(part, DateField):
        return day
    if question.kind is QuestionKind.RANGE and value:
        return f"{float(value):g}"
    return value
