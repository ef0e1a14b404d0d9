"""What every test may ask for. Data of other people's suites lies beside the checkout, never in it."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ui.opening import application

# A widget that the collector finds on another thread would be deleted there: see ui.collecting.
gc.disable()

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A machine that is busy with other work is slow, which is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def one_application() -> None:
    """Made before any test can make another: Qt knows one a process, of one kind."""
    application()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real forms and recorded cases; a test that needs them is skipped where they are absent."""
    named = os.environ.get("OPORA_SHARED")
    folder = (Path(named) if named else REPOSITORY.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip(f"no test data: {folder} is absent (OPORA_SHARED names another folder)")
    return folder


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Between tests the collector runs on the main thread, where windows were made."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count > threshold:
            gc.collect(generation)
