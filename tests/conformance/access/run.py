"""Shows every view in one window, in every look that was asked for, and measures it."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kiosk.flow.comfort import Comfort, TextSize, Theme
from kiosk.flow.table import Screen
from kiosk.flow.view import View
from kiosk.texts import texts_for
from kiosk.voice.spoken import words_of
from tests.conformance.access import doing, hearing, touching
from tests.conformance.access.eye import Eye
from tests.conformance.access.ledger import Ledger
from tests.conformance.access.pseudo import LONGER, RIGHT_TO_LEFT, pseudo
from tests.conformance.access.requirements import REQUIREMENTS
from tests.conformance.access.seeing import CAP_RANGE, Gathered, measure, nothing_lost
from tests.conformance.access.walk import LANGUAGES, Shown, walked
from ui.glass import Glass
from ui.opening import application
from ui.screens.page import Page
from ui.theme import CAP_MM, Look
from ui.window import KioskWindow

PANELS: Final = ("15.6", "23.8")
LAPTOP, UPRIGHT = "14", "23.8 upright"
"""What a volunteer takes along on a home visit, and a kiosk whose screen stands on its side."""
_PIXELS: Final = {LAPTOP: (1366, 768), UPRIGHT: (1080, 1920)}
LONG, ARABIC = "pseudo", "pseudo-rtl"
TONGUES: Final = (*LANGUAGES, LONG, ARABIC)
_TAGS: Final = {LONG: LONGER, ARABIC: RIGHT_TO_LEFT}


@dataclass(frozen=True, slots=True)
class Case:
    """One view in one look. ``tongue`` is a language or a pseudo-locale."""

    name: str
    tongue: str
    size: TextSize
    theme: Theme
    panel: str
    spaced: bool = False

    def __str__(self) -> str:
        spaced = ", spaced" if self.spaced else ""
        return f"{self.name}, {self.tongue}, {self.size}, {self.theme}, {self.panel}″{spaced}"


TIGHTEST = (TextSize.EXTRA_LARGE, PANELS[0])
"""The largest letters on the smallest glass."""


def glass_of(panel: str) -> Glass:
    """The pane by its diagonal in inches, upright or not; of 1920 × 1080 unless it is the laptop's."""
    return Glass.panel(panel.split()[0], *_PIXELS.get(panel, (1920, 1080)))


def every_case(names: Sequence[str], panels: Sequence[str] = PANELS) -> Iterator[Case]:
    """All of them in the three languages; the pseudo-locales, and the three languages widely spaced, which
    change no colour, at every size on both panels. Where there is the least room, every tongue is spaced but
    the one whose words are a third longer: two rows of buttons above the keys and two below then leave no
    room for what is written in."""
    themes = tuple(Theme)
    for name, tongue, size, panel in product(names, TONGUES, TextSize, panels):
        if tongue in LANGUAGES:
            for theme in themes:
                yield Case(name, tongue, size, theme, panel)
    for at, (name, tongue, size, panel) in enumerate(product(names, (LONG, ARABIC), TextSize, panels)):
        yield Case(name, tongue, size, themes[at % 4], panel)
    for at, (name, size, panel) in enumerate(product(names, TextSize, panels)):
        if (size, panel) != TIGHTEST:
            yield Case(name, LANGUAGES[at % len(LANGUAGES)], size, Theme.CALM, panel, spaced=True)
    if TIGHTEST[1] in panels:
        for name, tongue in product(names, (*LANGUAGES, ARABIC)):
            yield Case(name, tongue, TIGHTEST[0], Theme.CALM, TIGHTEST[1], spaced=True)


