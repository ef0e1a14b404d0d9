from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.updates.deployment import Deployment, UpdatedKiosk, kiosk_of


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path / "deployment")


@pytest.fixture
def kiosk(deployment: Deployment, tmp_path: Path) -> Iterator[UpdatedKiosk]:
    with kiosk_of(deployment, tmp_path / "kiosk") as opened:
        yield opened
