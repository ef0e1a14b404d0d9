"""A kiosk that is used for hours: ``python -m tests.soak --hours 2``, ``--minutes 10 --seed 7``.

Simulated applicants and volunteers use the real application: its window by events of the window system, its
store with every fsync, its voice through a sound device that nobody hears, a hub in a process of its own,
which decides. Memory, handles, threads, files and lateness are sampled meanwhile. Leaves samples.jsonl,
told.jsonl and table.txt in ``--out``; ends with 1 where a bound is broken.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

import psutil
from rich.console import Console
from rich.table import Table

from sync.hub.database import HubDatabase
from tests.soak.outside import Sample, Tables, journal_deeds, sample, tables
from tests.soak.parties import hub_of, kiosk_of, loudspeaker, references
from tests.soak.told import Hearer
from tests.soak.verdict import Findings, Row, broken, judge

EVERY_S = 10.0
BEFORE = "tables-before.json"
STARTED_WITHIN_S = 120.0
ENDS_WITHIN_S = 900.0
"""The last person finishes what they began; somebody may just have walked away."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Uses a kiosk for hours.")
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--hours", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0, help="2: people take twice as long")
    parser.add_argument("--only", action="append", default=[], help="only this kind of visit; repeat it")
    parser.add_argument("--out", type=Path, help="a new folder; else a temporary one, which is named")
    parser.add_argument(
        "--judge", type=Path, help="only judge what lies in this --out, as far as it has come"
    )
    asked = parser.parse_args()
    if asked.judge is not None:
        found = recall(asked.judge)
        show(Console(width=150), judge(found), found)
        return 1 if broken(judge(found)) else 0
    seconds = 60 * asked.minutes + 3600 * asked.hours or 600.0
    out = asked.out or Path(mkdtemp(prefix="opora-soak-"))
    out.mkdir(parents=True, exist_ok=True)
    console = Console(width=150)
    console.print(f"{seconds / 60:g} minutes, seed {asked.seed}; everything lies in {out}", highlight=False)
    found = soak(out, seconds, asked.seed, asked.pace, console, asked.only)
    rows = judge(found)
    with (out / "table.txt").open("w", encoding="utf-8") as file:
        show(Console(width=150, file=file), rows, found)
    show(console, rows, found)
    return 1 if broken(rows) else 0


def soak(
    out: Path, seconds: float, seed: int, pace: float, console: Console, only: Sequence[str] = ()
) -> Findings:
    data, told = out / "data", out / "told.jsonl"
    data.mkdir(mode=0o700)
    found, hear = Findings(), Hearer(told)
    with hub_of(out) as hub, loudspeaker(out / "sound") as sound:
        (out / "current.opora-pack").rename(data / "current.opora-pack")
        chosen = [word for what in only for word in ("--only", what)]
        options = ("--hub", hub.url, "--code", hub.code(), "--seed", seed, "--pace", pace, *chosen)
        with kiosk_of(out, data, told, seconds, *options, sound=sound) as kiosk:
            began = time.monotonic()
            process = psutil.Process(kiosk.pid)
            with (out / "samples.jsonl").open("w", encoding="utf-8") as file:
                while kiosk.poll() is None and time.monotonic() - began < seconds + ENDS_WITHIN_S:
                    time.sleep(EVERY_S)
                    try:
                        seen = sample(process, data, time.monotonic() - began)
                    except psutil.Error:
                        break
                    if not seen.rss:
                        # It has ended between two looks.
                        break
                    for line in hear():
                        found.take(line)
                    if found.before is None and found.insides:
                        found.before = tables(data / "kiosk.db")
                        (out / BEFORE).write_text(json.dumps(asdict(found.before)), encoding="utf-8")
                    found.samples.append(seen)
                    file.write(json.dumps(asdict(seen)) + "\n")
                    file.flush()
                    hub.decide()
                    if len(found.samples) % 6 == 0:
                        _progress(console, found)
            kiosk.wait()
            found.seconds = time.monotonic() - began
        for line in hear():
            found.take(line)
        found.arrived = hub.arrived()
    found.after = tables(data / "kiosk.db")
    found.deeds = journal_deeds(data / "kiosk.db")
    return found


def recall(out: Path) -> Findings:
    """The same from what a soak has left so far, which may be going on still."""
    found = Findings()
    for line in Hearer(out / "told.jsonl")():
        found.take(line)
    seen = (out / "samples.jsonl").read_text(encoding="utf-8").splitlines()
    found.samples = [Sample(**json.loads(each)) for each in seen]
    found.seconds = found.samples[-1].seconds
    database = HubDatabase.in_folder(out / "hub")
    found.arrived = references(database)
    database.close()
    if (out / BEFORE).exists():
        found.before = Tables(**json.loads((out / BEFORE).read_text(encoding="utf-8")))
    found.after = tables(out / "data" / "kiosk.db")
    found.deeds = journal_deeds(out / "data" / "kiosk.db")
    return found


def _progress(console: Console, found: Findings) -> None:
    last = found.samples[-1]
    console.print(
        f"{last.seconds / 60:5.0f} min",
        f"{sum(found.visits.values()):4} visits",
        f"{sum(found.stored.values()):4} stored",
        f"resident {last.rss:6.1f} MB",
        f"{last.handles} handles",
        f"{last.threads} threads",
        f"database {last.database // 1024} KB",
        f"processor {100 * last.cpu / last.seconds:.0f} %",
        f"load {last.load:.1f}",
        f"stuck {len(found.stuck)}",
        sep="  ",
        highlight=False,
    )


def show(console: Console, rows: list[Row], found: Findings) -> None:
    table = Table(title="A kiosk in use", title_justify="left")
    for column in ("", "found", "bound", ""):
        table.add_column(column)
    for row in rows:
        verdict = "" if row.held is None else "held" if row.held else "BROKEN"
        table.add_row(row.what, row.found, row.bound, verdict)
    console.print(table)
    console.print("Journal: " + ", ".join(f"{count} {what}" for what, count in found.deeds.most_common()))
    for trouble in found.stuck:
        console.print(f"stuck: {trouble}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
