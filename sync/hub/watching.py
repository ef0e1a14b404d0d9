"""Every request gets an id, a line in the log and a place in the metrics; none of them tells of a person."""

import logging
import re
import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from uuid import UUID

from pythonjsonlogger.json import JsonFormatter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.ids import new_id
from sync.hub.metrics import HubMetrics

log = logging.getLogger("opora.hub.requests")

REQUEST_ID = "x-request-id"
REFUSED = "opora.refused"
"""In the ASGI scope: the code of the refusal that answered the request."""

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_KEY_ID = re.compile(rb'keyid="([0-9a-f-]{36})"')


class Watched:
    """ASGI, outermost. An id that a proxy gave is kept, so that both logs can be read together."""

    def __init__(self, app: ASGIApp, metrics: HubMetrics, places: Iterable[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._places = frozenset(places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        given = headers.get(REQUEST_ID.encode(), b"").decode("latin-1")
        name = given if _GIVEN_ID.fullmatch(given) else new_id().hex
        token = _request_id.set(name)
        began, size, status, told = time.perf_counter(), 0, 500, False

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            return message

        def tell() -> None:
            nonlocal told
            if told:
                return
            told = True
            took = time.perf_counter() - began
            place = scope["path"] if scope["path"] in self._places else "elsewhere"
            refusal = scope.get(REFUSED)
            self._metrics.request(place, status, took, size, refusal)
            log.info(
                "request",
                extra={
                    "place": place,
                    "status": status,
                    "refused": refusal,
                    "kiosk": _kiosk(headers),
                    "bytes": size,
                    "ms": round(took * 1000, 1),
                },
            )

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID.encode(), name.encode())]
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                # Before the last byte leaves: whoever has the answer then finds it counted.
                tell()
            await send(message)

        try:
            await self._app(scope, counted, named)
        finally:
            tell()
            _request_id.reset(token)


def _kiosk(headers: Mapping[bytes, bytes]) -> str | None:
    """Who says that it asks: whether that is true, the refusal tells."""
    found = _KEY_ID.search(headers.get(b"signature-input", b""))
    try:
        return None if found is None else str(UUID(found.group(1).decode("ascii")))
    except ValueError:
        return None


class HubLog(JsonFormatter):
    """One JSON object a line. Of an exception its kind and where it was raised, never what it says: a
    message can hold a value that somebody typed."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
        self.converter = time.gmtime
        self.default_time_format = "%Y-%m-%dT%H:%M:%S"
        self.default_msec_format = "%s.%03dZ"

    def add_fields(
        self, log_data: dict[str, object], record: logging.LogRecord, message_dict: dict[str, object]
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        if _request_id.get():
            log_data["request"] = _request_id.get()
        for name in [name for name, value in log_data.items() if value is None]:
            del log_data[name]

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        assert isinstance(ei, tuple)
        kind, trace = type(ei[1]).__name__, ei[2]
        places = []
        while isinstance(trace, TracebackType):
            code = trace.tb_frame.f_code
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return f"{kind} at {' > '.join(places)}"


def log_as_json(level: int = logging.INFO) -> None:
    """For a hub process: everything goes to the standard error stream, one JSON object a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(HubLog())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
