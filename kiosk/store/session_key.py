"""The open draft's key, in memory that no power cut leaves behind.

After a crash of the process the kiosk opens on the same question, without anybody signing in: within two
minutes of the last sign of life, in the same boot of the machine. The file lies on a memory file system
alone; where there is none, nothing is kept, and such a draft waits for a volunteer or its resume code.
"""

import hashlib
import logging
import os
import stat
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from kiosk.ids import DraftId
from kiosk.store.sealing import KEY_BYTES

WITHIN_S = 120.0
log = logging.getLogger(__name__)

_MEMORY = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True, slots=True)
class SessionKey:
    draft_id: DraftId
    key: bytes = field(repr=False)


class SessionKeyFile:
    """One file for one data folder. ``elapsed`` gives seconds since the machine was started, and
    ``boot`` names that start; a wall clock would let a wrong clock in."""

    def __init__(
        self,
        folder: Path,
        directory: Path | None,
        boot: str,
        elapsed: Callable[[], float],
    ) -> None:
        name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
        self._path = None if directory is None else directory / name
        self._boot = hashlib.sha256(boot.encode()).hexdigest()
        self._elapsed = elapsed

    @staticmethod
    def of_this_machine(folder: Path, environment: Mapping[str, str]) -> "SessionKeyFile":
        """In ``$XDG_RUNTIME_DIR`` or ``/dev/shm``, whichever is in memory and ours."""
        return SessionKeyFile(folder, private_memory(environment), boot_id(), since_boot)

    @property
    def available(self) -> bool:
        """Whether this machine has a place for it."""
        return self._path is not None

    def write(self, key: SessionKey) -> None:
        """Takes the place of any earlier key. Without a place for it, nothing happens: a person's work
        does not stop because there would be less to come back to after a crash."""
        if self._path is None:
            return
        self.erase()
        content = "\n".join((self._stamp(), self._boot, key.draft_id.hex, key.key.hex())).encode()
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
            try:
                os.write(descriptor, content)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("the session's key cannot be kept in memory: %s", error.strerror)

    def keep_alive(self) -> None:
        """A sign of life; to be given at least once a minute while a person is at the kiosk."""
        if self._path is None:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | _NO_FOLLOW)
        except FileNotFoundError:
            return
        try:
            # One write within one page: a process killed here leaves the old stamp or the new.
            os.write(descriptor, self._stamp().encode())
        finally:
            os.close(descriptor)

    def read(self) -> SessionKey | None:
        """The key, unless it is of another boot, too old, or not whole; such a one is erased."""
        if self._path is None:
            return None
        try:
            stamp, boot, draft, key = self._path.read_text("ascii").split("\n")
            silent = self._elapsed() - float(stamp)
            found = SessionKey(DraftId(UUID(draft)), bytes.fromhex(key))
        except FileNotFoundError:
            return None
        except ValueError:
            self.erase()
            return None
        if boot != self._boot or not 0 <= silent <= WITHIN_S or len(found.key) != KEY_BYTES:
            self.erase()
            return None
        return found

    def erase(self) -> None:
        """Overwritten, then removed."""
        if self._path is None:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | _NO_FOLLOW)
        except FileNotFoundError:
            return
        try:
            os.write(descriptor, bytes(os.fstat(descriptor).st_size))
        finally:
            os.close(descriptor)
        self._path.unlink(missing_ok=True)

    def _stamp(self) -> str:
        return f"{self._elapsed():020.3f}"


_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def since_boot() -> float:
    """Seconds since the machine was started, time asleep included."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def boot_id() -> str:
    """The kernel's name for this boot (random(4)); empty on systems that have none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def private_memory(environment: Mapping[str, str]) -> Path | None:
    """A folder in memory that is ours alone, or None."""
    if sys.platform == "win32":
        return None
    shared = Path("/dev/shm")  # noqa: S108 - the folder made in it is private, which is checked
    bases = [Path(base) for base in (environment.get("XDG_RUNTIME_DIR"),) if base]
    for base in (*bases, shared):
        if not (base.is_dir() and file_system(base) in _MEMORY):
            continue
        folder = base / f"opora-{os.getuid()}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            seen = folder.lstat()
        except OSError:
            continue
        # Anybody may make a folder of this name in a shared place before us.
        if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid() and not seen.st_mode & 0o077:
            return folder
    return None


def file_system(path: Path) -> str:
    """The type of the file system that ``path`` lies on, from /proc/self/mounts (proc(5)); else empty."""
    best, kind = -1, ""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return ""
    real = path.resolve()
    for line in mounts.splitlines():
        _, point, found, *_ = line.split(" ")
        mount = Path(point.replace("\\040", " "))
        if real.is_relative_to(mount) and len(mount.parts) >= best:
            best, kind = len(mount.parts), found
    return kind
