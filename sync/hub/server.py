"""A hub that serves: in the foreground for ``opora hub serve``, on a thread for the demonstration."""

import gc
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType

import uvicorn
from fastapi import FastAPI

from kiosk.errors import HubFault, Message
from kiosk.texts import N_
from sync.hub.app import make_app
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.limits import Limits
from sync.hub.metrics import HubMetrics
from sync.hub.opening import Opener
from sync.hub.statuses import Caseworker


class HubServer:
    """A real hub on a real port; ``port`` 0 takes any free one.

    ``with HubServer(...) as hub:`` serves on a thread until the end of the block; :attr:`url` is the
    address, :attr:`kiosks` gives enrolment codes, :attr:`caseworker` decides.
    """

    def __init__(
        self,
        database: HubDatabase,
        identity: HubIdentity,
        opener: Opener,
        clock: Callable[[], datetime],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        metrics: HubMetrics | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self.app: FastAPI = make_app(database, identity, opener, clock, metrics, limits)
        self.identity = identity
        self.kiosks = Kiosks(database, identity, clock)
        self.caseworker = Caseworker(database, clock)
        self._socket = listening_on(host, port)
        self._server = _Server(
            uvicorn.Config(
                self.app,
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def serve(self) -> None:
        """Serves on this thread until a signal or :meth:`stop`."""
        self._server.run(sockets=[self._socket])

    def start(self, timeout_s: float = 20) -> None:
        """Serves on a thread of its own; returns when requests are answered."""
        self._thread = threading.Thread(target=self.serve, name="hub", daemon=True)
        self._thread.start()
        if not self._server.answering.wait(timeout_s):
            raise HubFault(
                Message(N_("The hub did not start.")), Message(N_("Look into its log, then start it again."))
            )

    def stop(self, timeout_s: float = 20) -> None:
        """Finishes what is at work, then ends the thread and closes the port."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._thread = None
        self._socket.close()

    def __enter__(self) -> "HubServer":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def settle_memory() -> None:
    """For a process that is a hub and nothing else, once it has imported everything: Python then looks for
    garbage in what requests leave behind, and not each time through the whole program."""
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: Sequence[socket.socket] | None = None) -> None:
        await super().startup(sockets=list(sockets) if sockets else None)
        self.answering.set()


def listening_on(host: str, port: int) -> socket.socket:
    """A socket for a hub; ``port`` 0 takes any free one. Raises :class:`kiosk.errors.HubFault`."""
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=256
        )
    except OSError as error:
        raise HubFault(
            Message(N_("The hub cannot listen on port {port}."), {"port": port}),
            Message(N_("Another program may use it. Choose another with --port, or 0 for any free one.")),
            detail=str(error),
        ) from error
    # Each accepted one takes it over. asyncio does so only for sockets whose protocol number was given, and
    # an answer's body would wait 40 ms for the other end to confirm its headers.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
