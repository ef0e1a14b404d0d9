"""The access report has no fail: each two of everything in every run, all of it in a proof."""

from pathlib import Path

import pytest

from kiosk.flow.comfort import TextSize, Theme
from tests.conformance.access.ledger import Judge, Ledger, Requirement
from tests.conformance.access.run import (
    LAPTOP,
    PANELS,
    TONGUES,
    UPRIGHT,
    Case,
    every_case,
    inspected,
    painted_on,
    paired_cases,
)

HALVES = (
    (TextSize.SMALL, TextSize.EXTRA_LARGE),
    (TextSize.MEDIUM, TextSize.LARGE),
)
"""Of the whole report, so that no one test keeps the others waiting at the end."""


def no_fail(ledger: Ledger, report: Path) -> None:
    ledger.write(report)
    assert not ledger.failed, "\n".join([*ledger.failures(), ledger.line()])
    assert not ledger.unmeasured()


@pytest.mark.timeout(1500)
def test_each_two_of_everything_can_be_seen_touched_and_heard(tmp_path: Path) -> None:
    no_fail(inspected(pairwise=True), tmp_path / "report.json")


@pytest.mark.proof
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("sizes", HALVES, ids="-".join)
@pytest.mark.parametrize("panel", PANELS)
def test_everything_can_be_seen_touched_and_heard(
    tmp_path: Path, panel: str, sizes: tuple[TextSize, ...]
) -> None:
    no_fail(inspected(pairwise=False, panels=(panel,), sizes=sizes), tmp_path / "report.json")


@pytest.mark.proof
@pytest.mark.timeout(1500)
def test_every_page_stands_on_a_laptop_of_1366_by_768_and_on_an_upright_screen() -> None:
    ledger = painted_on((LAPTOP, UPRIGHT))
    assert not ledger.failed, "\n".join([*ledger.failures(), ledger.line()])


def test_pairs_leave_no_two_unmet() -> None:
    names = [f"view {n}" for n in range(40)]
    cases = list(paired_cases(names))
    axes = (names, TONGUES, tuple(TextSize), tuple(Theme), PANELS, (False, True))

    def values(case: Case) -> tuple[object, ...]:
        return case.name, case.tongue, case.size, case.theme, case.panel, case.spaced

    met = {
        (one, values(case)[one], other, values(case)[other])
        for case in cases
        for one in range(6)
        for other in range(one)
    }
    wanted = {
        (one, value, other, another)
        for one in range(6)
        for other in range(one)
        for value in axes[one]
        for another in axes[other]
    }
    assert met == wanted, sorted(map(str, wanted - met))[:20]
    assert len(cases) < len(list(every_case(names))) / 20


def test_a_bad_value_fails_and_the_worst_is_told() -> None:
    ledger = Ledger(
        (Requirement("X", "a size", "2 mm", "here"), Requirement("Y", "seen", "-", "-", Judge.PERSON))
    )
    assert ledger.unmeasured() == ("X",)
    ledger.at_least("X", 2.5, 2, "one", " mm")
    ledger.at_least("X", 1.5, 2, "two", " mm")
    assert ledger.line() == "2 checks, 1 failed"
    assert "| X | a size | 2 mm (here) | 1.50 mm | two | fails |" in ledger.table()
    assert "needs a person" in ledger.table()
