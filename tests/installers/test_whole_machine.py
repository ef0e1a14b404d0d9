"""What `make test-machine` stands on; the machine itself is too slow for a test of every day."""

import json
import shutil
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from installers.checking import Checks, Failed, held
from installers.kiosk_machine import page_commands
from installers.lockstep import share
from installers.stick_image import copy_from, copy_to, make_stick
from installers.virtual_machine import Channel


def looks(*answers: str) -> Checks[list[str]]:
    """A check for each; one that says "no" does not hold."""
    checks = Checks[list[str]](ZeroDivisionError)

    def look_for(answer: str) -> Callable[[list[str]], str]:
        def look(seen: list[str]) -> str:
            seen.append(answer)
            if answer == "no":
                raise Failed("it is not so")
            return answer if answer != "broken" else str(1 // 0)

        return look

    for answer in answers:
        checks.check(f"it says {answer}")(look_for(answer))
    return checks


def test_each_check_is_a_line_and_the_last_line_counts() -> None:
    lines = list(looks("yes", "well").table([]))
    assert lines == ["holds   it says yes: yes", "holds   it says well: well", "2 checks, 0 failed"]
    assert held(lines)


@pytest.mark.parametrize("answer", ["no", "broken"])
def test_what_does_not_hold_is_told_and_the_others_are_looked_at_all_the_same(answer: str) -> None:
    seen: list[str] = []
    lines = list(looks("yes", answer, "well").table(seen))
    assert lines[1].startswith(f"FAILED  it says {answer}: ")
    assert lines[-1] == "3 checks, 1 failed"
    assert seen == ["yes", answer, "well"]
    assert not held(lines)


def test_where_each_check_goes_on_from_the_last_nothing_is_said_after_a_failure() -> None:
    seen: list[str] = []
    lines = list(looks("yes", "no", "well", "well").table(seen, to_the_end=False))
    assert lines[-1] == "2 checks, 1 failed, 2 not tried"
    assert seen == ["yes", "no"]
    assert not held(lines)


@pytest.mark.parametrize("part", ["lpinfo", "lpadmin", "-- opora doctor", "opora-kiosk-session on"])
def test_the_operations_page_has_each_command_that_the_machine_is_told_once(part: str) -> None:
    assert sum(part in command for command in page_commands()) == 1


def test_below_the_bar_one_letter_more_is_a_difference() -> None:
    page = Image.new("RGB", (1920, 1080), "white")
    other = page.copy()
    assert share(page, other) == 0
    other.paste("black", (100, 20, 400, 60))
    assert share(page, other) == 0, "the bar"
    other.paste("black", (100, 500, 120, 530))
    assert 0 < share(page, other) < 0.002
    other.paste("black", (100, 600, 700, 660))
    assert share(page, other) > 0.002, "a line of text"
    assert share(page, Image.new("RGB", (1080, 1920), "white")) == 1


def test_an_answer_that_comes_late_is_nobody_elses(tmp_path: Path) -> None:
    place = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX) as listening, ThreadPoolExecutor(1) as beside:
        listening.bind(str(place))
        listening.listen()

        def agent() -> None:
            """As QEMU's: what an earlier caller asked is answered when the guest is up."""
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b'{"return": {}}\n{"error": {"desc": "not yet"}}\n')
                number = json.loads(lines.readline())["arguments"]["id"]
                connection.sendall(b'{"return": %d}\n' % number)
                assert json.loads(lines.readline())["execute"] == "guest-exec"
                connection.sendall(b'{"return": {"pid": 7}}\n')

        done = beside.submit(agent)
        channel = Channel(place)
        channel.greet()
        assert channel.ask("guest-exec", path="/bin/true") == {"pid": 7}
        channel.close()
        done.result()


@pytest.mark.skipif(
    not shutil.which("mcopy") or not shutil.which("mkfs.vfat"),
    reason="mtools and dosfstools are not installed",
)
def test_what_is_laid_on_a_stick_is_read_from_it(tmp_path: Path) -> None:
    stick, laid = tmp_path / "stick.img", tmp_path / "laid"
    laid.mkdir()
    make_stick(stick)
    for round_ in ("first", "second"):
        (laid / f"{round_}.opora").write_bytes(round_.encode() * 1000)
        copy_to(stick, laid, "Opora")
        copy_from(stick, "Opora", tmp_path / round_)
        assert {each.name: each.read_bytes() for each in (tmp_path / round_).iterdir()} == {
            each.name: each.read_bytes() for each in laid.iterdir()
        }
