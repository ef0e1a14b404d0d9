"""The watcher finds what it is there to find, and is content with a kiosk that is well."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from tests.soak.figures import percentile, slope
from tests.soak.outside import Sample, Tables
from tests.soak.verdict import HOUR, Findings, broken, judge


def well(hours: float = 2.0) -> Findings:
    """A kiosk that warms up, then breathes: each visit takes some memory and gives it back."""
    random = Random(1)
    seconds = hours * HOUR
    samples = []
    for at in range(0, int(seconds), 10):
        warm = 60 * min(1.0, at / 1800)
        memory = 300 + warm + random.uniform(0, 25)
        samples.append(
            Sample(
                seconds=float(at),
                rss=memory,
                pss=memory - 60,
                uss=memory - 80,
                handles=random.choice((33, 33, 35, 37)),
                threads=random.choice((11, 11, 13)),
                children=2,
                children_pss=10.0,
                cpu=at * 0.2,
                load=1.0,
                database=200_000 + at,
                log=0,
                pages=50 + at // 4096,
                free_pages=3,
                files={"kiosk.db": 200_000 + at},
            )
        )
    stored = Counter({f"{number:015}": 1 for number in range(30)})
    before = Tables({"application": 0, "journal": 10}, {"application": 4096, "journal": 4096})
    after = Tables({"application": 30, "journal": 300}, {"application": 40_960, "journal": 81_920})
    return Findings(
        seconds=seconds,
        samples=samples,
        visits=Counter({"applies": 30}),
        times={"touch": Counter({2: 900, 40: 100}), "loop": Counter({0: 9_900, 60: 100})},
        stored=stored,
        arrived=Counter(stored),
        before=before,
        after=after,
        waiting=0,
        bugs=0,
    )


def changed(findings: Findings, change: Callable[[Sample], dict[str, float]]) -> Findings:
    findings.samples = [replace(each, **change(each)) for each in findings.samples]  # type: ignore[arg-type]
    return findings


@pytest.mark.parametrize("hours", [10 / 60, 2.0])
def test_a_kiosk_that_is_well_breaks_no_bound(hours: float) -> None:
    found = well(hours)
    if hours < 1:
        found = changed(found, lambda each: {"rss": each.rss - each.seconds / 60, "uss": each.uss - 1})
    assert broken(judge(found)) == []


def test_two_megabytes_an_hour_are_a_leak() -> None:
    found = changed(well(), lambda each: {"rss": each.rss + 2 * each.seconds / HOUR})
    assert [row.what for row in broken(judge(found))] == [
        "resident memory after the first hour, at its least"
    ]


def test_a_leak_of_a_hundred_megabytes_in_ten_minutes_is_found_in_ten_minutes() -> None:
    found = changed(well(10 / 60), lambda each: {"rss": 300 + 600 * each.seconds / HOUR, "uss": 200.0})
    assert [row.what for row in broken(judge(found))] == ["resident memory in the second half, at its least"]


def test_a_handle_that_is_forgotten_every_ten_minutes_is_found() -> None:
    found = changed(well(), lambda each: {"handles": each.handles + int(each.seconds // 600)})
    assert [row.what for row in broken(judge(found))] == ["handles after the first hour"]


def test_a_thread_that_never_ends_is_found() -> None:
    found = changed(well(), lambda each: {"threads": each.threads + int(each.seconds // 900)})
    assert [row.what for row in broken(judge(found))] == ["threads after the first hour"]


@pytest.mark.parametrize("what", ["lost", "doubled", "waiting"])
def test_what_is_lost_doubled_or_still_waits_breaks_the_count(what: str) -> None:
    found = well()
    reference = next(iter(found.stored))
    match what:
        case "lost":
            del found.arrived[reference]
        case "doubled":
            found.arrived[reference] += 1
        case _:
            found.waiting = 1
    assert [row.what for row in broken(judge(found))] == ["lost, doubled, still waiting"]


def test_a_soak_in_which_nothing_was_stored_proves_nothing() -> None:
    found = well()
    found.stored, found.arrived = Counter(), Counter()
    assert broken(judge(found))


def test_a_screen_that_is_late_once_in_fifty_times_is_found() -> None:
    found = well()
    found.times["touch"] = Counter({2: 980, 140: 20})
    assert [row.what for row in broken(judge(found))] == ["a touch to something painted"]


def test_a_bug_or_a_page_without_a_way_on_breaks_the_soak() -> None:
    found = well()
    found.bugs, found.stuck = 1, ["TimeoutError: nothing came (question)"]
    assert [row.what for row in broken(judge(found))] == ["bugs, stuck pages"]


def test_the_slope_is_not_bent_by_a_few_odd_samples() -> None:
    points = [(x / 10, 300 + 0.5 * x / 10) for x in range(200)]
    points[50] = (5.0, 900.0)
    points[150] = (15.0, 10.0)
    assert slope(points) == pytest.approx(0.5, abs=0.02)
    assert slope([(1.0, 2.0)]) == 0.0


def test_a_percentile_is_a_value_that_was_counted() -> None:
    counted = Counter({1: 98, 500: 2})
    assert (percentile(counted, 0.5), percentile(counted, 0.98), percentile(counted, 0.99)) == (1, 1, 500)
    assert percentile({}, 0.99) == 0
