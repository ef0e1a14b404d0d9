"""A PostgreSQL of the tests' own: its own cluster, on a loopback port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Cluster:
    """A running server. ``url`` is that of its database ``postgres``."""

    url: str
    restart: Callable[[], None]
    """As after a crash: connections are cut, what was not committed is gone."""


@contextmanager
def cluster() -> Iterator[Cluster]:
    """An empty database server; skips where PostgreSQL 15 is not installed."""
    if not (BIN / "initdb").exists():
        pytest.skip(f"PostgreSQL 15 is not installed ({BIN}; Debian's package “postgresql-15”)")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="opora-postgres-", dir="/tmp"))
    data = folder / "data"
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        _run(user, "initdb", "-D", str(data), "-U", "opora", "--auth=trust", "--encoding=UTF8", "--locale=C")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        _run(user, "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Cluster(
                f"postgresql://opora@127.0.0.1:{port}/postgres",
                lambda: _run(
                    user,
                    "pg_ctl",
                    "-D",
                    str(data),
                    "-w",
                    "-m",
                    "immediate",
                    "-l",
                    str(folder / "log"),
                    "restart",
                ),
            )
        finally:
            _run(user, "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(BIN / program), *arguments],
        user=user,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{program} failed: {done.stderr.decode(errors='replace')}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
