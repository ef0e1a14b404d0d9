"""How a message becomes bytes: JSON, compressed as a whole, and never larger than a limit when unpacked."""

import gzip
import io
import zlib

import zstandard

JSON = "application/json"
ZSTD = "zstd"
GZIP = "gzip"
IDENTITY = "identity"

MOST_PACKED = 8 * 1024 * 1024
"""Bytes of a body as it travels."""
MOST_UNPACKED = 32 * 1024 * 1024
"""Bytes of a body once unpacked: a small body that unpacks to more is an attack, not an application."""

_LEVEL = 12
_WINDOW = 8 * 1024 * 1024
"""RFC 8878 section 3.1.1.1.2 and RFC 9659: a receiver need not support a window larger than 8 MB."""


class WireError(Exception):
    """A body that cannot be unpacked. ``too_large`` tells a bomb from a broken body."""

    def __init__(self, what: str, *, too_large: bool = False) -> None:
        super().__init__(what)
        self.too_large = too_large


def accepted(accept_encoding: str) -> str:
    """The best coding that an ``Accept-Encoding`` header allows (RFC 9110 section 12.5.3)."""
    allowed: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        name, _, parameter = item.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            allowed[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            allowed[name.strip()] = 0.0
    for coding in (ZSTD, GZIP):
        if allowed.get(coding, allowed.get("*", 0.0)) > 0:
            return coding
    return IDENTITY


def pack(body: bytes, coding: str) -> bytes:
    """``body`` in a coding of :func:`accepted`."""
    if coding == ZSTD:
        return zstandard.ZstdCompressor(level=_LEVEL).compress(body)
    if coding == GZIP:
        return gzip.compress(body, mtime=0)
    return body


def unpack(body: bytes, coding: str, most: int = MOST_UNPACKED) -> bytes:
    """The opposite of :func:`pack`; raises :class:`WireError` for a broken, unknown or swelling body."""
    match coding.strip().lower():
        case "zstd":
            plain = _unzstd(body, most)
        case "gzip" | "x-gzip":
            plain = _gunzip(body, most)
        case "" | "identity":
            plain = body
        case other:
            raise WireError(f"unknown content coding {other!r}")
    if len(plain) > most:
        raise WireError(f"more than {most} bytes once unpacked", too_large=True)
    return plain


def _unzstd(body: bytes, most: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(io.BytesIO(body))
    try:
        return reader.read(most + 1)
    except zstandard.ZstdError as error:
        raise WireError(f"not zstd: {error}") from error


def _gunzip(body: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, most + 1)
    except zlib.error as error:
        raise WireError(f"not gzip: {error}") from error
    if len(plain) <= most and not unpacker.eof:
        raise WireError("gzip body ends too soon")
    return plain
