"""Whether Qt still holds its line to the sound server: PulseAudio, or PipeWire in its place.

Where that server dies, Qt 6.11 lets go of its connection, goes on naming the devices, tries to connect once
more after three seconds and then never again. To play meanwhile makes libpulse end the whole process (an
assertion in ``pa_context_get_state``). So it is asked before each sound, on the thread on which Qt lets go.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

GIVEN_UP_S: Final = 10.0
"""Qt's one further try is over by then."""
LOOK_MS: Final = 2000
_OWN_FILES: Final = Path("/proc/self/fd")


class SoundServer:
    """``at``: the server's socket; None where none can be watched, and then nothing is known.

    One for all who ask: whoever finds it gone, the watch tells when it is back.
    """

    def __init__(self, at: Path | None = None, steady: Callable[[], float] = time.monotonic) -> None:
        self._at = at
        self._steady = steady
        self._held = False
        self._lost_at: float | None = None
        self.returned = False
        """The line was gone and is held again. Whoever has told that sets it back."""

    @staticmethod
    def of_this_session(environment: Mapping[str, str]) -> "SoundServer":
        return SoundServer(_socket_of(environment) if _OWN_FILES.is_dir() else None)

    def gone(self) -> bool:
        """A line was held once and is not held now: nothing may be played. 0.08 ms."""
        if self._at is None:
            return False
        holds = any(peer == str(self._at) for peer in _peers())
        if holds:
            self.returned = self.returned or self._lost_at is not None
            self._held, self._lost_at = True, None
        elif self._held and self._lost_at is None:
            self._lost_at = self._steady()
        return self._lost_at is not None

    def given_up(self) -> bool:
        """The server is back, and Qt will not find it any more in this process."""
        if not self.gone() or self._lost_at is None or self._steady() - self._lost_at < GIVEN_UP_S:
            return False
        with socket.socket(socket.AF_UNIX) as knock, contextlib.suppress(OSError):
            knock.setblocking(False)
            knock.connect(str(self._at))
            return True
        return False


class SoundServerWatch(QObject):
    """Calls ``back`` when Qt has found the server again: of that it tells nobody itself."""

    def __init__(self, parent: QObject, server: SoundServer, back: Callable[[], None]) -> None:
        super().__init__(parent)
        self._server = server
        self._back = back
        timer = QTimer(self)
        timer.setInterval(LOOK_MS)
        timer.timeout.connect(self._look)
        timer.start()

    def _look(self) -> None:
        if not self._server.gone() and self._server.returned:
            self._server.returned = False
            self._back()


def _socket_of(environment: Mapping[str, str]) -> Path | None:
    """pulse-client.conf(5): PULSE_SERVER, else ``native`` in the runtime folder."""
    named = environment.get("PULSE_SERVER", "")
    if named:
        path = named.removeprefix("unix:")
        return Path(path) if path.startswith("/") else None
    if folder := environment.get("PULSE_RUNTIME_PATH"):
        return Path(folder, "native")
    runtime = environment.get("XDG_RUNTIME_DIR")
    return Path(runtime, "pulse", "native") if runtime else None


def _peers() -> set[str]:
    """What this process's own sockets are connected to, by name."""
    found = set()
    for file in _OWN_FILES.iterdir():
        with contextlib.suppress(OSError):
            if not os.readlink(file).startswith("socket:"):
                continue
            held = socket.socket(fileno=int(file.name))
            try:
                peer = held.getpeername()
            finally:
                held.detach()
            if isinstance(peer, str) and peer:
                found.add(peer)
    return found
