"""A day's applications to the agency: ours, Morango and PouchDB over the same lines, in one run.

``python -m tests.bench.syncing [--short] [--repeats 3] [--only ours,morango,pouchdb]``. Prints; never fails a
build. The peers are installed into ``build/bench`` the first time, from their ordinary registries. Each side
is a process of its own with what its documentation asks for and nothing else; all speak plain HTTP through
:mod:`tests.faults.line`, and the bytes are those that went through it, headers and all.
"""

import argparse
import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from rich.console import Console

from tests.bench.corpus import applications
from tests.bench.figures import show
from tests.faults.line import Line

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / "build" / "bench"
PEERS = Path(__file__).with_name("peers")
MORANGO = "morango==0.8.15"
POUCHDB = ("pouchdb@9", "express-pouchdb@4", "express@4")
LONGEST_S = 120
"""Some peers try for ever on a line that is cut again and again: then their run is over."""


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    bits_per_s: float | None = None
    round_trip_s: float = 0.0
    cut_every: int | None = None


LOOPBACK = Link("loopback")
LINKS = (
    LOOPBACK,
    Link("256 kbit/s, 300 ms", 256_000, 0.3),
    Link("64 kbit/s, 600 ms", 64_000, 0.6),
    Link("64 kbit/s, 600 ms, cut every 20 KB", 64_000, 0.6, 20_000),
)


@dataclass(frozen=True, slots=True)
class System:
    """How to start its two sides. ``tables`` name where arrived records are counted, in SQLite; PouchDB is
    asked over HTTP."""

    name: str
    server: Callable[[Path, Path], list[str]]
    client: Callable[[Path, Path, str, Path], list[str]]
    folder: Path
    file: str = ""
    table: str = ""


