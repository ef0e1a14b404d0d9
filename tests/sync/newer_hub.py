"""A hub of a later version: signs like ours, and says things that this version has never heard of."""

import json
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.ids import new_id
from sync import compact, wire
from sync.carriers.https import Device, HttpsCarrier, TrustedHub
from sync.signatures import AnswerMessage, RequestMessage, sign_answer
from tests.sync.way import read_message

Json = Mapping[str, Any]


class NewerHub:
    """Handles connections for a ``Way``; ``answer`` makes the JSON of an answer from that of a request."""

    def __init__(self, answer: Callable[[Json], Json], *, status: int = 200) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.id = str(new_id())
        self.heard: list[Json] = []
        self._answer = answer
        self._status = status

    def carrier(self, url: str, device: Device, clock: Callable[[], datetime]) -> HttpsCarrier:
        return HttpsCarrier(TrustedHub(url, self.id, self.key.public_key()), device, clock)

    def __call__(self, client: socket.socket, number: int) -> None:
        head, _, body = read_message(client).partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = self._status
        try:
            request = self._read(wire.unpack(body, headers["content-encoding"]), headers["content-type"])
            self.heard.append(request)
            said = self._answer(request)
        except ValueError:
            status, said = 422, {"reason": {"code": "request-unreadable", "text": "Not known here."}}
        packed = wire.pack(json.dumps(said).encode(), wire.GZIP)
        answer = AnswerMessage(
            status,
            {"content-type": wire.JSON, "content-encoding": wire.GZIP},
            RequestMessage(method, path, headers),
        )
        sign_answer(answer, packed, key=self.key, key_id=self.id, at=datetime.now(UTC))
        fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        start = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(packed)}\r\nConnection: close\r\n"
        client.sendall(f"{start}{fields}\r\n".encode("latin-1") + packed)

    def _read(self, plain: bytes, media_type: str) -> Json:
        if media_type != compact.MEDIA_TYPE:
            request: Json = json.loads(plain)
            return request
        head, envelopes = compact.read(plain)
        return {**head, "envelopes": envelopes}

    def says(self, **fields: object) -> Json:
        """An answer that has what every answer has."""
        return {
            "protocol": 9,
            "hub": self.id,
            "at": datetime.now(UTC).isoformat(),
            "cursor": "whatever",
            "high_water": 0,
            "of-the-future": {"kept": True},
        } | fields


class OlderHub(NewerHub):
    """A hub of protocol 1, as release 0.1 was: it reads every request as JSON."""

    def _read(self, plain: bytes, media_type: str) -> Json:
        request: Json = json.loads(plain)
        return request
