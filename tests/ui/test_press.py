"""When a press counts (ACCESS T3, T4), with events sent to the window at screen coordinates."""

import gc
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from kiosk.flow.view import Chosen, Event, Pressed
from tests.ui import samples
from tests.ui.conftest import SMALL_GLASS, Show
from ui.theme import Look
from ui.widgets.press import PressGuard, PressRules
from ui.window import KioskWindow

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Told(list[Event]):
    """What a window told, in order."""

    def __init__(self, window: KioskWindow) -> None:
        super().__init__()
        window.happened.connect(self.append)


def place(window: KioskWindow, name: str) -> QPoint:
    box = window.page.target(name)
    assert box is not None, name
    return box.center()


def press(window: KioskWindow, at: QPoint) -> None:
    QTest.mousePress(window.windowHandle(), LEFT, PLAIN, at)


def move(window: KioskWindow, at: QPoint) -> None:
    QTest.mouseMove(window.windowHandle(), at)
    QApplication.processEvents()


def release(window: KioskWindow, at: QPoint) -> None:
    QTest.mouseRelease(window.windowHandle(), LEFT, PLAIN, at)
    QApplication.processEvents()


def test_press_that_begins_and_ends_inside_counts_once(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    at = place(window, "heat=b")
    press(window, at)
    assert told == []
    release(window, at)
    assert told == [Chosen("heat", "b")]


def test_press_that_ends_outside_presses_nothing(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    press(window, place(window, "heat=a"))
    release(window, place(window, "forward"))
    assert told == []


def test_press_that_begins_outside_presses_nothing(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    press(window, QPoint(2, 2))
    release(window, place(window, "forward"))
    assert told == []


def test_drag_that_comes_back_presses_nothing(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    at = place(window, "forward")
    press(window, at)
    move(window, place(window, "heat=a"))
    move(window, at)
    release(window, at)
    assert told == []


def test_trembling_finger_still_presses(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    at = place(window, "heat=a")
    press(window, at)
    for step in (QPoint(6, 4), QPoint(-5, 8), QPoint(3, -6)):
        move(window, at + step)
    release(window, at + QPoint(8, 8))
    assert told == [Chosen("heat", "a")]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return], ids=["space", "enter"])
def test_held_key_acts_once(show: Show, application: QApplication, key: Qt.Key) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    card = dict(window.page.all_targets())["heat=a"]
    card.setFocus()
    QTest.keyPress(window.windowHandle(), key)
    for _ in range(5):
        application.sendEvent(window.windowHandle(), held(key))
    QTest.keyRelease(window.windowHandle(), key)
    application.processEvents()
    assert told == [Chosen("heat", "a")]


def held(key: Qt.Key) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, PLAIN, " ", True)


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_bounce_on_the_same_place_is_refused_where_it_is_asked_for() -> None:
    clock = Clock()
    guard = PressGuard(clock)
    look = replace(Look(SMALL_GLASS), second_press_ms=500)
    here = QPoint(300, 300).toPointF()
    far = QPoint(900, 300).toPointF()
    assert guard.allows(here, look)
    clock.seconds += 0.2
    assert not guard.allows(here, look)
    assert guard.allows(far, look)
    assert guard.allows(here, look)
    clock.seconds += 0.2
    assert not guard.allows(here, look)
    clock.seconds += 0.6
    assert guard.allows(here, look)
    assert PressGuard(clock).allows(here, Look(SMALL_GLASS))


def test_two_presses_count_where_no_bounce_is_refused(show: Show) -> None:
    window = show(samples.heating("en"))
    told = Told(window)
    at = place(window, "forward")
    for _ in range(2):
        press(window, at)
        release(window, at)
    assert told == [Pressed("forward"), Pressed("forward")]


def test_each_press_that_counts_is_told_and_no_other(show: Show) -> None:
    look = Look(SMALL_GLASS, second_press_ms=500)
    window = show(samples.heating("en"), look)
    taken: list[None] = []
    window.touched.connect(lambda: taken.append(None))
    at = place(window, "forward")
    for _ in range(2):
        press(window, at)
        release(window, at)
    assert len(taken) == 1, "the second one followed at once"
    press(window, QPoint(2, 2))
    release(window, QPoint(2, 2))
    assert len(taken) == 1, "nothing is there"


class Ringed(PressRules):
    """Holds what holds it, so that the collector alone takes it."""

    ring: tuple[object, ...] = ()


def test_button_with_the_focus_is_deleted_in_silence_after_python_forgot_it(
    application: QApplication,
) -> None:
    window = QWidget()
    page = QWidget(window)
    button = QPushButton(page)
    rules = Ringed(button, Look(SMALL_GLASS), PressGuard())
    rules.ring = (page, button, rules)
    window.show()
    window.activateWindow()
    application.processEvents()
    button.setFocus()
    assert button.hasFocus()
    page.deleteLater()
    del page, button, rules
    gc.collect()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.children() == []
    window.close()
    window.deleteLater()
