"""Whole kiosks: data folders that are ready for a person, and private memory for their session keys."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.store.session_key import file_system
from tests.e2e import child
from tests.flow.conftest import Kiosks
from ui.opening import application

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def qt() -> QApplication:
    """Qt's application object, which lives as long as the tests."""
    return application()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a pack, a coordinator and a hub that knows the kiosk. Copy it; never open it."""
    folder = tmp_path_factory.mktemp("settled") / "data"
    child.run("tests.e2e.settled", folder)
    return folder


@pytest.fixture
def data(settled: Path, tmp_path: Path) -> Path:
    """A copy of the settled folder, to be used."""
    return Path(shutil.copytree(settled, tmp_path / "data"))


@contextmanager
def private_memory() -> Iterator[Path]:
    """What ``$XDG_RUNTIME_DIR`` is on a kiosk: a folder in memory of one's own."""
    shared = Path("/dev/shm")
    if file_system(shared) != "tmpfs":
        pytest.skip("no memory file system here, so no session's key outlives a process")
    folder = Path(tempfile.mkdtemp(prefix="opora-test-", dir=shared))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def memory() -> Iterator[Path]:
    with private_memory() as folder:
        yield folder


@pytest.fixture
def kiosks(tmp_path: Path) -> Iterator[Kiosks]:
    found = Kiosks(tmp_path / "data", tmp_path / "runtime")
    yield found
    found.switch_off()
