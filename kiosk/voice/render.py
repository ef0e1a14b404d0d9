"""Words to clips: pyttsx3 in warm one-shot children, espeak-ng's own command line behind it."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from kiosk.errors import VoiceFault
from kiosk.voice.child import CALLED, DONE
from kiosk.voice.expected import DOUBTFUL, expected_seconds, has_sound
from kiosk.voice.memory import ClipFile, clip_file
from kiosk.voice.paces import LANGUAGES, Pace, pace
from kiosk.voice.port import Clip, Words
from kiosk.voice.stretch import stretched
from kiosk.voice.wave_form import level_of, read_wav, voice_fault

PACKAGED: Final = bool(getattr(sys, "frozen", False))
CHILD: Final = (
    (sys.executable, CALLED)
    if PACKAGED
    else (sys.executable, "-P", str(Path(__file__).with_name("child.py")))
)
"""The child is started by its path and imports nothing of ours; ``-P`` keeps our modules out of its way."""
CHILD_NICENESS: Final = 10
"""A tenth of the kiosk's own share, where both want the same core."""
QUIETEST_DB: Final = -45.0
SAME: Final = 0.05
"""Two renderings of the same words that differ by less than this share of their length are the same."""


class _Child:
    """A process that renders one clip. ``ask`` and ``clip`` once, ``end`` always."""

    def __init__(self, command: Sequence[str]) -> None:
        self._file: ClipFile = clip_file()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours, words go through the pipe
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=self._file.handed_down,
                # A group of its own, to be ended whole; not a session, beside which Linux weighs no niceness.
                process_group=0,
                creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
        except OSError:
            self._file.close()
            raise
        if hasattr(os, "setpriority"):
            # Sentences are made ahead while somebody touches the glass: the page goes first.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, CHILD_NICENESS)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ask(self, text: str, voice: str, setting: int) -> None:
        """Hands over the words; returns at once."""
        job = {"text": text, "voice": voice, "setting": setting, "path": self._file.path}
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()

    def clip(self, seconds: float) -> bytes | None:
        """The WAV, or None when it ended without one or took longer than ``seconds`` from now."""
        assert self._process.stdout is not None
        until, answers = time.monotonic() + seconds, b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not answers.endswith(DONE) and selector.select(max(0.0, until - time.monotonic())):
                more = os.read(self._process.stdout.fileno(), 64)
                if not more:
                    return None
                answers += more
        return self._file.content() if answers.endswith(DONE) else None

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()
        self._process.wait()
        self._file.close()


class ChildRenderer:
    """``Renderer`` over children started ahead of need.

    ``spare`` children wait, warm. A clip that takes longer than ``patience`` seconds costs its child's
    process group its life and is rendered by ``espeak`` (a command, or None where there is none) instead.
    ``close`` ends the waiting ones.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] = CHILD,
        espeak: str | None = "espeak-ng",
        spare: int = 2,
        patience: float = 3.0,
    ) -> None:
        self._command = tuple(command)
        self._espeak = shutil.which(espeak) if espeak else None
        self._spare = spare
        self._patience = patience
        self._waiting: deque[_Child] = deque()
        self._lock = Lock()
        self._closed = False
        self.fallbacks = 0
        """How many clips the command line made, for `opora doctor` and the tests."""

    def start(self) -> None:
        """Starts the first children, so that the first words need not wait for them."""
        self._refill()

    def render(self, words: Words) -> Clip:
        if words.language not in LANGUAGES:
            raise voice_fault(f"no voice for the language {words.language!r}")
        if not has_sound(words.text):
            return Clip.silent(0.1)
        how = pace(words.language, words.rate)
        clip = self._checked(self._by_child(words, how), how)
        if clip is None or self._doubtful(clip, words):
            second = self._by_command(words, how)
            if clip is None or second is None or abs(second.seconds - clip.seconds) > SAME * second.seconds:
                clip = second
                self.fallbacks += 1
        if clip is None:
            raise voice_fault("neither pyttsx3 nor espeak-ng made a clip")
        return clip

    def close(self) -> None:
        with self._lock:
            self._closed = True
            waiting, self._waiting = list(self._waiting), deque()
        for child in waiting:
            child.end()

    # -- the two ways to a clip

    def _by_child(self, words: Words, how: Pace) -> bytes | None:
        child = self._take()
        if child is None:
            return None
        try:
            child.ask(words.text, words.language, how.setting)
            self._refill()
            return child.clip(self._patience)
        finally:
            child.end()

    def _by_command(self, words: Words, how: Pace) -> Clip | None:
        if self._espeak is None:
            return None
        file = clip_file()
        try:
            # "[[" begins phoneme names for the command line, though not for the library.
            text = words.text.replace("[[", "[ [")
            command = [self._espeak, "-v", words.language, "-s", str(how.setting), "-b", "1"]
            subprocess.run(  # noqa: S603 - the words go through the pipe, never into the arguments
                [*command, "--stdin", "-w", file.path],
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=file.handed_down,
                timeout=self._patience,
                check=True,
            )
            return self._checked(file.content(), how)
        except (OSError, subprocess.SubprocessError):
            return None
        finally:
            file.close()

    # -- what makes a clip a good one

    def _checked(self, wav: bytes | None, how: Pace) -> Clip | None:
        """The clip at its pace, or None when it is damaged or as good as silent."""
        if not wav:
            return None
        try:
            pcm, sample_rate = read_wav(wav)
        except VoiceFault:
            return None
        if level_of(pcm) < QUIETEST_DB:
            return None
        return Clip.of_pcm(stretched(pcm, sample_rate, how.stretch), sample_rate)

    def _doubtful(self, clip: Clip, words: Words) -> bool:
        expected = expected_seconds(words)
        return abs(clip.seconds - expected) > DOUBTFUL * expected

    # -- children ahead of need

    def _take(self) -> _Child | None:
        with self._lock:
            while self._waiting:
                child = self._waiting.popleft()
                if child.running:
                    return child
                child.end()
        return self._begin()

    def _begin(self) -> _Child | None:
        try:
            return _Child(self._command)
        except OSError:
            return None

    def _refill(self) -> None:
        with self._lock:
            while not self._closed and len(self._waiting) < self._spare:
                child = self._begin()
                if child is None:
                    return
                self._waiting.append(child)
