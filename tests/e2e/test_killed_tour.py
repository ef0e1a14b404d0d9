"""The process of a whole kiosk dies in the middle of somebody's application."""

import queue
import random
import shutil
import signal
import subprocess
import threading
import time
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

PATIENCE_S = 120.0
KILLS = 20


@dataclass(frozen=True)
class Pace:
    """A tour that nobody disturbed: when it made each promise and when it ended, in seconds."""

    promised: tuple[float, ...]
    ended: float


def lines(marks: Path) -> int:
    return marks.read_bytes().count(b"\n") if marks.exists() else 0


def wait_for(process: "subprocess.Popen[bytes]", marks: Path, wanted: int) -> None:
    """Until so many promises were made; looks again every few milliseconds."""
    deadline = time.monotonic() + PATIENCE_S
    while lines(marks) < wanted:
        try:
            process.wait(0.003)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < deadline, "the kiosk stands still"
        else:
            pytest.fail("the kiosk ended by itself")


@pytest.fixture(scope="module")
def pace(settled: Path, tmp_path_factory: pytest.TempPathFactory) -> Pace:
    """Measured once; it keeps all it promised, too."""
    folder = tmp_path_factory.mktemp("undisturbed")
    data, marks = Path(shutil.copytree(settled, folder / "data")), folder / "marks"
    promised: list[float] = []
    env = child.environment(XDG_RUNTIME_DIR=str(folder))
    with child.start("tests.e2e.marked_tour", data, marks, output=folder / "said", env=env) as process:
        began = time.monotonic()
        while process.poll() is None:
            moment = time.monotonic() - began
            assert moment < PATIENCE_S, (folder / "said").read_text()
            promised += [moment] * (lines(marks) - len(promised))
            threading.Event().wait(0.003)
        ended = time.monotonic() - began
    assert process.returncode == 0, (folder / "said").read_text()
    promised += [ended] * (lines(marks) - len(promised))
    promises = read_promises(marks)
    assert promises[-1].question == STORED
    assert len(promises) > 30
    assert broken_promises(data, promises) == []
    return Pace(tuple(promised), ended)


@pytest.mark.proof
@pytest.mark.parametrize("number", range(KILLS))
def test_a_kiosk_killed_at_any_moment_of_a_tour_keeps_every_answer(
    pace: Pace, data: Path, memory: Path, tmp_path: Path, number: int
) -> None:
    # One moment in each twentieth of the way from the first promise to the end.
    rng = random.Random(number)
    first = pace.promised[0]
    moment = first + (pace.ended - first) * 0.97 * (number + rng.random()) / KILLS
    before = sum(at <= moment for at in pace.promised)
    marks = tmp_path / "marks"
    env = child.environment(XDG_RUNTIME_DIR=str(memory))
    said = tmp_path / "said"
    with child.start("tests.e2e.marked_tour", data, marks, output=said, env=env) as process:
        wait_for(process, marks, before)
        try:
            process.wait(moment - pace.promised[before - 1])
        except subprocess.TimeoutExpired:
            process.kill()
    assert process.returncode == -signal.SIGKILL, said.read_text()
    promises = read_promises(marks)
    assert len(promises) >= before
    assert broken_promises(data, promises) == []
    for promise in promises:
        if promise.question == STORED:
            assert arrivals(data, promise.value) == 1


def arrivals(data: Path, reference: str) -> int:
    """How often the hub has this application, once the line had its chance."""
    with demonstration_hub(data, utc_now) as hub:
        house = House(data, clock=utc_now, deliver=lambda call: call(), environment={})
        try:
            settle_in(house, hub)
            courier = house.make_courier()
            assert courier is not None
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
