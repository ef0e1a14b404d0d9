"""A sound server that dies and comes back: the kiosk lives on, and speaks again."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import Any

import pytest

from tests.voice.sound import SoundServer as RealServer
from ui.computer import SESSION
from ui.sound_server import GIVEN_UP_S, SoundServer

needs_server = pytest.mark.skipif(
    RealServer.missing is not None, reason=f"{RealServer.missing} is not installed"
)


@pytest.fixture
def short() -> Iterator[Path]:
    """A socket's path has to be short."""
    folder = Path(tempfile.mkdtemp(prefix="opora-ls-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def listening(short: Path) -> Iterator[tuple[socket.socket, Path]]:
    at = short / "native"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(at))
        server.listen()
        yield server, at


def test_a_line_that_was_held_and_is_closed_is_gone_until_there_is_another(
    listening: tuple[socket.socket, Path],
) -> None:
    _, at = listening
    server = SoundServer(at)
    assert not server.gone(), "nobody has had a line yet: sound is tried"
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(at))
        assert not server.gone()
    assert server.gone()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(at))
        assert not server.gone()


def test_qt_has_given_up_when_it_has_no_line_although_the_server_answers_again(
    listening: tuple[socket.socket, Path],
) -> None:
    listener, at = listening
    clock = Clock()
    server = SoundServer(at, clock)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(at))
        assert not server.given_up()
    assert not server.given_up(), "it may still try"
    clock.now += GIVEN_UP_S
    assert server.given_up()
    listener.close()
    assert not server.given_up(), "there is no server to be found"


@pytest.mark.parametrize(
    ("environment", "at"),
    [
        ({"PULSE_SERVER": "unix:/run/p"}, "/run/p"),
        ({"PULSE_SERVER": "/run/p"}, "/run/p"),
        ({"PULSE_SERVER": "tcp:elsewhere:4713", "XDG_RUNTIME_DIR": "/run/user/7"}, None),
        ({"PULSE_RUNTIME_PATH": "/run/p", "XDG_RUNTIME_DIR": "/run/user/7"}, "/run/p/native"),
        ({"XDG_RUNTIME_DIR": "/run/user/7"}, "/run/user/7/pulse/native"),
        ({}, None),
    ],
)
def test_the_server_is_where_its_clients_look_for_it(environment: dict[str, str], at: str | None) -> None:
    found = SoundServer.of_this_session(environment)
    assert found._at == (None if at is None else Path(at))
    assert not found.gone()


def ran(folder: Path, when: str, session: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.voice.lost_server", str(folder), when],
        env={**environ, SESSION: session},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.proof
@needs_server
def test_a_sound_server_that_comes_back_at_once_is_heard_again_without_anybody_doing_anything(
    short: Path,
) -> None:
    for attempt in range(3):
        (short / str(attempt)).mkdir()
        told = ran(short / str(attempt), "soon", "desktop")
        if told != {"too late": True}:
            break
    assert told == {"page": "need", "bar": "Voice is off", "heard again": True}


@pytest.mark.proof
@needs_server
def test_after_one_that_came_back_late_a_kiosk_of_its_own_begins_anew_while_nobody_is_there(
    short: Path,
) -> None:
    told = ran(short, "late", "kiosk")
    assert told == {"page": "need", "bar": "Voice is off", "ended by itself": True}
