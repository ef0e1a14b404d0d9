"""Presses that were not meant, and how a press is seen (ACCESS T3, T4, S9), by events to the window."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.flow.view import Button, Buttons, Choice, Choices, Pressed, View
from ui.glass import Glass
from ui.opening import application as the_application
from ui.screens.page import Page
from ui.theme import Look
from ui.widgets.press import PressGuard

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
GLASS = Glass.panel("15.6")


@dataclass(slots=True)
class HandClock:
    """Seconds that go on only when they are told to."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Stage:
    page: Page
    clock: HandClock
    events: list[object] = field(default_factory=list)

    @property
    def window(self) -> QWindow:
        handle = self.page.windowHandle()
        assert handle is not None
        return handle

    def show(self, view: View, second_press_ms: int = 0) -> None:
        self.page.render_view(view, Look(GLASS, second_press_ms=second_press_ms))
        QApplication.processEvents()

    def at(self, name: str) -> QPoint:
        box = self.page.target(name)
        assert box is not None, name
        return box.center()

    def widget(self, name: str) -> QWidget:
        return dict(self.page.all_targets())[name]

    def press(self, name: str) -> None:
        QTest.mouseClick(self.window, LEFT, PLAIN, self.at(name))
        QApplication.processEvents()


def view(**more: object) -> View:
    fields: dict[str, object] = {
        "language": "en",
        "title": "How do you heat your home?",
        "body": (
            Choices("heat", (Choice("gas", "Gas"), Choice("wood", "Wood"))),
            Buttons((Button("first", "The first way"), Button("second", "The second way"))),
        ),
        "back": Button("back", "Back"),
        "forward": Button("forward", "Continue"),
        "key": "heat",
        **more,
    }
    return View(**fields)  # type: ignore[arg-type]  # every field is one of the view's


@pytest.fixture
def stage() -> Iterator[Stage]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = the_application()
    clock = HandClock()
    page = Page(PressGuard(clock))
    page.resize(GLASS.width_px, GLASS.height_px)
    made = Stage(page, clock)
    page.happened.connect(made.events.append)
    made.show(view())
    page.show()
    page.activateWindow()
    application.processEvents()
    yield made
    page.close()
    page.deleteLater()
    application.processEvents()


def test_drag_from_one_button_to_another_presses_neither(stage: Stage) -> None:
    begin, end = stage.at("first"), stage.at("second")
    QTest.mousePress(stage.window, LEFT, PLAIN, begin)
    for step in range(1, 11):
        QTest.mouseMove(stage.window, begin + (end - begin) * (step / 10))
    QTest.mouseRelease(stage.window, LEFT, PLAIN, end)
    assert stage.events == []


def test_other_mouse_buttons_press_nothing(stage: Stage) -> None:
    QTest.mouseClick(stage.window, RIGHT, PLAIN, stage.at("first"))
    assert stage.events == []


def test_a_button_is_down_by_shape_while_the_finger_rests_on_it(stage: Stage) -> None:
    button = stage.widget("first")
    before = button.grab().toImage()
    QTest.mousePress(stage.window, LEFT, PLAIN, stage.at("first"))
    down = button.grab().toImage()
    QTest.mouseRelease(stage.window, LEFT, PLAIN, stage.at("first"))
    corner = GLASS.px(0.4)
    edge = [image.pixelColor(button.width() // 2, corner).name() for image in (before, down)]
    assert edge[0] != edge[1], "the frame shrinks away from the button's edge"


def test_button_that_is_off_takes_no_press(stage: Stage) -> None:
    stage.show(view(body=(Buttons((Button("first", "The first way", enabled=False),)),), key="off"))
    stage.press("first")
    assert stage.events == []


def test_second_press_within_half_a_second_is_ignored_where_it_is_asked_for(stage: Stage) -> None:
    stage.show(view(), second_press_ms=500)
    stage.press("first")
    stage.clock.now += 0.3
    stage.press("first")
    assert stage.events == [Pressed("first")]
    stage.clock.now += 0.6
    stage.press("first")
    assert stage.events == [Pressed("first"), Pressed("first")]


def test_second_press_elsewhere_counts_at_once(stage: Stage) -> None:
    stage.show(view(), second_press_ms=500)
    stage.press("first")
    stage.press("forward")
    assert stage.events == [Pressed("first"), Pressed("forward")]


def test_bounce_does_not_press_what_came_up_under_the_finger(stage: Stage) -> None:
    stage.show(view(), second_press_ms=500)
    stage.press("forward")
    stage.show(view(title="When were you born?", key="born"), second_press_ms=500)
    stage.clock.now += 0.1
    stage.press("forward")
    assert stage.events == [Pressed("forward")]
