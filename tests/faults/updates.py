"""An update that is cut off: ``python -m tests.faults.updates``, counted.

Each deed (an update by stick, one by line, the way back) is done by a process of its own on a kiosk with an
unfinished application and an unsent envelope, and cut off

- by ``kill -9`` at every single call that changes a file (strace sends the signal),
- by a power cut after every such call: what was not synced is gone or torn (:mod:`tests.faults.power`),
- by a disk that has no room left, at many sizes.

Then another process opens what is left. A state is broken where the kiosk has neither the version before nor
the one after, whole; where it has not what was promised; where the envelope or the draft's form is other than
before; where the journal does not hold; or where the same deed cannot be done to its end afterwards.
"""

import argparse
import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kiosk.applications import Drafts, Submissions
from kiosk.errors import Fault
from kiosk.ids import FormId
from kiosk.journal import KIOSK
from kiosk.store import OutboxEntry
from kiosk.store.session_key import SessionKeyFile
from kiosk.updates.standing import State
from tests.faults.power import can_record, marks_before, read_trace, rebuild, record
from tests.faults.small_disk import fill
from tests.flow.sample_form import FORM
from tests.store.opened import TestClock, centre_of
from tests.store.test_released import entries
from tests.updates.deployment import Deployment, UpdatedKiosk, asking, kiosk_of
from tests.updates.test_what_waits import Desk

REPOSITORY = Path(__file__).parents[2]
STRACE = ("strace", "-f", "-qq", "-o", os.devnull)
CALLS = ("mkdir", "write", "fsync", "rename", "unlink", "pwrite64", "fdatasync", "ftruncate")
"""What files are changed by: first by the shelf, then by SQLite. strace counts each call by itself."""


@dataclass(frozen=True)
class Deed:
    """``name`` as in :mod:`tests.faults.updating`; from version ``before`` to ``after``."""

    name: str
    title: str
    before: str
    after: str


DEEDS = (
    Deed("take_by_stick", "an update by stick, taken up", "1", "2"),
    Deed("take_by_stick", "the next update, the oldest version forgotten", "2", "3"),
    Deed("take_by_line", "an update by line, in pieces, taken up", "1", "2"),
    Deed("go_back", "the way back", "2", "1"),
)


@dataclass
class Row:
    title: str
    cuts: int = 0
    before: int = 0
    after: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"| {self.title:<78} | {self.cuts:>5} | {self.before:>6} | {self.after:>5} | "
            f"{len(self.broken):>6} |"
        )


@dataclass(frozen=True)
class Kept:
    """What must be the same whatever becomes of an update."""

    envelopes: tuple[OutboxEntry, ...]
    drafts: tuple[str, ...]
    form: str


