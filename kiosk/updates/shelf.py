"""Bodies on the disk, each named by its SHA-256: whole and synced, or not there at all.

A body that is still coming lies beside as ``DIGEST.part``. Which bodies count, the database says; so nothing
that is written here changes what a kiosk does, and what was left by a power cut is swept away.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from kiosk.errors import Message, StoreFault
from kiosk.store.engine import faults_told, put_in_place
from kiosk.texts import N_
from kiosk.updates.release import damaged

LEAVE_FREE = 64 * 1024 * 1024
"""Bytes of the disk that belong to people's applications, whatever an update would like to have."""

_PART = ".part"


class Shelf:
    """Faults: :class:`~kiosk.errors.StoreFault` of the disk, PackFault for a body that is another."""

    def __init__(self, folder: Path, leave_free: int = LEAVE_FREE) -> None:
        self.folder = folder
        self._leave_free = leave_free

    def path(self, digest: str) -> Path:
        return self.folder / digest

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def read(self, digest: str) -> bytes | None:
        """None where it is not there, or is no longer what its name says."""
        try:
            content = self.path(digest).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def arrived(self, digest: str, size: int) -> int:
        """So many of ``size`` bytes are there."""
        if self.has(digest):
            return size
        part = self._part(digest)
        return min(part.stat().st_size, size) if part.exists() else 0

    def put(self, content: bytes) -> str:
        """Keeps a whole body; returns its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self.receive(digest, len(content), (content,))
        return digest

    def receive(self, digest: str, size: int, chunks: Iterable[bytes]) -> None:
        """Keeps a body that comes in one go. ``chunks`` is read to its end in any case."""
        if self.has(digest):
            for _ in chunks:
                pass
            return
        self.make_room(size)
        part, hashed, count = self._part(digest), hashlib.sha256(), 0
        with faults_told():
            with part.open("wb") as file:
                for chunk in chunks:
                    count += len(chunk)
                    hashed.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if count != size or hashed.hexdigest() != digest:
                part.unlink()
                raise damaged(digest[:12])
            self._finish(digest)

    def append(self, digest: str, size: int, offset: int, piece: bytes) -> int:
        """Keeps a piece of a body that comes in pieces, where it fits on; returns :meth:`arrived`.

        A body that turns out to be another than its name says is thrown away whole.
        """
        before = self.arrived(digest, size)
        if offset != before or before >= size or not piece:
            return before
        if offset + len(piece) > size:
            raise damaged(digest[:12])
        self.make_room(size - offset)
        part = self._part(digest)
        with faults_told():
            with part.open("r+b" if part.exists() else "wb") as file:
                file.truncate(offset)
                file.seek(offset)
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            if offset + len(piece) < size:
                return offset + len(piece)
            with part.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != digest:
                part.unlink()
                raise damaged(digest[:12])
            self._finish(digest)
        return size

    def sweep(self, keep: Collection[str]) -> None:
        """Removes every body, whole or not, whose digest is none of ``keep``."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name.removesuffix(_PART) not in keep:
                with contextlib.suppress(OSError):
                    path.unlink()

    def make_room(self, size: int) -> None:
        """Raises StoreFault where ``size`` more bytes have no room."""
        with faults_told():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        if free < size + self._leave_free:
            raise StoreFault(
                Message(N_("There is no room on this kiosk's disk for the update.")),
                Message(
                    N_(
                        "Applications are kept as before. Please tell whoever looks after the machine: "
                        "{megabytes} MB more are needed."
                    ),
                    {"megabytes": -(-(size + self._leave_free - free) // (1024 * 1024))},
                ),
            )

    def _part(self, digest: str) -> Path:
        return self.folder / f"{digest}{_PART}"

    def _finish(self, digest: str) -> None:
        put_in_place(self._part(digest), self.path(digest))
