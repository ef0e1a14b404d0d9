"""Every answer of the hub, refusals too, goes out signed and compressed; every failure is a refusal."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync import wire
from sync.hub.identity import HubIdentity
from sync.hub.refusing import Refused
from sync.kinds import RefusalCode
from sync.protocol import Reason, Refusal
from sync.signatures import AnswerMessage, RequestMessage, sign_answer

log = logging.getLogger(__name__)

_OWN = frozenset({"content-length", "content-encoding", "content-digest", "signature", "signature-input"})


def refusal_body(refused: Refused, at: datetime) -> bytes:
    """The ``Refusal`` of a :class:`Refused` as JSON, with the hub's time."""
    refusal = Refusal(reason=Reason(code=refused.code, text=refused.text), at=at)
    return refusal.model_dump_json().encode()


class SignedAnswers:
    """ASGI, outermost: gathers an answer (all of them are short), packs it, signs it, sends it."""

    def __init__(self, app: ASGIApp, identity: HubIdentity, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._identity = identity
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        headers: list[tuple[str, str]] = []
        body = bytearray()

        async def gather(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = _text(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        try:
            await self._app(scope, receive, gather)
        except Exception:
            # A bug of ours: the kiosk keeps what it sent and tries again; the log has the trace, and
            # nothing of the request.
            log.exception("a request failed")
            failed = Refused(500, RefusalCode.FAILED, "The hub failed. What was sent is kept at the kiosk.")
            status, headers = 500, [("content-type", wire.JSON)]
            body = bytearray(refusal_body(failed, self._clock()))
        await self._send(scope, status, headers, bytes(body), send)

    async def _send(
        self, scope: Scope, status: int, headers: list[tuple[str, str]], body: bytes, send: Send
    ) -> None:
        asked = dict(_text(scope["headers"]))
        coding = wire.accepted(asked.get("accept-encoding", ""))
        packed = wire.pack(body, coding)
        answer = {name: value for name, value in headers if name not in _OWN}
        answer |= {"content-encoding": coding, "vary": "accept-encoding", "cache-control": "no-store"}
        answer.setdefault("content-type", wire.JSON)
        request = RequestMessage(scope["method"].upper(), _path(scope), asked)
        sign_answer(
            message := AnswerMessage(status, answer, request),
            packed,
            key=self._identity.key,
            key_id=str(self._identity.hub),
            at=self._clock(),
        )
        message.headers["content-length"] = str(len(packed))
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in answer.items()],
            }
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else packed})


def _text(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Repeated fields joined, as RFC 9421 section 2.1 has it."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return list(joined.items())


def _path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("latin-1")
