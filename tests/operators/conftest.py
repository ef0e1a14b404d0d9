from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.opened import Centre, Opened, centre_of, opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path / "data") as one:
        yield one


@pytest.fixture
def centre(store: Opened) -> Iterator[Centre]:
    with centre_of(store) as one:
        yield one
