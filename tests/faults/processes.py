"""The processes of the fault table: a hub and kiosks that can be killed and started again on what is left.

They are forked from a server process that has imported everything, so that one costs a tenth of a second
and two hundred of them can be killed in a row; each is a process of its own all the same.
"""

import http.client
import os
import socket
import threading
import time
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeVar

from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.opening import Opener, forms_in, identities_in
from sync.hub.server import HubServer
from tests.faults import defects, windowless
from tests.faults.windowless import Carried, Order, Orders, Ready, Refused, Said, StoredHere, Tried
from tests.sync.parties import now

PATIENCE_S = 120.0

_forking = get_context("forkserver")
_forking.set_forkserver_preload(
    ["tests.faults.windowless", "tests.faults.processes", "requests", "zstandard"]
)

T = TypeVar("T")


@dataclass
class HubProcess:
    """``opora hub serve`` over a folder of its own, always on the same port. ``url`` is set by the start."""

    folder: Path
    identities: Path
    forms: Path
    log: Path
    database: str = ""
    defect: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        self._process: BaseProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers."""
        ours, its = _forking.Pipe()
        arguments = ["--data", self.folder, "--port", self.port, "--identities", self.identities]
        arguments += ["--forms", self.forms, *(["--database", self.database] if self.database else [])]
        self._process = _forking.Process(
            target=_serve,
            args=(its, [str(one) for one in arguments], str(self.log), self.defect),
            daemon=True,
        )
        self._process.start()
        its.close()
        self._alive = ours
        until = time.monotonic() + PATIENCE_S
        while not self._answers():
            if not self._process.is_alive() or time.monotonic() > until:
                raise AssertionError(f"the hub does not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.join()
        self._alive.close()

    def stop(self) -> None:
        """As an administrator stops it; what is under way is finished."""
        assert self._process is not None
        self._process.terminate()
        self._process.join(PATIENCE_S)
        self._alive.close()

    def answer_stick(self, file: Path, answer: Path) -> bool:
        """``opora hub import``, in a process of its own; false where it took nothing."""
        arguments = ["import", file, answer, "--data", self.folder]
        arguments += ["--identities", self.identities, "--forms", self.forms]
        process = _forking.Process(target=_command, args=([str(one) for one in arguments], str(self.log)))
        process.start()
        process.join(PATIENCE_S)
        return process.exitcode == 0

    def new_code(self) -> str:
        database = self.opened()
        try:
            return Kiosks(database, HubIdentity.of_folder(self.folder), now).new_code()
        finally:
            database.close()

    def opened(self) -> HubDatabase:
        """Its database, beside the running process."""
        return HubDatabase(self.database) if self.database else HubDatabase.in_folder(self.folder)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/v1/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _command(arguments: list[str], log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    from ui.commands.hub import hub

    hub.main(arguments, standalone_mode=False)


def _serve(alive: "Connection[None, None]", arguments: list[str], log: str, defect: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
    if not defect:
        from ui.commands.hub import hub

        hub.main(["serve", *arguments], standalone_mode=False)
        return
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    folder = Path(given["--data"])
    folder.mkdir(exist_ok=True)
    opener = Opener(identities_in(Path(given["--identities"])), forms_in(Path(given["--forms"])))
    database = defects.HUBS[defect](f"sqlite:///{folder / 'hub.sqlite'}")
    HubServer(database, HubIdentity.of_folder(folder), opener, now, port=int(given["--port"])).serve()


def _end_with(alive: "Connection[None, None]") -> None:
    """A harness that dies takes its processes along."""
    try:
        alive.recv()
    except (EOFError, OSError):
        os._exit(1)


@dataclass
class KioskProcess:
    """A :class:`~tests.faults.windowless.Windowless`. ``stored`` gathers what it called stored, over all
    its lives."""

    orders: Orders
    stored: list[StoredHere] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._process: BaseProcess | None = None
        self._lives = self._orders = 0

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, *, wait: bool = True) -> None:
        """Returns when it is ready."""
        self._lives += 1
        ours, its = _forking.Pipe()
        orders = replace(self.orders, seed=self.orders.seed * 1_000 + self._lives)
        self._process = _forking.Process(target=windowless.run, args=(orders, its), daemon=True)
        self._process.start()
        its.close()
        self._channel: Connection[Order, Said] = ours
        if wait:
            self.heard(Ready)

    def enrol(self, hub: HubProcess) -> None:
        self._channel.send(("enrol", hub.url, hub.new_code()))
        self.heard(Ready)

    def store(self, count: int, *, scanned: bool = False) -> None:
        """Returns when that many were stored or refused."""
        target = len(self.stored) + len(self.refused) + count
        self._channel.send(("store", count, scanned))
        while len(self.stored) + len(self.refused) < target:
            self._listen()

    def begin_to_send(self) -> int:
        """Begins a try and returns at once; :meth:`tried` waits for its end."""
        self._orders += 1
        self._channel.send(("send", self._orders))
        return self._orders

    @property
    def has_said_more(self) -> bool:
        """Than was heard yet."""
        return self._channel.poll()

    def tried(self, number: int) -> Tried:
        while (tried := self.heard(Tried)).number != number:
            pass
        return tried

    def send(self) -> Tried:
        """One whole try."""
        return self.tried(self.begin_to_send())

    def write_stick(self, file: Path) -> str:
        """The fault's title, empty where it went well."""
        self._channel.send(("write-stick", str(file)))
        return self.heard(Carried).fault

    def read_stick(self, file: Path) -> str:
        """Likewise."""
        self._channel.send(("read-stick", str(file)))
        return self.heard(Carried).fault

    def work(self) -> None:
        """From now on it stores and sends without end, until it is killed or told something else."""
        self._channel.send(("work",))

    def hear(self, count: int) -> None:
        """Returns after so many more things that it said."""
        for _ in range(count):
            self._listen()

    def heard(self, kind: type[T]) -> T:
        """The next of what it says that is a ``kind``."""
        while True:
            said = self._listen()
            if isinstance(said, kind):
                return said

    def kill(self) -> None:
        """SIGKILL. What it had said by then is heard."""
        assert self._process is not None
        self._process.kill()
        self._process.join()
        try:
            while True:
                self._note(self._channel.recv())
        except (EOFError, OSError):
            # The last word may have been cut: it was not said.
            self._channel.close()
        self._process = None

    def close(self) -> None:
        """As the kiosk is closed in the evening."""
        if self._process is None:
            return
        self._channel.send(("close",))
        self._process.join(PATIENCE_S)
        code = self._process.exitcode
        self._channel.close()
        self._process = None
        assert code == 0, f"the kiosk ended with {code}: {self.orders.log.read_text()[-3000:]}"

    def _listen(self) -> Said:
        if not self._channel.poll(PATIENCE_S):
            raise AssertionError(f"the kiosk stands still: {self.orders.log.read_text()[-3000:]}")
        try:
            said = self._channel.recv()
        except EOFError:
            raise AssertionError(f"the kiosk ended: {self.orders.log.read_text()[-3000:]}") from None
        self._note(said)
        return said

    def _note(self, said: Said) -> None:
        match said:
            case StoredHere():
                self.stored.append(said)
            case Refused():
                self.refused.append(said)
            case Ready() | Tried() | Carried():
                pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
