"""Clips of words that are likely to be said again: in memory only, the longest unused goes first."""

from collections import OrderedDict
from dataclasses import dataclass

from kiosk.voice.port import Clip, Words


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with the silence that follows them in the same clip."""

    words: Words
    pause_ms: int


class ClipCache:
    """Holds at most ``limit`` bytes of sound. Private words are never handed to it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._clips: OrderedDict[Piece, Clip] = OrderedDict()

    def __len__(self) -> int:
        return len(self._clips)

    def get(self, piece: Piece) -> Clip | None:
        clip = self._clips.get(piece)
        if clip is not None:
            self._clips.move_to_end(piece)
        return clip

    def put(self, piece: Piece, clip: Clip) -> None:
        self._forget(piece)
        self._clips[piece] = clip
        self._held += len(clip.wav)
        while self._held > self._limit and len(self._clips) > 1:
            self._forget(next(iter(self._clips)))

    def clear(self) -> None:
        self._clips.clear()
        self._held = 0

    def _forget(self, piece: Piece) -> None:
        clip = self._clips.pop(piece, None)
        if clip is not None:
            self._held -= len(clip.wav)
