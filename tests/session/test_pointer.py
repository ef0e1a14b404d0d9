"""Fingers see no pointer, mice do."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.ui import samples
from tests.ui.conftest import Show
from ui.pointer import PointerForMice


def is_hidden() -> bool:
    cursor = QGuiApplication.overrideCursor()
    return cursor is not None and cursor.shape() is Qt.CursorShape.BlankCursor


def test_a_touch_hides_the_pointer_and_a_mouse_brings_it_back(show: Show) -> None:
    window = show(samples.name("en"))
    handle = window.windowHandle()
    assert handle is not None
    pointer, finger = PointerForMice(handle), QTest.createTouchDevice()
    try:
        for _ in range(2):
            QTest.touchEvent(handle, finger).press(0, QPoint(300, 300)).commit()
            QTest.touchEvent(handle, finger).release(0, QPoint(300, 300)).commit()
            assert is_hidden()
            QTest.mouseMove(handle, QPoint(200, 200))
            QTest.mouseMove(handle, QPoint(210, 200))
            QGuiApplication.processEvents()
            assert not is_hidden()
    finally:
        handle.removeEventFilter(pointer)
