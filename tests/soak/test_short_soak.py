"""The soak itself, for a minute: what it measures is measured, and nobody gets stuck."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.soak.__main__ import recall, soak
from tests.soak.verdict import broken, judge

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

NOT_IN_A_MINUTE = ("memory", "handles", "threads", "touch", "loop")
"""A kiosk that has just been opened still warms up, and a machine that runs tests is not at rest."""


def test_a_minute_of_people_loses_nothing_and_everything_is_measured(tmp_path: Path) -> None:
    found = soak(
        tmp_path, seconds=30, seed=3, pace=0.4, console=Console(quiet=True), only=("applies", "staff")
    )
    assert not [row for row in broken(judge(found)) if not any(word in row.what for word in NOT_IN_A_MINUTE)]
    assert sum(found.visits.values()) >= 1
    assert found.stuck == []
    assert found.times["touch"].total() > 10
    assert found.times["loop"].total() > 1_000
    assert any(each.rss > 100 and each.handles > 20 and each.threads > 8 for each in found.samples)
    assert found.samples[-1].cpu > found.samples[0].cpu
    assert recall(tmp_path).stored == found.stored == found.arrived
    kinds = {json.loads(line)["kind"] for line in (tmp_path / "told.jsonl").read_text().splitlines()}
    assert kinds >= {"stored", "visit", "inside", "times", "end"}
