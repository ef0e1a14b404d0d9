"""To a hub over HTTPS, every request signed, every answer checked against the hub's own key."""

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ValidationError

from kiosk.ids import KioskId
from sync import compact, wire
from sync.carriers import sentences
from sync.carriers.port import Meter, Parcel, PieceCarrier, RequestUnreadable
from sync.kinds import RefusalCode
from sync.protocol import (
    APART_SINCE,
    ATTACHMENTS_PATH,
    ENROL_PATH,
    EXCHANGE_PATH,
    UPDATES_PATH,
    EnrolAnswer,
    EnrolRequest,
    ExchangeAnswer,
    Piece,
    PieceAnswer,
    Refusal,
    UpdatePiece,
    Wanted,
)
from sync.signatures import (
    AnswerMessage,
    RequestMessage,
    SignatureError,
    public_bytes,
    sign_request,
    verify_answer,
)

if TYPE_CHECKING:
    import requests

CONNECT_S = 5.0
READ_S = 30.0
WHOLE_S = 120.0
"""From the first byte of an answer to its last: a trickle is no answer."""

CLOCK_MATTERS = timedelta(minutes=2)

Clock = Callable[[], datetime]
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Device:
    """This kiosk and the key that it signs with."""

    kiosk: KioskId
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class TrustedHub:
    """The hub that enrolled this kiosk."""

    url: str
    id: str
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: dict[str, str]
    body: bytes


class HttpsCarrier:
    """A :class:`sync.carriers.port.Carrier`. ``authorities`` is a file of certificates to trust instead of
    the system's, for a hub with a certificate of its own.

    Raises :class:`kiosk.errors.HubFault` at once for an address without TLS that is not this machine.
    """

    name = "https"

    def __init__(
        self,
        hub: TrustedHub,
        device: Device,
        clock: Clock,
        *,
        session: "requests.Session | None" = None,
        authorities: Path | None = None,
        read_s: float = READ_S,
    ) -> None:
        self._caller = _Caller(
            hub.url, device, clock, session=session, authorities=authorities, read_s=read_s
        )
        self.trusted = hub
        self._clock = clock
        self._compact = True
        self._apart = True

    @property
    def apart(self) -> PieceCarrier | None:
        return self if self._apart else None

    @property
    def hub(self) -> str:
        return self.trusted.id

    @property
    def meter(self) -> Meter:
        return self._caller.meter

    @property
    def clock_error(self) -> timedelta | None:
        return self._caller.clock_error

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        head = parcel.request.model_dump_json(exclude={"envelopes"}, exclude_none=True)
        if self._compact and parcel.envelopes:
            try:
                return self._exchange(compact.pack(head, parcel.envelopes), compact.MEDIA_TYPE)
            except RequestUnreadable:
                # A hub of protocol 1, most likely. What it cannot read in JSON either, it says again.
                self._compact = False
        # Spliced as text: an envelope's digest is over its JSON, and a second writer may write it otherwise.
        body = f'{head[:-1]},"envelopes":[{",".join(parcel.envelopes)}]}}'.encode()
        return self._exchange(wire.pack(body, wire.ZSTD), wire.JSON)

    def _exchange(self, packed: bytes, media_type: str) -> ExchangeAnswer:
        answer = self._caller.call(
            EXCHANGE_PATH, packed, media_type, ExchangeAnswer, lambda _: self.trusted.key, self.trusted.id
        )
        self._caller.note_time(answer.at)
        self._apart = answer.protocol >= APART_SINCE
        return answer

    def put(self, piece: Piece) -> PieceAnswer:
        """See :class:`sync.carriers.port.PieceCarrier`."""
        # Base64 costs next to nothing once it is packed: zstd writes six bits in six bits again.
        packed = wire.pack(piece.model_dump_json().encode(), wire.ZSTD)
        return self._caller.call(
            ATTACHMENTS_PATH, packed, wire.JSON, PieceAnswer, lambda _: self.trusted.key, self.trusted.id
        )

    def get(self, wanted: Wanted) -> UpdatePiece:
        """See :class:`sync.carriers.port.UpdateCarrier`."""
        packed = wire.pack(wanted.model_dump_json().encode(), wire.ZSTD)
        return self._caller.call(
            UPDATES_PATH, packed, wire.JSON, UpdatePiece, lambda _: self.trusted.key, self.trusted.id
        )

    def close(self) -> None:
        self._caller.close()


def enrol(
    url: str,
    code: str,
    device: Device,
    centre: str,
    clock: Clock,
    *,
    authorities: Path | None = None,
) -> EnrolAnswer:
    """Makes this kiosk known to the hub at ``url`` by a one-time code; safe to repeat with the same code.

    The answer names the hub's key and is signed with it. That it is the right hub rests on TLS and on the
    code. Raises :class:`kiosk.errors.LineFault` or :class:`kiosk.errors.HubFault`.
    """
    request = EnrolRequest(
        code=code, kiosk=device.kiosk, centre=centre, device_key=public_bytes(device.key.public_key())
    )
    caller = _Caller(url, device, clock, authorities=authorities)
    try:
        return caller.call(
            ENROL_PATH,
            wire.pack(request.model_dump_json().encode(), wire.ZSTD),
            wire.JSON,
            EnrolAnswer,
            lambda answer: None if answer is None else Ed25519PublicKey.from_public_bytes(answer.hub_key),
            None,
        )
    finally:
        caller.close()


