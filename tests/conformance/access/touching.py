"""Presses as events at screen coordinates, and states told by shape (ACCESS T3, T4, S9)."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from kiosk.flow.view import View
from tests.conformance.access.doing import contrasts, picture
from tests.conformance.access.eye import Pixels
from tests.conformance.access.ledger import Ledger
from ui.theme import Look
from ui.widgets.buttons import PressButton
from ui.widgets.choices import ChoiceCard
from ui.widgets.entry import Entry
from ui.window import KioskWindow

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
NOT_HERE = ("page-up", "page-down", "more", "error:")
"""What moves the page itself under the finger."""
LEAST_CHANGE = 0.01


def presses(window: KioskWindow, ledger: Ledger, where: str) -> None:
    """Every button and card of the visible sheet, but only the first and the last key of a keyboard."""
    targets = [
        (name, widget)
        for name, widget in window.page.visible_targets()
        if isinstance(widget, QAbstractButton) and widget.isEnabled() and not name.startswith(NOT_HERE)
    ]
    keys = [each for each in targets if each[0].startswith("key:")]
    for name, widget in [each for each in targets if each not in keys] + keys[:1]:
        _press(window, name, widget, ledger, where)


def _press(window: KioskWindow, name: str, button: QAbstractButton, ledger: Ledger, where: str) -> None:
    clicks: list[int] = []
    # What the page does about it is another matter: here counts whether it was pressed.
    connection = button.clicked.connect(lambda: clicks.append(1))
    handle = window.windowHandle()
    inside = button.mapTo(window, button.rect().center())
    outside = QPoint(2, 2)

    def count() -> int:
        QApplication.processEvents()
        found = len(clicks)
        clicks.clear()
        return found

    QTest.mousePress(handle, LEFT, PLAIN, inside)
    QTest.mouseRelease(handle, LEFT, PLAIN, outside)
    ledger.check("T3", count() == 0, f"{where}: {name}, let go outside")
    QTest.mousePress(handle, LEFT, PLAIN, outside)
    QTest.mouseRelease(handle, LEFT, PLAIN, inside)
    ledger.check("T3", count() == 0, f"{where}: {name}, begun outside")
    QTest.mousePress(handle, LEFT, PLAIN, inside)
    QTest.mouseMove(handle, outside)
    QApplication.processEvents()
    QTest.mouseMove(handle, inside)
    QApplication.processEvents()
    QTest.mouseRelease(handle, LEFT, PLAIN, inside)
    ledger.check("T3", count() == 0, f"{where}: {name}, dragged away and back")
    _press_with_key(button, clicks, ledger, f"{where}: {name}")
    button.clicked.disconnect(connection)


def _press_with_key(button: QAbstractButton, clicks: list[int], ledger: Ledger, where: str) -> None:
    for repeated in (False, True, True, True):
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, PLAIN, " ", repeated)
        QApplication.sendEvent(button, key)
    ledger.check("T4", len(clicks) == 1, f"{where}, held down", shown=f"{len(clicks)} presses")


def states(window: KioskWindow, look: Look, view: View, ledger: Ledger, where: str) -> None:
    """In a theme of one ink, every state of every control still looks different."""
    window.show_view(view, look)
    page = window.page
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    for name, widget in list(page.visible_targets()):
        if isinstance(widget, QAbstractButton) and widget.isEnabled():
            rest = picture(widget)
            widget.setDown(True)
            _differs(widget, rest, ledger, f"{where}: {name} pressed")
            widget.setDown(False)
        if isinstance(widget, PressButton):
            rest = picture(widget)
            widget.setEnabled(not widget.isEnabled())
            _differs(widget, rest, ledger, f"{where}: {name} that cannot be pressed")
            widget.setEnabled(not widget.isEnabled())
        if isinstance(widget, ChoiceCard) and widget.isCheckable():
            rest = picture(widget)
            choice = widget.choice
            widget.show_choice(replace(choice, chosen=not choice.chosen))
            _differs(widget, rest, ledger, f"{where}: {name} chosen")
            widget.show_choice(choice)
        if isinstance(widget, Entry):
            active, wrong = widget.active, widget.wrong
            widget.active = False
            rest = picture(widget)
            widget.wrong = not wrong
            _differs(widget, rest, ledger, f"{where}: {name} wrong")
            widget.active, widget.wrong = active, wrong


def _differs(widget: QWidget, rest: Pixels, ledger: Ledger, where: str) -> None:
    changed = float((contrasts(rest, picture(widget)) >= 3).mean())
    ledger.at_least("S9", changed, LEAST_CHANGE, where, " of its pixels")
