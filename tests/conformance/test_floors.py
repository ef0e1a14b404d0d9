"""The figures that were reached once stay reached."""

from pathlib import Path

from tests.conformance import traces, xpath

XPATH_PASSED = 942
TRACES_PASSED = 223


def test_recorded_xpath_cases_hold(shared_data: Path) -> None:
    tally = xpath.run([shared_data / "odk" / "xpath-cases.json"])
    assert tally.passed >= XPATH_PASSED, "\n".join(tally.failures)


def test_recorded_form_traces_hold(shared_data: Path) -> None:
    tally = traces.run([shared_data / "odk" / "form-traces.json"])
    assert tally.passed >= TRACES_PASSED, "\n".join(tally.failures)
