"""What stands where: targets, gaps, nothing clipped (ACCESS S1, S4, T1, T2), at every size and language."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.flow.comfort import TextSize
from kiosk.flow.view import Bar, Button, View
from tests.ui import samples
from tests.ui.conftest import LARGE_GLASS, SMALL_GLASS, Show
from ui.glass import Glass
from ui.screens.page import Page
from ui.theme import Face, Look
from ui.widgets import words
from ui.window import KioskWindow

LANGUAGES = ("en", "ru", "ko")
GLASSES = {"15.6": SMALL_GLASS, "23.8": LARGE_GLASS}
RANGES = {
    TextSize.SMALL: (3.5, 4.2),
    TextSize.MEDIUM: (4.8, 5.6),
    TextSize.LARGE: (6.4, 7.1),
    TextSize.EXTRA_LARGE: (8.5, 9.0),
}
every_view = pytest.mark.parametrize("view", samples.EVERY, ids=lambda view: view.__name__)
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_size = pytest.mark.parametrize("size", list(TextSize))
every_pane = pytest.mark.parametrize(
    ("glass", "size"),
    [(SMALL_GLASS, size) for size in TextSize]
    + [(LARGE_GLASS, size) for size in (TextSize.SMALL, TextSize.EXTRA_LARGE)],
    ids=lambda value: value if isinstance(value, TextSize) else f"{value.width_mm:g}mm",
)
"""Each size on the glass that is tight, the outermost two on the one that has room."""
every_glass = pytest.mark.parametrize("glass", GLASSES.values(), ids=GLASSES)


def box_in(page: Page, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def sheets(window: KioskWindow) -> Iterator[Page]:
    """The page at each of the places to which it can be turned."""
    page = window.page
    while page.shown_page:
        page.turn(-1)
    for at in range(page.page_count):
        assert page.shown_page == at
        QApplication.processEvents()
        yield page
        page.turn(1)


def targets_of(page: Page) -> dict[str, QRect]:
    """What can be touched on the visible page, in the page's own coordinates."""
    found = {name: page.target(name) for name, _ in page.all_targets()}
    return {name: box for name, box in found.items() if box is not None}


