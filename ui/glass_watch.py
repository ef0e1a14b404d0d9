"""The pane may change while the kiosk runs: a cable is pulled and put back, a driver picks another size."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from ui.glass import Glass

SETTLED_MS = 150
"""A change comes as several: the screen goes, another one comes, its size and its millimetres follow."""


def glass_of(screen: QScreen, panel: str | None) -> Glass:
    """What a screen reports, or a panel by its diagonal in inches with that screen's pixels."""
    if panel is None:
        return Glass.of_screen(screen)
    return Glass.panel(panel, screen.size().width(), screen.size().height())


class GlassWatch(QObject):
    """``changed`` carries the :class:`~ui.glass.Glass` that ``window`` stands on from now on, as it reports
    itself. While there is no screen at all the window stays as it was.

    The window fills the whole of it again, which without a window manager nobody else sees to.
    """

    changed = Signal(object)

    def __init__(self, window: QWidget, panel: str | None) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._watched: QScreen | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        for told in (application.screenAdded, application.screenRemoved, application.primaryScreenChanged):
            told.connect(self._soon)
        self._soon()

    def _soon(self) -> None:
        self._settled.start()

    def _look(self) -> None:
        screen = self._window.screen() or QGuiApplication.primaryScreen()
        if screen is None or screen.size().isEmpty() or not screen.name():
            # Qt's stand-in for a screen that is gone has no name.
            return
        if screen is not self._watched:
            self._watched = screen
            screen.geometryChanged.connect(self._soon)
            screen.physicalSizeChanged.connect(self._soon)
        handle = self._window.windowHandle()
        if handle is not None and handle.screen() is not screen:
            handle.setScreen(screen)
        if self._window.geometry() != screen.geometry():
            if not self._window.isFullScreen():
                # Qt takes that away from a window whose screen has gone.
                self._window.showFullScreen()
            self._window.setGeometry(screen.geometry())
        self.changed.emit(glass_of(screen, self._panel))
