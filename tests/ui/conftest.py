"""A real window, painted into memory where there is no display."""

import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from kiosk.flow.view import View
from ui.glass import Glass
from ui.opening import application as the_application
from ui.theme import Look
from ui.window import KioskWindow

SMALL_GLASS = Glass.panel("15.6")
LARGE_GLASS = Glass.panel("23.8")
Show = Callable[..., KioskWindow]


@pytest.fixture(scope="session")
def application() -> QApplication:
    made = the_application()
    made.setStyle("fusion")
    return made


@pytest.fixture
def show(application: QApplication) -> Iterator[Show]:
    """``show(view, look)`` gives the window that shows it; the same one each time."""
    windows: list[KioskWindow] = []

    def show_view(view: View, look: Look | None = None) -> KioskWindow:
        look = look or Look(SMALL_GLASS, language=view.language)
        if not windows:
            window = KioskWindow(look)
            windows.append(window)
            window.show_view(view, look)
            window.resize(look.glass.width_px, look.glass.height_px)
            window.show()
        else:
            windows[0].show_view(view, look)
        application.processEvents()
        return windows[0]

    yield show_view
    for window in windows:
        window.close()
        window.deleteLater()
    application.processEvents()
