"""The fault table: its rows, how they are run, and how they are printed."""

import statistics
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import pytest

from tests.faults import rows_of_histories as histories
from tests.faults import rows_of_lines as lines
from tests.faults import rows_of_machines as machines
from tests.faults import rows_of_power as power
from tests.faults import rows_of_scans as scans
from tests.faults import rows_of_sticks as sticks
from tests.faults.ground import Count, Ground


@dataclass(frozen=True)
class Row:
    """``run(ground, runs)`` makes that many faults happen and counts; a chain is so many on one ground."""

    name: str
    title: str
    run: Callable[[Ground, int], None]
    full: int
    short: int
    tests: int
    """How many in ``make test``."""
    chain: int


def _told_by_another(status: str, tests: int) -> Row:
    code = status.partition(" ")[0]
    title = "HTML with 200 instead of an answer" if code == "200" else f"{code} from a proxy or the hub"
    return Row(f"{code}", title, partial(lines.answered_by_another, status=status), 20, 6, tests, 20)


ROWS = (
    Row("kiosk-killed", "kill -9 of the kiosk", machines.kiosk_killed, 200, 30, 4, 25),
    Row("power-cut", "power cut of the kiosk, last write torn", power.power_cut, 200, 30, 4, 50),
    Row("hub-killed", "kill -9 of the hub", machines.hub_killed, 200, 30, 4, 25),
    Row("answer-lost", "answer lost after the commit", lines.answer_lost, 50, 10, 2, 25),
    Row("request-cut", "request cut at every 10 % of its bytes", lines.request_cut, 50, 10, 4, 50),
    Row("truncated", "answer truncated", lines.answer_truncated, 50, 10, 2, 25),
    Row("duplicated", "question or answer duplicated", lines.said_twice, 50, 10, 2, 25),
    Row("reordered", "answers reordered", lines.answers_reordered, 50, 10, 2, 25),
    Row("delayed", "answer delayed until the kiosk gave up", lines.answer_delayed, 20, 5, 2, 20),
    _told_by_another("429 Too Many Requests", 0),
    _told_by_another("500 Internal Server Error", 0),
    _told_by_another("502 Bad Gateway", 2),
    _told_by_another("503 Service Unavailable", 0),
    _told_by_another("200 OK", 2),
    Row("kiosk-disk-full", "the kiosk's disk full", machines.kiosk_disk_full, 40, 8, 2, 20),
    Row("hub-disk-full", "the hub's disk full", machines.hub_disk_full, 40, 8, 2, 20),
    Row(
        "clock-ahead", "clock 10 years ahead and back", partial(machines.clock_wrong, years=10), 20, 6, 2, 20
    ),
    Row(
        "clock-behind",
        "clock 10 years behind and back",
        partial(machines.clock_wrong, years=-10),
        20,
        6,
        0,
        20,
    ),
    Row("hub-restored", "hub restored from yesterday", histories.hub_restored, 30, 6, 2, 15),
    Row("kiosk-restored", "kiosk restored from yesterday", histories.kiosk_restored, 30, 6, 2, 15),
    Row("kiosk-cloned", "kiosk cloned", histories.kiosk_cloned, 30, 5, 2, 15),
    Row("stick-lost", "USB stick lost on either way", sticks.stick_lost, 20, 4, 1, 20),
    Row("stick-repeated", "USB stick repeated, in any order", sticks.stick_repeated, 20, 4, 1, 20),
    Row("stick-truncated", "USB stick truncated", sticks.stick_truncated, 20, 4, 1, 20),
    Row("stick-tampered", "USB stick tampered with", sticks.stick_tampered, 20, 4, 1, 20),
    Row("upgrade", "upgrade with envelopes waiting, killed meanwhile", machines.upgraded, 20, 3, 1, 20),
    Row("postgres", "PostgreSQL restarted in mid-batch", machines.postgres_restarted, 30, 5, 2, 30),
    Row("bit-flipped", "bit flipped in a stored envelope", machines.bit_flipped, 60, 12, 4, 30),
    Row("scan-cut", "a scan of 200 KB: line cut every 20 KB", scans.line_cut, 50, 8, 1, 25),
    Row("scan-kiosk", "a scan of 200 KB: kill -9 of the kiosk", scans.kiosk_killed, 100, 12, 2, 25),
    Row("scan-hub", "a scan of 200 KB: kill -9 of the hub", scans.hub_killed, 100, 12, 2, 25),
    Row("scan-restored", "a scan of 200 KB: hub restored from yesterday", scans.hub_restored, 30, 5, 1, 15),
    Row("20-kb", "line cut every 20 KB, 60 applications", lines.line_cut_every_20_kb, 10, 2, 1, 5),
    Row("fifty", "fifty kiosks coming back at once", histories.fifty_kiosks, 3, 1, 0, 3),
)


