"""Slower or faster at the same pitch: waveform-similarity overlap-add.

W. Verhelst and M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for high quality
time-scale modification of speech", ICASSP 1993. For the rates that espeak-ng does not speak well itself.
"""

from array import array
from operator import add, mul
from typing import Final

from kiosk.voice.wave_form import pcm_of, samples_of

_HOP_SECONDS: Final = 0.015
"""Half a window: at least one period of the deepest voice that espeak-ng has (about 70 Hz)."""
_SEARCH_SECONDS: Final = 0.007
_GRID: Final = 4
"""Likeness is judged on every fourth sample, and pieces begin there: finer is not heard in speech."""


def stretched(pcm: bytes, sample_rate: int, factor: float) -> bytes:
    """The same sound lasting ``factor`` times as long (0.5 to 2 is of use), its pitch unchanged."""
    source = samples_of(pcm)
    hop = round(_HOP_SECONDS * sample_rate / _GRID) * _GRID
    if factor == 1 or len(source) < 4 * hop:
        return pcm
    search = round(_SEARCH_SECONDS * sample_rate / _GRID)
    outline = array("d", source[::_GRID])
    rising = [step / hop for step in range(hop)]
    falling = [1 - weight for weight in rising]
    made = array("h", source[:hop])
    target = round(len(source) * factor)
    follows = hop  # where the source goes on after what was last laid down
    while len(made) < target:
        start = _GRID * _most_alike(
            outline, follows // _GRID, hop // _GRID, round(len(made) / factor / _GRID), search
        )
        old, new = source[follows : follows + hop], source[start : start + hop]
        if len(new) < hop or len(old) < hop:
            break
        made.extend(map(round, map(add, map(mul, old, falling), map(mul, new, rising))))
        follows = start + hop
    made.extend(source[follows : follows + max(0, target - len(made))])
    made.extend([0] * (target - len(made)))
    return pcm_of(made[:target])


def _most_alike(outline: "array[float]", model_at: int, length: int, wanted: int, search: int) -> int:
    """Where, within ``search`` of ``wanted``, the outline is most like what stands at ``model_at``."""
    model = outline[model_at : model_at + length]
    first, last = max(0, wanted - search), min(len(outline) - length, wanted + search)
    if last <= first:
        return wanted

    def likeness(start: int) -> float:
        alike: float = sum(map(mul, model, outline[start : start + length]))
        return alike

    near = max(range(first, last + 1, 2), key=likeness)
    return max(range(max(first, near - 1), min(last, near + 1) + 1), key=likeness)
