"""What every test may ask for. Data of other people's suites lies beside the checkout, never in it."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real forms and recorded cases; a test that needs them is skipped where they are absent."""
    named = os.environ.get("OPORA_SHARED")
    folder = (Path(named) if named else REPOSITORY.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip(f"no test data: {folder} is absent (OPORA_SHARED names another folder)")
    return folder
