"""What a person sets becomes how the page looks and how it takes touches."""

from kiosk.flow.comfort import Comfort, TextSize, Theme
from kiosk.flow.view import View
from tests.ui.conftest import SMALL_GLASS
from ui.app import SECOND_PRESS_MS, look_of
from ui.theme import Look


def test_each_comfort_of_the_eyes_and_the_hand_reaches_the_page() -> None:
    view = View(language="ru", title="Комфорт")
    plain = look_of(Look(SMALL_GLASS), Comfort(), view)
    assert (plain.spaced, plain.second_press_ms) == (False, 0)
    comfort = Comfort(size=TextSize.SMALL, theme=Theme.LIGHT_ON_DARK, spaced=True, once=True)
    look = look_of(plain, comfort, view)
    assert (look.size, look.theme, look.language) == (TextSize.SMALL, Theme.LIGHT_ON_DARK, "ru")
    assert look.spaced
    assert look.second_press_ms == SECOND_PRESS_MS
    assert look_of(look, Comfort(), view) == plain, "the next person finds the defaults"
