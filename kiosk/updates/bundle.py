"""A release with its bodies in one file, ``*.opora-update``, for a USB stick.

========================  =====================================================================
``opora update 1\\n``      16 bytes with the line's end
length                    4 bytes, big-endian: of the head
head                      :class:`kiosk.updates.trust.Head`
then for each body        its SHA-256 (32 bytes), its length (8 bytes, big-endian), its content
========================  =====================================================================

No archive: there are no names in it and nothing to unpack. A body is only ever read where the signed head has
told its digest and its size.
"""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kiosk.errors import Message, PackFault
from kiosk.store.engine import put_in_place
from kiosk.texts import N_
from kiosk.updates.release import MOST_HEAD, Release, Target, damaged

SUFFIX = ".opora-update"
STICK_FILE = f"update{SUFFIX}"
"""What a hub calls it on a stick."""
MAGIC = b"opora update 1\n"
_CHUNK = 1024 * 1024
_BODY = struct.Struct(">32sQ")

Progress = Callable[[int, int], None]
"""Hears bytes done, and bytes in all."""


def write_bundle(file: Path, head: bytes, bodies: Iterable[tuple[str, int, Iterable[bytes]]]) -> None:
    """Writes beside ``file``, syncs, and puts it in its place. ``bodies`` are digest, size and content."""
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as out:
        out.write(MAGIC + struct.pack(">I", len(head)) + head)
        for digest, size, chunks in bodies:
            out.write(_BODY.pack(bytes.fromhex(digest), size))
            for chunk in chunks:
                out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    put_in_place(part, file)


def chunks_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def read_head(file: Path) -> bytes:
    """The head alone, not believed yet. Raises :class:`~kiosk.errors.PackFault`."""
    try:
        with file.open("rb") as opened:
            return _head(opened)
    except OSError as error:
        raise _unreadable(error) from error


def read_bodies(
    file: Path,
    release: Release,
    take: Callable[[Target, Iterator[bytes]], None],
    progress: Progress = lambda done, total: None,
) -> int:
    """Hands each body that ``release`` lists to ``take``, whose iterator has to be read to its end; returns
    how many there were. A body that the release does not list ends the reading as damage.

    Raises :class:`~kiosk.errors.PackFault`, and whatever ``take`` raises.
    """
    known = {target.digest: target for target in release.targets}
    count = 0
    try:
        total = file.stat().st_size
        with file.open("rb") as opened:
            _head(opened)
            while label := opened.read(_BODY.size):
                if len(label) < _BODY.size:
                    raise damaged("cut short")
                digest, size = _BODY.unpack(label)
                target = known.pop(digest.hex(), None)
                if target is None or target.size != size:
                    raise damaged("a file that is not on the list")
                take(target, _chunks(opened, size, total, progress))
                count += 1
    except OSError as error:
        raise _unreadable(error) from error
    return count


def _chunks(opened: BinaryIO, size: int, total: int, progress: Progress) -> Iterator[bytes]:
    while size:
        chunk = opened.read(min(_CHUNK, size))
        if not chunk:
            raise damaged("cut short")
        size -= len(chunk)
        progress(opened.tell(), total)
        yield chunk


def _head(opened: BinaryIO) -> bytes:
    beginning = opened.read(len(MAGIC) + 4)
    if not beginning.startswith(MAGIC) or len(beginning) < len(MAGIC) + 4:
        raise damaged("no update")
    (length,) = struct.unpack(">I", beginning[len(MAGIC) :])
    if length > MOST_HEAD:
        raise damaged("the list is too long")
    head = opened.read(length)
    if len(head) < length:
        raise damaged("cut short")
    return head


def _unreadable(error: OSError) -> PackFault:
    return PackFault(
        Message(N_("The update could not be read.")),
        Message(N_("Put the stick in again, then try once more. Nothing was changed.")),
        error.strerror or "",
    )
