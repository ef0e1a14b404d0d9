"""Real audio on a virtual sound device: what comes out, when it begins and when it is silent (H1, H5, H6)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop

from kiosk.errors import VoiceFault
from kiosk.voice.port import Clip, Words
from kiosk.voice.render import ChildRenderer
from kiosk.voice.speech import Speech, SpeechState
from kiosk.voice.spoken import Utterance
from tests.voice.sound import SAMPLE_RATE, Recording, SoundServer, until
from ui.player import QtPlayer


class Room:
    """A warm player, someone who listens, and the event loop."""

    def __init__(self, application: QCoreApplication, recording: Recording) -> None:
        self.player = QtPlayer()
        self.recording = recording
        self.post: SimpleQueue[Any] = SimpleQueue()
        self._application = application

    def turn(self) -> None:
        self._application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 2)
        try:
            self.post.get_nowait()()
        except Empty:
            return

    def listen_until(self, moment: float) -> None:
        until(lambda: self.recording.arrived(moment), self.turn)


@pytest.fixture
def room(application: QCoreApplication, recording: Recording) -> Iterator[Room]:
    room = Room(application, recording)
    warm: list[VoiceFault | None] = []
    room.player.play(Clip.silent(0.3), warm.append)
    until(lambda: bool(warm), room.turn)
    assert warm == [None]
    recording.forget()
    yield room
    room.player.close()


def tone(seconds: float) -> Clip:
    samples = 9000 * np.sin(2 * np.pi * 440 * np.arange(round(22050 * seconds)) / 22050)
    return Clip.of_pcm(samples.astype("<i2").tobytes(), 22050)


def test_five_seconds_take_five_seconds(room: Room) -> None:
    ended: list[VoiceFault | None] = []
    room.player.play(tone(5.0), ended.append)
    until(lambda: bool(ended), room.turn)
    finished = time.perf_counter()
    room.listen_until(finished + 0.2)
    spans = room.recording.spans()
    assert len(spans) == 1
    # A pipe that swallows samples takes none of the time; a busy machine a little more.
    assert spans[0][1] - spans[0][0] == pytest.approx(5.0, abs=0.25)
    # The end is told when it has been heard, not when the samples have been handed over.
    assert finished > spans[0][1] - 0.2


def test_stopping_is_silence(room: Room, record_property: Any) -> None:
    delays = []
    for _ in range(5):
        begun = len(room.recording.spans())
        room.player.play(tone(3.0), lambda _fault: None)
        until(lambda begun=begun: len(room.recording.spans()) > begun, room.turn)  # type: ignore[misc]
        pressed = time.perf_counter()
        room.player.stop()
        room.listen_until(pressed + 0.5)
        delays.append(room.recording.spans()[-1][1] - pressed)
    record_property("silence_ms", [round(1000 * delay) for delay in delays])
    print("to silence, ms:", [round(1000 * delay) for delay in delays])
    assert max(delays) < 0.4


def test_known_words_begin_soon_after_the_action(room: Room) -> None:
    delays = []
    for _ in range(5):
        begun = len(room.recording.spans())
        pressed = time.perf_counter()
        room.player.play(tone(0.3), lambda _fault: None)
        until(lambda begun=begun: len(room.recording.spans()) > begun, room.turn)  # type: ignore[misc]
        delays.append(room.recording.spans()[begun][0] - pressed)
        room.player.stop()
        room.listen_until(time.perf_counter() + 0.2)
    print("to the first sample, ms:", [round(1000 * delay) for delay in delays])
    assert max(delays) < 0.4


def test_page_that_takes_long_to_paint_leaves_no_gap(room: Room) -> None:
    ended: list[VoiceFault | None] = []
    room.player.play(tone(1.5), ended.append)
    until(lambda: bool(room.recording.spans()), room.turn)
    busy_until = time.perf_counter() + 0.6
    while time.perf_counter() < busy_until:
        pass  # the thread that shows pages is at work and turns no event loop
    until(lambda: bool(ended), room.turn)
    room.listen_until(time.perf_counter() + 0.2)
    assert len(room.recording.spans()) == 1


def test_loudness_is_set_in_decibels(room: Room) -> None:
    levels = []
    for gain in (0.0, -12.0):
        room.player.set_gain(gain)
        ended: list[VoiceFault | None] = []
        before = len(room.recording.heard)
        room.player.play(tone(0.5), ended.append)
        until(lambda ended=ended: bool(ended), room.turn)  # type: ignore[misc]
        room.listen_until(time.perf_counter() + 0.2)
        levels.append(float(np.abs(room.recording.heard[before:].astype(np.int32)).max()))
    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(-12, abs=1)


def test_page_is_heard_whole_at_a_fitting_level_and_without_overlap(
    room: Room, renderer: ChildRenderer
) -> None:
    said = (
        Utterance("Where do you live?", "en"),
        Utterance("Как вас зовут?", "ru"),
        Utterance("성함이 어떻게 되세요?", "ko"),
    )
    began: list[tuple[str, float]] = []
    ended: list[float] = []
    with ThreadPoolExecutor(2) as executor:
        speech = Speech(
            renderer,
            room.player,
            room.post.put,
            executor,
            heard=lambda utterance: began.append((utterance.text, time.perf_counter())),
        )
        speech.say(said, then=lambda: ended.append(time.perf_counter()))
        until(lambda: bool(ended), room.turn, seconds=30)
        room.listen_until(ended[0] + 0.2)
    assert speech.state is SpeechState.QUIET
    assert [text for text, _ in began] == [utterance.text for utterance in said]
    lengths = [renderer.render(Words(utterance.text, utterance.language)).seconds for utterance in said]
    assert ended[0] - began[0][1] == pytest.approx(sum(lengths), abs=0.6)
    starts = [*(start for _, start in began), ended[0]]
    for start, following in pairwise(starts):
        spoken = [span for span in room.recording.spans() if start - 0.02 < span[0] < following - 0.02]
        assert spoken
        assert spoken[-1][1] < following
    samples = room.recording.heard.astype(float)
    sounding = samples[np.abs(samples) > 300]
    level = 20 * np.log10(np.sqrt((sounding**2).mean()) / 32768)
    print("level of speech, dB below full scale:", round(level, 1))
    assert -26 < level < -9
    assert np.abs(samples).max() < 32767
    assert len(samples) / SAMPLE_RATE > sum(lengths)


def test_action_while_it_speaks_is_silence_and_the_new_words_come(
    room: Room, renderer: ChildRenderer
) -> None:
    heard: list[str] = []
    ended: list[bool] = []
    with ThreadPoolExecutor(2) as executor:
        speech = Speech(
            renderer,
            room.player,
            room.post.put,
            executor,
            heard=lambda utterance: heard.append(utterance.text),
        )
        speech.say((Utterance("one two three four five six seven eight nine ten", "en"),))
        until(lambda: bool(room.recording.spans()), room.turn)
        speech.say((Utterance("stop", "en"),), then=lambda: ended.append(True))
        until(lambda: bool(ended), room.turn)
    assert heard == ["one two three four five six seven eight nine ten", "stop"]


def test_device_that_dies_while_it_plays_ends_the_clip_with_a_fault(
    application: QCoreApplication, tmp_path: Path
) -> None:
    """In a process of its own: Qt looks for its sound server once in a process."""
    import os
    import subprocess
    import sys

    if SoundServer.missing is not None:
        pytest.skip(f"no ear: {SoundServer.missing} is not installed (make setup-test installs it)")
    server = SoundServer(tmp_path)
    server.wait()
    script = (
        "import sys\n"
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "from kiosk.voice.port import Clip\nfrom ui.player import QtPlayer\n"
        "application = QCoreApplication([])\nplayer = QtPlayer()\n"
        "def done(fault):\n    print('fault' if fault else 'heard', flush=True); application.quit()\n"
        "player.play(Clip.silent(2.0), done)\n"
        "QTimer.singleShot(500, lambda: print('playing', flush=True))\n"
        "application.exec()\nplayer.close()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PULSE_SERVER": server.address, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "playing\n"
        server.kill()
        assert process.stdout.readline() == "fault\n"
        assert process.wait(timeout=15) == 0


def test_words_that_were_never_said_before_begin_soon(room: Room, renderer: ChildRenderer) -> None:
    delays = []
    with ThreadPoolExecutor(2) as executor:
        speech = Speech(renderer, room.player, room.post.put, executor)
        for word in ("apple", "pear", "plum", "cherry", "lemon"):
            begun = len(room.recording.spans())
            pressed = time.perf_counter()
            speech.say((Utterance(f"{word} tree", "en"),))
            until(lambda begun=begun: len(room.recording.spans()) > begun, room.turn)  # type: ignore[misc]
            delays.append(room.recording.spans()[begun][0] - pressed)
            speech.stop()
            room.listen_until(time.perf_counter() + 0.2)
    print("to the first sample of new words, ms:", [round(1000 * delay) for delay in delays])
    assert max(delays) < 1.5
