"""The power of a kiosk is cut: what it never synced is gone, and the write under way is torn.

One kiosk is recorded (:mod:`tests.faults.power`) while it stores and sends in rounds. Its folder is then
rebuilt as a disk may hold it at many moments, and a new kiosk process is started on each, beside the hub as
that was at the same moment.
"""

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from random import Random

import pytest

from tests.faults.ground import Ground
from tests.faults.power import (
    Event,
    Marked,
    Written,
    can_record,
    marks_before,
    points,
    read_trace,
    rebuild,
    record,
)
from tests.faults.windowless import Orders, Said, StoredHere, Tried

STORED, SENDING, SENT = "stored", "sending", "sent"
ROUNDS = 6


def power_cut(ground: Ground, runs: int, defect: str = "") -> None:
    if not can_record(ground.folder):
        pytest.skip("strace is not installed or may not trace here")
    hub = ground.hub()
    kiosk = ground.kiosk(hub, defect=defect)
    kiosk.close()
    folder, marks, trace = kiosk.orders.folder, ground.folder / "marks", ground.folder / "trace"
    before, states = ground.folder / "before", ground.folder / "states"
    shutil.copytree(folder, before)
    states.mkdir()
    _keep(hub.folder, states / "0")
    recorded = [
        *(
            sys.executable,
            "-m",
            "tests.faults.rows_of_power",
            defect,
            str(folder),
            str(ground.folder / "memory"),
        ),
        *(ground.agency, str(kiosk.orders.seed), str(marks), str(hub.folder), str(states)),
    ]
    ended = record(recorded, trace)
    assert ended.returncode == 0, ended.stderr.decode()
    hub.stop()
    events = read_trace(trace, folder, marks, before)
    for cut in points(events, runs, ground.rng):
        left = ground.folder / f"left-{cut}"
        left.mkdir()
        loss = rebuild(events, cut, folder, left, ground.rng, before)
        shutil.rmtree(hub.folder)
        shutil.copytree(states / str(_rounds_heard(ground, events[:cut])), hub.folder)
        after = ground.kiosk_over(left, name=f"left-{cut}")
        since = time.monotonic()
        hub.start()
        after.start()
        ground.recover(after, since)
        after.store(1)
        ground.recover(after)
        after.close()
        promised = [text.split()[1] for text in marks_before(events, cut) if text.startswith(STORED)]
        ground.judge(hub, [*promised, *(one.reference for one in after.stored)], world=f"{cut} {loss}")
        hub.stop()
        shutil.rmtree(left)
        ground.count.runs += 1


def _rounds_heard(ground: Ground, events: Sequence[Event]) -> int:
    """How many rounds the hub has had. While the kiosk sends, the hub may have taken it or not; once the
    kiosk writes down the answer, it has."""
    heard = 0
    for at, event in enumerate(events):
        match event:
            case Marked(text) if text.startswith(SENDING):
                written = any(isinstance(later, Written) for later in events[at:])
                heard = int(text.split()[1]) - (not written and ground.rng.random() < 0.5)
            case _:
                pass
    return heard


def _keep(hub: Path, into: Path) -> None:
    """The hub's folder as it is between two requests."""
    shutil.copytree(hub, into, ignore=shutil.ignore_patterns("hub.sqlite*"))
    with (
        closing(sqlite3.connect(hub / "hub.sqlite")) as running,
        closing(sqlite3.connect(into / "hub.sqlite")) as kept,
    ):
        running.backup(kept)


def main(arguments: Sequence[str]) -> int:
    """The recorded kiosk. Every promise is a line in the file of marks, written after the promise."""
    from tests.faults.defects import KIOSKS

    defect, folder, memory, agency, seed, marks, hub, states = arguments
    file = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    tries: SimpleQueue[Tried] = SimpleQueue()

    def mark(text: str) -> None:
        os.write(file, f"{text}\n".encode())

    def say(said: Said) -> None:
        match said:
            case StoredHere(reference):
                mark(f"{STORED} {reference}")
            case Tried():
                tries.put(said)
            case other:
                raise AssertionError(other)

    orders = Orders(Path(folder), Path(memory), Path(os.devnull), agency, int(seed))
    kiosk = KIOSKS[defect](orders, say)
    chances = Random(int(seed))
    for number in range(1, ROUNDS + 1):
        for _ in range(chances.randrange(1, 6)):
            kiosk.store()
        mark(f"{SENDING} {number}")
        kiosk.send(number)
        assert tries.get(timeout=120).went_well
        mark(f"{SENT} {number}")
        _keep(Path(hub), Path(states) / str(number))
    for _ in range(3):
        kiosk.store()
    kiosk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
