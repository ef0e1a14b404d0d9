"""Whatever language, letters and time zone a machine was set up with, the kiosk is the same kiosk."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e import child
from tests.e2e.promises import broken_promises, read_promises

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

PLAIN = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
NO_LETTERS = {
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
    "TZ": "Asia/Kathmandu",
}
"""Python, too, then takes the machine to know ASCII alone."""
DOTLESS_I = {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns"}
OTHER_DIGITS = {"LC_ALL": "ar_EG.UTF-8", "LANGUAGE": "ar", "TZ": "nowhere/at-all"}


def made(folder: Path, name: str) -> None:
    """A locale as Debian's package “locales” makes it, for this test alone."""
    folder.mkdir(exist_ok=True)
    source, _, charset = name.partition(".")
    command = ["localedef", "-i", source, "-f", charset, str(folder / name)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"the locale {name} cannot be made here")


def walked(settled: Path, place: Path, language: str, locale: dict[str, str]) -> tuple[list[object], Path]:
    """What stood on each page, and the marks of what was promised; the data lies beside them."""
    data = Path(shutil.copytree(settled, place / "data"))
    base = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    env = {**base, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1", **locale}
    told = child.run("tests.e2e.marked_tour", data, place / "marks", "--language", language, env=env).stdout
    return [json.loads(line) for line in told.splitlines()], place / "marks"


@pytest.mark.parametrize(
    ("language", "locale"),
    [("ko", NO_LETTERS), ("en", DOTLESS_I), ("ru", OTHER_DIGITS)],
    ids=["no letters", "dotless i", "other digits"],
)
def test_a_kiosk_says_and_stores_the_same_in_every_locale_of_the_machine(
    settled: Path, tmp_path: Path, language: str, locale: dict[str, str]
) -> None:
    if locale is not NO_LETTERS:
        made(tmp_path / "locales", locale["LC_ALL"])
        locale = {**locale, "LOCPATH": str(tmp_path / "locales")}
    (tmp_path / "plain").mkdir()
    (tmp_path / "other").mkdir()
    pages, marks = walked(settled, tmp_path / "plain", language, PLAIN)
    elsewhere, their_marks = walked(settled, tmp_path / "other", language, locale)
    assert len(pages) > 15
    assert elsewhere == pages
    promises = read_promises(their_marks)
    assert [each for each in promises if each.question != "stored"] == [
        each for each in read_promises(marks) if each.question != "stored"
    ]
    assert broken_promises(tmp_path / "other" / "data", promises) == []
