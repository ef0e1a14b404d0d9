"""Something between a kiosk and its hub that does not leave messages alone.

It speaks HTTP on both sides, a connection for as many messages as the kiosk sends on it, so that a stale
answer can lie in wait for the next question.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from urllib.parse import urlsplit

from tests.sync.way import Way, read_message

Forward = Callable[[bytes], bytes]
"""Takes a message, or the beginning of one, to the hub; gives the hub's whole answer."""

Meddling = Callable[[bytes, Forward], tuple[bytes, bool]]
"""What a request is answered with, and whether the connection is kept for another."""


def passing(request: bytes, forward: Forward) -> tuple[bytes, bool]:
    return forward(request), True


class Meddler:
    """``with Meddler(hub.url) as between:`` speak to ``between.url``; set ``between.does`` to meddle."""

    def __init__(self, hub: str) -> None:
        self._port = urlsplit(hub).port
        self.does: Meddling = passing
        self.requests = 0
        self._way = Way(self._handle)

    @property
    def url(self) -> str:
        return self._way.url

    def _handle(self, client: socket.socket, number: int) -> None:
        with suppress(OSError):
            while request := read_message(client):
                self.requests += 1
                answer, kept = self.does(request, partial(self._forward, request))
                client.sendall(answer)
                if not kept:
                    return

    def _forward(self, request: bytes, sent: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._port), timeout=20) as hub:
            hub.sendall(sent)
            if sent != request:
                with suppress(OSError):
                    # The hub may have answered and gone already.
                    hub.shutdown(socket.SHUT_WR)
            return read_message(hub)

    def __enter__(self) -> "Meddler":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._way.__exit__(kind, error, trace)
