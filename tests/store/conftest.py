from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.opened import Opened, opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path / "data") as one:
        yield one
