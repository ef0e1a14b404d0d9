"""What a person sets for their own eyes and ears; the next person starts from the defaults again."""

from dataclasses import dataclass, replace
from enum import StrEnum

RATES, VOLUMES = 7, 5
"""How many steps there are of each."""


class TextSize(StrEnum):
    """Capital-letter heights are ACCESS.md S1's; the theme holds the millimetres."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    EXTRA_LARGE = "extra-large"


class Theme(StrEnum):
    CALM = "calm"
    DARK_ON_LIGHT = "dark-on-light"
    LIGHT_ON_DARK = "light-on-dark"
    LOW_CONTRAST = "low-contrast"


@dataclass(frozen=True, slots=True)
class Output:
    """Something to listen with: ``id`` for the machine, ``name`` as the machine calls it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Comfort:
    """What a person set for their own eyes and ears; the next person starts from these defaults again.

    ``rate`` is one of seven steps, 4 being 100 %. ``volume`` is one of five steps of at most 10 dB.
    """

    size: TextSize = TextSize.LARGE
    theme: Theme = Theme.CALM
    voice: bool = True
    rate: int = 4
    volume: int = 3
    headphones: bool = False
    """One person alone listens, so private answers are spoken (ACCESS.md H7)."""
    output: str = ""
    """Which headphones, by their id; blank for the device that the machine uses by itself."""
    spaced: bool = False
    """Letters, words, lines and parts of a page stand further apart (WCAG 1.4.12)."""
    once: bool = False
    """A second touch on the same place right after the first does not count: for a hand that trembles."""
    tick: bool = False
    """Each touch that is taken makes a short sound. Off at first: it would sound between the voice's words,
    and not everybody wants to be heard by the whole room."""
    others_near: bool = False
    """Others can see the screen or hear the voice: answers are covered and not spoken."""

    def with_rate(self, step: int) -> "Comfort":
        return replace(self, rate=min(RATES, max(1, self.rate + step)))

    def with_volume(self, step: int) -> "Comfort":
        return replace(self, volume=min(VOLUMES, max(1, self.volume + step)))


def kept_comfort(kept: str) -> Comfort:
    """What a centre's set-up kept of rate and loudness, as "rate volume"; the defaults where it is blank."""
    rate, _, volume = kept.partition(" ")
    if not (rate.isdecimal() and volume.isdecimal()):
        return Comfort()
    return Comfort(rate=min(RATES, max(1, int(rate))), volume=min(VOLUMES, max(1, int(volume))))
