"""The power goes at any moment: what the store gave its word for is there."""

import random
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.applicant import broken_promises
from tests.faults.conftest import Prepared
from tests.faults.power import (
    Cut,
    Event,
    Made,
    Marked,
    Removed,
    Renamed,
    Synced,
    Written,
    can_record,
    marks_before,
    points,
    read_trace,
    rebuild,
    record,
)
from tests.store.opened import opened


def cut_power(prepared: Prepared, tmp_path: Path, people: int, count: int, seed: int) -> None:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    before = tmp_path / "before"
    shutil.copytree(prepared.folder, before)
    command = [sys.executable, "-m", "tests.faults.applicant", str(prepared.folder), str(prepared.marks)]
    ended = record([*command, prepared.agency, str(people)], tmp_path / "trace")
    assert ended.returncode == 0, ended.stderr.decode()
    events = read_trace(tmp_path / "trace", prepared.folder, prepared.marks, before)
    rng = random.Random(seed)
    for cut in points(events, count, rng):
        left = tmp_path / f"left-{cut}"
        left.mkdir()
        loss = rebuild(events, cut, prepared.folder, left, rng, before)
        promises = marks_before(events, cut)
        with opened(left) as store:
            broken = broken_promises(
                store, prepared.coordinator, prepared.key, prepared.agency_identity, promises
            )
        assert broken == [], f"seed {seed}, cut {cut} of {len(events)}, loss {loss}"
        shutil.rmtree(left)


def test_ten_power_cuts_lose_nothing_that_was_promised(prepared: Prepared, tmp_path: Path) -> None:
    cut_power(prepared, tmp_path, people=4, count=10, seed=20)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_power_cuts_lose_nothing_that_was_promised(
    prepared: Prepared, tmp_path: Path, seed: int
) -> None:
    cut_power(prepared, tmp_path, people=60, count=70, seed=seed)


def test_the_cutter_really_loses_what_was_never_synced(tmp_path: Path) -> None:
    """A harness that kept everything would prove nothing."""
    folder = tmp_path / "folder"
    folder.mkdir()
    name = str(folder / "file")
    events: list[Event] = [
        Made(name),
        Written(name, 0, b"a" * 2048),
        Synced(name),
        Synced(str(folder)),
        Marked("a"),
        Written(name, 0, b"b" * 2048),
        Marked("b"),
    ]
    seen = set()
    for seed in range(40):
        into = tmp_path / str(seed)
        into.mkdir()
        rebuild(events, len(events), folder, into, random.Random(seed), tmp_path / "none")
        seen.add((into / "file").read_bytes())
    assert b"b" * 2048 not in seen, "the write in flight is torn at the least"
    assert b"a" * 2048 in seen
    assert any(0 < content.count(b"b") < 2048 for content in seen)


PLAIN_SQLITE = """
import os, sqlite3, sys
path, marks, synchronous = sys.argv[1:]
promises = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
connection = sqlite3.connect(path)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute(f"PRAGMA synchronous = {synchronous}")
connection.execute("CREATE TABLE kept (number INTEGER)")
connection.commit()
for number in range(40):
    connection.execute("INSERT INTO kept VALUES (?)", (number,))
    connection.commit()
    os.write(promises, b"%d\\n" % number)
os._exit(0)
"""


@pytest.mark.parametrize(("synchronous", "loses"), [("NORMAL", True), ("FULL", False)])
def test_the_harness_finds_a_store_that_does_not_sync(tmp_path: Path, synchronous: str, loses: bool) -> None:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    folder, marks, none = tmp_path / "folder", tmp_path / "marks", tmp_path / "none"
    folder.mkdir()
    command = [sys.executable, "-c", PLAIN_SQLITE, str(folder / "db"), str(marks), synchronous]
    assert record(command, tmp_path / "trace").returncode == 0
    events = read_trace(tmp_path / "trace", folder, marks, none)
    rng, lost = random.Random(3), 0
    for cut in points(events, 20, rng):
        left = tmp_path / f"left-{cut}"
        left.mkdir()
        rebuild(events, cut, folder, left, rng, none)
        with closing(sqlite3.connect(left / "db")) as connection:
            try:
                kept = connection.execute("SELECT count(*) FROM kept").fetchone()[0]
            except sqlite3.DatabaseError:
                kept = 0
        lost += kept < len(marks_before(events, cut))
    assert (lost > 0) is loses


CHECK = """
import pathlib, sqlite3, sys
folder, marks = map(pathlib.Path, sys.argv[1:])
promised = marks.read_text().splitlines()
kept = sqlite3.connect(folder / "db").execute("SELECT count(*) FROM kept").fetchone()[0]
sys.exit(kept < len(promised))
"""


@pytest.mark.parametrize(("synchronous", "verdict"), [("FULL", 0), ("NORMAL", 1)])
def test_the_harness_runs_around_any_command_line(tmp_path: Path, synchronous: str, verdict: int) -> None:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    folder, marks, check = tmp_path / "folder", tmp_path / "marks", tmp_path / "check.py"
    folder.mkdir()
    check.write_text(CHECK)
    command = [sys.executable, "-m", "tests.faults.power", "--folder", str(folder), "--marks", str(marks)]
    command += ["--points", "6", "--seed", "4", "--check", shlex.join([sys.executable, str(check)]), "--"]
    command += [sys.executable, "-c", PLAIN_SQLITE, str(folder / "db"), str(marks), synchronous]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == verdict, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("6 power cuts, ")


def test_the_recorder_sees_what_a_process_wrote(tmp_path: Path) -> None:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    folder, marks = tmp_path / "folder", tmp_path / "marks"
    folder.mkdir()
    program = (
        "import os, sys, threading\n"
        "folder, marks = sys.argv[1:]\n"
        "def work():\n"
        "    file = os.open(folder + '/a.part', os.O_WRONLY | os.O_CREAT)\n"
        "    os.write(file, b'one'); os.write(file, b'two')\n"
        "    os.pwrite(file, b'X', 1); os.ftruncate(file, 5); os.fsync(file)\n"
        "    os.rename(folder + '/a.part', folder + '/a')\n"
        "    os.fsync(os.open(folder, os.O_RDONLY))\n"
        "    os.write(os.open(marks, os.O_WRONLY | os.O_CREAT), b'done\\n')\n"
        "    os.unlink(folder + '/a')\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join()\n"
    )
    ended = record([sys.executable, "-c", program, str(folder), str(marks)], tmp_path / "trace")
    assert ended.returncode == 0, ended.stderr.decode()
    part, name = str(folder / "a.part"), str(folder / "a")
    assert read_trace(tmp_path / "trace", folder, marks, tmp_path / "none") == [
        Made(part),
        Written(part, 0, b"one"),
        Written(part, 3, b"two"),
        Written(part, 1, b"X"),
        Cut(part, 5),
        Synced(part),
        Renamed(part, name),
        Synced(str(folder)),
        Marked("done"),
        Removed(name),
    ]
