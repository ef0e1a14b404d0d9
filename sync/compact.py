"""An exchange request in few bytes, from protocol 2 on: what no compression makes smaller travels raw, what
repeats travels once, and what follows from something else does not travel.

The body is one zstd frame (``Content-Encoding: zstd``, ``Content-Type`` :data:`MEDIA_TYPE`). Inside:

- 4 bytes, big-endian: the length of the text that follows;
- the text, JSON: ``request`` (the :class:`~sync.protocol.ExchangeRequest` without envelopes), ``shapes``
  (headers with null where a value stands in the raw bytes), ``verbatim`` (envelopes that fit no shape);
- the raw bytes, for each envelope in order: the number of its shape (0: the next of ``verbatim``), then the
  values of that shape's nulls, in the order of its keys, as :data:`_CODECS` writes them, each part as
  :func:`_write_part` does, and at last the first four bytes of the envelope's digest.

Sizes and digests of parts that travel along are worked out anew by the receiver, as is the envelope's digest,
and the age header of a sealed part, which is text around 96 random bytes, is put together again. The sender
checks of each value that reading gives it back, and sends an envelope verbatim where one would not come back.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import zstandard

from kiosk import age
from kiosk.applications.envelope import envelope_digest
from sync import wire

MEDIA_TYPE = "application/vnd.opora.exchange"

Json = dict[str, object]

_LEVEL = 6
"""Of zstd. Most of a body is random bytes: 12 takes seventeen times as long and saves 40 bytes in 560 KB."""
_AGE = re.compile(
    re.escape(age.OPENING)
    + rb"([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})"
    + age.CLOSING
    + rb"([A-Za-z0-9+/]{43})\n"
)
_AGE_RAW = 3 * 32
_ABSENT, _PLAIN, _SEALED = range(3)
_SAME_AS_ID = True
_CHECKED = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**63


def pack(request: str, envelopes: Sequence[str]) -> bytes:
    """The body as it travels. ``request`` and ``envelopes`` are JSON, as a carrier's parcel has them; the
    digest of each envelope is its own (nothing else leaves the outbox)."""
    text, raw = _written(request, [json.loads(envelope) for envelope in envelopes])
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    framed = len(text).to_bytes(4, "big") + text
    # In blocks of their own, so that random bytes do not spoil the statistics of the text.
    body = packer.compress(framed) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return body + packer.compress(raw) + packer.flush()


def read(plain: bytes, most: int = wire.MOST_UNPACKED) -> tuple[Json, list[Json]]:
    """Request and envelopes, as the same message in JSON has them. ``plain`` is unpacked already.

    Raises ValueError for what is no such body, or would be more than ``most`` bytes of JSON.
    """
    length = int.from_bytes(plain[:4], "big")
    if len(plain) < 4 + length:
        raise ValueError("cut off")
    return _read(plain[4 : 4 + length], plain[4 + length :], most)


def _written(request: str, envelopes: Sequence[Json]) -> tuple[bytes, bytes]:
    raw = _Raw()
    shapes: dict[str, int] = {}
    left: list[Json] = []
    for envelope in envelopes:
        before = raw.mark()
        shape = _written_envelope(envelope, raw)
        values = raw.cut(before)
        if shape is None:
            raw.number(0)
            left.append(envelope)
        else:
            raw.number(shapes.setdefault(json.dumps(shape), len(shapes) + 1))
            raw.data += values
    listed = ",".join(shapes)
    text = f'{{"request":{request},"shapes":[{listed}],"verbatim":{json.dumps(left, separators=(",", ":"))}}}'
    return text.encode(), bytes(raw.data)


def _written_envelope(envelope: Json, raw: "_Raw") -> Json | None:
    """Its values into ``raw``; returns its shape, or None where it has to travel verbatim."""
    state = raw.state
    try:
        shape = {name: _written_value(name, value, envelope, raw) for name, value in envelope.items()}
        raw.data += bytes.fromhex(str(envelope["digest"]))[:_CHECKED]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raw.state = state
        return None
    return shape


def _written_value(name: str, value: object, envelope: Json, raw: "_Raw") -> object:
    if value is None or value is _SAME_AS_ID:
        raise ValueError("means something else in a shape")
    if name == "parts":
        return [_write_part(cast(Json, part), raw) for part in cast(list[object], value)]
    if name == "digest":
        return None
    if name == "application" and value == envelope["id"]:
        return _SAME_AS_ID
    codec = _CODECS.get(name)
    if codec is None:
        return value
    codec.write(raw, value)
    return None


def _write_part(part: Json, raw: "_Raw") -> Json:
    """Digest and size only where the body travels by itself; an age header as its 96 random bytes."""
    text = part.get("body")
    shape = {name: None if name in ("size", "digest") else value for name, value in part.items()}
    if None in (value for name, value in shape.items() if name not in ("size", "digest")):
        raise ValueError("means something else in a shape")
    if type(part["size"]) is not int:
        raise ValueError("no size")
    if text is None:
        raw.number(_ABSENT)
        raw.number(part["size"])
        _HEX32.write(raw, part["digest"])
        return shape
    del shape["body"]
    body = base64.urlsafe_b64decode(cast(str, text))
    if (len(body), hashlib.sha256(body).hexdigest(), base64.urlsafe_b64encode(body).decode()) != (
        part["size"],
        part["digest"],
        text,
    ):
        raise ValueError("written otherwise")
    header = _AGE.match(body)
    sealed = b"" if header is None else b"".join(map(_unbase64, header.groups())) + body[header.end() :]
    if sealed and _with_age_header(sealed) == body:
        raw.number(_SEALED)
        body = sealed
    else:
        raw.number(_PLAIN)
    raw.number(len(body))
    raw.data += body
    return shape


def _read(text: bytes, raw_bytes: bytes, most: int = wire.MOST_UNPACKED) -> tuple[Json, list[Json]]:
    try:
        told = json.loads(text)
        request, shapes, verbatim = told["request"], told["shapes"], iter(told["verbatim"])
        sizes = [len(json.dumps(shape)) for shape in shapes]
        raw = _Raw(bytearray(raw_bytes))
        room = most - len(text)
        envelopes: list[Json] = []
        while not raw.at_end:
            number = raw.read_number()
            if number == 0:
                envelopes.append(next(verbatim))
                continue
            before = raw.at
            envelopes.append(_read_envelope(shapes[number - 1], raw))
            # A shape is written once and may be used often: what comes of it must not swell beyond measure.
            room -= sizes[number - 1] + 2 * (raw.at - before)
            if room < 0:
                raise ValueError("too much")
    except (
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        StopIteration,
        RecursionError,
        OverflowError,
    ) as error:
        raise ValueError("no such body") from error
    if not isinstance(request, dict) or not all(isinstance(envelope, dict) for envelope in envelopes):
        raise ValueError("no such body")
    return request, envelopes


def _read_envelope(shape: Mapping[str, object], raw: "_Raw") -> Json:
    envelope: Json = {}
    bodies: list[bytes | None] = []
    for name, value in shape.items():
        if name == "parts":
            read = [_read_part(part, raw) for part in cast(list[Mapping[str, object]], value)]
            envelope[name] = [part for part, _ in read]
            bodies = [body for _, body in read]
        elif name == "digest" or value is _SAME_AS_ID:
            envelope[name] = ""
        else:
            envelope[name] = _CODECS[name].read(raw) if value is None else value
    if shape.get("application") is _SAME_AS_ID:
        envelope["application"] = envelope["id"]
    check = raw.take(_CHECKED)
    digest = bytes.fromhex(envelope_digest(envelope))
    # With a check that does not fit, the digest does not fit either, and the envelope is set aside for it.
    envelope["digest"] = (check + digest[_CHECKED:]).hex()
    for part, body in zip(cast(list[Json], envelope.get("parts", [])), bodies, strict=True):
        if body is not None:
            part["body"] = base64.urlsafe_b64encode(body).decode("ascii")
    return envelope


def _read_part(shape: Mapping[str, object], raw: "_Raw") -> tuple[Json, bytes | None]:
    way, size = raw.read_number(), raw.read_number()
    if way == _ABSENT:
        told: Json = {"size": size, "digest": _HEX32.read(raw)}
        body = None
    else:
        body = raw.take(size)
        if way == _SEALED:
            body = _with_age_header(body)
        told = {"size": len(body), "digest": hashlib.sha256(body).hexdigest()}
    return {name: told[name] if value is None else value for name, value in shape.items()}, body


def _with_age_header(body: bytes) -> bytes:
    share, wrapped, mac = (
        base64.b64encode(body[start : start + 32]).rstrip(b"=") for start in range(0, _AGE_RAW, 32)
    )
    return age.OPENING + share + b"\n" + wrapped + age.CLOSING + mac + b"\n" + body[_AGE_RAW:]


def _unbase64(piece: bytes) -> bytes:
    return base64.b64decode(piece + b"=")


@dataclass(slots=True)
class _State:
    sequence: int = 0
    created_us: int = 0


@dataclass(slots=True)
class _Raw:
    """Bytes that are written at the end and read from the beginning."""

    data: bytearray = field(default_factory=bytearray)
    at: int = 0
    previous: _State = field(default_factory=_State)

    @property
    def state(self) -> _State:
        return _State(self.previous.sequence, self.previous.created_us)

    @state.setter
    def state(self, state: _State) -> None:
        self.previous = state

    @property
    def at_end(self) -> bool:
        return self.at == len(self.data)

    def mark(self) -> int:
        return len(self.data)

    def cut(self, mark: int) -> bytes:
        """Takes off what was written since ``mark``."""
        since = bytes(self.data[mark:])
        del self.data[mark:]
        return since

    def number(self, value: int) -> None:
        """LEB128: seven bits a byte, the lowest first."""
        if not 0 <= value < _LARGEST:
            raise ValueError("no such number")
        while value > 127:
            self.data.append(value & 127 | 128)
            value >>= 7
        self.data.append(value)

    def read_number(self) -> int:
        value = shift = 0
        while True:
            (byte,) = self.take(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("no such number")

    def take(self, count: int) -> bytes:
        taken = bytes(self.data[self.at : self.at + count])
        if len(taken) < count:
            raise ValueError("cut off")
        self.at += count
        return taken


@dataclass(frozen=True, slots=True)
class _Codec:
    """``write`` raises for a value that ``read`` would not give back."""

    write: Callable[[_Raw, object], None]
    read: Callable[[_Raw], object]


def _fixed(size: int, to_bytes: Callable[[str], bytes], to_text: Callable[[bytes], str]) -> _Codec:
    def write(raw: _Raw, value: object) -> None:
        data = to_bytes(cast(str, value))
        if len(data) != size or to_text(data) != value:
            raise ValueError("written otherwise")
        raw.data += data

    return _Codec(write, lambda raw: to_text(raw.take(size)))


def _zigzag(raw: _Raw, difference: int) -> None:
    raw.number(difference << 1 if difference >= 0 else (-difference << 1) - 1)


def _unzigzag(raw: _Raw) -> int:
    value = raw.read_number()
    return -(value + 1 >> 1) if value & 1 else value >> 1


def _write_sequence(raw: _Raw, value: object) -> None:
    if type(value) is not int:
        raise ValueError("no number")
    _zigzag(raw, value - raw.previous.sequence)
    raw.previous.sequence = value


def _read_sequence(raw: _Raw) -> int:
    raw.previous.sequence += _unzigzag(raw)
    return raw.previous.sequence


def _write_moment(raw: _Raw, value: object) -> None:
    at = datetime.fromisoformat(cast(str, value))
    us = (at - _EPOCH) // timedelta(microseconds=1)
    if _moment(us) != value:
        raise ValueError("written otherwise")
    _zigzag(raw, us - raw.previous.created_us)
    raw.previous.created_us = us


def _read_moment(raw: _Raw) -> str:
    raw.previous.created_us += _unzigzag(raw)
    return _moment(raw.previous.created_us)


def _moment(us: int) -> str:
    return (_EPOCH + timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")


_HEX32 = _fixed(32, bytes.fromhex, bytes.hex)
_CODECS: Mapping[str, _Codec] = {
    "id": (_UUID := _fixed(16, lambda text: UUID(text).bytes, lambda data: str(UUID(bytes=data)))),
    "application": _UUID,
    "receipt": _fixed(32, age.recipient_bytes, age.recipient_text),
    "tag": _fixed(16, bytes.fromhex, bytes.hex),
    "sequence": _Codec(_write_sequence, _read_sequence),
    "created_at": _Codec(_write_moment, _read_moment),
}
