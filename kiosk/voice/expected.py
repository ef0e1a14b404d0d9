"""How long words should last, so that a clip spoken at the wrong rate is noticed.

A library that speaks on a thread of its own has been heard to use another rate than it was given. A rough
length from counting letters tells such a clip from a right one (within 14 % on a kiosk's sentences) often
enough to ask for a second opinion; it is never the last word.
"""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.voice.port import Words

DOUBTFUL: Final = 0.18
"""A clip further off than this share of the expected length is doubted."""


@dataclass(frozen=True, slots=True)
class _Length:
    letter: float
    """Seconds a letter (a syllable block in Korean) at 100 %."""
    pause: float
    """Seconds a sentence mark between words."""
    start: float
    """Seconds that every clip has, its closing silence above all."""


_LENGTHS: Final = {
    "en": _Length(letter=0.094, pause=0.58, start=0.91),
    "ru": _Length(letter=0.076, pause=0.37, start=0.51),
    "ko": _Length(letter=0.229, pause=0.45, start=0.55),
}
_PAUSE: Final = re.compile(r"[.,:;!?…]+\s")
_SPOKEN: Final = re.compile(r"\w")


def has_sound(text: str) -> bool:
    """Whether there is anything to pronounce: a letter or a digit of any script."""
    return _SPOKEN.search(text) is not None


def expected_seconds(words: Words) -> float:
    """A rough length at the words' rate; the language is one of ``paces.LANGUAGES``."""
    length = _LENGTHS[words.language]
    at_full_rate = (
        length.start
        + length.letter * len(_SPOKEN.findall(words.text))
        + length.pause * len(_PAUSE.findall(words.text))
    )
    return at_full_rate * 100 / words.rate
