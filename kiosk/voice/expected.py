"""How long words should last, so that a clip spoken at the wrong rate is noticed.

pyttsx3 hands the rate to espeak-ng's own thread; on a busy machine about one clip in a hundred was seen to
come out at another clip's rate or at the default one. A rough length from counting letters tells such a clip
from a right one often enough to ask for a second opinion; it is never the last word.
"""

import re
from dataclasses import dataclass
from typing import Final

from kiosk.voice.port import Words

DOUBTFUL: Final = 0.25
"""A clip further off than this share of the expected length is doubted."""


@dataclass(frozen=True, slots=True)
class _Length:
    letter: float
    """Seconds a letter (a syllable block in Korean) at 100 %."""
    pause: float
    """Seconds a sentence mark between words."""
    start: float


_LENGTHS: Final = {
    "en": _Length(0.083, 0.45, 0.2),
    "ru": _Length(0.083, 0.45, 0.2),
    "ko": _Length(0.22, 0.4, 0.2),
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
