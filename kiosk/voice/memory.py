"""A file for one clip that is on no disk and is gone when its last holder is."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Protocol


class ClipFile(Protocol):
    """Somewhere a child process can save a clip to. Its owner closes it, and nothing remains."""

    @property
    def path(self) -> str:
        """The path by which the child opens it."""
        ...

    @property
    def handed_down(self) -> tuple[int, ...]:
        """File descriptors that the child must be given for ``path`` to work."""
        ...

    def content(self) -> bytes: ...

    def close(self) -> None: ...


class AnonymousFile:
    """memfd_create(2): memory with a descriptor and no name, so that not even a kill leaves it behind."""

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("clip", os.MFD_CLOEXEC)

    @property
    def path(self) -> str:
        return f"/proc/self/fd/{self._descriptor}"

    @property
    def handed_down(self) -> tuple[int, ...]:
        return (self._descriptor,)

    def content(self) -> bytes:
        with open(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            return file.read()

    def close(self) -> None:
        os.close(self._descriptor)


class PrivateFile:
    """Where there is no memfd: a file in a folder of mode 0700, in memory where there is such a place."""

    def __init__(self) -> None:
        places = [os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"]  # noqa: S108 - the folder inside is 0700
        place = next((place for place in places if place and os.access(place, os.W_OK)), None)
        self._folder = Path(tempfile.mkdtemp(prefix="opora-", dir=place))
        self._file = self._folder / "clip.wav"

    @property
    def path(self) -> str:
        return str(self._file)

    @property
    def handed_down(self) -> tuple[int, ...]:
        return ()

    def content(self) -> bytes:
        return self._file.read_bytes() if self._file.exists() else b""

    def close(self) -> None:
        self._file.unlink(missing_ok=True)
        self._folder.rmdir()


def clip_file() -> ClipFile:
    return AnonymousFile() if sys.platform == "linux" else PrivateFile()
