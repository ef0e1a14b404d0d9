"""Short sounds of our own, heard before the words: another page, something to mend, done.

They say at once that a press was taken, while the words are still being made. Each ends before speech begins.
"""

import math
from array import array
from enum import Enum
from functools import cache
from typing import Final

from kiosk.voice.port import Clip
from kiosk.voice.wave_form import pcm_of

SAMPLE_RATE: Final = 22050
_LOUDEST: Final = 5200
"""Of 32767: a little softer than speech."""
_EDGE_SECONDS: Final = 0.008
"""A note that began or ended at full strength would click."""


class Earcon(Enum):
    """Notes as (Hz, seconds): one soft note, two that fall, three that rise; a touch that was taken."""

    PAGE = ((660.0, 0.07),)
    ERROR = ((440.0, 0.09), (330.0, 0.13))
    TICK = ((880.0, 0.03),)
    DONE = ((523.3, 0.08), (659.3, 0.08), (784.0, 0.14))


@cache
def earcon(which: Earcon) -> Clip:
    samples = array("h")
    for hertz, seconds in which.value:
        samples.extend(_note(hertz, seconds))
    return Clip.of_pcm(pcm_of(samples), SAMPLE_RATE)


def _note(hertz: float, seconds: float) -> "array[int]":
    count, edge = round(seconds * SAMPLE_RATE), round(_EDGE_SECONDS * SAMPLE_RATE)
    turn = 2 * math.pi * hertz / SAMPLE_RATE
    return array(
        "h",
        (
            round(_LOUDEST * math.sin(turn * at) * min(1.0, at / edge, (count - 1 - at) / edge))
            for at in range(count)
        ),
    )
