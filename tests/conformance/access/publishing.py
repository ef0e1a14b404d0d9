"""The report in the README of ``ui``, between two marks."""

from pathlib import Path
from typing import Final

from tests.conformance.access.ledger import Ledger
from tests.conformance.access.requirements import SOURCES

README: Final = Path(__file__).parents[3] / "ui" / "README.md"
BEGIN, END = "<!-- access report: begin -->", "<!-- access report: end -->"


def put_into_readme(ledger: Ledger, readme: Path = README) -> None:
    """Replaces what stands between the marks; ValueError where there are none."""
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{readme} has no place for the report: {BEGIN} … {END}")
    report = f"{ledger.line()}\n\n{ledger.table()}\n{SOURCES}"
    readme.write_text(f"{before}{BEGIN}\n\n{report}\n\n{END}{after}", encoding="utf-8")
