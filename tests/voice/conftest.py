"""Real voices and real ears; tests that need them are skipped where the machine has none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.voice.render import ChildRenderer
from tests.voice.sound import Recording, SoundServer, until
from ui.opening import application as the_application

SERVER = pytest.StashKey[SoundServer]()
LISTENING = ("test_ear.py", "test_players.py")
FOLDER = pytest.StashKey[TemporaryDirectory[str]]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Qt looks for its sound server once in a process, whichever test makes it look: so it is there first."""
    wanted = any(item.path.name in LISTENING for item in session.items)
    if SoundServer.missing is None and wanted and not session.config.option.collectonly:
        folder = session.config.stash.setdefault(FOLDER, TemporaryDirectory(prefix="sound-"))
        server = session.config.stash.setdefault(SERVER, SoundServer(Path(folder.name)))
        os.environ["PULSE_SERVER"] = server.address
        with suppress(AssertionError):  # told by the tests that listen, not by all others
            server.wait()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.kill()
        config.stash[FOLDER].cleanup()


@pytest.fixture(scope="session")
def renderer() -> Iterator[ChildRenderer]:
    if shutil.which("espeak-ng") is None:
        pytest.skip("no voice to test: espeak-ng is not installed (make setup installs it)")
    renderer = ChildRenderer()
    renderer.start()
    yield renderer
    renderer.close()


@pytest.fixture(scope="session")
def application() -> QCoreApplication:
    return the_application()


@pytest.fixture(scope="session")
def sound(pytestconfig: pytest.Config) -> SoundServer:
    """The device on which everything that this test process plays comes out."""
    if SoundServer.missing is not None:
        pytest.skip(f"no ear: {SoundServer.missing} is not installed (make setup-test installs it)")
    server = pytestconfig.stash[SERVER]
    server.wait()
    return server


@pytest.fixture(scope="session")
def recording(sound: SoundServer) -> Iterator[Recording]:
    """Someone who listens all the time; without a listener a null sink works two seconds ahead."""
    with sound.recording() as recording:
        until(lambda: recording.running, lambda: None)
        yield recording
