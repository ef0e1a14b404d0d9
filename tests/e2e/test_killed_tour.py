"""The process of a whole kiosk dies in the middle of somebody's application."""

import queue
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.courier import CourierState, Phase
from sync.hub.database import HubDatabase
from sync.hub.rows import ApplicationRow
from tests.e2e import child
from tests.e2e.promises import STORED, broken_promises, read_promises
from ui.demonstration import demonstration_hub, settle_in
from ui.house import House
from ui.opening import utc_now

pytestmark = pytest.mark.timeout(900)

PATIENCE_S = 240.0
ANSWERING, AFTERWARDS = 16, 4
"""Kills before and after the screen said that the application is stored."""


def lines(*files: Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in files if file.exists())


@dataclass
class Tour:
    """A tour under way. Its ``progress`` counts pages that came to rest and answers that were passed."""

    data: Path
    memory: Path
    place: Path

    @property
    def marks(self) -> Path:
        return self.place / "marks"

    @property
    def said(self) -> Path:
        return self.place / "said"

    @property
    def progress(self) -> int:
        return lines(self.marks, self.said)

    def start(self) -> "subprocess.Popen[bytes]":
        env = child.environment(XDG_RUNTIME_DIR=str(self.memory))
        return child.start("tests.e2e.marked_tour", self.data, self.marks, output=self.said, env=env)

    def watched(self, process: "subprocess.Popen[bytes]", reached: Callable[[], bool]) -> bool:
        """Until ``reached``, looking every few milliseconds; false where the tour ended before."""
        deadline = time.monotonic() + PATIENCE_S
        while not reached():
            try:
                process.wait(0.003)
            except subprocess.TimeoutExpired:
                assert time.monotonic() < deadline, f"the kiosk stands still: {child.last_words(self.said)}"
            else:
                return False
        return True


@dataclass(frozen=True)
class Length:
    """What a tour's progress was at its first promise, when it was stored, and at its end."""

    first: int
    stored: int
    end: int


@pytest.fixture(scope="module")
def length(settled: Path, tmp_path_factory: pytest.TempPathFactory) -> Length:
    """Of a tour that nobody disturbed, which kept all it promised."""
    folder = tmp_path_factory.mktemp("undisturbed")
    data = Path(shutil.copytree(settled, folder / "data"))
    tour = Tour(data, folder, folder)
    with tour.start() as process:
        assert tour.watched(process, lambda: lines(tour.marks) > 0), child.last_words(tour.said)
        first = tour.progress
        assert tour.watched(process, lambda: f'["{STORED}", "'.encode() in tour.marks.read_bytes())
        stored = tour.progress
        assert not tour.watched(process, lambda: False)
    assert process.returncode == 0, child.last_words(tour.said)
    promises = read_promises(tour.marks)
    assert promises[-1].question == STORED
    assert len(promises) > 30
    assert broken_promises(data, promises) == []
    return Length(first, stored, tour.progress)


def moment(length: Length, number: int, rng: random.Random) -> int:
    """One in each equal part of the way to "stored", and then of the way to the end."""
    if number < ANSWERING:
        share, begin, end = (number + rng.random()) / ANSWERING, length.first, length.stored
    else:
        share = (number - ANSWERING + rng.random()) / AFTERWARDS
        begin, end = length.stored, length.end - 1
    return min(begin + int(share * (end - begin)), end - 1)


@pytest.mark.proof
@pytest.mark.parametrize("number", range(ANSWERING + AFTERWARDS))
def test_a_kiosk_killed_at_any_moment_of_a_tour_keeps_every_answer(
    length: Length, data: Path, memory: Path, tmp_path: Path, number: int
) -> None:
    rng = random.Random(number)
    wanted = moment(length, number, rng)
    tour = Tour(data, memory, tmp_path)
    with tour.start() as process:
        assert tour.watched(process, lambda: tour.progress >= wanted), child.last_words(tour.said)
        try:
            process.wait(rng.uniform(0, 0.2))
        except subprocess.TimeoutExpired:
            process.kill()
    assert process.returncode == -signal.SIGKILL, child.last_words(tour.said)
    promises = read_promises(tour.marks)
    assert promises
    assert broken_promises(data, promises) == []
    assert (promises[-1].question == STORED) >= (number >= ANSWERING)
    for promise in promises:
        if promise.question == STORED:
            assert arrivals(data, promise.value) == 1


def arrivals(data: Path, reference: str) -> int:
    """How often the hub has this application, once the line had its chance."""
    with demonstration_hub(data, utc_now) as hub:
        house = House(data, clock=utc_now, deliver=lambda call: call(), environment={})
        try:
            settle_in(house, hub)
            (courier,) = house.make_couriers()
            results: queue.SimpleQueue[CourierState] = queue.SimpleQueue()
            courier.start()
            courier.try_now(results.put)
            tried = results.get(timeout=PATIENCE_S)
            assert courier.stop(PATIENCE_S)
            assert tried.phase is Phase.RESTING, tried.fault
        finally:
            house.close()
    database = HubDatabase.in_folder(data / "hub")
    try:
        with database.transaction() as session:
            found = select(ApplicationRow).where(ApplicationRow.reference == reference)
            return len(session.scalars(found).all())
    finally:
        database.close()
