"""Lets marked people use whole kiosks, then looks for them like somebody who took the machine.

``python -m tests.privacy.burglar [--short] [--seed N]`` closes with ``N runs, B bytes searched, 0 hits``.
Every second visit is cut off by a kill at a random moment.

Searched on the disk: data folder, temporary folders, home, logs, and what the printer's scheduler keeps once
its paper is out. Searched in memory, ten seconds after a person has gone: everything that the process has of
its own. Whatever lies about and looks like a key is tried on everything that is sealed.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.catalogue import load_pack
from kiosk.catalogue.demo import IDENTITIES, ensure_demo_pack
from kiosk.updates.installed import PACK_FILE
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener, identities_in
from sync.hub.server import HubServer
from tests.e2e import child
from tests.privacy import lockpicks
from tests.privacy.haystack import Hit, Needles, Search
from tests.privacy.memory import open_files, regions
from tests.privacy.visit import Ending
from tests.receipts.pressroom import Pressroom, open_pressroom, until
from ui.forgetful import forgetful
from ui.opening import utc_now

PATIENCE_S = 120.0
AFTER_S = 10.0
"""So long after a person has gone may memory still hold something of theirs."""
LANGUAGES = ("en", "ru", "ko")
DATABASE = "kiosk.db"


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. ``kill_at`` is after so many things told, plus a moment; 0: the visit ends by itself."""

    number: int
    language: str
    ending: Ending
    kill_at: int = 0
    moment_s: float = 0.0


@dataclass(slots=True)
class Findings:
    runs: int = 0
    searched: int = 0
    on_disk: list[Hit] = field(default_factory=list)
    in_memory: list[Hit] = field(default_factory=list)

    @property
    def hits(self) -> int:
        return len(self.on_disk) + len(self.in_memory)

    def __str__(self) -> str:
        return f"{self.runs} runs, {self.searched} bytes searched, {self.hits} hits"