@dataclass
class Result:
    """What became of a row. ``failures`` say how to see each again."""

    row: Row
    counts: list[Count] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    skipped: str = ""

    def take(self, chain: "Future[Count]", replay: str) -> None:
        """Adds a chain when it is through."""
        try:
            count = chain.result()
        except pytest.skip.Exception as reason:
            self.skipped = str(reason)
            return
        except Exception:
            traceback.print_exc()
            self.failures.append(replay)
            return
        self.add(count, replay)

    def add(self, count: Count, replay: str) -> None:
        self.counts.append(count)
        if count.lost or count.doubled:
            print(f"lost: {count.lost}, doubled: {count.doubled}", file=sys.stderr)
            self.failures.append(replay)

    @property
    def runs(self) -> int:
        return sum(count.runs for count in self.counts)

    @property
    def stored(self) -> int:
        return sum(len(count.stored) for count in self.counts)

    @property
    def lost(self) -> int:
        return sum(len(count.lost) for count in self.counts)

    @property
    def doubled(self) -> int:
        return sum(len(count.doubled) for count in self.counts)

    @property
    def arrived(self) -> int:
        return self.stored - self.lost

    @property
    def recovery(self) -> str:
        """Median and longest, in seconds."""
        all_of_them = [seconds for count in self.counts for seconds in count.recoveries]
        if not all_of_them:
            return "–"
        return f"{statistics.median(all_of_them):.1f} s (≤ {max(all_of_them):.1f})"


def chain(row: Row, seed: int, number: int, runs: int) -> Count:
    """One chain on a ground of its own; the same arguments give the same chances."""
    with Ground(f"{seed} {row.name} {number}") as ground:
        row.run(ground, runs)
    return ground.count


def results_of(
    wanted: Sequence[tuple[Row, int]], seed: int, *, only: int | None = None, at_once: int = 2
) -> Iterator[Result]:
    """The rows with their runs, in order, each as soon as all of its chains are through, or one of them.

    ``at_once`` chains are under way at any time: they wait for each other's processes and disks, not for
    anything of this one.
    """
    with ThreadPoolExecutor(at_once) as pool:
        begun = [
            [
                (number, size, pool.submit(chain, row, seed, number, size))
                for number, size in enumerate(_sizes(runs, row.chain))
                if only is None or number == only
            ]
            for row, runs in wanted
        ]
        for (row, _), chains in zip(wanted, begun, strict=True):
            result = Result(row)
            for number, size, future in chains:
                result.take(future, replay(row, seed, number, size))
            yield result


def _sizes(runs: int, chain: int) -> Iterator[int]:
    while runs > 0:
        yield min(runs, chain)
        runs -= chain


def replay(row: Row, seed: int, number: int, size: int) -> str:
    runs = number * row.chain + size
    return f'make faults ARGS="--row {row.name} --runs {runs} --seed {seed} --chain {number}"'


HEAD = ("Fault", "Runs", "Stored", "Arrived", "Lost", "Doubled", "Time to recover")


def line_of(result: Result) -> str:
    if result.skipped:
        return _line((result.row.title, "0", "–", "–", "–", "–", result.skipped))
    numbers = (result.runs, result.stored, result.arrived, result.lost, result.doubled)
    return _line((result.row.title, *map(str, numbers), result.recovery))


def head() -> Iterator[str]:
    yield _line(HEAD)
    yield _line(("---", *["---:"] * (len(HEAD) - 1)))


def _line(cells: Iterable[str]) -> str:
    first, *others = cells
    return f"| {first:48} | " + " | ".join(f"{cell:>7}" for cell in others) + " |"


def closing(results: Iterable[Result]) -> str:
    results = list(results)
    stored, arrived, lost, doubled = (
        sum(getattr(result, name) for result in results) for name in ("stored", "arrived", "lost", "doubled")
    )
    return f"{stored:,} stored, {arrived:,} arrived, {lost} lost, {doubled} doubled"
