"""Start: the kiosk's first paint, and its first page that answers a touch, beside a bare window."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.bench.figures import median, show

RUNS = 9
CHILDREN = {"bare": "tests.bench.bare_window", "kiosk": "tests.bench.kiosk_window"}


def run(console: Console) -> None:
    with TemporaryDirectory(prefix="opora-bench-") as folder:
        data = Path(folder)
        _child("kiosk", data)  # makes the pack, the coordinator and the compiled bytecode
        times: dict[str, dict[str, list[float]]] = {"bare": {}, "kiosk": {}}
        for _ in range(RUNS):
            for name in times:
                for mark, value in _child(name, data).items():
                    times[name].setdefault(mark, []).append(value)
    bare = median(times["bare"]["painted"])
    painted, answering = median(times["kiosk"]["painted"]), median(times["kiosk"]["answers"])
    rows = [
        ("a bare window with one label: first paint", f"{bare:.0f} ms", "1.0"),
        ("kiosk: first paint (name, one moment)", f"{painted:.0f} ms", f"{painted / bare:.2f} (aim 1.6)"),
        ("kiosk: first page that answers", f"{answering:.0f} ms", f"{answering / bare:.2f} (aim 7)"),
    ]
    show(console, f"Start, median of {RUNS}, in turn", ("", "time", "ratio"), rows)
    resident = median(times["kiosk"]["resident_mb"])
    beside = median(times["bare"]["resident_mb"])
    console.print(f"resident memory: kiosk {resident:.0f} MB (aim under 200), bare window {beside:.0f} MB\n")


def _child(name: str, data: Path) -> dict[str, float]:
    """Milliseconds from before the process was made to each mark that the child writes."""
    began = time.perf_counter()
    command = [sys.executable, "-m", CHILDREN[name], str(data)]
    found: dict[str, float] = {}
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    # A kiosk keeps its compiled modules, whatever the shell that measures says.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            mark, _, value = line.strip().partition(" ")
            found[mark] = float(value) if value else (time.perf_counter() - began) * 1000
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return found


def tell(mark: str, value: Callable[[], float] | None = None) -> None:
    """A child's mark: a name alone is timed by the parent."""
    sys.stdout.write(f"{mark} {value():.1f}\n" if value else f"{mark}\n")
    sys.stdout.flush()


def resident_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
