"""The window's glass, as the page that sets it up sees it."""

from dataclasses import replace

from ui.glass import Glass
from ui.window import KioskWindow


class WindowPane:
    """Implements :class:`kiosk.flow.desk.Pane`. Lives on the thread that shows pages."""

    def __init__(self, window: KioskWindow) -> None:
        self._window = window
        self._measured = ""

    def fitted(self, share: float) -> str:
        return self._window.look.glass.fitted(share).measured

    def fits(self) -> bool | None:
        """None where nobody has measured it, False where another one was; from any thread."""
        return self._window.look.glass.is_of(self._measured) if self._measured else None

    def use(self, measured: str) -> None:
        self._measured = measured
        look = self._window.look
        self._window.look = replace(look, glass=look.glass.as_measured(measured))

    def stand_on(self, glass: Glass) -> bool:
        """Another pane, or other pixels of the same one; by what was measured of it, if anything was. Whether
        pages have to be drawn anew."""
        glass = glass.as_measured(self._measured)
        before = self._window.look.glass
        self._window.look = replace(self._window.look, glass=glass)
        return glass != before
