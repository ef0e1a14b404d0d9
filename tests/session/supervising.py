"""systemd's part, played by a test: a real datagram socket, and the process that is watched."""

import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.e2e import child

PATIENCE_S: Final = 90.0
_CREDENTIALS: Final = struct.Struct("iII")


@dataclass
class News:
    """What arrives, in order, and who sent it."""

    socket: socket.socket
    heard: list[str] = field(default_factory=list)
    senders: set[int] = field(default_factory=set)

    def next(self, seconds: float) -> str | None:
        """The next datagram, or None when nothing comes within ``seconds``."""
        self.socket.settimeout(seconds)
        try:
            said, ancillary, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
        except TimeoutError:
            return None
        for _, kind, data in ancillary:
            if kind == socket.SCM_CREDENTIALS:
                self.senders.add(_CREDENTIALS.unpack(data)[0])
        self.heard.append(said.decode())
        return self.heard[-1]

    def until(self, wanted: str, *, among: int = 0) -> None:
        """Until an assignment arrives, ``among`` further ones of it included."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            left = deadline - time.monotonic()
            said = self.next(left) if left > 0 else None
            assert said is not None, f"{wanted} never came; heard {self.heard}"
            if wanted in said.split("\n"):
                if not among:
                    return
                among -= 1


@dataclass(frozen=True)
class Service:
    process: subprocess.Popen[bytes]
    news: News
    errors: Path


@contextmanager
def service(
    command: Sequence[object], folder: Path, *, watchdog_s: float, env: Mapping[str, str] | None = None
) -> Iterator[Service]:
    """Starts ``command`` as systemd starts a unit of Type=notify; whatever is left of it is killed."""
    address = folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        listening.bind(str(address))
        told = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": str(int(watchdog_s * 1e6))}
        errors = folder / "errors"
        with errors.open("wb") as err:
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=child.REPOSITORY,
                env={**(env or child.environment()), **told},
                stdout=err,
                stderr=err,
                start_new_session=True,
            )
        try:
            yield Service(process, News(listening), errors)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            process.wait(PATIENCE_S)


def python(module: str, *arguments: object) -> list[object]:
    return [sys.executable, "-m", module, *arguments]