class Ground:
    """A kiosk at each version, made once and copied for every cut."""

    def __init__(self, folder: Path, defect: str = "") -> None:
        self.folder = folder
        self.defect = defect
        self.deployment = Deployment(folder / "deployment")
        self.releases = {
            version: self.deployment.update(version, xform=asking(f"Name, version {version}?"))
            for version in ("2", "3")
        }
        self.clock = TestClock()
        self.clock.now = datetime.now(UTC)
        first = folder / "at-1"
        with kiosk_of(self.deployment, first, self.clock) as kiosk, centre_of(kiosk.store) as centre:
            store = kiosk.store
            desk = Desk(
                kiosk,
                Drafts(store.lane, centre.key, store.clock, SessionKeyFile(store.folder, None, "", float)),
                Submissions(store.lane, centre.key, store.clock),
            )
            desk.put_aside()
            desk.hand_in()
            self.kept = kept_by(kiosk)
        second = folder / "at-2"
        shutil.copytree(first, second)
        with self.opened(second) as kiosk:
            kiosk.take(self.releases["2"])
            assert kiosk.updates.apply()

    @contextmanager
    def opened(self, folder: Path) -> Iterator[UpdatedKiosk]:
        with kiosk_of(None, folder, self.clock) as kiosk:
            yield kiosk

    def fresh(self, deed: Deed) -> Path:
        work = Path(tempfile.mkdtemp(dir=self.folder)) / "kiosk"
        shutil.copytree(self.folder / f"at-{deed.before}", work)
        return work

    def command(self, deed: Deed, folder: Path, marks: Path) -> list[str]:
        update = self.releases.get(deed.after, self.releases["2"])
        said = [str(folder), deed.name, str(update), str(marks), *filter(None, [self.defect])]
        return [sys.executable, "-m", "tests.faults.updating", *said]

    def judge(self, row: Row, deed: Deed, folder: Path, promised: list[str], where: str) -> None:
        """Opens what is left, as the next start does, and does the deed to its end."""
        row.cuts += 1
        try:
            with self.opened(folder) as kiosk:
                self._judge(row, deed, kiosk, promised)
        except (AssertionError, Fault, OSError, ValueError, KeyError) as error:
            row.broken.append(f"{deed.title}, {where}: {type(error).__name__} {error}"[:300])
        shutil.rmtree(folder.parent if folder.parent != self.folder else folder, ignore_errors=True)

    def _judge(self, row: Row, deed: Deed, kiosk: UpdatedKiosk, promised: list[str]) -> None:
        version = kiosk.pack.version
        assert version in (deed.before, deed.after), f"version {version}"
        assert not promised or version == deed.after, f"promised {promised}, is {version}"
        question = b"What is your name?" if version == "1" else f"Name, version {version}?".encode()
        assert question in kiosk.pack.forms[FormId(FORM)].source, "another form"
        assert kept_by(kiosk) == self.kept, "what waits was touched"
        installed = kiosk.updates.standing().installed
        assert installed == version, f"says {installed}"
        row.before += version == deed.before
        row.after += version == deed.after
        self._finish(deed, kiosk)

    def _finish(self, deed: Deed, kiosk: UpdatedKiosk) -> None:
        if deed.name == "go_back":
            if kiosk.pack.version != deed.after:
                kiosk.updates.take_back(KIOSK)
        else:
            kiosk.take(self.releases[deed.after])
            kiosk.updates.apply()
            assert kiosk.updates.standing().state is State.APPLIED
        assert kiosk.pack.version == deed.after
        assert kept_by(kiosk) == self.kept
        kiosk.updates.tidy()
        left = [path.name for path in kiosk.updates.shelf.folder.iterdir() if path.suffix]
        assert not left, f"left lying about: {left}"
        assert kiosk.updates.take_back(KIOSK) == deed.before
        assert kiosk.pack.version == deed.before


def kept_by(kiosk: UpdatedKiosk) -> Kept:
    with kiosk.store.database.reader() as repositories:
        assert repositories.journal.verify() is None, "the journal"
        (digest,) = repositories.drafts.forms_in_use()
        from kiosk.store import DraftState

        drafts = tuple(str(each.id) for each in repositories.drafts.in_state(DraftState.WAITING))
    form = kiosk.pack.form(FormId(FORM), digest)
    assert form is not None, "the draft's form"
    return Kept(tuple(entries(kiosk.store)), drafts, form.sha256)


def killed(ground: Ground, deed: Deed, every: int) -> Row:
    """With every ``every``-th call; 1 is each of them."""
    row = Row(f"kill -9 at every call: {deed.title}")
    for calls in CALLS:
        number = 1
        while True:
            folder = ground.fresh(deed)
            marks = folder.parent / "marks"
            inject = f"inject={calls}:signal=KILL:when={number}"
            done = subprocess.run(
                [*STRACE, "-e", f"trace={calls}", "-e", inject, "--", *ground.command(deed, folder, marks)],
                cwd=REPOSITORY,
                capture_output=True,
                check=False,
            )
            if done.returncode == 0:
                shutil.rmtree(folder.parent)
                break
            if done.returncode not in (-9, 137):
                raise RuntimeError(done.stderr.decode()[-2000:])
            promised = marks.read_text().split() if marks.exists() else []
            ground.judge(row, deed, folder, promised, f"{calls} {number}")
            number += every
    return row


