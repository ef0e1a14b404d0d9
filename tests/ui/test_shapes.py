"""What is told by shape where no colour can tell it (ACCESS S9); the two high-contrast themes."""

import pytest

from kiosk.flow.comfort import Theme
from kiosk.flow.view import Tone
from tests.conftest import REPOSITORY
from ui.glass import Glass
from ui.theme import PALETTES, Look, Palette
from ui.widgets.brush import TONE_ICON, tone_ink


@pytest.mark.parametrize("theme", [Theme.DARK_ON_LIGHT, Theme.LIGHT_ON_DARK])
def test_high_contrast_themes_know_only_near_black_and_near_white(theme: Theme) -> None:
    for name in Palette.__slots__:
        colour = getattr(PALETTES[theme], name)
        shares = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert all(share <= 0x08 for share in shares) or all(share >= 0xFA for share in shares), name


@pytest.mark.parametrize("theme", list(Theme))
def test_the_focus_ring_is_two_pixels_wide_at_least_and_wider_edges_tell_what_is_chosen(theme: Theme) -> None:
    look = Look(Glass.panel("15.6", 1366, 768), theme=theme)
    assert look.thin >= 2
    assert look.thick >= 2 * look.thin


def test_a_warning_and_an_error_are_told_by_an_icon_where_all_inks_are_one() -> None:
    look = Look(Glass.panel("15.6"), theme=Theme.DARK_ON_LIGHT)
    assert {tone_ink(look, tone) for tone in Tone} == {look.palette.ink}
    assert TONE_ICON[Tone.WARNING]
    assert TONE_ICON[Tone.ERROR]
    assert TONE_ICON[Tone.GOOD] not in ("", TONE_ICON[Tone.ERROR])


def test_words_are_painted_where_the_access_report_listens() -> None:
    """``widgets.words`` and ``widgets.emphasis`` paint words; a mark's number stands in ``widgets.brush``."""
    painters = {
        path.name
        for folder in ("ui/widgets", "ui/screens")
        for path in (REPOSITORY / folder).glob("*.py")
        if "drawText(" in path.read_text()
    }
    assert painters == {"words.py", "emphasis.py", "brush.py"}


@pytest.mark.parametrize(
    "control", ["QComboBox", "QSpinBox", "QMessageBox", "QToolTip", "QLabel", "QScrollArea"]
)
def test_no_control_of_qts_that_does_not_wrap_is_used(control: str) -> None:
    for path in (REPOSITORY / "ui").rglob("*.py"):
        assert control not in path.read_text(), path
