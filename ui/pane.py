"""The window's glass, as the page that sets it up sees it."""

from dataclasses import replace

from ui.window import KioskWindow


class WindowPane:
    """Implements :class:`kiosk.flow.desk.Pane`. Lives on the thread that shows pages."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window
        self._fits: bool | None = None

    def fitted(self, share: float) -> str:
        return self._window.look.glass.fitted(share).measured

    def fits(self) -> bool | None:
        """None where nobody has measured it, False where another one was; from any thread."""
        return self._fits

    def use(self, measured: str) -> None:
        look = self._window.look
        self._window.look = replace(look, glass=look.glass.as_measured(measured))
        self._fits = look.glass.is_of(measured) if measured else None