def paired_cases(names: Sequence[str], panels: Sequence[str] = PANELS) -> Iterator[Case]:
    """Every two of view, tongue, size, theme and panel meet at least once, and wider spacing with each."""
    sizes, themes = tuple(TextSize), tuple(Theme)
    for at, name in enumerate(names):
        for step, tongue in enumerate(TONGUES):
            size = sizes[(step + at) % 4]
            theme = themes[(step + at // 4) % 4]
            panel = panels[(step + at // 16 + at) % len(panels)]
            yield Case(name, tongue, size, theme, panel, spaced=(step + at) % 5 == 0)


def views() -> tuple[Ledger, dict[str, dict[str, View]]]:
    """Every view by tongue and name, and the ledger that the walk has begun."""
    ledger = Ledger(REQUIREMENTS)
    found: dict[str, dict[str, View]] = {}
    with TemporaryDirectory(prefix="opora-access-") as folder:
        for language in LANGUAGES:
            shown = walked(language, Path(folder) / language, ledger)
            found[language] = {each.name: each.view for each in shown}
            doing.lint(shown, ledger, language)
            hearing.private_is_hidden(shown, ledger, language)
            _every_screen(shown, ledger, language)
    for tongue, tag in _TAGS.items():
        found[tongue] = {name: pseudo(view, tag) for name, view in found["en"].items()}
    return ledger, found


def _every_screen(shown: tuple[Shown, ...], ledger: Ledger, language: str) -> None:
    seen = {each.view.screen for each in shown}
    for screen in Screen:
        ledger.check("S4", screen in seen, f"the page {screen} was not walked to, {language}")


class Inspection:
    """One window that is used for all."""

    def __init__(self, ledger: Ledger, found: Mapping[str, Mapping[str, View]]) -> None:
        self._application = application()
        self._application.setStyle("fusion")
        self._ledger = ledger
        self._found = found
        self._eye = Eye()
        self._heard: set[tuple[str, str]] = set()
        glass = Glass.panel(PANELS[0])
        self._window = KioskWindow(Look(glass))
        self._window.resize(glass.width_px, glass.height_px)
        self._window.show()

    def close(self) -> None:
        self._window.close()
        self._window.deleteLater()
        QApplication.processEvents()

    def look_at(self, cases: Iterator[Case], told: Callable[[Case], None] = lambda _: None) -> None:
        with self._eye.open():
            for case in cases:
                view = self._found[case.tongue].get(case.name)
                if view is not None:
                    told(case)
                    self._look_at(case, view)

    def touch(self, names: Sequence[str]) -> None:
        """Presses and keys, in one look: how a control answers does not depend on its size."""
        for at, name in enumerate(names):
            theme = tuple(Theme)[at % 4]
            for tongue in ("en", ARABIC):
                view = self._found[tongue].get(name)
                if view is None:
                    continue
                case = Case(name, tongue, TextSize.LARGE, theme, PANELS[0])
                self._show(case, view)
                # Without an active window nothing has the focus, and no ring is painted.
                self._window.activateWindow()
                QApplication.processEvents()
                doing.focus_order(self._window, self._ledger, str(case))
                doing.focus_is_seen(self._window, self._ledger, str(case))
                if tongue == "en":
                    touching.presses(self._window, self._ledger, str(case))
                    touching.states(
                        self._window,
                        self._look(case, view, theme=Theme.DARK_ON_LIGHT),
                        view,
                        self._ledger,
                        str(case),
                    )
                    if view.errors:
                        doing.errors_lead(self._window, view, self._ledger, str(case))

    def _look(self, case: Case, view: View, theme: Theme | None = None) -> Look:
        return Look(
            glass_of(case.panel),
            case.size,
            theme or case.theme,
            view.staff,
            view.language,
            spaced=case.spaced,
        )

    def _show(self, case: Case, view: View) -> Page:
        # Without an event loop nobody else deletes the widgets of the pages before.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        look = self._look(case, view)
        self._window.resize(look.glass.width_px, look.glass.height_px)
        self._window.show_view(view, look)
        return self._window.page

    def _look_at(self, case: Case, view: View) -> None:
        page = self._show(case, view)
        look, ledger, gathered = self._look(case, view), self._ledger, Gathered()
        while page.shown_page:
            page.turn(-1)
        for at in range(page.page_count):
            where = f"{case}, sheet {at + 1}" if page.page_count > 1 else str(case)
            ledger.check("T5", page.shown_page == at, f"{where} cannot be turned to")
            if page.page_count > 1:
                names = {name for name, _ in page.visible_targets()}
                ledger.check("T5", {"page-up", "page-down"} <= names, f"{where} has no paging buttons")
            measure(self._eye.look(page), look, ledger, where, gathered)
            page.turn(1)
        nothing_lost(gathered, ledger, str(case))
        if case.tongue in LANGUAGES and (case.tongue, case.name) not in self._heard:
            self._heard.add((case.tongue, case.name))
            spoken = words_of(view, texts_for(case.tongue), headphones=True)
            hearing.spoken_is_shown(view, [each.text for each in spoken], gathered.texts, ledger, str(case))


def defaults(ledger: Ledger) -> None:
    """What follows from the defaults alone (S2, S3)."""
    start = Comfort()
    ledger.at_least("S2", CAP_RANGE[start.size][0], 4.8, "the size a person starts with", " mm")
    ledger.check("S2", start.voice, "the voice is on")
    ledger.at_least("S3", CAP_MM[TextSize.EXTRA_LARGE], 7.3, "extra large", " mm")


def inspected(
    *,
    pairwise: bool,
    only: str = "",
    panels: Sequence[str] = PANELS,
    sizes: Container[TextSize] = frozenset(TextSize),
) -> Ledger:
    """The whole inspection; ``only``: of views whose names begin so; ``panels`` and ``sizes``: a part of it
    that can be made at the same time as the others."""
    ledger, found = views()
    defaults(ledger)
    names = [name for name in found["en"] if name.startswith(only)]
    inspection = Inspection(ledger, found)
    try:
        cases = paired_cases(names, panels) if pairwise else every_case(names, panels)
        inspection.look_at(case for case in cases if case.size in sizes)
        inspection.touch(names)
    finally:
        inspection.close()
    return ledger


def painted_on(panels: Sequence[str]) -> Ledger:
    """What is painted on other panes, each two of everything; how a control answers is the same on all.

    Words a third longer than in any language of ours are left out on the laptop at the largest size: on its
    174 mm a card of such words is taller than the sheet.
    """
    ledger, found = views()
    inspection = Inspection(ledger, found)
    try:
        cases = paired_cases(tuple(found["en"]), panels)
        tight = (LAPTOP, LONG, TextSize.EXTRA_LARGE)
        inspection.look_at(case for case in cases if (case.panel, case.tongue, case.size) != tight)
    finally:
        inspection.close()
    return ledger
