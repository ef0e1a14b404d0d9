"""Each line of the page about threats names the tests that show it."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "kiosk" / "THREATS.md"


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_line_is_whole_and_names_what_shows_it() -> None:
    assert len(rows()) > 15
    for row in rows():
        assert len(row) == 5
        assert all(row[1:])
        assert "`" in row[3]


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests").rglob("test_*.py")
    )
    there = set(re.findall(r"def (test_\w+)\(", sources))
    assert len(named) > 40
    assert named <= there
