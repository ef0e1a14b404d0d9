"""A short form of ``make faults``, with fixed chances; and proof that it would find what it looks for."""

import contextlib
import sqlite3
from collections.abc import Callable
from functools import partial

import pytest

from tests.faults import rows_of_histories as histories
from tests.faults import rows_of_lines as lines
from tests.faults import rows_of_machines as machines
from tests.faults import rows_of_power as power
from tests.faults.ground import Count, Ground
from tests.faults.table import ROWS, Result, Row, chain, closing, line_of, replay

pytestmark = pytest.mark.timeout(600)


def run(row: Row, seed: int, runs: int) -> Count:
    again = replay(row, seed, 0, runs)
    try:
        count = chain(row, seed, 0, runs)
    except AssertionError as error:
        raise AssertionError(f"{error}; again: {again}") from error
    assert (count.lost, count.doubled) == ([], []), again
    assert count.runs == runs
    assert len(count.stored) > 0
    return count


@pytest.mark.parametrize("row", [row for row in ROWS if row.tests], ids=lambda row: row.name)
def test_nothing_is_lost_and_nothing_doubled(row: Row) -> None:
    run(row, 1, row.tests)


@pytest.mark.proof
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nothing_is_lost_and_nothing_doubled_in_more_of_it(row: Row) -> None:
    run(row, 2, row.short)


_early = partial(machines.hub_killed, kiosk_defect="deaf", latest=4.0)


@pytest.mark.parametrize(
    ("run_row", "defect", "seen"),
    [
        pytest.param(power.power_cut, "unsynced", "lost", id="kiosk-does-not-sync"),
        pytest.param(_early, "early-answers", "lost", id="hub-answers-before-it-commits"),
        pytest.param(lines.request_cut, "hasty", "lost", id="kiosk-believes-anything"),
        pytest.param(lines.answer_lost, "new-keys", "doubled", id="kiosk-gives-new-ids"),
        pytest.param(histories.hub_restored, "deaf", "lost", id="kiosk-does-not-send-again"),
    ],
)
def test_the_harness_finds_a_real_defect(run_row: Callable[..., None], defect: str, seen: str) -> None:
    broken = ""
    with Ground(f"1 {defect}") as ground:
        try:
            run_row(ground, 6, defect=defect)
        except AssertionError as error:
            broken = str(error)
    assert getattr(ground.count, seen) or "records are damaged" in broken, broken or "it was not found"


@pytest.mark.parametrize(
    "harm", ["UPDATE part SET body = ? WHERE kind = 'scan'", "DELETE FROM part WHERE kind = 'scan'"]
)
def test_an_application_without_every_byte_of_its_scan_has_not_arrived(harm: str) -> None:
    with Ground("1 scan") as ground:
        hub = ground.hub()
        kiosk = ground.kiosk(hub)
        kiosk.store(1, scanned=True)
        kiosk.store(1)
        ground.recover(kiosk)
        hub.stop()
        with contextlib.closing(sqlite3.connect(hub.folder / "hub.sqlite")) as database:
            (body,) = database.execute("SELECT body FROM part WHERE kind = 'scan'").fetchone()
            database.execute(harm, (body[:-1] + bytes([body[-1] ^ 1]),) * harm.count("?"))
            database.commit()
        ground.finish(hub)
    assert ground.count.lost == [kiosk.stored[0].reference]
    assert ground.count.doubled == []


def test_a_chain_that_lost_something_fails_the_table_and_says_how_to_see_it_again() -> None:
    row = ROWS[0]
    result = Result(row)
    count = Count(runs=3, stored={"1", "2", "3"}, recoveries=[0.5])
    count.arrived.update(["1", "1", "2"])
    result.add(count, replay(row, 7, 1, 3))
    assert (result.stored, result.arrived, result.lost, result.doubled) == (3, 2, 1, 1)
    assert result.failures == ['make faults ARGS="--row kiosk-killed --runs 28 --seed 7 --chain 1"']
    assert "|       3 |       3 |       2 |       1 |       1 | 0.5 s (≤ 0.5) |" in line_of(result)
    assert closing([result]) == "3 stored, 2 arrived, 1 lost, 1 doubled"
