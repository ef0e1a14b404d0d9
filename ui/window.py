"""The one window of the kiosk: holds the present page."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QClipboard, QCloseEvent, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import View
from ui.glass import Glass
from ui.screens import screen_for
from ui.screens.page import Page
from ui.theme import Look
from ui.widgets.press import PressGuard


class KioskWindow(QWidget):
    """``happened`` carries a :data:`kiosk.flow.view.Event`; ``painted`` follows a key's first paint."""

    happened = Signal(object)
    painted = Signal()
    touched = Signal()
    """A press was taken, wherever it was."""
    key_named = Signal(str)
    """What is said of a key on the glass that was pressed, or that two switches stand on."""

    def __init__(self, look: Look, may_close: Callable[[], bool] = lambda: True) -> None:
        """``may_close`` is asked whenever a key, a window manager or a desktop wants the window closed."""
        super().__init__()
        self.look = look
        self._may_close = may_close
        self._guard = PressGuard(taken=self.touched.emit)
        self._page: Page | None = None
        self._forgetting = False
        self.setWindowTitle("Opora")
        self.resize(look.glass.width_px, look.glass.height_px)

    @property
    def page(self) -> Page:
        assert self._page is not None, "nothing was shown yet"
        return self._page

    def forget_person(self) -> None:
        """Somebody has left: what is shown next is a page of new widgets, and the clipboard is empty.

        Half-typed syllables, the keys' shift and what was written all live in the page and go with it.
        """
        self._forgetting = True
        clipboard = QGuiApplication.clipboard()
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            clipboard.clear(mode)

    def show_view(self, view: View, look: Look) -> None:
        """Shows a view: in place where it is the present page's, else as another page."""
        wanted = screen_for(view)
        old = self._page
        if old is None or type(old) is not wanted or self._forgetting:
            self._forgetting = False
            page = wanted(self._guard, self)
            page.happened.connect(self.happened)
            # Queued: whoever hears it may do slow work, which must not stand between page and glass.
            page.painted.connect(self.painted, Qt.ConnectionType.QueuedConnection)
            page.key_named.connect(self.key_named)
            page.setGeometry(self.rect())
            self._page = page
        self.look = look
        assert self._page is not None
        self._page.render_view(view, look)
        if self._page is not old:
            self._page.show()
            if old is not None:
                old.hide()
                old.deleteLater()

    def stand_on(self, glass: Glass) -> None:
        """Draws the present page anew for another pane."""
        self.look = replace(self.look, glass=glass)
        if self._page is not None and self._page.view is not None and self._page.look is not None:
            self._page.render_view(self._page.view, replace(self._page.look, glass=glass))

    def point_at(self, name: str) -> None:
        """Puts the focus where a spoken one stands, so that whoever looks on can follow."""
        if self._page is not None:
            self._page.point_at(name)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._may_close())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # A kiosk's session may have no window manager to hand the keyboard to its only window.
        self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._page is not None:
            self._page.setGeometry(self.rect())
