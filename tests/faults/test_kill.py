"""The process dies at any moment: what the store gave its word for is there."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.applicant import broken_promises
from tests.faults.conftest import Prepared
from tests.store.opened import opened


def kill_somewhere(prepared: Prepared, seed: int) -> None:
    rng = random.Random(seed)
    wanted, moment = rng.randrange(1, 120), rng.uniform(0.0, 0.01)
    command = [sys.executable, "-m", "tests.faults.applicant", str(prepared.folder), str(prepared.marks)]
    with subprocess.Popen([*command, prepared.agency, "1000"]) as process:
        deadline = time.monotonic() + 120
        while lines(prepared.marks) < wanted:
            assert process.poll() is None, "the kiosk ended by itself"
            assert time.monotonic() < deadline, "the kiosk stands still"
        until = time.monotonic() + moment
        while time.monotonic() < until:
            pass
        process.kill()
    whole = prepared.marks.read_text().rpartition("\n")[0]
    with opened(prepared.folder) as store:
        broken = broken_promises(
            store, prepared.coordinator, prepared.key, prepared.agency_identity, whole.splitlines()
        )
    assert broken == [], f"seed {seed}"


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_kiosk_loses_nothing_that_was_promised(prepared: Prepared, seed: int) -> None:
    kill_somewhere(prepared, seed)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(100, 120))
def test_twenty_killed_kiosks_lose_nothing_that_was_promised(prepared: Prepared, seed: int) -> None:
    kill_somewhere(prepared, seed)
