"""Real voices and real ears; tests that need them are skipped where the machine has none."""

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from kiosk.voice.render import ChildRenderer
from tests.voice.sound import Recording, SoundServer, until


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
    return QCoreApplication.instance() or QApplication([])


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """The device on which everything that this test process plays comes out."""
    if SoundServer.missing is not None:
        pytest.skip(f"no ear: {SoundServer.missing} is not installed (make setup-test installs it)")
    server = SoundServer(tmp_path_factory.mktemp("sound"))
    with pytest.MonkeyPatch.context() as environment:
        # Qt reads it when it first looks for a device, and never again.
        environment.setenv("PULSE_SERVER", server.address)
        server.wait()
        yield server
    server.kill()


@pytest.fixture(scope="session")
def recording(sound: SoundServer) -> Iterator[Recording]:
    """Someone who listens all the time; without a listener a null sink works two seconds ahead."""
    with sound.recording() as recording:
        until(lambda: recording.running, lambda: None)
        yield recording
