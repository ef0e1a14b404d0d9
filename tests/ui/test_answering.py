"""A page beside a presenter that answers at once: what is typed, chosen and signed, and what stays."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.flow.comfort import TextSize
from kiosk.flow.view import (
    Button,
    Choice,
    Choices,
    Chosen,
    DateField,
    Event,
    FieldError,
    FieldKind,
    Part,
    SignaturePad,
    Signed,
    TextField,
    Typed,
    View,
)
from ui.driver import Driver
from ui.glass import Glass
from ui.opening import application as the_application
from ui.screens.page import Page
from ui.theme import Look
from ui.widgets import keys
from ui.window import KioskWindow

GLASS = Glass.panel("15.6")


def text_view(language: str, value: str = "", **more: object) -> View:
    fields: dict[str, object] = {"kind": FieldKind.TEXT, **more}
    return View(
        language=language,
        title="Name",
        body=(TextField("name", "Name", value, **fields),),  # type: ignore[arg-type]  # the field's own
        back=Button("back", "Back"),
        forward=Button("forward", "Continue"),
        more_label="More",
        paging=("Up", "Down"),
        key="name",
    )


class Room:
    """A window that answers as a presenter does: it shows at once what was typed or chosen."""

    def __init__(self) -> None:
        self.look = Look(GLASS)
        self.window = KioskWindow(self.look)
        self.hands = Driver(self.window)
        self.events: list[Event] = []
        self.view = text_view("en")
        self.window.happened.connect(self._answer)

    @property
    def page(self) -> Page:
        return self.window.page

    def show(self, view: View, look: Look | None = None) -> None:
        self.view = view
        self.look = replace(look or self.look, language=view.language)
        self.window.show_view(view, self.look)
        if not self.window.isVisible():
            self.window.resize(GLASS.width_px, GLASS.height_px)
            self.window.show()
        QApplication.processEvents()

    def widget(self, name: str) -> QWidget:
        return dict(self.page.all_targets())[name]

    def _answer(self, event: Event) -> None:
        self.events.append(event)
        body: list[Part] = []
        for part in self.view.body:
            match event, part:
                case Typed(field=name, text=text), TextField(field=own) | DateField(field=own) if name == own:
                    body.append(replace(part, value=text))
                case Chosen(field=name, value=value), Choices(field=own) if name == own:
                    cards = tuple(replace(card, chosen=card.value == value) for card in part.choices)
                    body.append(replace(part, choices=cards))
                case Signed(field=name, strokes=strokes), SignaturePad(field=own) if name == own:
                    body.append(replace(part, strokes=strokes))
                case _:
                    body.append(part)
        self.show(replace(self.view, body=tuple(body)))

    @property
    def typed(self) -> str:
        return next((event.text for event in reversed(self.events) if isinstance(event, Typed)), "")


@pytest.fixture
def room() -> Iterator[Room]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = the_application()
    made = Room()
    yield made
    made.window.close()
    made.window.deleteLater()
    application.processEvents()


def test_all_three_scripts_can_be_typed_into_one_field(room: Room) -> None:
    room.show(text_view("ko"))
    room.hands.type("name", "Kim 김 Ким")
    assert room.typed == "Kim 김 Ким"


def test_shift_holds_for_one_letter(room: Room) -> None:
    room.show(text_view("en"))
    room.hands.press(f"key:{keys.SHIFT}")
    room.hands.press("key:A")
    room.hands.press("key:n")
    assert room.typed == "An"


@pytest.mark.parametrize(
    ("kind", "pressed", "value"),
    [
        (FieldKind.INTEGER, "40", "40"),
        (FieldKind.DECIMAL, "12.5", "12.5"),
        (FieldKind.PIN, "482913", "482913"),
        (FieldKind.CODE, "48210937", "48210937"),
        (FieldKind.NATIONAL_ID, "11223344595", "11223344595"),
    ],
)
def test_numbers_are_typed_on_the_pad(room: Room, kind: FieldKind, pressed: str, value: str) -> None:
    room.show(text_view("en", kind=kind))
    assert room.page.target("key:a") is None
    room.hands.type("name", pressed)
    assert room.typed == value


def test_pin_is_never_painted(room: Room) -> None:
    room.show(text_view("en", kind=FieldKind.PIN, value="1111"))
    ones = room.widget("field:name").grab().toImage()
    room.show(text_view("en", kind=FieldKind.PIN, value="8888"))
    assert room.widget("field:name").grab().toImage() == ones


def test_field_takes_no_more_than_it_may_hold(room: Room) -> None:
    room.show(text_view("en", kind=FieldKind.CODE, groups=(2, 2)))
    for digit in "12345":
        room.hands.press(f"key:{digit}")
    assert room.typed == "1234"


def test_choosing_keeps_focus_and_place(room: Room) -> None:
    cards = tuple(Choice(str(number), f"Answer number {number} " + "and more " * 12) for number in range(9))
    room.show(replace(text_view("en"), body=(Choices("heat", cards),), key="heat"))
    assert room.page.page_count > 1
    room.hands.press("more")
    second = next(name for name, _ in room.page.all_targets() if "=" in name and room.page.target(name))
    before = room.page.target(second)
    card = room.widget(second)
    card.setFocus()
    room.hands.choose(*second.split("="))
    assert room.page.shown_page == 1
    assert room.page.target(second) == before
    assert room.widget(second) is card
    assert card.hasFocus()


def test_new_error_is_shown_first_and_leads_to_its_field(room: Room) -> None:
    room.show(text_view("en"))
    field = room.view.body[0]
    assert isinstance(field, TextField)
    words = "Please answer this question before you go on."
    room.show(
        replace(
            room.view,
            body=(replace(field, error=words),),
            errors=(FieldError("name", words),),
            error_title="Something is missing",
        )
    )
    assert room.widget("error:name").hasFocus()
    room.hands.press("error:name")
    assert room.widget("field:name").hasFocus()
    assert room.events == []


def test_other_size_keeps_what_was_typed_and_the_focus(room: Room) -> None:
    room.show(text_view("en"))
    room.hands.type("name", "Ann")
    room.show(room.view, replace(room.look, size=TextSize.MEDIUM))
    assert room.page.written("field:name") == "Ann"
    assert room.widget("field:name").hasFocus()
    room.hands.press("key:a")
    assert room.typed == "Anna"


def test_painted_is_told_once_a_page(room: Room) -> None:
    told: list[bool] = []
    room.window.painted.connect(lambda: told.append(True))
    room.show(text_view("en"))
    room.hands.until(lambda: len(told) == 1, 5, "the first paint")
    room.hands.press("key:a")
    room.show(replace(text_view("en"), key="other"))
    room.hands.until(lambda: len(told) == 2, 5, "the second page's paint")
    assert len(told) == 2
