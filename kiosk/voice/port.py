"""What the voice needs from the world: something that renders words, and something that plays a clip."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from kiosk.errors import VoiceFault
from kiosk.flow.comfort import Output
from kiosk.voice.wave_form import read_wav, wav_of


class Rate(IntEnum):
    """How fast, in per cent of the rate a new person starts with: 50 to 200 in seven equal steps (H3)."""

    PERCENT_50 = 50
    PERCENT_63 = 63
    PERCENT_79 = 79
    PERCENT_100 = 100
    PERCENT_126 = 126
    PERCENT_159 = 159
    PERCENT_200 = 200

    @property
    def faster(self) -> "Rate":
        """The next step up; itself at the top."""
        return _STEPS[min(_STEPS.index(self) + 1, len(_STEPS) - 1)]

    @property
    def slower(self) -> "Rate":
        """The next step down; itself at the bottom."""
        return _STEPS[max(_STEPS.index(self) - 1, 0)]


_STEPS = tuple(Rate)


@dataclass(frozen=True, slots=True)
class Words:
    """What to render: plain text (no markup), its language ("en", "ru", "ko") and the rate."""

    text: str
    language: str
    rate: Rate = Rate.PERCENT_100


@dataclass(frozen=True, slots=True)
class Clip:
    """A rendered sound: ``wav`` is a whole RIFF file, mono, 16 bit."""

    wav: bytes
    seconds: float
    sample_rate: int

    @classmethod
    def of_pcm(cls, pcm: bytes, sample_rate: int) -> "Clip":
        """A clip of raw mono 16-bit little-endian samples."""
        return cls(wav_of(pcm, sample_rate), len(pcm) / 2 / sample_rate, sample_rate)

    @classmethod
    def of_wav(cls, wav: bytes) -> "Clip":
        """A clip of a whole RIFF file; VoiceFault for one that is not mono of 16 bit."""
        pcm, sample_rate = read_wav(wav)
        return cls(wav, len(pcm) / 2 / sample_rate, sample_rate)

    @classmethod
    def silent(cls, seconds: float, sample_rate: int = 22050) -> "Clip":
        return cls.of_pcm(bytes(2 * round(seconds * sample_rate)), sample_rate)

    def __repr__(self) -> str:
        # The samples are somebody's words: they have no business in a log.
        return f"Clip({self.seconds:.2f} s at {self.sample_rate} Hz)"


class Renderer(Protocol):
    """Makes clips. ``render`` blocks and is called from worker threads, several at a time."""

    def render(self, words: Words) -> Clip:
        """Raises ``VoiceFault`` when there is no voice for these words."""
        ...


class WarmRenderer(Renderer, Protocol):
    """One that makes ready for the first words, and lets go of what it holds."""

    def start(self) -> None: ...

    def close(self) -> None: ...


Done = Callable[[VoiceFault | None], None]
"""Called once when a clip has been heard to its end, or with the fault that kept it from being heard."""


class Outputs(Protocol):
    """The sound devices of the machine."""

    def all(self) -> tuple[Output, ...]: ...

    def use(self, id: str) -> None:
        """From the next clip on; blank for the one that the machine uses by itself. One that is gone is
        silence, and never the loudspeaker instead."""
        ...


class Player(Protocol):
    """Plays one clip at a time, and never two at once.

    ``play`` returns at once and cuts whatever still sounds, whose ``done`` is then never called; nor is it
    after ``stop``, which is silence within 100 ms (H6) and harmless when nothing sounds. ``done`` is never
    called from inside ``play``; it may come on any thread.
    """

    def play(self, clip: Clip, done: Done) -> None: ...

    def stop(self) -> None: ...

    def set_gain(self, decibels: float) -> None:
        """Loudness against the clip's own, at most 0 dB, for the clip that sounds and all later ones."""
        ...
