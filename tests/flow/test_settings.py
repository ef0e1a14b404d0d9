"""Settings change what a person sees and hears, at once, and only until they leave."""

import pytest

from kiosk.errors import Message
from kiosk.flow.comfort import Comfort, Output, TextSize, Theme
from kiosk.flow.table import Screen
from kiosk.flow.view import Choices, Notice
from tests.flow.booth import Booth, buttons, sentences


def chosen(booth: Booth, field: str) -> str:
    part = next(part for part in booth.view.body if isinstance(part, Choices) and part.field == field)
    return next(each.value for each in part.choices if each.chosen)


def test_each_setting_takes_hold_at_once_and_keeps_the_page_where_it_is(booth: Booth) -> None:
    booth.press("settings")
    key = booth.view.key
    for size in TextSize:
        booth.choose("size", size)
        assert booth.visit.comfort.size is size
        assert chosen(booth, "size") == size
    for theme in Theme:
        booth.choose("theme", theme)
        assert booth.visit.comfort.theme is theme
        assert chosen(booth, "theme") == theme
    for field, value, name in (
        ("spacing", "wide", "spaced"),
        ("twice", "once", "once"),
        ("tick", "sound", "tick"),
    ):
        assert not getattr(booth.visit.comfort, name)
        booth.choose(field, value)
        assert getattr(booth.visit.comfort, name)
        assert chosen(booth, field) == value
    assert booth.view.key == key


def test_a_changed_speed_is_heard_as_it_now_sounds(booth: Booth) -> None:
    booth.press("settings")
    booth.press("faster")
    assert booth.visit.comfort.rate == 5
    assert booth.reader.comforts[-1].rate == 5
    assert booth.reader.read_views[-1].title == "The voice speaks at speed 5 of 7."
    assert booth.reader.read_views[-1].title in sentences(booth.view)


@pytest.mark.parametrize(
    ("button", "steps", "attribute", "end"),
    [
        ("slower", 3, "rate", 1),
        ("faster", 3, "rate", 7),
        ("quieter", 2, "volume", 1),
        ("louder", 2, "volume", 5),
    ],
)
def test_a_scale_ends_with_a_grey_button(
    booth: Booth, button: str, steps: int, attribute: str, end: int
) -> None:
    booth.press("settings")
    for _ in range(steps):
        booth.press(button)
    assert getattr(booth.visit.comfort, attribute) == end
    assert not buttons(booth.view)[button].enabled


def test_the_language_changes_on_the_page_and_under_it(booth: Booth) -> None:
    booth.reach_need()
    english = booth.view.title
    booth.press("settings")
    booth.choose("language", "ru")
    assert booth.view.language == "ru"
    booth.press("forward")
    assert booth.view.screen == Screen.NEED
    assert booth.view.language == "ru"
    assert booth.view.title != english


def test_a_question_is_asked_on_in_the_language_that_was_chosen(booth: Booth) -> None:
    booth.reach_question("en")
    booth.type("/data/name", "Anna")
    booth.press("settings")
    booth.choose("language", "ru")
    booth.press("forward")
    assert booth.view.title == "Как вас зовут?"
    booth.press("forward")
    assert booth.view.title == "Сколько комнат вы топите?"


def test_a_person_finds_the_defaults_that_the_one_before_changed(booth: Booth) -> None:
    booth.reach_need("ko")
    booth.press("settings")
    booth.choose("size", TextSize.SMALL)
    booth.choose("voice", "off")
    booth.press("forward")
    booth.press("help")
    booth.press("leave")
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.comfort == Comfort()
    assert booth.visit.language == "en"
    assert booth.reader.comforts[-1] == Comfort()


def test_without_a_voice_the_page_says_why_and_offers_no_speed(booth: Booth) -> None:
    booth.reader.off = Message("No loudspeaker was found.")
    booth.press("settings")
    notice = next(part for part in booth.view.body if isinstance(part, Notice))
    assert notice.text == "No loudspeaker was found."
    assert "faster" not in buttons(booth.view)


def test_headphones_are_chosen_for_this_person_alone(booth: Booth) -> None:
    booth.press("settings")
    assert chosen(booth, "listening") == "aloud"
    booth.choose("listening", "headphones")
    assert chosen(booth, "listening") == "headphones"
    assert booth.reader.comforts[-1].headphones
    assert not Comfort().headphones


def test_headphones_are_chosen_by_their_name_where_there_are_several(booth: Booth) -> None:
    booth.reader.outputs = (Output("a", "Built-in Audio"), Output("b", "USB Headset"))
    booth.press("settings")
    assert "With headphones: USB Headset" in sentences(booth.view)
    booth.choose("listening", "headphones:b")
    assert booth.reader.comforts[-1].output == "b"
    assert booth.reader.comforts[-1].headphones
    assert chosen(booth, "listening") == "headphones:b"
    booth.choose("listening", "aloud")
    assert (booth.reader.comforts[-1].output, booth.reader.comforts[-1].headphones) == ("", False)


def test_way_back_to_the_loudspeaker_stays_when_headphones_are_pulled_out(booth: Booth) -> None:
    booth.reader.outputs = (Output("a", "Built-in Audio"), Output("b", "USB Headset"))
    booth.press("settings")
    booth.choose("listening", "headphones:b")
    booth.reader.off = Message("The voice is off.")
    booth.choose("listening", "aloud")
    assert booth.reader.comforts[-1].output == ""
