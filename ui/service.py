"""The kiosk as a service: what systemd is told of it, and the signals that end it.

systemd counts the kiosk as started with its first paint and kills it when the thread that answers touches has
not told that it lives for as long as the unit allows (sd_notify(3), ``WatchdogSec=`` in systemd.service(5)).
"""

import os
import signal
import socket
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from datetime import timedelta
from typing import Final, Self

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

DISPLAY_TRIED: Final = "OPORA_DISPLAY_TRIED"
"""Where the session wrote by which way it came to a display (``installers/session/kiosk-session``)."""
STANDS_AFTER_MS: Final = 5_000
"""So long after the first paint the display is taken to hold: a driver that crashes does so at once."""
_SOCKET: Final = "NOTIFY_SOCKET"
_WATCHDOG: Final = "WATCHDOG_USEC"
_WATCHED: Final = "WATCHDOG_PID"
FEEDINGS: Final = 3
"""In the time that the unit allows; sd_watchdog_enabled(3) asks for two at least."""


class Supervisor:
    """Whoever started this process and watches over it; nobody where no socket is named.

    Own lines instead of a library: ``sdnotify`` has had no release since 2017, ``systemd-python`` needs a
    compiler, and sd_notify(3) itself says that the protocol is stable and short enough to be written anew.
    """

    def __init__(self, address: str = "", watchdog: timedelta | None = None) -> None:
        self._socket: socket.socket | None = None
        self.watchdog = watchdog
        if address and sys.platform != "win32":
            # "@" begins a name that is in no folder (unix(7), abstract).
            name = "\0" + address[1:] if address.startswith("@") else address
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)
            try:
                self._socket.connect(name)
            except OSError:
                self.close()

    @classmethod
    def of(cls, environment: MutableMapping[str, str], pid: int) -> Self:
        """Takes its names out of ``environment``, so that no child of this process speaks in its place.

        The watchdog counts only where it is meant for process ``pid``.
        """
        address = environment.pop(_SOCKET, "")
        microseconds, watched = environment.pop(_WATCHDOG, ""), environment.pop(_WATCHED, "")
        counts = microseconds.isdecimal() and int(microseconds) > 0 and watched in ("", str(pid))
        return cls(address, timedelta(microseconds=int(microseconds)) if counts else None)

    def tell(self, *news: str) -> None:
        """Assignments such as ``READY=1``. Never waits; a supervisor that has gone is no fault of ours."""
        if self._socket is not None:
            try:
                self._socket.send("\n".join(news).encode())
            except OSError:
                return

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class Watched(QObject):
    """Feeds the watchdog from the thread that made it, as long as that thread takes its turns.

    ``display_tried`` is what the session named by DISPLAY_TRIED; blank where none did.
    """

    def __init__(self, supervisor: Supervisor, display_tried: str = "") -> None:
        super().__init__()
        self._supervisor = supervisor
        self._display_tried = display_tried
        self._feeding = QTimer(self)
        self._feeding.timeout.connect(lambda: supervisor.tell("WATCHDOG=1"))
        if supervisor.watchdog is not None:
            self._feeding.start(max(1, int(supervisor.watchdog.total_seconds() * 1000 / FEEDINGS)))

    def ready(self) -> None:
        self._supervisor.tell("READY=1", "STATUS=The first page is painted")
        if self._display_tried:
            QTimer.singleShot(STANDS_AFTER_MS, self._display_holds)

    def _display_holds(self) -> None:
        """The next start begins with the best way to a display again."""
        with suppress(OSError):
            os.unlink(self._display_tried)

    def stands(self, status: str) -> None:
        """One English line for ``systemctl status``; it says nothing of anybody at the screen."""
        self._supervisor.tell(f"STATUS={status}")

    def stopping(self) -> None:
        self._supervisor.tell("STOPPING=1", "STATUS=Closing")


class EndingSignals(QObject):
    """Calls ``end`` on the thread that made this when somebody asks the process to end.

    Python looks at signals only between its own instructions, and while nothing happens on the page it has
    none: so a signal also writes into a socket that Qt waits on.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        super().__init__()
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: end())

    def _woken(self) -> None:
        self._read.recv(4096)

    def close(self) -> None:
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()