def plans(seed: int, runs: int) -> Iterator[Plan]:
    """Every ending in every language by turns; between them visits that are cut off."""
    rng = random.Random(seed)
    endings = [(ending, language) for language in LANGUAGES for ending in Ending]
    rng.shuffle(endings)
    for number in range(runs):
        ending, language = endings[number // 2 % len(endings)]
        if number % 2:
            yield Plan(number, language, Ending.FINISHED, rng.randrange(6, 66), rng.uniform(0, 0.3))
        else:
            yield Plan(number, language, ending)


class Burglar:
    """One machine after the other, all below ``root``; the agency's hub is elsewhere."""

    def __init__(
        self,
        root: Path,
        hub: HubServer,
        pack: Path,
        printing: Pressroom | None,
        seed: int,
        program: Sequence[str] = (),
    ) -> None:
        self._root = root
        self._hub = hub
        self._pack = pack
        self._printing = printing
        self._seed = seed
        self._program = program
        self._forms = [form.source for form in load_pack(pack).forms.values()]
        self.findings = Findings()

    def run(self, plan: Plan) -> list[Hit]:
        """What was found this time."""
        before = len(self.findings.on_disk), len(self.findings.in_memory)
        machine = self._root / f"machine-{plan.number}"
        told = self._root / f"told-{plan.number}"
        memory = Path(tempfile.mkdtemp(prefix="opora-test-", dir="/dev/shm"))
        for name in ("data", "tmp", "home", "log"):
            (machine / name).mkdir(parents=True)
        shutil.copy(self._pack, machine / "data" / PACK_FILE)
        try:
            self._visit(plan, machine, told, memory)
            self.findings.runs += 1
        finally:
            shutil.rmtree(memory)
            shutil.rmtree(machine)
        return [*self.findings.on_disk[before[0] :], *self.findings.in_memory[before[1] :]]

    def _visit(self, plan: Plan, machine: Path, told: Path, memory: Path) -> None:
        environment = child.environment(
            HOME=str(machine / "home"),
            TMPDIR=str(machine / "tmp"),
            XDG_RUNTIME_DIR=str(memory),
            **({"CUPS_SERVER": self._printing.environment["CUPS_SERVER"]} if self._printing else {}),
        )
        if not self._program:
            environment = forgetful(environment)
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            environment.pop(name, None)
        begins = list(self._program) or [sys.executable, "-m"]
        arguments = (
            *("tests.privacy.visit", machine / "data", "--told", told),
            *("--seed", self._seed * 1000 + plan.number, "--language", plan.language),
            *("--ending", plan.ending, "--hub", self._hub.url, "--code", self._hub.kiosks.new_code()),
        )
        command = [*begins, *map(str, arguments)]
        with (machine / "log" / "kiosk.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=child.REPOSITORY, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
            try:
                self._watch(plan, process, told, machine)
                search = Search(Needles(marks_in(told)), dictionaries=self._forms)
                where = [machine, memory]
                if not plan.kill_at:
                    self._after(plan, process, search)
                    self.findings.on_disk += disk_hits(search, where, self._name(plan))
            finally:
                process.kill()
                process.communicate()
        if self._printing is not None:
            until(lambda: self._printing is None or self._printing.at_rest, "the printer to come to rest")
            where.append(self._printing.spool)
        # When all is still: what the end of a process leaves, and the spooler.
        self.findings.on_disk += disk_hits(search, where, self._name(plan))
        self.findings.searched += search.searched

    def _watch(self, plan: Plan, process: "subprocess.Popen[bytes]", told: Path, machine: Path) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not (_over(told) or (plan.kill_at and _lines(told) >= plan.kill_at)):
            if process.poll() is not None or time.monotonic() > deadline:
                said = (machine / "log" / "kiosk.log").read_text(errors="replace")[-3000:]
                raise AssertionError(f"{plan} did not come to its end:\n{said}")
            time.sleep(0.02)
        if plan.kill_at:
            time.sleep(plan.moment_s)
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _after(self, plan: Plan, process: "subprocess.Popen[bytes]", search: Search) -> None:
        strangers = [path for path in open_files(process.pid) if path.is_relative_to(tempfile.gettempdir())]
        strangers = [path for path in strangers if not path.is_relative_to(self._root)]
        self.findings.on_disk += [Hit("a file outside what is searched", str(path), 0) for path in strangers]
        time.sleep(AFTER_S)
        for name, held in regions(process.pid):
            self.findings.in_memory += search.raw(held, f"{self._name(plan)} {name}")

    def _name(self, plan: Plan) -> str:
        cut = f" killed at {plan.kill_at}" if plan.kill_at else ""
        return f"run {plan.number} ({plan.language}, {plan.ending}{cut})"


def disk_hits(search: Search, folders: list[Path], name: str) -> list[Hit]:
    """Every byte of every file, by what it is and by what it opens to with keys that lie about."""
    hits: list[Hit] = []
    heaps: dict[Path, bytes] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            try:
                if path.is_file() and not path.is_symlink():
                    heaps[path] = path.read_bytes()
            except FileNotFoundError:
                continue  # gone while we looked, as a temporary file may be
            hits += search.raw(os.fsencode(path.name), f"{name} names of files")
    values = [each for path in heaps if path.name == DATABASE for each in lockpicks.values_in(path)]
    # The session's key lies in memory for two minutes: a machine that was carried off has lost it.
    kept = [heap for path, heap in heaps.items() if not path.is_relative_to("/dev/shm")]
    kept += [value for *_, value in values]
    keys, identities = lockpicks.keys_about(kept), lockpicks.identities_about(kept)
    for path, heap in heaps.items():
        if path.name == PACK_FILE:
            continue  # public, and the same before anybody came
        hits += search.whole(heap, f"{name} {path.name}")
        for file in lockpicks.age_files_in(heap) if path.name != DATABASE else ():
            for how, inside in lockpicks.opened_by((), identities, "", "", None, file):
                hits += search.whole(inside, f"{name} {path.name}, opened by {how}")
    for table, column, row, value in values:
        hits += search.whole(value, f"{name} {table}.{column}")
        for how, inside in lockpicks.opened_by(keys, identities, table, column, row, value):
            hits += search.whole(inside, f"{name} {table}.{column}, opened by {how}")
    return hits


def marks_in(told: Path) -> list[str]:
    whole = told.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    return [fact["mark"] for fact in map(json.loads, whole) if "mark" in fact]


def _lines(told: Path) -> int:
    return told.read_bytes().count(b"\n") if told.exists() else 0


def _over(told: Path) -> bool:
    return told.exists() and b'{"over": true}\n' in told.read_bytes()


@contextmanager
def burglar(seed: int, program: Sequence[str] = ()) -> Iterator[Burglar]:
    """``program``: what becomes a module of ours that it is told, and forgets by itself; else Python."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opora-burglar-")))
        pack = ensure_demo_pack(root / "pack.opora-pack")
        forms = {form.sha256: form.source for form in load_pack(pack).forms.values()}
        elsewhere = root / "agency"
        elsewhere.mkdir()
        opener = Opener(identities_in(IDENTITIES), forms)
        database = HubDatabase.in_folder(elsewhere)
        stack.callback(database.close)
        hub = stack.enter_context(HubServer(database, HubIdentity.of_folder(elsewhere), opener, utc_now))
        try:
            printing = stack.enter_context(open_pressroom())
        except pytest.skip.Exception as why:
            print(f"without a printer: {why}")
            printing = None
        yield Burglar(root, hub, pack, printing, seed, program)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="six runs instead of 48")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with burglar(chosen.seed) as thief:
        for plan in plans(chosen.seed, 6 if chosen.short else 48):
            for hit in thief.run(plan):
                print(hit, flush=True)
    print(thief.findings)
    sys.exit(1 if thief.findings.hits else 0)


if __name__ == "__main__":
    main()
