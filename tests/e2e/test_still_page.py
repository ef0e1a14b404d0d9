"""Nothing on a page moves that the person did not move: the voice falls silent by itself."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.flow.comfort import TextSize
from kiosk.flow.pages.question import QuestionView
from kiosk.flow.view import Bar, Button, TextField
from kiosk.texts import LANGUAGES, texts_for
from ui.driver import Driver
from ui.glass import Glass
from ui.theme import Look
from ui.window import KioskWindow


def question(language: str, *, speaking: bool, bar_note: str = "") -> QuestionView:
    say = texts_for(language).say
    reading = say("Stop reading") if speaking else say("Read it to me")
    return QuestionView(
        language=language,
        title="?",
        bar=Bar(
            (
                Button("settings", say("Settings"), icon="settings"),
                Button("read", reading, icon="stop" if speaking else "speak"),
                Button("help", say("Help"), icon="help"),
            ),
            note=bar_note,
        ),
        body=(TextField("/data/name", ""),),
        back=Button("back", say("Back"), icon="back"),
        forward=Button("forward", say("Continue"), icon="forward"),
        key="question",
    )


@pytest.mark.parametrize("panel", ["15.6", "23.8"])
@pytest.mark.parametrize("size", list(TextSize))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_that_ends_moves_nothing(qt: QApplication, language: str, size: TextSize, panel: str) -> None:
    look = replace(Look(Glass.panel(panel, 1920, 1080)), language=language, size=size)
    window = KioskWindow(look)
    window.show()
    hands = Driver(window)
    window.show_view(question(language, speaking=True), look)
    hands.type("/data/name", "1")
    before = {name: window.page.target(name) for name, _ in window.page.all_targets()}
    window.show_view(question(language, speaking=False), look)
    assert {name: window.page.target(name) for name, _ in window.page.all_targets()} == before
    window.close()


def test_whoever_is_typing_keeps_the_keys_when_the_page_grows(qt: QApplication) -> None:
    look = replace(Look(Glass.panel("15.6", 1920, 1080)), size=TextSize.EXTRA_LARGE)
    window = KioskWindow(look)
    window.show()
    hands = Driver(window)
    view = question("en", speaking=True)
    window.show_view(view, look)
    hands.type("/data/name", "ab")
    window.show_view(replace(view, bar=replace(view.bar, note="The voice is off. " * 5)), look)
    hands.type("/data/name", "abc")
    assert window.page.written("field:/data/name") == "abc"
    window.close()
