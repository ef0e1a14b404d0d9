"""The power goes in the middle of somebody's application, and with it what no disk was sure of."""

import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.e2e import child
from tests.e2e.promises import STORED, broken_promises, promises_in
from tests.faults.power import can_record, marks_before, points, read_trace, rebuild, record

pytestmark = pytest.mark.timeout(1500)

CUTS = 10


@pytest.mark.proof
def test_ten_power_cuts_during_a_tour_lose_no_answer_that_the_screen_moved_past(
    data: Path, memory: Path, tmp_path: Path
) -> None:
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    before = tmp_path / "before"
    shutil.copytree(data, before)
    marks = tmp_path / "marks"
    tour = [sys.executable, "-m", "tests.e2e.marked_tour", str(data), str(marks)]
    ended = record(tour, tmp_path / "trace", child.environment(XDG_RUNTIME_DIR=str(memory)))
    assert ended.returncode == 0, ended.stderr.decode()
    events = read_trace(tmp_path / "trace", data, marks, before)
    everything = promises_in(marks_before(events, len(events)))
    assert everything[-1].question == STORED
    assert len(everything) > 30
    assert broken_promises(data, everything) == []

    rng = random.Random(7)
    compared = 0
    for cut in points(events, CUTS, rng):
        left = tmp_path / f"left-{cut}"
        left.mkdir()
        loss = rebuild(events, cut, data, left, rng, before)
        promises = promises_in(marks_before(events, cut))
        assert broken_promises(left, promises) == [], f"cut {cut} of {len(events)}, loss {loss}"
        compared += len(promises)
        shutil.rmtree(left)
    assert compared > CUTS, "the cuts came before anything was promised"
