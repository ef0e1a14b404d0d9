"""Every screen's presenter, each page imported when it is first turned to: a start need not wait for all."""

import importlib
from collections.abc import Iterator, Mapping

from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Screen


class Book(Mapping[Screen, type[Presenter]]):
    """A page's module bears its screen's name; the very first one is ``start``."""

    def __init__(self) -> None:
        self._turned: dict[Screen, type[Presenter]] = {}

    def __getitem__(self, screen: Screen) -> type[Presenter]:
        if screen not in self._turned:
            name = "start" if screen is Screen.MOMENT else screen.value
            page = vars(importlib.import_module(f"kiosk.flow.pages.{name}"))
            self._turned[screen] = next(
                each for each in page.values() if isinstance(each, type) and _presents(each, screen)
            )
        return self._turned[screen]

    def __iter__(self) -> Iterator[Screen]:
        return iter(Screen)

    def __len__(self) -> int:
        return len(Screen)

    def read_through(self) -> None:
        """Imports every page; for a thread that has the time, so that no touch has to wait for one."""
        for screen in self:
            self[screen]


def _presents(kind: type, screen: Screen) -> bool:
    return issubclass(kind, Presenter) and vars(kind).get("screen") is screen


BOOK = Book()
