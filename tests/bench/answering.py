"""From pressing Continue to the next question painted, the durable save included.

Beside it, in the same process and folder, the bare cost of one SQLite commit with its fsync. Then both once
more with every fsync slowed to 20 ms (by strace), as a cheap kiosk's disk is.
"""

import json
import os
import shutil
import subprocess
import sys
from tempfile import TemporaryDirectory

from rich.console import Console

from tests.bench.figures import median, p99, show

SLOW_US = 20_000
SLOWED = (
    "strace",
    "-f",
    "-qq",
    "--seccomp-bpf",
    "-e",
    f"inject=fsync,fdatasync:delay_exit={SLOW_US}",
    "-e",
    "trace=fsync,fdatasync",
    "-o",
    "/dev/null",
)


def run(console: Console) -> None:
    rows = []
    for title, wrapper in (("this disk", ()), ("fsync slowed to 20 ms", SLOWED)):
        if wrapper and shutil.which(wrapper[0]) is None:
            console.print("strace is not here, so no slowed disk is measured")
            continue
        found = _child(wrapper)
        answers, commits = found["answers"], found["commits"]
        rows.append((f"{title}: one bare commit", f"{median(commits):.1f}", f"{p99(commits):.1f}", "1.0"))
        rows.append(
            (
                f"{title}: Continue to next question painted ({len(answers)} presses)",
                f"{median(answers):.1f}",
                f"{p99(answers):.1f}",
                f"{median(answers) / median(commits):.1f}",
            )
        )
        alone = [took - queue for took, queue in zip(answers, found["queued"], strict=True)]
        rows.append(("  less what waited for a core", f"{median(alone):.1f}", f"{p99(alone):.1f}", ""))
        work = found["work"]
        rows.append(
            ("  of which the screen's own thread works", f"{median(work):.1f}", f"{p99(work):.1f}", "")
        )
    show(console, "An answer, in ms", ("", "median", "p99", "ratio of medians"), rows)


def _child(wrapper: tuple[str, ...]) -> dict[str, list[float]]:
    with TemporaryDirectory(prefix="opora-bench-") as folder:
        command = [*wrapper, sys.executable, "-m", "tests.bench.answers", folder]
        environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True, text=True)
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found
