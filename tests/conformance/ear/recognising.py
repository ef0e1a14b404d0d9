"""A machine that hears English writes down what the kiosk says: how much of it is understood.

PocketSphinx (its English model is in the wheel) hears the product's clips, and beside them espeak-ng's raw
output for the same sentences at the same setting. Made voices are hard for it: the ratio is what counts.
"""

import io
import re
import subprocess
import wave

import numpy as np
from pocketsphinx import Decoder

from kiosk.voice.paces import pace
from kiosk.voice.port import Rate, Words
from kiosk.voice.render import ChildRenderer
from kiosk.voice.wave_form import read_wav

Row = tuple[str, str, str, str, bool]
HEARD_AT = 16000
PROMPTS = (
    "What would you like to do?",
    "Who is this application for?",
    "What is your full name?",
    "When were you born?",
    "Where do you live?",
    "Please write your name, so that the office knows who is applying.",
    "Does anyone else live with you?",
    "How many rooms do you heat in winter?",
    "How would you like to get the money?",
    "Please check your answers",
    "You may choose more than one.",
    "Please look at this first",
    "This page is private and is not read aloud.",
    "To hear it, choose headphones in Settings.",
    "Your application is kept safely at this centre",
    "Did your receipt come out?",
    "Please look at the printer. It can take a moment.",
    "Your application is stored, whatever the printer does.",
    "Each answer is kept on this machine, locked away.",
    "If you stop before the end, nothing is sent.",
)


def word_error_rates() -> list[Row]:
    decoder = Decoder(samprate=HEARD_AT, loglevel="FATAL")
    renderer = ChildRenderer()
    renderer.start()
    try:
        ours = _rate(decoder, [read_wav(renderer.render(Words(text, "en")).wav) for text in PROMPTS])
    finally:
        renderer.close()
    raw = _rate(decoder, [_raw(text) for text in PROMPTS])
    return [
        (
            "word error rate of PocketSphinx, our clips",
            "espeak-ng's",
            f"{100 * ours:.0f} %",
            "clear",
            ours <= raw * 1.1,
        ),
        ("the same of espeak-ng's raw output", "", f"{100 * raw:.0f} %", "peer", True),
    ]


def _raw(text: str) -> tuple[bytes, int]:
    setting = str(pace("en", Rate.PERCENT_100).setting)
    made = subprocess.run(
        ["espeak-ng", "-v", "en", "-s", setting, "--stdout", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    with wave.open(io.BytesIO(made.stdout), "rb") as file:
        # espeak-ng does not know the length when it begins a stream, and writes the longest there is.
        return file.readframes(len(made.stdout)), file.getframerate()


def _rate(decoder: Decoder, clips: list[tuple[bytes, int]]) -> float:
    errors = words = 0
    for text, (pcm, rate) in zip(PROMPTS, clips, strict=True):
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(float)
        at = np.arange(0, len(samples), rate / HEARD_AT)
        resampled = np.interp(at, np.arange(len(samples)), samples).astype("<i2")
        decoder.start_utt()
        decoder.process_raw(resampled.tobytes(), no_search=False, full_utt=True)
        decoder.end_utt()
        heard = decoder.hyp()
        said = re.findall(r"[a-z']+", text.lower())
        errors += _distance(said, heard.hypstr.split() if heard else [])
        words += len(said)
    return errors / words


def _distance(said: list[str], heard: list[str]) -> int:
    """Words put in, left out or mistaken (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(heard, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]
