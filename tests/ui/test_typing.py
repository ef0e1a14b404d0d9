"""Writing with the keys on the glass: which box they write into, and where they stand."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.flow.comfort import TextSize
from kiosk.flow.view import Event, Typed
from tests.ui import samples
from tests.ui.conftest import LARGE_GLASS, SMALL_GLASS, Show
from ui.driver import Driver
from ui.glass import Glass
from ui.theme import KeyOrder, Look
from ui.widgets import keys
from ui.window import KioskWindow

TEXTS = {"en": "Mary O'Brown-12", "ru": "Анна Ёлкина, д. 5", "ko": "김값비싼 옷"}


def told_by(window: KioskWindow) -> list[Event]:
    told: list[Event] = []
    window.happened.connect(told.append)
    return told


@pytest.mark.parametrize("size", list(TextSize))
@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_every_letter_is_written_by_keys_on_the_glass(show: Show, language: str, size: TextSize) -> None:
    window = show(samples.name(language), Look(SMALL_GLASS, language=language, size=size))
    told = told_by(window)
    Driver(window).type("name", TEXTS[language])
    assert told[-1] == Typed("name", TEXTS[language])
    assert window.page.written("field:name") == TEXTS[language]


@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_on_a_narrow_glass_the_switches_stand_below_and_write_the_same(show: Show, language: str) -> None:
    glass = Glass.panel("17.3", 1080, 1920)
    window = show(samples.name(language), Look(glass, language=language, size=TextSize.EXTRA_LARGE))
    boxes = [box for name, box in _keys(window) if name != "key:delete"]
    assert min(glass.mm(box.width()) for box in boxes) >= 12.7
    delete = dict(_keys(window))["key:delete"]
    assert delete.top() > max(box.top() for name, box in _keys(window) if len(name) == len("key:x"))
    Driver(window).type("name", TEXTS[language])
    assert window.page.written("field:name") == TEXTS[language]


def _keys(window: KioskWindow) -> list[tuple[str, QRect]]:
    page = window.page
    found = ((name, page.target(name)) for name, _ in page.all_targets() if name.startswith("key:"))
    return [(name, box) for name, box in found if box is not None]


@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_another_script_is_behind_one_key(show: Show, language: str) -> None:
    window = show(samples.name(language))
    Driver(window).type("name", "Кim 가")
    assert window.page.written("field:name") == "Кim 가"


def test_letters_in_alphabetical_order_write_the_same(show: Show) -> None:
    window = show(samples.name("ru"), Look(SMALL_GLASS, language="ru", key_order=KeyOrder.ALPHABETICAL))
    Driver(window).type("name", "Яблоко")
    assert window.page.written("field:name") == "Яблоко"


@pytest.mark.parametrize("language", list(keys.LETTERS))
def test_every_letter_of_a_language_has_a_key(language: str) -> None:
    shown = {key.id for row in keys.letter_rows(language, capital=False, alphabetical=False) for key in row}
    sorted_too = {
        key.id for row in keys.letter_rows(language, capital=False, alphabetical=True) for key in row
    }
    assert set(keys.ALPHABETS[language]) <= shown
    assert shown == sorted_too
    widths = {
        sum(key.units for key in row) for row in keys.letter_rows(language, capital=True, alphabetical=True)
    }
    assert len(widths) == 1
    assert max(widths) <= 18


@pytest.mark.parametrize("size", list(TextSize))
@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_date_is_written_box_after_box_with_one_touch(show: Show, language: str, size: TextSize) -> None:
    window = show(samples.born(language), Look(SMALL_GLASS, language=language, size=size))
    told = told_by(window)
    Driver(window).type("born", "1948-03-12")
    assert told[-1] == Typed("born", "1948-03-12")


def test_full_box_leads_to_the_next_without_the_window_systems_focus(show: Show) -> None:
    window = show(samples.born("en"))
    told = told_by(window)
    focused = window.focusWidget()
    assert focused is not None
    focused.clearFocus()
    for digit in "12031948":
        box = window.page.target(f"key:{digit}")
        assert box is not None
        QTest.mouseClick(
            window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center()
        )
    assert told[-1] == Typed("born", "1948-03-12")


def test_keys_write_into_the_first_box_where_nothing_has_the_focus(show: Show) -> None:
    window = show(samples.name("en"))
    told = told_by(window)
    focused = window.focusWidget()
    assert focused is not None
    focused.clearFocus()
    box = window.page.target("key:a")
    assert box is not None
    QTest.mouseClick(
        window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center()
    )
    assert told == [Typed("name", "a")]


def test_keyboard_on_the_table_writes_too(show: Show) -> None:
    window = show(samples.name("en"))
    told = told_by(window)
    for letter in "mary":
        QTest.keyClick(window.windowHandle(), Qt.Key(ord(letter.upper())))
    assert told[-1] == Typed("name", "mary")


def test_digits_stand_in_the_groups_of_the_paper(show: Show) -> None:
    window = show(samples.card("en"))
    told = told_by(window)
    Driver(window).type("card", "48210937551622047719")
    assert told[-1] == Typed("card", "48210937551622047719")


def test_hint_that_left_for_the_keys_is_one_press_away(show: Show) -> None:
    look = Look(SMALL_GLASS, language="ru", size=TextSize.EXTRA_LARGE)
    window = show(samples.name("ru"), look)
    page = window.page
    hint = dict(page.blocks())["hint"]
    Driver(window).type("name", "я")
    assert page.target("key:я")
    while not page.sees(hint):
        assert page.target("page-up")
        Driver(window).press("page-up")
    assert page.sees(hint)


def test_words_and_keys_stand_together_where_there_is_room(show: Show) -> None:
    window = show(samples.name("ru"), Look(LARGE_GLASS, language="ru"))
    page = window.page
    assert page.page_count == 1
    assert page.target("key:я")
    assert all(page.sees(block) for _, block in page.blocks())


def test_long_text_shows_its_end_and_moves_no_key(show: Show) -> None:
    window = show(samples.name("en"))
    before = window.page.target("key:a")
    Driver(window).type("name", "a word after another " * 12)
    assert window.page.target("key:a") == before


def test_qts_own_virtual_keyboard_is_never_loaded(show: Show) -> None:
    window = show(samples.name("ko"))
    Driver(window).type("name", "가")
    assert "QT_IM_MODULE" not in os.environ or "virtualkeyboard" not in os.environ["QT_IM_MODULE"]
    maps = Path("/proc/self/maps")
    if not maps.is_file():
        pytest.skip("only Linux lists what a process has loaded")
    QApplication.processEvents()
    assert "virtualkeyboard" not in maps.read_text().lower()
    assert "QtQuick" not in maps.read_text()