def _systems() -> dict[str, System]:
    own, morango = [sys.executable, "-m", "tests.bench.peers.opora_peer"], str(PEERS / "morango_peer.py")
    python, script = str(INSTALLED / "morango" / "bin" / "python"), str(PEERS / "pouchdb_peer.js")
    return {
        "ours": System(
            "ours",
            lambda place, corpus: [*own, "server", str(place), str(corpus)],
            lambda place, corpus, url, told: [*own, "client", str(place), str(corpus), url, str(told)],
            ROOT,
            "hub.sqlite",
            "envelope",
        ),
        "morango": System(
            "Morango 0.8.15",
            lambda place, _: [python, morango, "server", str(place)],
            lambda place, corpus, url, told: [
                python,
                morango,
                "client",
                str(place),
                str(corpus),
                url,
                str(told),
            ],
            ROOT,
            "morango.sqlite",
            "morango_app_application",
        ),
        "pouchdb": System(
            "PouchDB 9",
            lambda place, _: ["node", script, "server", str(place)],
            lambda place, corpus, url, _: ["node", script, "client", str(place), str(corpus), url],
            INSTALLED / "pouchdb",
        ),
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one run. ``seconds`` is None where it did not come through in :data:`LONGEST_S`."""

    seconds: float | None
    first_s: float | None
    up: int
    down: int
    requests: int
    cpu_s: float
    megabytes: float
    growth: int
    idle_bytes: int
    idle_requests: int


def install(names: list[str]) -> list[str]:
    """Fetches the peers that are missing; returns those of ``names`` that can run."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    able = ["ours"] if "ours" in names else []
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        if "morango" in names:
            folder = INSTALLED / "morango"
            if not list(folder.glob("lib/*/site-packages/morango")):
                subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
                subprocess.run([str(folder / "bin" / "pip"), "install", "-q", MORANGO], check=True)
            able.append("morango")
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        if "pouchdb" in names:
            folder = INSTALLED / "pouchdb"
            if not (folder / "node_modules" / "express-pouchdb").exists():
                folder.mkdir(exist_ok=True)
                (folder / "package.json").write_text('{"private": true}')
                command = ["npm", "install", "--no-audit", "--no-fund", "--silent", *POUCHDB]
                subprocess.run(command, cwd=folder, check=True)
            able.append("pouchdb")
    return able


def write_corpus(count: int, folder: Path, *, signed: bool) -> Path:
    """For the peers each application is its answers; what begins with our own names is for us alone."""
    listed = []
    for number, one in enumerate(applications(count, folder)):
        listed.append(
            {
                "form": one.form.id,
                "version": one.form.version,
                "digest": one.form.digest,
                "xml": one.xml.decode(),
                "form_xml": base64.b64encode(one.form_xml).decode(),
                "answers": one.answers,
                **({"signature": strokes(number)} if signed else {}),
            }
        )
    file = folder / f"ours-{count}-{signed}.json"
    file.write_text(json.dumps(listed))
    peers = [
        {"form": each["form"], "version": each["version"], "answers": each["answers"]}
        | ({"signature": each["signature"]} if signed else {})
        for each in listed
    ]
    file.with_name(f"peers-{count}-{signed}.json").write_text(json.dumps(peers))
    return file


def strokes(number: int) -> str:
    """A signature as the pad hands it over: three strokes of some sixty points."""
    random = Random(number)
    made = []
    for _ in range(3):
        x, y, stroke = random.randrange(400), random.randrange(200), []
        for _ in range(60):
            x, y = x + random.randrange(-4, 9), y + random.randrange(-7, 8)
            stroke.append([x, y])
        made.append(stroke)
    return json.dumps(made, separators=(",", ":"))


def measure(system: System, link: Link, corpus: Path, count: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as name, contextlib.ExitStack() as stack:
        places = Path(name) / "server", Path(name) / "client"
        for place in places:
            place.mkdir()
        server = stack.enter_context(_process(system.server(places[0], corpus), system.folder))
        port = int(_line(server))
        if not system.table:
            _ask(port, "PUT")
        line = stack.enter_context(
            Line(port, bits_per_s=link.bits_per_s, round_trip_s=link.round_trip_s, cut_every=link.cut_every)
        )
        told = places[0] / "identity.json"
        if system.name == "ours":
            # Enrolling is done once in a kiosk's life: not over this line.
            (places[0] / "told.json").write_text(told.read_text())
        mine = corpus if system.name == "ours" else corpus.with_name(corpus.name.replace("ours", "peers"))
        client = stack.enter_context(_process(system.client(places[1], mine, line.url, told), system.folder))
        assert _line(client) == "ready", f"{system.name}: its client did not start"
        size, cpu, up, down = _size(places[0]), _cpu(server, client), line.up, line.down
        counting = _Counting(system, places[0], port)
        counting.start()
        result = _go(client)
        first = counting.stop()
        spent, up, down = _cpu(server, client) - cpu, line.up - up, line.down - down
        growth, megabytes = _size(places[0]) - size, _peak(server) + _peak(client)
        arrived = counting.count()
        complete = result is not None and result["requests"] is not None and arrived == count
        moved = line.up + line.down
        idle = _go(client) if complete else None
        return Measured(
            result["seconds"] if complete and result else None,
            first,
            up,
            down,
            _requests(result),
            spent,
            megabytes,
            growth,
            line.up + line.down - moved,
            _requests(idle),
        )


class _Counting(threading.Thread):
    """Looks every 20 ms whether anything has arrived."""

    def __init__(self, system: System, folder: Path, port: int) -> None:
        super().__init__(daemon=True)
        self._system, self._folder, self._port = system, folder, port
        self._ended = threading.Event()
        self._began = time.monotonic()
        self._first: float | None = None

    def count(self) -> int:
        if not self._system.table:
            return int(_ask(self._port, "GET")["doc_count"])
        import sqlite3

        with contextlib.suppress(sqlite3.Error):
            file = f"file:{self._folder / self._system.file}?mode=ro"
            with contextlib.closing(sqlite3.connect(file, uri=True, timeout=5)) as connection:
                found = connection.execute(f"SELECT count(*) FROM {self._system.table}")
                return int(found.fetchone()[0])
        return 0

    def run(self) -> None:
        while not self._ended.wait(0.02):
            if self.count():
                self._first = time.monotonic() - self._began
                return

    def stop(self) -> float | None:
        self._ended.set()
        self.join()
        return self._first


def _ask(port: int, method: str) -> dict[str, int]:
    import urllib.request

    request = urllib.request.Request(f"http://127.0.0.1:{port}/db/applications", method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        told: dict[str, int] = json.loads(answer.read())
        return told


@contextlib.contextmanager
def _process(command: list[str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    with tempfile.TemporaryFile("w+") as noise:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=noise,
            text=True,
            env=os.environ | {"PYTHONPATH": str(PEERS if "morango" in command[0] else ROOT)},
        )
        try:
            yield process
        except BaseException:
            noise.seek(0)
            sys.stderr.write(noise.read()[-2000:])
            raise
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go(client: "subprocess.Popen[str]") -> dict[str, float | None] | None:
    """What the client says of one try; None where it took too long, and was ended."""
    assert client.stdin is not None
    client.stdin.write("go\n")
    client.stdin.flush()
    limit = threading.Timer(LONGEST_S, client.kill)
    limit.start()
    said = _line(client)
    limit.cancel()
    told: dict[str, float | None] | None = json.loads(said) if said else None
    return told


def _requests(told: dict[str, float | None] | None) -> int:
    return int((told or {}).get("requests") or 0)


def _cpu(*processes: "subprocess.Popen[str]") -> float:
    """Seconds of user and system time so far (proc(5))."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak(process: "subprocess.Popen[str]") -> float:
    """Megabytes of memory at most so far."""
    told = Path(f"/proc/{process.pid}/status").read_text()
    # One that was ended has none any more.
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM")), 0) / 1024


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _middle(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if len(known) == len(values) else None


def _row(name: str, runs: list[Measured], ours: float | None) -> list[str]:
    seconds, first = _middle([run.seconds for run in runs]), _middle([run.first_s for run in runs])
    ratio = f"{seconds / ours:.1f}" if seconds and ours else "–"
    return [
        name,
        "not through" if seconds is None else f"{seconds:.2f}",
        ratio,
        "–" if first is None else f"{first:.2f}",
        f"{median(run.up for run in runs) / 1000:.1f}",
        f"{median(run.down for run in runs) / 1000:.1f}",
        f"{median(run.requests for run in runs):.0f}",
        f"{median(run.cpu_s for run in runs):.2f}",
        f"{median(run.megabytes for run in runs):.0f}",
        f"{median(run.growth for run in runs) / 1000:.0f}",
        f"{median(run.idle_bytes for run in runs) / 1000:.1f} in "
        f"{median(run.idle_requests for run in runs):.0f}",
    ]


COLUMNS = (
    "",
    "s",
    "× ours",
    "first, s",
    "KB up",
    "KB down",
    "requests",
    "CPU s",
    "MB",
    "grown KB",
    "idle: KB",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="100 applications, two lines, once each")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="ours,morango,pouchdb")
    asked = parser.parse_args()
    console = Console(width=140)
    systems = _systems()
    names = install(asked.only.split(","))
    repeats = 1 if asked.short else asked.repeats
    with tempfile.TemporaryDirectory(prefix="opora-corpus-") as folder:
        runs = [(100, link, False) for link in ((LOOPBACK, LINKS[2]) if asked.short else LINKS[:3])]
        if not asked.short:
            # The line that is cut comes last: a peer may take minutes there.
            runs += [(1000, LOOPBACK, False), (100, LOOPBACK, True), (100, LINKS[3], False)]
        for count, link, signed in runs:
            corpus = write_corpus(count, Path(folder), signed=signed)
            rows, ours = [], None
            times = 1 if link.cut_every else repeats
            for name in names:
                measured = [measure(systems[name], link, corpus, count) for _ in range(times)]
                if name == "ours":
                    ours = _middle([run.seconds for run in measured])
                rows.append(_row(systems[name].name, measured, ours))
            what = "applications with signatures" if signed else "applications"
            show(console, f"{count} {what}, {link.name}, median of {times}", COLUMNS, rows)
    load = os.getloadavg()[1]
    console.print(
        f"Load of the machine over the last five minutes: {load:.1f} on {os.cpu_count()} processors."
    )


if __name__ == "__main__":
    if not shutil.which("node"):
        sys.stderr.write("node is not installed: without PouchDB.\n")
    main()