def without_power(ground: Ground, deed: Deed, times: int, every: int, seed: int) -> Row:
    """``times`` at each place, with other losses."""
    row = Row(f"power cut after every call: {deed.title}")
    folder = ground.fresh(deed)
    before, trace, marks = folder.parent / "before", folder.parent / "trace", folder.parent / "marks"
    shutil.copytree(folder, before)
    ended = record(ground.command(deed, folder, marks), trace, os.environ | {"PYTHONPATH": str(REPOSITORY)})
    assert ended.returncode == 0, ended.stderr.decode()
    events = read_trace(trace, folder, marks, before)
    for cut in range(0, len(events) + 1, every):
        for chance in range(times):
            rng = random.Random(f"{seed} {deed.title} {cut} {chance}")
            left = Path(tempfile.mkdtemp(dir=ground.folder)) / "left"
            left.mkdir()
            loss = rebuild(events, cut, folder, left, rng, before)
            ground.judge(row, deed, left, marks_before(events, cut), f"after {cut} of {len(events)}, {loss}")
    shutil.rmtree(folder.parent)
    return row


def without_room(ground: Ground, deed: Deed, steps: int) -> Row:
    """On a disk that is really full: from no room at all, by equal steps, to room enough."""
    row = Row(f"disk full, {steps} sizes: {deed.title}")
    disk = Path(tempfile.mkdtemp(dir=ground.folder)) / "disk"
    for step in range(steps):
        with _mounted(disk, 4) as mounted:
            if mounted is None:
                row.title += " (skipped: only root can mount a disk)"
                return row
            folder = mounted / "kiosk"
            shutil.copytree(ground.folder / f"at-{deed.before}", folder)
            ballast = fill(mounted)
            with ballast.open("r+b") as file:
                file.truncate(max(0, ballast.stat().st_size - step * 16 * 1024))
            marks = ground.folder / "marks"
            marks.unlink(missing_ok=True)
            command = ground.command(deed, folder, marks)
            subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
            promised = marks.read_text().split() if marks.exists() else []
            ballast.unlink()
            left = Path(tempfile.mkdtemp(dir=ground.folder)) / "left"
            shutil.copytree(folder, left)
        ground.judge(row, deed, left, promised, f"{step * 16} KB free")
    return row


@contextmanager
def _mounted(disk: Path, megabytes: int) -> Iterator[Path | None]:
    disk.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(disk)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        done = False
    try:
        yield disk if done else None
    finally:
        if done:
            subprocess.run(["umount", str(disk)], check=True)


def rows_of(ground: Ground, deed: Deed, *, every: int, times: int, sizes: int, seed: int) -> Iterator[Row]:
    yield killed(ground, deed, every)
    yield without_power(ground, deed, times, every, seed)
    yield without_room(ground, deed, sizes)


def closing(rows: list[Row]) -> str:
    return f"{sum(row.cuts for row in rows)} kills, {sum(len(row.broken) for row in rows)} broken states"


def main() -> int:
    parser = argparse.ArgumentParser(description="Cuts updates off at every call, and counts what is broken.")
    parser.add_argument("--deed", type=int, choices=range(1, len(DEEDS) + 1), help="only this one")
    parser.add_argument("--every", type=int, default=1, help="only at every so manieth call")
    parser.add_argument("--times", type=int, default=3, help="power cuts at each place, with other losses")
    parser.add_argument("--sizes", type=int, default=20, help="of full disks")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="opora-updates-") as folder:
        if not can_record(Path(folder)):
            print("strace is not installed or may not trace here: nothing was tried.")
            return 1
        print(f"| {'What was cut off, and how':<78} |  Cuts | Before | After | Broken |")
        print(f"| {'---':<78} | ----: | -----: | ----: | -----: |", flush=True)

        ground, rows = Ground(Path(folder)), []
        for deed in DEEDS if chosen.deed is None else DEEDS[chosen.deed - 1 : chosen.deed]:
            for row in rows_of(
                ground,
                deed,
                every=chosen.every,
                times=chosen.times,
                sizes=chosen.sizes,
                seed=chosen.seed,
            ):
                rows.append(row)
                print(row, flush=True)
                for each in row.broken:
                    print(f"broken: {each}", flush=True)
    print(f"\n{closing(rows)}  (seed {chosen.seed}, {(time.monotonic() - began) / 60:.0f} minutes)")
    return 1 if any(row.broken for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
