"""espeak-ng's settings that give our seven rates, per voice.

A setting says "words a minute" but is not: at 125 the English voice speaks 152 and the Russian one 115. These
were found on the fixed passages of ``tests/voice/passages.py`` (150 words and more, pauses included) with
espeak-ng 1.51, and a test measures them again. The starting rate is 125 words a minute (H3), for Korean,
whose words are of very uneven length, 240 syllables a minute: a calm speaker's.

espeak-ng itself speaks the three middle rates. The two on either side are stretched from these: it has no
setting below 80, and above, its pauses shrink so much faster than its words that a short clip would last 15
to 25 % less than its rate says.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.voice.port import Rate

UNITS_A_MINUTE: Final = {"en": 125, "ru": 125, "ko": 240}
"""Words a minute at 100 %; for Korean syllables."""

LANGUAGES: Final = frozenset(UNITS_A_MINUTE)


@dataclass(frozen=True, slots=True)
class Pace:
    """espeak-ng's ``setting``, and how many times as long its clip is then made."""

    setting: int
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class _Voice:
    slow: Pace
    """79 %"""
    usual: Pace
    """100 %"""
    fast: Pace
    """126 %"""


_VOICES: Final = {
    "en": _Voice(Pace(80, 1.024), Pace(104), Pace(129)),
    "ru": _Voice(Pace(106), Pace(137), Pace(178)),
    "ko": _Voice(Pace(113), Pace(139), Pace(172)),
}


def pace(language: str, rate: Rate) -> Pace:
    """How to render ``language``, one of ``LANGUAGES``, at ``rate``."""
    voice = _VOICES[language]
    if rate <= Rate.PERCENT_79:
        return Pace(voice.slow.setting, voice.slow.stretch * Rate.PERCENT_79 / rate)
    if rate == Rate.PERCENT_100:
        return voice.usual
    return Pace(voice.fast.setting, voice.fast.stretch * Rate.PERCENT_126 / rate)
