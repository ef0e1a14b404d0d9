"""An update that is cut off leaves the version before or the one after (:mod:`tests.faults.updates`)."""

from pathlib import Path

import pytest

from tests.faults.power import can_record
from tests.faults.updates import DEEDS, Ground, killed, without_power

NEXT = DEEDS[1]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    return tmp_path


def test_an_update_whose_power_is_cut_is_taken_up_whole_or_not_at_all(recorded: Path) -> None:
    row = without_power(Ground(recorded), NEXT, times=1, every=9, seed=1)
    assert row.broken == []
    assert row.before + row.after == row.cuts > 4


@pytest.mark.proof
@pytest.mark.parametrize("number", range(len(DEEDS)))
def test_every_deed_survives_kills_and_power_cuts(recorded: Path, number: int) -> None:
    ground = Ground(recorded)
    rows = (killed(ground, DEEDS[number], every=4), without_power(ground, DEEDS[number], 1, 4, seed=2))
    for row in rows:
        assert row.broken == []
        assert row.before + row.after == row.cuts > 2


@pytest.mark.proof
@pytest.mark.parametrize("defect", ["unsynced", "swept-first"])
def test_the_table_finds_a_kiosk_that_does_it_wrong(recorded: Path, defect: str) -> None:
    """One that does not sync what it names, and one that removes what is in use before it has the next."""
    row = without_power(Ground(recorded, defect), NEXT, times=2, every=2, seed=3)
    assert row.broken
