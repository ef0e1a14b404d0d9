"""A sound device that can be listened to: a PulseAudio of one's own, with a null sink and its monitor."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 48000
LOUD = 300
"""Of 32767: far above the rounding of silence, far below speech."""

Pump = Callable[[], None]


def until(true: Callable[[], bool], pump: Pump, seconds: float = 15.0) -> None:
    """Turns the event loop until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        pump()


class SoundServer:
    """``missing`` names the program without which it cannot run on this machine, if there is one."""

    missing = next((name for name in ("pulseaudio", "pactl", "parec") if shutil.which(name) is None), None)

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "s"
        self._home = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        self._home.pop("DISPLAY", None)
        self.address = f"unix:{self._socket}"
        self._daemon = self._begin()

    def _begin(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"),
                *("-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"),
                *("-L", f"module-null-sink sink_name=kiosk rate={SAMPLE_RATE} channels=1"),
            ],
            env=self._home,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        def answers() -> bool:
            assert self._daemon.poll() is None, "pulseaudio ended"
            asked = ["pactl", "-s", self.address, "list", "short", "sources"]
            told = subprocess.run(asked, env=self._home, capture_output=True, check=False)
            return b"kiosk.monitor" in told.stdout

        until(answers, lambda: None)

    def recording(self) -> "Recording":
        return Recording(self.address, self._home)

    def kill(self) -> None:
        self._daemon.kill()
        self._daemon.wait()

    def revive(self) -> None:
        """At the same address, as systemd starts it again."""
        self._socket.unlink(missing_ok=True)
        self._daemon = self._begin()
        self.wait()


def pactl(folder: Path, *words: str) -> str:
    """Tells the server that was started in ``folder`` something; gives what it answered."""
    command = ["pactl", "-s", f"unix:{folder / 's'}", *words]
    environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


class Recording:
    """What comes out of the loudspeaker, with the time (``time.perf_counter``) of each sample."""

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [
                *("parec", "-s", address, "-d", "kiosk.monitor", f"--rate={SAMPLE_RATE}", "--channels=1"),
                *("--format=s16le", "--latency-msec=5", "--raw"),
            ],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._pieces: list[tuple[float, bytes]] = []
        self._thread = threading.Thread(target=self._listen, name="parec")
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while heard := os.read(descriptor, 4096):
            self._pieces.append((time.perf_counter(), heard))

    def forget(self) -> None:
        """Only what comes from now on."""
        self._pieces = []

    @property
    def running(self) -> bool:
        return bool(self._pieces)

    @property
    def heard(self) -> NDArray[np.int16]:
        whole = b"".join(piece for _, piece in self._pieces)
        return np.frombuffer(whole[: len(whole) // 2 * 2], "<i2")

    def spans(self, gap: float = 0.05) -> list[tuple[float, float]]:
        """When it was loud: from and to; silences shorter than ``gap`` seconds belong to the sound."""
        samples = self.heard
        if not len(samples):
            return []
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
        if not len(loud):
            return []
        first = self._pieces[-1][0] - len(samples) / SAMPLE_RATE
        pauses = np.flatnonzero(np.diff(loud) > gap * SAMPLE_RATE)
        begins = loud[np.concatenate(([0], pauses + 1))] / SAMPLE_RATE + first
        ends = loud[np.concatenate((pauses, [len(loud) - 1]))] / SAMPLE_RATE + first
        return list(zip(begins.tolist(), ends.tolist(), strict=True))

    def arrived(self, since: float) -> bool:
        """Whether everything that sounded before ``since`` has reached us."""
        return bool(self._pieces) and self._pieces[-1][0] > since

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()
