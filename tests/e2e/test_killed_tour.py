"""The process of a whole kiosk dies in the middle of somebody's application."""

import json
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
from tests.e2e.promises import STORED, Promise, broken_promises, read_promises
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


# -- opened again


@dataclass(frozen=True)
class Held:
    """A kiosk that was killed while a known page stood on its glass."""

    data: Path
    promises: list[Promise]
    screen: str
    title: str
    where: str
    env: dict[str, str]

    def reopened(self) -> dict[str, object]:
        said = child.run("tests.e2e.reopened", self.data, env=self.env).stdout
        found: dict[str, object] = json.loads(said.splitlines()[-1])
        return found

    def answers(self) -> dict[str, str]:
        return {promise.question: promise.value for promise in self.promises if promise.value}


@pytest.fixture
def held(data: Path, memory: Path, tmp_path: Path) -> Held:
    """Killed on its ninth question, in Russian."""
    marks, said = tmp_path / "marks", tmp_path / "said"
    env = child.environment(XDG_RUNTIME_DIR=str(memory))
    flags = ("--hold", 9, "--language", "ru")
    with child.start("tests.e2e.marked_tour", data, marks, *flags, output=said, env=env) as process:
        deadline = time.monotonic() + PATIENCE_S
        while said.read_text().count('["question"') < 9:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, "the kiosk stands still"
            threading.Event().wait(0.01)
        process.kill()
    screen, title, where = json.loads(said.read_text().splitlines()[-1])
    return Held(data, read_promises(marks), screen, title, where, env)


def key_file(memory: Path) -> Path:
    (found,) = (path for path in memory.rglob("*") if path.is_file())
    return found


def test_a_killed_kiosk_opens_again_on_the_same_question_with_every_answer(held: Held) -> None:
    found = held.reopened()
    assert (found["screen"], found["title"], found["where"]) == (held.screen, held.title, held.where)
    answers = found["answers"]
    assert isinstance(answers, dict)
    assert len(held.answers()) >= 5
    assert {ref: answers.get(ref) for ref in held.answers()} == held.answers()


def test_later_than_two_minutes_it_opens_on_welcome_and_the_draft_waits(held: Held, memory: Path) -> None:
    file = key_file(memory)
    stamp, rest = file.read_text("ascii").split("\n", 1)
    file.write_text(f"{float(stamp) - 121:020.3f}\n{rest}", "ascii")
    _opens_on_welcome_and_the_draft_waits(held, memory)


def test_after_another_boot_it_opens_on_welcome_and_the_draft_waits(held: Held, memory: Path) -> None:
    key_file(memory).unlink()
    _opens_on_welcome_and_the_draft_waits(held, memory)


def test_a_key_of_another_boot_opens_nothing(held: Held, memory: Path) -> None:
    file = key_file(memory)
    stamp, boot, rest = file.read_text("ascii").split("\n", 2)
    file.write_text("\n".join((stamp, boot[::-1], rest)), "ascii")
    _opens_on_welcome_and_the_draft_waits(held, memory)


def _opens_on_welcome_and_the_draft_waits(held: Held, memory: Path) -> None:
    found = held.reopened()
    assert (found["screen"], found["answers"], found["waiting"]) == ("welcome", {}, 1)
    assert not [path for path in memory.rglob("*") if path.is_file()], "the key is not erased"
    assert broken_promises(held.data, held.promises) == [], "a coordinator opens it"
