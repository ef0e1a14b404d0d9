"""Searching heaps of bytes for marks: as they lie, and inside whatever can be opened without a key.

A picture, a clip or a document of its own counts as a hit by existing: what it shows or says is somebody's.
"""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pypdf
import zstandard

from tests.privacy.marks import forms_of

CHUNK = 1 << 24
DEEPEST = 4
LARGEST = 1 << 26
"""What one container may unpack to; a burglar has time, but not for ever."""

_PNG = b"\x89PNG\r\n\x1a\n"
_MAGIC = re.compile(
    rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|PK\x03\x04|%PDF-|\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xe0\xe1]"
    rb"|RIFF....WAVE|OggS\x00|\x78[\x01\x5e\x9c\xda]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """``what`` is the form of the mark, or the kind of thing; ``where`` the file and the way into it."""

    what: str
    where: str
    at: int

    def __str__(self) -> str:
        return f"{self.where} at {self.at}: {self.what}"


class Needles:
    """All forms of some marks, found in one pass over the bytes. A hit never shows the mark itself."""

    def __init__(self, marks: Iterable[str]) -> None:
        self._forms: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        low, high = np.zeros(1 << 16, bool), np.zeros(1 << 16, bool)
        self.longest = 0
        for number, mark in enumerate(sorted(set(marks))):
            for form, name in forms_of(mark):
                start = int.from_bytes(form[:4], "little")
                self._forms[start].append((form, f"mark {number} ({len(mark)} letters) {name}"))
                low[start & 0xFFFF] = high[start >> 16] = True
                self.longest = max(self.longest, len(form))
        self._low, self._high = low, high

    def in_bytes(self, data: bytes | memoryview) -> Iterator[tuple[str, int]]:
        view = memoryview(data)
        for begin in range(0, len(view), CHUNK):
            # A form that lies across two chunks is found in the first.
            chunk = bytes(view[begin : begin + CHUNK + self.longest])
            whole = np.frombuffer(chunk, np.uint8)
            if len(whole) < 4:
                return
            pairs = whole[:-1].astype(np.uint16) | (whole[1:].astype(np.uint16) << 8)
            found = np.flatnonzero(self._low[pairs[:-2]] & self._high[pairs[2:]])
            for at in found[found < CHUNK].tolist():
                for form, name in self._forms.get(int.from_bytes(chunk[at : at + 4], "little"), ()):
                    if chunk.startswith(form, at):
                        yield name, begin + at


class Search:
    """Counts the bytes that it looked at, containers' contents included.

    ``known`` are pictures and the like that belong to the product, by their bytes; ``dictionaries`` are the
    forms' XML, which a burglar has as well, since packs are public.
    """

    def __init__(
        self, needles: Needles, known: Iterable[bytes] = (), dictionaries: Sequence[bytes] = ()
    ) -> None:
        self._needles = needles
        self._known = tuple(known)
        self._openers = [zstandard.ZstdDecompressor()]
        for dictionary in dictionaries:
            given = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
            self._openers.append(zstandard.ZstdDecompressor(dict_data=given))
        self.searched = 0

    def raw(self, data: bytes, where: str) -> Iterator[Hit]:
        """As it lies, nothing opened: for memory, which holds the product's own pictures and archives."""
        self.searched += len(data)
        for name, at in self._needles.in_bytes(data):
            yield Hit(name, where, at)

    def whole(self, data: bytes, where: str, depth: int = 0) -> Iterator[Hit]:
        """As it lies, and inside everything that opens, wherever it begins."""
        yield from self.raw(data, where)
        if depth == DEEPEST:
            return
        for found in _MAGIC.finditer(data):
            at, magic = found.start(), found.group()
            kind = _existing(magic)
            if kind and not any(data.startswith(known, at) for known in self._known):
                yield Hit(kind, where, at)
            for name, inside in self._opened(magic, data, at):
                yield from self.whole(inside, f"{where} > {name} at {at}", depth + 1)

    def _opened(self, magic: bytes, data: bytes, at: int) -> Iterator[tuple[str, bytes]]:
        match magic[:2]:
            case b"\x1f\x8b":
                yield from _inflated("gzip", data, at, 31)
            case b"\x28\xb5":
                for opener in self._openers:
                    yield from _unpacked(opener, data, at)
            case b"PK":
                yield from _zipped(data, at)
            case b"%P":
                yield from _printed(data, at)
            case b"\x89P":
                yield from _painted(data, at)
            case b"\x78\x01" | b"\x78\x5e" | b"\x78\x9c" | b"\x78\xda":
                yield from _inflated("zlib", data, at, 15)


def _existing(magic: bytes) -> str:
    """What must not lie about at all, whatever it holds."""
    if magic == b"%PDF-":
        return "a document"
    if magic == _PNG or magic.startswith(b"\xff\xd8"):
        return "a picture"
    return "a clip" if magic.startswith((b"RIFF", b"OggS")) else ""


def _inflated(name: str, data: bytes, at: int, window: int) -> Iterator[tuple[str, bytes]]:
    try:
        inside = zlib.decompressobj(window).decompress(memoryview(data)[at:], LARGEST)
    except zlib.error:
        return
    # Two chance bytes look like a beginning; a real stream yields more than a handful.
    if len(inside) >= 4:
        yield name, inside


def _unpacked(opener: zstandard.ZstdDecompressor, data: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    try:
        with opener.stream_reader(memoryview(data)[at:]) as reader:
            inside = reader.read(LARGEST)
    except zstandard.ZstdError:
        return
    if inside:
        yield "zstd", inside


def _zipped(data: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data[at:])) as archive:
            for entry in archive.infolist():
                yield "zip's names", entry.filename.encode()
                if entry.file_size <= LARGEST:
                    yield f"zip's {entry.filename}", archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error, OSError):
        return


def _printed(data: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data[at:]))
        for number, page in enumerate(reader.pages):
            yield f"page {number + 1}", page.extract_text().encode()
            contents = page.get_contents()
            if contents is not None:
                yield f"page {number + 1}'s stream", contents.get_data()
    except Exception:  # a torn document: its streams are still looked at as they lie
        return


def _painted(data: bytes, at: int) -> Iterator[tuple[str, bytes]]:
    """A PNG's text chunks and rows (PNG specification, section 5.3)."""
    place, rows = at + len(_PNG), bytearray()
    while place + 8 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + length]
        if kind == b"IDAT":
            rows += body
        elif kind in (b"tEXt", b"iTXt"):
            yield "its text", body
        elif kind == b"zTXt":
            yield from _inflated("its text", body, body.find(b"\0") + 2, 15)
        if kind == b"IEND":
            break
        place += 12 + length
    yield from _inflated("its rows", bytes(rows), 0, 15)
