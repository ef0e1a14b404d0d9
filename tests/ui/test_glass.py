"""The true size of the glass, and the marks of the touch test in its corners."""

from dataclasses import replace

import pytest

from kiosk.flow.card import CARD_MM
from kiosk.flow.pages.glass import GlassView
from kiosk.flow.view import Choice, Choices, Paragraph
from tests.ui.conftest import SMALL_GLASS, Show
from ui.glass import BANK_CARD_MM
from ui.pane import WindowPane
from ui.theme import Look

PLACES = ("top-left", "top-right", "middle", "bottom-left", "bottom-right")


def touch_test() -> GlassView:
    cards = tuple(Choice(place, place.replace("-", " ")) for place in PLACES)
    return GlassView(language="en", title="Touch", body=(Choices("touched", cards, many=True),), key="t")


@pytest.mark.parametrize("share", [0.5, 0.93, 1.0, 1.27, 1.6])
def test_a_card_that_fitted_is_as_large_as_a_real_one(share: float) -> None:
    drawn = SMALL_GLASS.per_mm * BANK_CARD_MM * share
    there = SMALL_GLASS.fitted(share)
    assert drawn / there.per_mm == pytest.approx(CARD_MM)
    assert SMALL_GLASS.as_measured(there.measured).per_mm == pytest.approx(there.per_mm, rel=1e-5)


@pytest.mark.parametrize(
    "kept", ["", "1280x720 3.00000", "1920x1080", "1920x1080 0.0", "1920x1080 -3.1", "x"]
)
def test_what_was_measured_of_another_glass_or_cannot_be_read_is_not_used(kept: str) -> None:
    assert SMALL_GLASS.as_measured(kept) == SMALL_GLASS


def test_a_screen_that_reports_a_wrong_size_comes_out_right_again() -> None:
    wrong = replace(SMALL_GLASS, width_mm=203.0, height_mm=114.5)
    assert wrong.as_measured(SMALL_GLASS.measured).px(12.7) == SMALL_GLASS.px(12.7)


def test_the_window_is_drawn_by_it_at_once(show: Show) -> None:
    window = show(touch_test())
    pane = WindowPane(window)
    before = window.look.glass
    pane.use(pane.fitted(1.25))
    assert window.look.glass.per_mm == pytest.approx(before.per_mm * 1.25, rel=1e-5)


def test_the_marks_stand_in_the_corners_of_the_glass_and_go_with_the_test(show: Show) -> None:
    window = show(touch_test(), Look(SMALL_GLASS, staff=True))
    page, near = window.page, SMALL_GLASS.px(2)
    boxes = {place: page.target(f"touched={place}") for place in PLACES}
    for place, box in boxes.items():
        assert box is not None, place
        assert min(SMALL_GLASS.mm(box.width()), SMALL_GLASS.mm(box.height())) >= 12.7
        if place != "middle":
            assert (box.top() < near) is place.startswith("top")
            assert (window.height() - box.bottom() < near) is place.startswith("bottom")
            assert (box.left() < near) is place.endswith("left")
            assert (window.width() - box.right() < near) is place.endswith("right")
    window.show_view(replace(touch_test(), body=(Paragraph("Over"),), key="over"), window.look)
    assert not any(name.startswith("touched=") for name, _ in page.all_targets())
    assert not any(page.target(f"touched={place}") for place in PLACES)
