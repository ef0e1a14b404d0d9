from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.operators import SignedIn
from kiosk.store import CentreKey
from kiosk.store.sealing import new_key_pair
from tests.store.opened import centre_of, opened


@dataclass(frozen=True)
class Prepared:
    """A data folder with a coordinator, closed again, and an agency."""

    folder: Path
    marks: Path
    coordinator: SignedIn
    key: CentreKey
    agency: str
    agency_identity: str


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    with opened(tmp_path / "data") as store, centre_of(store) as centre:
        coordinator, key = centre.coordinator, centre.key
    return Prepared(tmp_path / "data", tmp_path / "marks", coordinator, key, *new_key_pair())
