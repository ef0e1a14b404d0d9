"""The window's glass, as the page that sets it up sees it."""

from dataclasses import replace

from ui.window import KioskWindow


class WindowPane:
    """Implements :class:`kiosk.flow.desk.Pane`. Lives on the thread that shows pages."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window

    def fitted(self, share: float) -> str:
        return self._window.look.glass.fitted(share).measured

    def use(self, measured: str) -> None:
        look = self._window.look
        self._window.look = replace(look, glass=look.glass.as_measured(measured))
