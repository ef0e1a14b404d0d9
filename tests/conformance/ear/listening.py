"""A whole kiosk with its own voice, played into a device that is listened to."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.flow.table import Screen
from kiosk.receipts import FolderPrinter
from kiosk.voice.port import Clip
from kiosk.voice.speech import SpeechState
from kiosk.voice.spoken import Utterance
from tests.conformance.blind.keys import Key
from tests.conformance.blind.kiosk import PIXELS, demo_pack
from tests.voice.sound import SAMPLE_RATE, Recording, until
from tests.voice.sound import SoundServer as RealServer
from ui.app import KioskApp
from ui.demonstration import settle_in_alone
from ui.display import paint_without_display
from ui.driver import Driver
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.player import QtPlayer
from ui.sound_server import SoundServer
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.window import KioskWindow

PATIENCE = 30.0


class Booth:
    """Somebody who presses keys, and a microphone at the loudspeaker. Times are milliseconds."""

    def __init__(self, app: KioskApp, player: QtPlayer, recording: Recording, server: RealServer) -> None:
        self.server = server
        self.app = app
        self.player = player
        self._recording = recording
        self._hands = Driver(app.window)

    def turn(self) -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        time.sleep(0.0005)

    def wait(self, true: Callable[[], bool]) -> None:
        until(true, self.turn, PATIENCE)

    def rest(self) -> None:
        """Until it has fallen silent by itself."""
        self.wait(lambda: not self.app.conductor.working() and self.app.speech.state is SpeechState.QUIET)

    def hush(self) -> None:
        """The welcome page begins by itself; it is stopped."""
        conductor, speech = self.app.conductor, self.app.speech
        self.wait(lambda: conductor.screen is Screen.WELCOME and speech.state is SpeechState.SPEAKING)
        speech.stop()

    def to_sound(self, act: Callable[[], None]) -> float:
        """From an action to the first audible sample."""
        self._recording.forget()
        self.wait(lambda: self._recording.running)
        began = time.perf_counter()
        act()
        self.wait(lambda: bool(self._recording.spans()))
        return 1000 * (self._recording.spans()[0][0] - began)

    def listen_into_a_word(self, seconds: float) -> bool:
        """After so long, to the next moment in which it is loud; False when there is none before it ends."""
        end = time.perf_counter() + seconds

        def loud() -> bool:
            return self._recording.spans()[-1][1] > time.perf_counter() - 0.02

        def over() -> bool:
            return self.app.speech.state is not SpeechState.SPEAKING

        self.wait(lambda: time.perf_counter() > end and (loud() or over()))
        return not over()

    def to_silence(self, act: Callable[[], None]) -> float:
        """From an action inside a word to the last audible sample. The microphone tells times to some 5 ms,
        so what ends sooner ends at once."""
        began = time.perf_counter()
        act()
        self.wait(lambda: self._recording.arrived(began + 0.35))
        return max(0.0, 1000 * (self._recording.spans()[-1][1] - began))

    def next(self) -> None:
        handle = self.app.window.windowHandle()
        assert handle is not None
        QTest.keyClick(handle, Key.NEXT.value)

    def stop_reading(self) -> None:
        self._hands.press("read")

    def say(self, words: str) -> None:
        """Words that nobody knew beforehand, as a typed answer is."""
        self.app.speech.say((Utterance(words, "en", private=True),))

    def five_seconds(self) -> float:
        """How long a clip of five seconds is heard."""
        ended: list[bool] = []
        self._recording.forget()
        self.player.play(tone(5.0, 440), lambda _fault: ended.append(True))
        self.wait(lambda: bool(ended))
        now = time.perf_counter()
        self.wait(lambda: self._recording.arrived(now + 0.1))
        first, last = self._recording.spans()[0], self._recording.spans()[-1]
        return last[1] - first[0]

    def overlapping(self, times: int) -> tuple[int, int]:
        """(moments in which two clips sounded at once, moments): clips of two tones cut each other."""
        self._recording.forget()
        for number in range(times):
            self.player.play(tone(2.0, (400, 1000)[number % 2]), lambda _fault: None)
            until_then = time.perf_counter() + 0.12
            while time.perf_counter() < until_then:
                self.turn()
        self.player.stop()
        now = time.perf_counter()
        self.wait(lambda: self._recording.arrived(now + 0.1))
        return _both(self._recording.heard.astype(float))

    def level(self) -> float:
        """Of what was heard since the last action: dB below full scale, pauses left out."""
        samples = self._recording.heard.astype(float)
        sounding = samples[np.abs(samples) > 300]
        return float(20 * np.log10(np.sqrt((sounding**2).mean()) / 32768)) if len(sounding) else -np.inf


def tone(seconds: float, hertz: float) -> Clip:
    samples = 9000 * np.sin(2 * np.pi * hertz * np.arange(round(22050 * seconds)) / 22050)
    return Clip.of_pcm(samples.astype("<i2").tobytes(), 22050)


def _both(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[int, int]:
    """Frames of 25 ms that hold both tones at a fifth of full strength or more, and all frames."""
    length = SAMPLE_RATE // 40
    frames = len(samples) // length
    at = np.arange(length) / SAMPLE_RATE
    waves = [np.exp(-2j * np.pi * hertz * at) * 2 / length for hertz in (400, 1000)]
    both = 0
    for number in range(frames):
        frame = samples[number * length : (number + 1) * length]
        strengths = [abs(frame @ wave) for wave in waves]
        # A cut inside a frame leaves half of each: only together they are more than one clip.
        both += min(strengths) > 1800 and sum(strengths) > 10500
    return both, frames


@contextmanager
def opened(folder: Path) -> Iterator[Booth]:
    """A kiosk at its welcome page. Call it once a process: Qt looks for its sound server once."""
    server = RealServer(folder)
    os.environ["PULSE_SERVER"] = server.address
    try:
        server.wait()
        paint_without_display()
        application()
        house = House(folder / "kiosk", clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
        settle_in_alone(house)
        window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
        window.resize(*PIXELS)
        window.show()
        sound = SoundServer.of_this_session(os.environ)
        player = QtPlayer(server=sound)
        with server.recording() as recording:
            app = KioskApp(house, demo_pack(folder), window, player, FolderPrinter(folder), sound=sound)
            try:
                app.start()
                player.warm_up()
                booth = Booth(app, player, recording, server)
                yield booth
            finally:
                app.close()
                player.close()
                window.close()
    finally:
        server.kill()
