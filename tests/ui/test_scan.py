"""Two switches: rows, groups, keys, and out again (F9 moves on, F10 takes)."""

from itertools import count

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.flow.view import Chosen, Event, Pressed, Typed
from tests.ui import samples
from tests.ui.conftest import Show
from ui.widgets import keys
from ui.widgets.keyboard import KeyButton
from ui.widgets.scan import KeyScan
from ui.window import KioskWindow

MOST_PRESSES = 22
"""From the first row to the farthest key; one row after another would take three times as many."""


def rows_of(language: str) -> list[list[str]]:
    shown = keys.letter_rows(language, capital=False, alphabetical=False)
    return [[key.id for key in row] for row in shown]


def presses_to(wanted: str, rows: list[list[str]]) -> int:
    """Moves on until what is lit holds the key, then takes it."""
    scan = KeyScan(rows)
    for presses in count(1):
        if wanted in scan.lit and not scan.leads_out:
            if scan.choose() == wanted:
                return presses
        else:
            scan.next()
        assert presses < 200, wanted
    raise AssertionError


@pytest.mark.parametrize("language", list(keys.LETTERS))
def test_every_key_is_reached_in_few_presses(language: str) -> None:
    rows = rows_of(language)
    needed = {key: presses_to(key, rows) for row in rows for key in row}
    assert max(needed.values()) <= MOST_PRESSES, needed
    assert len(needed) == sum(len(row) for row in rows)


def test_each_level_has_a_way_out_at_its_end() -> None:
    scan = KeyScan([["a", "b", "c", "d", "e", "f"], ["g"]])

    def on(times: int) -> list[str]:
        for _ in range(times):
            scan.next()
        return list(scan.lit)

    scan.choose()
    scan.choose()
    assert on(0) == ["a"]
    on(3)
    assert scan.leads_out
    assert scan.choose() is None
    assert on(0) == ["a", "b", "c"]
    on(2)
    assert scan.leads_out
    scan.choose()
    assert on(0) == ["a", "b", "c", "d", "e", "f"]
    on(1)
    assert scan.choose() == "g", "a row of one key is that key"
    on(2)
    assert scan.leads_out


class Switches:
    """A person with two switches, who sees which keys are lit."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window
        self.told: list[Event] = []
        self.heard: list[str] = []
        window.happened.connect(self.told.append)
        window.key_named.connect(self.heard.append)

    def on(self) -> None:
        self._press(Qt.Key.Key_F9)

    def take(self) -> None:
        self._press(Qt.Key.Key_F10)

    def _press(self, key: Qt.Key) -> None:
        QTest.keyClick(self._window.windowHandle(), key)
        QApplication.processEvents()

    def lit(self) -> list[str]:
        targets = self._window.page.visible_targets()
        return [widget.key.id for _, widget in targets if isinstance(widget, KeyButton) and widget.pointed]

    def type(self, key: str) -> None:
        for _ in range(200):
            lit = self.lit()
            if lit == [key]:
                self.take()
                return
            if key in lit and len(lit) < 40 and len(self.heard) and "," in self.heard[-1]:
                self.take()
            else:
                self.on()
        raise AssertionError(key)

    def focus_on(self, name: str) -> None:
        for _ in range(40):
            if any(n == name and w.hasFocus() for n, w in self._window.page.visible_targets()):
                return
            self.on()
        raise AssertionError(name)


@pytest.mark.parametrize(("language", "letters"), [("en", "ann"), ("ru", "аня"), ("ko", "ㅇㅏㄴ")])
def test_a_word_is_written_with_two_switches_and_each_step_is_told(
    show: Show, language: str, letters: str
) -> None:
    window = show(samples.name(language))
    window.activateWindow()
    switches = Switches(window)
    switches.focus_on("field:name")
    switches.take()
    assert (
        switches.lit()[:3]
        == [key.id for key in keys.letter_rows(language, capital=False, alphabetical=False)[0]][:3]
    )
    for letter in letters:
        switches.type(letter)
    assert switches.told[-1] == Typed("name", "안" if language == "ko" else letters)
    assert letters[0] in switches.heard


def test_a_page_is_answered_and_left_with_two_switches(show: Show) -> None:
    window = show(samples.heating("en"))
    window.activateWindow()
    switches = Switches(window)
    switches.focus_on("heat=b")
    switches.take()
    switches.focus_on("forward")
    switches.take()
    assert switches.told == [Chosen("heat", "b"), Pressed("forward")]


def test_leaving_the_keys_leads_on_to_the_next_part_of_the_page(show: Show) -> None:
    window = show(samples.card("en"))
    window.activateWindow()
    switches = Switches(window)
    switches.focus_on("field:card")
    switches.take()
    for _ in range(4):
        switches.on()
    switches.take()
    assert switches.lit() == []
    assert not any(name == "field:card" and w.hasFocus() for name, w in window.page.visible_targets())