class _Caller:
    """Signs, sends, receives, checks."""

    def __init__(
        self,
        url: str,
        device: Device,
        clock: Clock,
        *,
        session: "requests.Session | None" = None,
        authorities: Path | None = None,
        read_s: float = READ_S,
    ) -> None:
        require_tls(url)
        self._read_s = read_s
        self._url = url.rstrip("/")
        self._device = device
        self._clock = clock
        self._session = session
        self._authorities = authorities
        self._correction = timedelta()
        self.meter = Meter()
        self.clock_error: timedelta | None = None

    def call(
        self,
        path: str,
        packed: bytes,
        media_type: str,
        model: type[Answer],
        key_of: Callable[[Answer | None], Ed25519PublicKey | None],
        hub: str | None,
    ) -> Answer:
        """``packed`` is zstd. ``key_of`` gives the key that must have signed, for an answer or (None) for a
        refusal; it may give None for a refusal at enrolment, which is then only a sentence to show."""
        for last in (False, True):
            request = self._signed(path, packed, media_type)
            raw = self._send(request, packed)
            plain = _unpacked(raw)
            answer = _parsed(plain, model) if raw.status == 200 else None
            refusal = _parsed(plain, Refusal) if raw.status != 200 else None
            try:
                key = key_of(answer)
                if key is not None:
                    verify_answer(AnswerMessage(raw.status, raw.headers, request), raw.body, key, hub)
                elif refusal is None:
                    raise SignatureError("no refusal, and no key yet to know the hub by")
            except (SignatureError, ValueError) as error:
                raise sentences.not_the_hub(raw.status, raw.headers, str(error)) from error
            if answer is not None:
                return answer
            if refusal is None:
                raise sentences.nonsense(f"status {raw.status}")
            if refusal.reason.code == RefusalCode.CLOCK and refusal.at is not None and not last:
                self.note_time(refusal.at)
                self._correction = refusal.at - self._clock()
                continue
            raise sentences.refused(raw.status, refusal)
        raise AssertionError("the second try returns or raises")

    def note_time(self, at: datetime) -> None:
        """Compares this machine's clock with the hub's time, give or take the length of a request."""
        error = self._clock() - at
        self.clock_error = error if abs(error) > CLOCK_MATTERS else None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def _signed(self, path: str, packed: bytes, media_type: str) -> RequestMessage:
        request = RequestMessage(
            "POST",
            urlsplit(self._url).path + path,
            {
                "Content-Type": media_type,
                "Content-Encoding": wire.ZSTD,
                "Accept-Encoding": f"{wire.ZSTD}, {wire.GZIP}",
                "Accept": wire.JSON,
                "User-Agent": "opora",
            },
        )
        sign_request(
            request,
            packed,
            key=self._device.key,
            key_id=str(self._device.kiosk),
            at=self._clock() + self._correction,
        )
        return request

    def _send(self, request: RequestMessage, packed: bytes) -> _Raw:
        import requests  # costs a tenth of a second: only where something is sent
        import urllib3.exceptions

        if self._session is None:
            self._session = requests.Session()
        url = self._url + request.path.removeprefix(urlsplit(self._url).path)
        try:
            response = self._session.post(
                url,
                data=packed,
                headers=request.headers,
                timeout=(CONNECT_S, self._read_s),
                allow_redirects=False,
                stream=True,
                verify=str(self._authorities) if self._authorities else True,
            )
            with response:
                body = _read(response)
        except requests.exceptions.SSLError as error:
            raise sentences.not_secure(_cause(error)) from error
        except requests.exceptions.ConnectTimeout as error:
            raise sentences.no_line(_cause(error)) from error
        except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise sentences.timed_out(_cause(error)) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if _was_under_way(error):
                raise sentences.broken(_cause(error)) from error
            raise sentences.no_line(_cause(error)) from error
        finally:
            self.meter = Meter(
                self.meter.requests + 1,
                self.meter.bytes_up + _length(f"POST {request.path} HTTP/1.1", request.headers) + len(packed),
                self.meter.bytes_down,
            )
        headers = {name.lower(): value for name, value in response.headers.items()}
        down = _length(f"HTTP/1.1 {response.status_code} {response.reason}", headers) + len(body)
        self.meter = Meter(self.meter.requests, self.meter.bytes_up, self.meter.bytes_down + down)
        return _Raw(response.status_code, headers, body)


def require_tls(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    if not host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not here):
        raise sentences.address_without_tls(url)


def _read(response: "requests.Response") -> bytes:
    """The body as it travelled, still packed: its digest was signed."""
    until = time.monotonic() + WHOLE_S
    body = bytearray()
    while piece := response.raw.read1(65536, decode_content=False):
        body.extend(piece)
        if len(body) > wire.MOST_PACKED:
            raise sentences.nonsense("the answer does not end")
        if time.monotonic() > until:
            raise sentences.timed_out("the answer trickles")
    return bytes(body)


def _unpacked(raw: _Raw) -> bytes | None:
    try:
        return wire.unpack(raw.body, raw.headers.get("content-encoding", ""))
    except wire.WireError:
        return None


def _parsed(plain: bytes | None, model: type[Answer]) -> Answer | None:
    try:
        return None if plain is None else model.model_validate_json(plain)
    except ValidationError:
        return None


def _was_under_way(error: Exception) -> bool:
    """Whether a connection had been made before it broke."""
    import urllib3.exceptions

    causes = (error, *error.args[:1])
    return any(isinstance(one, urllib3.exceptions.ProtocolError | ConnectionError) for one in causes)


def _length(first_line: str, headers: Mapping[str, str]) -> int:
    return len(first_line) + 4 + sum(len(name) + len(value) + 4 for name, value in headers.items())


def _cause(error: Exception) -> str:
    return type(error).__name__
