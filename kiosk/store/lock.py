"""One kiosk process per data folder."""

import os
import sys
from pathlib import Path

from kiosk.errors import Message, StoreFault
from kiosk.texts import N_


class FolderLock:
    """An exclusive lock on ``folder``, let go of by the system itself when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "kiosk.lock"
        self._file: int | None = None

    def acquire(self) -> None:
        """Raises :class:`StoreFault` where another process (or this one) already holds it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            raise StoreFault(
                Message(N_("Opora is already running here.")),
                Message(N_("Use the window that is already open, or close it first.")),
                str(self._path),
            ) from error
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            # Not by closing alone: a child that is just being started holds this file too until it is another
            # program, and with it the lock.
            _unlock(self._file)
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # flock belongs to the open file, not to the process: a second opening in this process is refused too.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
