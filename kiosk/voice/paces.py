"""espeak-ng's settings that give our seven rates, per voice.

A setting says "words a minute" but is not: at 125 the English voice speaks 152 and the Russian one 115. These
were found on the fixed passages of ``tests/voice/passages.py`` (150 words and more, pauses included) with
espeak-ng 1.51, and a test measures them again. The starting rate is 125 words a minute (H3), for Korean,
whose words are of very uneven length, 240 syllables a minute: a calm speaker's.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.voice.port import Rate

SLOWEST_SETTING: Final = 80


@dataclass(frozen=True, slots=True)
class Pace:
    """espeak-ng's ``setting``, and how many times as long its clip is then stretched."""

    setting: int
    stretch: float = 1.0


UNITS_A_MINUTE: Final = {"en": 125, "ru": 125, "ko": 240}
"""Words a minute at 100 %; for Korean syllables."""

_AT_SLOWEST: Final = {"en": 101.1, "ru": 84.4, "ko": 140.9}
"""Measured at setting 80."""

_SETTINGS: Final[dict[str, dict[Rate, int]]] = {
    "en": {
        Rate.PERCENT_100: 104,
        Rate.PERCENT_126: 129,
        Rate.PERCENT_159: 162,
        Rate.PERCENT_200: 200,
    },
    "ru": {
        Rate.PERCENT_79: 106,
        Rate.PERCENT_100: 137,
        Rate.PERCENT_126: 178,
        Rate.PERCENT_159: 239,
        Rate.PERCENT_200: 326,
    },
    "ko": {
        Rate.PERCENT_63: 91,
        Rate.PERCENT_79: 113,
        Rate.PERCENT_100: 139,
        Rate.PERCENT_126: 172,
        Rate.PERCENT_159: 213,
        Rate.PERCENT_200: 271,
    },
}

LANGUAGES: Final = frozenset(_SETTINGS)


def pace(language: str, rate: Rate) -> Pace:
    """How to render ``language``, one of ``LANGUAGES``, at ``rate``."""
    setting = _SETTINGS[language].get(rate)
    if setting is not None:
        return Pace(setting)
    wanted = UNITS_A_MINUTE[language] * rate / 100
    return Pace(SLOWEST_SETTING, max(1.0, _AT_SLOWEST[language] / wanted))