def gap(one: QRect, other: QRect) -> int:
    """Pixels between two boxes, along the side where they are further apart; negative where they overlap."""
    across = max(other.left() - one.right() - 1, one.left() - other.right() - 1)
    down = max(other.top() - one.bottom() - 1, one.top() - other.bottom() - 1)
    return max(across, down)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[QWidget, QRect, str]]:
    """Each line as it is painted: by which widget, where its ink stands in it, and what it says."""
    found: list[tuple[QWidget, QRect, str]] = []
    real = words.paint_lines

    def listen(
        painter: QPainter,
        lines: tuple[words.Line, ...],
        font: QFont,
        box: QRect,
        line_height: int,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        metrics = QFontMetricsF(font)
        rise = (line_height - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        shares = {Qt.AlignmentFlag.AlignHCenter: 0.5, Qt.AlignmentFlag.AlignRight: 1.0}
        for index, line in enumerate(lines):
            x = box.left() + (box.width() - line.width) * shares.get(align, 0.0)
            ink = metrics.tightBoundingRect(line.text.rstrip())
            place = ink.translated(x, box.top() + index * line_height + rise).toAlignedRect()
            device = painter.device()
            assert isinstance(device, QWidget)
            if line.text.strip():
                found.append((device, place, line.text))
        real(painter, lines, font, box, line_height, align)

    monkeypatch.setattr(words, "paint_lines", listen)
    return found


def hold_targets(page: Page, glass: Glass) -> None:
    """Large enough, far enough apart, and whole."""
    boxes = targets_of(page)
    assert page.view is not None
    for name, box in boxes.items():
        least = 12.7 if name.startswith("key:") or page.view.staff else 20
        assert glass.mm(box.height()) >= least - 0.01, (name, box)
        assert glass.mm(box.width()) >= least - 0.01, (name, box)
        assert page.rect().contains(box), (name, box)
    for (one, box), (other, other_box) in combinations(boxes.items(), 2):
        assert glass.mm(gap(box, other_box)) >= 2.54 - 0.01, (one, other)


def hold_words(page: Page, painted: list[tuple[QWidget, QRect, str]]) -> None:
    """Every line within its widget, no line over another, no part of the page over another."""
    assert painted
    for widget, place, text in painted:
        assert widget.rect().adjusted(-1, -1, 1, 1).contains(place), (text, place, widget.rect())
    for (one, box, text), (other, other_box, other_text) in combinations(painted, 2):
        assert one is not other or not box.intersects(other_box), (text, other_text)
    blocks = [box_in(page, block) for _, block in page.blocks() if block.height()]
    # What belongs to another sheet waits off the glass.
    blocks = [box for box in blocks if page.rect().intersects(box)]
    for first, second in combinations(blocks, 2):
        assert not first.intersects(second)


@every_pane
@every_language
@every_view
def test_all_can_be_touched_and_nothing_is_clipped(
    show: Show,
    painted: list[tuple[QWidget, QRect, str]],
    view: Callable[[str], View],
    language: str,
    size: TextSize,
    glass: Glass,
) -> None:
    shown = view(language)
    window = show(shown, Look(glass, size=size, language=language, staff=shown.staff))
    seen: set[str] = set()
    for page in sheets(window):
        hold_targets(page, glass)
        painted.clear()
        page.grab()
        hold_words(page, painted)
        seen |= set(targets_of(page))
    assert {name for name, _ in window.page.all_targets() if not name.startswith("key:")} <= seen


@every_glass
@every_language
@every_size
@pytest.mark.parametrize("face", [Face.BODY, Face.STRONG])
def test_capital_letters_have_the_height_of_their_size(
    application: QApplication, size: TextSize, language: str, glass: Glass, face: Face
) -> None:
    look = Look(glass, size=size, language=language)
    tall = QFontMetricsF(look.font(face)).capHeight() * glass.true_height_mm / glass.height_px
    least, most = RANGES[size]
    assert least <= tall <= most


@every_size
@every_language
def test_nothing_is_written_smaller_than_the_body(
    application: QApplication, size: TextSize, language: str
) -> None:
    look = Look(SMALL_GLASS, size=size, language=language)
    body = QFontMetricsF(look.font()).capHeight()
    assert all(QFontMetricsF(look.font(face)).capHeight() >= 0.97 * body for face in Face)


@every_language
def test_code_and_reference_stand_on_the_first_page(show: Show, language: str) -> None:
    window = show(samples.numbers(language))
    page = window.page
    code, reference = (block for name, block in page.blocks() if type(block).__name__ == "CodeBlock")
    glass = SMALL_GLASS
    for block in (code, reference):
        assert page.sees(block), language
    assert glass.mm(code.height()) >= 30


@every_language
def test_four_ways_in_stand_on_one_page(show: Show, language: str) -> None:
    window = show(samples.need(language))
    assert window.page.page_count == 1
    names = [name for name, _ in window.page.all_targets()]
    assert all(window.page.target(name) for name in names if name.startswith("need="))
    assert not [name for name in names if name.startswith("page-")]


@every_language
def test_languages_stand_in_one_row_of_equal_cards(show: Show, language: str) -> None:
    view = samples.welcome(language)
    page = show(view).page
    boxes = [box for name, box in targets_of(page).items() if name.startswith("language=")]
    assert len(boxes) == 3
    assert len({(box.top(), box.height(), box.width()) for box in boxes}) == 1
    assert page.page_count == 1


def test_a_bar_without_room_for_its_words_stands_on_two_lines(show: Show) -> None:
    glass = Glass.panel("15.6", 1080, 1920)
    labels = {"settings": "Настройки", "read": "Прочитать", "help": "Помощь", "lock": "Запереть"}
    bar = Bar(tuple(Button(id, label) for id, label in labels.items()))
    window = show(replace(samples.name("ru"), bar=bar), Look(glass, language="ru", size=TextSize.EXTRA_LARGE))
    boxes = {id: window.page.target(id) for id in labels}
    tops = [box.top() for box in boxes.values() if box is not None]
    assert len(tops) == 4
    assert len(set(tops)) == 2
    assert all(box is not None and window.rect().contains(box) for box in boxes.values())
    first, second = boxes["read"], boxes["help"]
    assert first is not None
    assert second is not None
    assert glass.mm(second.top() - first.bottom() - 1) >= 2.54
