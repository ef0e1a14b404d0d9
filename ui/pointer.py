"""A pointer is shown to whoever moves a mouse, and hidden from whoever touches."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPointingDevice, QWindow


class PointerForMice(QObject):
    """Listens at ``window``'s own events, and takes none of them.

    A compositor hides its pointer where there is no mouse; an X server shows one that touches drag about.
    """

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._hidden = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.TouchBegin:
            self._hide(True)
        elif event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            # Qt makes mouse events of touches too.
            self._hide(event.pointingDevice().pointerType() is QPointingDevice.PointerType.Finger)
        return False

    def _hide(self, hidden: bool) -> None:
        if hidden == self._hidden:
            return
        self._hidden = hidden
        if hidden:
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        else:
            QGuiApplication.restoreOverrideCursor()
