"""Two switches for whoever sees the page and cannot touch it: F9 moves on, F10 takes.

Over the page they move the focus and press; over the keys they scan rows, groups and keys. Who does not see
has three keys and the voice instead (:mod:`ui.three_keys`).
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui.screens.middle import Middle
from ui.widgets.entry import Entry


def move_on(page: QWidget, middle: Middle) -> None:
    keys = middle.keys
    if keys is not None and keys.is_scanned:
        keys.scan_next()
    else:
        page.focusNextChild()


def take(page: QWidget, middle: Middle) -> None:
    keys = middle.keys
    if keys is not None and keys.is_scanned:
        if not keys.scan_choose():
            page.focusNextChild()
        return
    focused = page.window().focusWidget()
    if isinstance(focused, Entry) and keys is not None:
        keys.scan()
    elif isinstance(focused, QAbstractButton):
        plain = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(focused, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, plain, " "))
