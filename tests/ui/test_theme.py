"""Contrast of every theme (ACCESS S6, S7, S8), by the formula of WCAG 2.2, "relative luminance"."""

import pytest

from kiosk.flow.comfort import Theme
from ui.theme import PALETTES, Palette


def luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def words_of(palette: Palette) -> list[tuple[str, str]]:
    """Every colour of words or icons with each colour that it stands on."""
    inks = (palette.ink, palette.quiet, palette.accent, palette.warning, palette.error)
    grounds = (palette.paper, palette.card, palette.chosen)
    return [(ink, ground) for ink in inks for ground in grounds] + [(palette.on_fill, palette.fill)]


BOUNDS = {
    Theme.CALM: (10.0, 21.0),
    Theme.DARK_ON_LIGHT: (20.0, 21.0),
    Theme.LIGHT_ON_DARK: (20.0, 21.0),
    Theme.LOW_CONTRAST: (4.5, 8.0),
}


def test_formula_gives_the_standards_own_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", list(Theme))
def test_words_and_icons_have_the_contrast_of_their_theme(theme: Theme) -> None:
    least, most = BOUNDS[theme]
    for ink, ground in words_of(PALETTES[theme]):
        assert least <= contrast(ink, ground) <= most, (theme, ink, ground)


@pytest.mark.parametrize("theme", list(Theme))
def test_edges_and_focus_rings_can_be_seen(theme: Theme) -> None:
    palette = PALETTES[theme]
    for edge in (palette.line, palette.focus, palette.accent, palette.error):
        for ground in (palette.paper, palette.card, palette.chosen):
            assert contrast(edge, ground) >= 3, (theme, edge, ground)
    assert contrast(palette.fill, palette.paper) >= 3
    assert contrast(palette.on_fill, palette.fill) >= 3
