"""The pages of the kiosk; a screen decides nothing, it shows what its view says."""

from kiosk.flow.view import View
from ui.screens.glass import GlassPage
from ui.screens.page import Page
from ui.screens.welcome import WelcomePage

_SCREENS: dict[str, type[Page]] = {"glass": GlassPage, "welcome": WelcomePage}


def screen_for(view: View) -> type[Page]:
    """The class that shows a view's screen; :class:`Page` for one that needs no layout of its own."""
    return _SCREENS.get(view.screen, Page)
