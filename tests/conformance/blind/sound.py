"""The synthesiser's edge: a voice whose sound is its words, and a loudspeaker that writes down what it plays.

Everything between the two is the product's own: what reaches the ear was rendered, kept, cut and played.
"""

from PySide6.QtCore import QObject, QTimer

from kiosk.voice.port import Clip, Done, Words
from kiosk.voice.wave_form import read_wav

SAMPLE_RATE = 8000


class WordsVoice:
    """Renders words as the samples that spell them."""

    def start(self) -> None:
        """Needs no warming."""

    def close(self) -> None:
        """Holds nothing."""

    def render(self, words: Words) -> Clip:
        spelled = words.text.encode("utf-16-le")
        return Clip.of_pcm(spelled.ljust(64, b"\0"), SAMPLE_RATE)


class Ear:
    """Plays each clip in no time, one after the other. ``heard`` is all there was to hear, in order."""

    def __init__(self) -> None:
        self._owner = QObject()
        self._turn = 0
        self.heard: list[str] = []
        self.sounding = False

    def play(self, clip: Clip, done: Done) -> None:
        self._turn += 1
        turn = self._turn
        self.sounding = True
        pcm, sample_rate = read_wav(clip.wav)
        if sample_rate == SAMPLE_RATE:
            self.heard.append(pcm.decode("utf-16-le").rstrip("\0"))
        QTimer.singleShot(0, self._owner, lambda: self._over(turn, done))

    def _over(self, turn: int, done: Done) -> None:
        if turn == self._turn:
            self.sounding = False
            done(None)

    def stop(self) -> None:
        self._turn += 1
        self.sounding = False

    def set_gain(self, decibels: float) -> None:
        """Nobody's ears hurt here."""
