"""The coordinator sets the screen up: size, brightness, touch."""

import pytest

from kiosk.flow.table import Screen
from kiosk.flow.view import Choices, Picture
from kiosk.store import Setting
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks


@pytest.fixture
def setting_up(booth: Booth) -> Booth:
    """A kiosk whose coordinator stands on the page of the card."""
    booth.reach_need()
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    booth.type("pin", PIN)
    booth.press("forward")
    booth.press("rules")
    booth.press("glass")
    assert booth.view.screen == Screen.GLASS, sentences(booth.view)
    return booth


def card_mm(booth: Booth) -> float:
    return next(part.wide_mm for part in booth.view.body if isinstance(part, Picture))


@pytest.mark.parametrize("true_mm", [50.0, 70.0, 85.6, 91.3, 130.0])
def test_few_presses_lead_to_a_card_of_any_width(setting_up: Booth, true_mm: float) -> None:
    presses = 0
    while abs(card_mm(setting_up) - true_mm) > 0.5:
        setting_up.press("wider" if card_mm(setting_up) < true_mm else "narrower")
        presses += 1
    assert presses <= 20


def test_the_card_ends_at_the_least_and_the_largest_width(setting_up: Booth) -> None:
    for way, least, most in (("narrower", 40, 45), ("wider", 130, 140)):
        while buttons(setting_up.view)[way].enabled:
            setting_up.press(way)
        assert least < card_mm(setting_up) < most


def test_what_fits_is_used_at_once_kept_and_journalled(kiosks: Kiosks, setting_up: Booth) -> None:
    setting_up.press("wider")
    assert not kiosks.pane.used, "nothing changes before it fits"
    setting_up.press("forward")
    kiosks.drain()
    kept = kiosks.lane.submit(lambda r: r.settings.get(Setting.GLASS)).result()
    assert kiosks.pane.used == [kept] == ["1920x1080 10.80000"]
    setting_up.press("back")
    assert card_mm(setting_up) == 85.6, "by the size that is known now"


def touch(booth: Booth) -> None:
    """To the test of touches."""
    booth.press("forward")
    booth.press("forward")


def test_a_screen_that_feels_every_touch_is_told_so(setting_up: Booth) -> None:
    touch(setting_up)
    places = next(part for part in setting_up.view.body if isinstance(part, Choices)).choices
    assert len(places) == 5
    for place in places:
        setting_up.choose("touched", place.value)
    assert "The screen answers everywhere" in sentences(setting_up.view)
    setting_up.press("forward")
    assert setting_up.view.screen == Screen.RULES


def test_a_test_that_nobody_touches_ends_by_itself_and_says_where(setting_up: Booth) -> None:
    touch(setting_up)
    setting_up.tick(59)
    setting_up.choose("touched", "middle")
    setting_up.tick(59)
    assert "Touch all five marks" in sentences(setting_up.view), "each touch gives another minute"
    setting_up.tick(2)
    assert "Not touched: Top left, Top right, Bottom left, Bottom right" in sentences(setting_up.view)
    setting_up.press("again")
    setting_up.press("forward")
    assert any("In the middle" in each for each in sentences(setting_up.view)), "it began afresh"
