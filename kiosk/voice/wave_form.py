"""Samples in and out of a RIFF file, and what can be measured on them."""

import io
import math
import sys
import wave
from array import array
from operator import mul

from kiosk.errors import Message, VoiceFault
from kiosk.texts import N_


def voice_fault(detail: str) -> VoiceFault:
    """The one fault of this room: the voice is off and the work goes on (H9)."""
    return VoiceFault(
        Message(N_("The voice is off.")),
        Message(N_("You can go on without it. A volunteer can read the page to you.")),
        detail,
    )


def samples_of(pcm: bytes) -> "array[int]":
    """Signed 16-bit samples of little-endian PCM."""
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def pcm_of(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    return samples.tobytes()


def wav_of(pcm: bytes, sample_rate: int) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
    return whole.getvalue()


def read_wav(wav: bytes) -> tuple[bytes, int]:
    """Samples (mono, 16 bit, little-endian) and their rate. Raises ``VoiceFault`` for anything else."""
    try:
        with wave.open(io.BytesIO(wav), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth())
            rate = file.getframerate()
            pcm = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as broken:
        raise voice_fault(f"not a RIFF file: {broken}") from broken
    if shape != (1, 2) or not 8000 <= rate <= 48000:
        raise voice_fault(f"{shape[0]} channels of {shape[1]} bytes at {rate} Hz")
    return pcm, rate


def level_of(pcm: bytes) -> float:
    """Root mean square in dB below full scale; minus infinity for silence."""
    samples = samples_of(pcm)
    power = sum(map(mul, samples, samples)) / len(samples) if samples else 0
    return 10 * math.log10(power / 32768**2) if power else -math.inf
