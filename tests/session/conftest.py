"""A data folder that is ready to be opened: pack, coordinator, and a hub that is not there."""

import shutil
from pathlib import Path

import pytest

from tests.e2e import child
from tests.flow.conftest import booth, kiosks
from tests.ui.conftest import application, show

__all__ = ["application", "booth", "data", "kiosks", "settled", "show"]


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("settled") / "data"
    child.run("tests.e2e.settled", folder)
    return folder


@pytest.fixture
def data(settled: Path, tmp_path: Path) -> Path:
    """A copy of its own."""
    return Path(shutil.copytree(settled, tmp_path / "data"))
