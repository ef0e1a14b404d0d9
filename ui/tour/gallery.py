"""The gallery: every type of question on its page, in each language and at each size, and contact sheets.

A person walks a form that has them all through the real window, once a language, and answers each by touch;
the pages are then painted at every size, as they were answered.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from kiosk.catalogue import load_pack
from kiosk.catalogue.demo import SOURCES, ensure_demo_pack
from kiosk.flow.comfort import Comfort, TextSize
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import View
from kiosk.receipts import FolderPrinter
from kiosk.texts import LANGUAGES
from ui.app import KioskApp
from ui.demonstration import settle_in_alone
from ui.display import paint_without_display
from ui.driver import Driver
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.examples import Examples
from ui.tour.person import Person
from ui.tour.voice import TourPlayer
from ui.window import KioskWindow

GALLERY = SOURCES / "gallery"
SERVICE = "every-type"
SIZES = tuple(TextSize)
PIXELS = (1920, 1080)
THUMB = 480
ACROSS = 6

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page to paint; ``name`` is its file's, without number."""

    name: str
    view: View


@dataclass(slots=True)
class _Seen:
    """Pages in the order in which they were met, each once, as they were last before they were left."""

    pages: dict[str, Page] = field(default_factory=dict)

    def keep(self, view: View) -> None:
        if view.screen in (Screen.QUESTION, Screen.MEMBER, Screen.CHECK, Screen.SIGN):
            name = re.sub(r"\W+", "-", view.key.split(":")[1].rpartition("/")[2] or view.screen).strip("-")
            inner = view.key.split(":")[4:5] if view.screen == Screen.QUESTION else []
            key = f"{name}{inner}" if view.screen == Screen.MEMBER else view.key
            self.pages[key] = Page("-".join(filter(None, [str(view.screen), name, *inner])), view)


@dataclass(frozen=True, slots=True)
class Walked:
    """One walk through the form: its pages, and what the form then holds, by question in the order asked."""

    pages: tuple[Page, ...]
    answers: Mapping[str, str]


def walk_gallery(
    languages: Iterable[str] = LANGUAGES,
    panel: str = "15.6",
    size: TextSize = TextSize.MEDIUM,
    told: Told = lambda _: None,
) -> dict[str, Walked]:
    """Answers the form once a language, at that text size, up to the signature. Raises what a tour raises
    where a page has no way on."""
    paint_without_display()
    application()
    with TemporaryDirectory(prefix="opora-gallery-") as folder:
        pack = load_pack(ensure_demo_pack(Path(folder) / "gallery.opora-pack", GALLERY))
        house = House(Path(folder) / "data", clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
        settle_in_alone(house)
        window = KioskWindow(Look(Glass.panel(panel, *PIXELS)))
        window.resize(*PIXELS)
        window.show()
        player = TourPlayer()
        app = KioskApp(house, pack, window, player, FolderPrinter(Path(folder)))
        try:
            app.start()
            hands = Driver(window)
            return {language: _walk(app, hands, language, size, told) for language in languages}
        finally:
            app.close()
            player.end()
            window.close()


def _walk(app: KioskApp, hands: Driver, language: str, size: TextSize, told: Told) -> Walked:
    conductor = app.conductor
    hands.until(lambda: not conductor.working(), 20, "the kiosk to be at rest")
    conductor.go(Outcome.FINISHED)
    conductor.visit.comfort = Comfort(size=size, voice=False)
    conductor.refresh()
    seen, answers = _Seen(), dict[str, str]()

    def meet(view: View) -> None:
        told(f"{language}: {view.title}")
        seen.keep(view)

    person = Person(
        conductor,
        hands,
        Examples(language),
        SERVICE,
        None,
        lambda: None,
        meet,
        answers.__setitem__,
        answered=seen.keep,
    )
    person.walk_to(Screen.SIGN)
    person.press("consent-aloud")
    person.look()
    return Walked(tuple(seen.pages.values()), answers)


def paint_gallery(
    out: Path,
    languages: Sequence[str] = LANGUAGES,
    sizes: Sequence[TextSize] = SIZES,
    panel: str = "15.6",
    told: Told = lambda _: None,
) -> int:
    """Writes ``out/LANGUAGE/SIZE/NN-page.png`` and ``out/LANGUAGE-SIZE.png``; how many pages were painted."""
    glass = Glass.panel(panel, *PIXELS)
    count = 0
    for language, walked in walk_gallery(languages, panel, told=told).items():
        for size in sizes:
            told(f"{language}, {size}")
            folder = out / language / size
            folder.mkdir(parents=True, exist_ok=True)
            thumbs: list[QPixmap] = []
            for name, picture in _pictures(walked.pages, Look(glass, size, language=language)):
                if not picture.save(str(folder / f"{name}.png")):
                    raise OSError(f"the picture {folder / name} could not be written")
                thumbs.append(picture.scaledToWidth(THUMB, Qt.TransformationMode.SmoothTransformation))
                count += 1
            _contact_sheet(thumbs).save(str(out / f"{language}-{size}.png"))
    return count


def _pictures(pages: Sequence[Page], look: Look) -> Iterator[tuple[str, QPixmap]]:
    """Every page, and where it is longer than the glass every sheet of it."""
    window = KioskWindow(look)
    window.resize(*PIXELS)
    try:
        for number, page in enumerate(pages, 1):
            window.show_view(page.view, look)
            window.show()
            for sheet in range(window.page.page_count):
                window.page.turn(sheet - window.page.shown_page)
                application().processEvents()
                yield f"{number:02}-{page.name}" + (f"-{sheet + 1}" if sheet else ""), window.grab()
    finally:
        window.close()
        window.deleteLater()


def _contact_sheet(thumbs: Sequence[QPixmap]) -> QPixmap:
    gap, high = 8, max((each.height() for each in thumbs), default=1)
    rows = -(-len(thumbs) // ACROSS)
    sheet = QPixmap(ACROSS * (THUMB + gap) + gap, rows * (high + gap) + gap)
    sheet.fill(QColor("#57534C"))
    painter = QPainter(sheet)
    for index, thumb in enumerate(thumbs):
        row, column = divmod(index, ACROSS)
        painter.drawPixmap(QPoint(gap + column * (THUMB + gap), gap + row * (high + gap)), thumb)
    painter.end()
    return sheet
