"""A kiosk that was killed opens again: on the same question just after, on welcome later on."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e import child
from tests.e2e.conftest import private_memory
from tests.e2e.promises import Promise, broken_promises, read_promises

pytestmark = pytest.mark.timeout(900)

PATIENCE_S = 120.0
QUESTIONS = 9


@dataclass(frozen=True)
class Held:
    """A kiosk that was killed while a known page stood on its glass. Any test puts the moment back."""

    data: Path
    memory: Path
    kept: Path
    promises: list[Promise]
    page: tuple[str, str, str]

    def as_it_was(self) -> "Held":
        for place, name in ((self.data, "data"), (self.memory, "memory")):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(self.kept / name, place)
        return self

    def reopened(self) -> dict[str, object]:
        env = child.environment(XDG_RUNTIME_DIR=str(self.memory))
        said = child.run("tests.e2e.reopened", self.data, env=env).stdout
        found: dict[str, object] = json.loads(said.splitlines()[-1])
        return found

    def answers(self) -> dict[str, str]:
        return {promise.question: promise.value for promise in self.promises if promise.value}

    def key_file(self) -> Path:
        (found,) = (path for path in self.memory.rglob("*") if path.is_file())
        return found


@pytest.fixture(scope="module")
def moment(settled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """Killed on its ninth question, in Russian."""
    folder = tmp_path_factory.mktemp("held")
    data = Path(shutil.copytree(settled, folder / "data"))
    marks, said = folder / "marks", folder / "said"
    flags = ("--hold", QUESTIONS, "--language", "ru")
    with private_memory() as memory:
        env = child.environment(XDG_RUNTIME_DIR=str(memory))
        with child.start("tests.e2e.marked_tour", data, marks, *flags, output=said, env=env) as process:
            deadline = time.monotonic() + PATIENCE_S
            while said.read_text().count('["question"') < QUESTIONS:
                assert process.poll() is None, child.last_words(said)
                assert time.monotonic() < deadline, "the kiosk stands still"
                threading.Event().wait(0.01)
            process.kill()
        screen, title, where = json.loads(said.read_text().splitlines()[-1])
        kept = folder / "kept"
        shutil.copytree(data, kept / "data")
        shutil.copytree(memory, kept / "memory")
        yield Held(data, memory, kept, read_promises(marks), (screen, title, where))


@pytest.fixture
def held(moment: Held) -> Held:
    return moment.as_it_was()


def test_a_killed_kiosk_opens_again_on_the_same_question_with_every_answer(held: Held) -> None:
    found = held.reopened()
    assert (found["screen"], found["title"], found["where"]) == held.page
    answers = found["answers"]
    assert isinstance(answers, dict)
    assert len(held.answers()) >= 5
    assert {ref: answers.get(ref) for ref in held.answers()} == held.answers()


def test_later_than_two_minutes_it_opens_on_welcome_and_the_draft_waits(held: Held) -> None:
    file = held.key_file()
    stamp, rest = file.read_text("ascii").split("\n", 1)
    file.write_text(f"{float(stamp) - 121:020.3f}\n{rest}", "ascii")
    _opens_on_welcome_and_the_draft_waits(held)


def test_after_the_machine_was_off_it_opens_on_welcome_and_the_draft_waits(held: Held) -> None:
    held.key_file().unlink()
    _opens_on_welcome_and_the_draft_waits(held)


def test_a_key_of_another_boot_opens_nothing(held: Held) -> None:
    file = held.key_file()
    stamp, boot, rest = file.read_text("ascii").split("\n", 2)
    file.write_text("\n".join((stamp, boot[::-1], rest)), "ascii")
    _opens_on_welcome_and_the_draft_waits(held)


def _opens_on_welcome_and_the_draft_waits(held: Held) -> None:
    found = held.reopened()
    assert (found["screen"], found["answers"], found["waiting"]) == ("welcome", {}, 1)
    assert not [path for path in held.memory.rglob("*") if path.is_file()], "the key is not erased"
    assert broken_promises(held.data, held.promises) == [], "a coordinator opens it"


def test_the_comparison_finds_what_is_missing(held: Held) -> None:
    """A check that is content with anything would prove nothing."""
    question, value = next(iter(held.answers().items()))
    never = [Promise(question, f"{value}!"), Promise("/data/nowhere", "x"), Promise("stored", "1" * 15)]
    assert len(broken_promises(held.data, [*held.promises, *never])) == len(never)
