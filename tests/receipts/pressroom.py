"""A print shop of our own: a CUPS scheduler with its own folders, and behind it an IPP Everywhere printer.

Both are Debian's real programs; nothing of the machine's own printing is touched.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil
import pytest

PROGRAMS = ("cupsd", "ippeveprinter", "dbus-daemon", "lp", "lpstat", "lpadmin", "cancel", "cupsdisable")
PATIENCE_S = 60.0
QUEUE = "kiosk"

_FILES = """
ServerRoot {root}/server
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/temporary
DataDir /usr/share/cups
ServerBin /usr/lib/cups
AccessLog {root}/access_log
ErrorLog {root}/error_log
PageLog {root}/page_log
SystemGroup root
User lp
Group lp
"""

_SCHEDULER = """
Listen {root}/socket
Browsing Off
LogLevel debug
PreserveJobHistory No
PreserveJobFiles No
DefaultAuthType None
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


def program(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: cups, cups-ipp-utils and dbus-daemon are needed")
    return found


def until(true: Callable[[], bool], what: str) -> None:
    """Asks again until it is true: these programs tell nobody when they are ready."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.05)


class Pressroom:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._port = 0
        self.environment = {
            "CUPS_SERVER": str(root / "socket"),
            "HOME": str(root),  # no settings of whoever runs the tests
        }
        self.spool = root / "spool"
        self.tray = root / "tray"
        """Where paper comes out: one file for each print."""

    @property
    def papers(self) -> list[Path]:
        return sorted(self.tray.glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)

    @property
    def spooled(self) -> list[Path]:
        """Documents that the scheduler holds: ``d00001-001`` and the like."""
        return sorted(self.spool.glob("d*"))

    @property
    def at_rest(self) -> bool:
        """No document, no job, and no filter or backend that still has to end: one that ends late sets its
        queue to idle, even if that was stopped meanwhile."""
        return (
            not self.spooled
            and "is idle" in self.tell("lpstat", "-p", QUEUE)
            and not psutil.Process(self._running["cupsd"].pid).children()
        )

    def complaints(self) -> str:
        """What the scheduler and the printer wrote last, for whoever reads a failed test."""
        logs = (self._root / "error_log", self._root / "ippeveprinter.log")
        return "\n".join(log.read_text(errors="replace")[-6000:] for log in logs)

    def open(self) -> None:
        for name in ("server", "spool", "cache", "state", "temporary", "tray"):
            (self._root / name).mkdir(mode=0o755)
        (self._root / "files.conf").write_text(_FILES.format(root=self._root))
        (self._root / "scheduler.conf").write_text(_SCHEDULER.format(root=self._root))
        self._start(
            "cupsd",
            *("-f", "-c", str(self._root / "scheduler.conf"), "-s", str(self._root / "files.conf")),
        )
        until(lambda: self.tell("lpstat", "-r", check=False) == "scheduler is running", "cupsd")
        # ippeveprinter insists on a bus even with its advertising off: it gets one that nobody else is on.
        self._start("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self._bus}")
        until((self._root / "bus").exists, "dbus-daemon")
        self.switch_on()
        self.tell("lpadmin", "-p", QUEUE, "-E", "-v", self._address, "-m", "everywhere")

    def close(self) -> None:
        for name in tuple(self._running):
            self._stop(name)

    def switch_on(self) -> None:
        if not self._port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._port = int(free.getsockname()[1])
        self._start(
            "ippeveprinter",
            *("-r", "off", "-n", "localhost", "-p", str(self._port)),
            # Without a command it plays a printer's slowness, five seconds and more a job.
            *("-c", program("true"), "-k", "-d", str(self.tray), "-f", "application/pdf", QUEUE),
        )
        until(self._listens, "ippeveprinter")

    def switch_off(self) -> None:
        self._stop("ippeveprinter")

    def set_paper(self, sheets: int) -> None:
        """Through the page that the printer offers for it."""
        choice = {
            "size1": "iso_a4_210x297mm",
            "type1": "stationery",
            "level1": sheets,
            "size3": "",
            "type3": "",
            "level3": sheets and 25,
        }
        with urlopen(f"http://localhost:{self._port}/media?{urlencode(choice)}", timeout=10) as answer:
            assert b"Media updated" in answer.read()

    def tell(self, name: str, *arguments: str, check: bool = True) -> str:
        """Runs one of CUPS's own commands on this scheduler; gives what it printed."""
        done = subprocess.run(
            [program(name), *arguments],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def _address(self) -> str:
        return f"ipp://localhost:{self._port}/ipp/print"

    @property
    def _bus(self) -> str:
        return f"unix:path={self._root / 'bus'}"

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("localhost", self._port), timeout=1):
            return True
        return False

    def _start(self, name: str, *arguments: str) -> None:
        with (self._root / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [program(name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self._bus},
                start_new_session=True,
            )

    def _stop(self, name: str) -> None:
        process = self._running.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def open_pressroom() -> Iterator[Pressroom]:
    for name in PROGRAMS:
        program(name)
    if os.geteuid() != 0:
        pytest.skip("a CUPS scheduler of one's own is started by root alone")
    # Filters run as another user, who can't enter pytest's own folders. A socket's path has to be short.
    root = Path(tempfile.mkdtemp(prefix="opora-print-", dir="/tmp"))
    root.chmod(0o755)
    pressroom = Pressroom(root)
    try:
        pressroom.open()
        yield pressroom
    finally:
        pressroom.close()
        shutil.rmtree(root, ignore_errors=True)
