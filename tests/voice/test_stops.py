"""Whoever walks a page by ear meets everything that is on it, and can do what whoever sees it can."""

from collections.abc import Iterator

import pytest

from kiosk.flow.view import (
    Button,
    Choice,
    Choices,
    Chosen,
    DateField,
    FieldError,
    Pressed,
    TextField,
    TimeField,
    View,
)
from kiosk.texts import texts_for
from kiosk.voice.spoken import words_of
from kiosk.voice.stops import HEADING, Lead, Stop, Write, stops_of, text_of
from tests.voice.test_spoken import EVERY_PART, page


def stops(view: View, *, headphones: bool = True) -> tuple[Stop, ...]:
    return stops_of(view, words_of(view, texts_for(view.language), headphones=headphones))


def does(view: View) -> Iterator[tuple[str, object]]:
    return ((stop.name, stop.does) for stop in stops(view) if stop.does is not None)


def test_walk_once_round_says_all_that_the_page_says() -> None:
    view = page(*EVERY_PART)
    walked = [utterance for stop in stops(view) for utterance in stop.said]
    whole = list(words_of(view, texts_for("en"), headphones=True))
    assert sorted(map(repr, walked)) == sorted(map(repr, whole))
    assert [each.text for each in stops(view)[0].said] == ["Where-1", "Title-1", "Hint-1"]
    assert stops(view)[0].name == HEADING


def test_everything_that_can_be_pressed_is_pressed_by_choosing() -> None:
    view = page(*EVERY_PART)
    found = dict(does(view))
    assert found["heat=gas"] == Chosen("heat", "gas")
    assert found["change"] == Pressed("change")
    assert found["b1"] == Pressed("b1")
    assert "b2" not in found, "a grey button cannot be pressed"
    assert found["back"] == Pressed("back")
    assert found["settings"] == Pressed("settings")
    assert isinstance(found["name"], Write)


def test_error_leads_to_its_field() -> None:
    view = View(
        language="en",
        title="T",
        errors=(FieldError("name", "Wrong"), FieldError("", "Whole page")),
        error_title="Look",
        body=(TextField("name", "Name"),),
    )
    found = dict(does(view))
    assert found["error:name"] == Lead("name")
    assert "error:" not in found


def test_of_a_private_page_there_is_only_the_way_out() -> None:
    view = page(*EVERY_PART, private=True)
    names = [stop.name for stop in stops(view, headphones=False)]
    assert names == [HEADING, "back", "forward", "note", "settings", "read"]


@pytest.mark.parametrize(
    ("part", "boxes", "value"),
    [
        (DateField("f", "When", "1948-11-03", order="dmy"), ["03", "11", "1948"], "1948-11-03"),
        (DateField("f", "When", "1948-11-03", order="ymd"), ["1948", "11", "03"], "1948-11-03"),
        (DateField("f", "When", "1948-11-01", order="ym"), ["1948", "11"], "1948-11-01"),
        (DateField("f", "When", "1948--", order="dmy"), ["", "", "1948"], "1948--"),
        (DateField("f", "When", "", order="dmy"), ["", "", ""], ""),
        (TimeField("f", "When", "07:05"), ["07", "05"], "07:05"),
        (TimeField("f", "When", "7:"), ["7", ""], "7:"),
        (TextField("f", "What", "Anna"), ["Anna"], "Anna"),
    ],
)
def test_boxes_hold_what_the_field_holds(
    part: DateField | TimeField | TextField, boxes: list[str], value: str
) -> None:
    write = dict(does(View(language="en", title="T", body=(part,))))["f"]
    assert isinstance(write, Write)
    assert [box.value for box in write.boxes] == boxes
    assert text_of(write.boxes) == value


def test_language_cards_speak_their_own_language() -> None:
    cards = Choices("l", (Choice("ru", "Русский", language="ru"), Choice("en", "English")), acts=True)
    said = {
        utterance.language
        for stop in stops(View(language="en", title="T", body=(cards,), back=Button("back", "Back")))
        if stop.name == "l=ru"
        for utterance in stop.said
    }
    assert said == {"ru"}
