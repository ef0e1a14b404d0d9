"""What a hub has opened goes out in the shapes that agencies' programs read, and nothing else does."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from sync.hub import export
from sync.hub.export import Submission
from tests.sync.parties import AGENCY_KEY, FORM_XML, Hub, Kiosk, now

HOUSEHOLD = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:body>
<group ref="/data/home"><repeat nodeset="/data/home/member"/></group></h:body></h:html>"""


def told(count: int) -> None:
    """Nobody watches."""


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Hub]:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store("314159265358979", name="Анна, «Смирнова»\nи сын")
        kiosk.store("271828182845904", name='=HYPERLINK("http://x")')
        assert kiosk.tried(carrier).done == 2
        yield hub


def test_csv_has_a_row_each_and_no_cell_that_a_spreadsheet_would_run(filled: Hub, tmp_path: Path) -> None:
    found = export.submissions(filled.database)
    assert export.export_csv(found, tmp_path / "out", {"any": FORM_XML}, told) == 2
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "heating.csv"
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read Cyrillic"
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert {row["reference"] for row in rows} == {"314159265358979", "271828182845904"}
    by_reference = {row["reference"]: row for row in rows}
    assert by_reference["314159265358979"]["full_name"] == "Анна, «Смирнова»\nи сын"
    assert by_reference["271828182845904"]["full_name"].startswith("'=HYPERLINK")
    assert by_reference["314159265358979"]["birth_date"] == "1944-05-17", "dates and numbers stay as they are"


def test_repeats_have_a_file_of_their_own_whose_rows_name_their_parents(tmp_path: Path) -> None:
    xml = (
        b"<data id='h'><home><rooms>2</rooms><member><name>Anna</name></member>"
        b"<member><name>Boris</name></member></home></data>"
    )
    alone = b"<data id='h'><home><rooms>1</rooms><member><name>Vera</name></member></home></data>"
    items = [
        Submission(_id(n), _id(9), "office", "h", "1", f"{n}", "received", now(), each)
        for n, each in enumerate((xml, alone), start=1)
    ]
    assert export.export_csv(iter(items), tmp_path, {"digest": HOUSEHOLD}, told) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["h-home-member.csv", "h.csv"]
    homes = _rows(tmp_path / "h.csv")
    members = _rows(tmp_path / "h-home-member.csv")
    assert [row["home-rooms"] for row in homes] == ["2", "1"]
    assert [(row["name"], row["PARENT_KEY"]) for row in members] == [
        ("Anna", str(_id(1))),
        ("Boris", str(_id(1))),
        ("Vera", str(_id(2))),
    ]
    assert len({row["KEY"] for row in members}) == 3


def test_json_lines_nest_as_the_form_does(filled: Hub, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    assert export.export_json_lines(export.submissions(filled.database), file, told) == 2
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {line["reference"] for line in lines} == {"314159265358979", "271828182845904"}
    assert all(line["answers"]["birth_date"] == "1944-05-17" for line in lines)
    assert all(line["answers"]["meta"]["instanceID"].startswith("uuid:") for line in lines)


def test_submission_xml_is_what_the_kiosk_wrote_byte_for_byte(filled: Hub, tmp_path: Path) -> None:
    found = list(export.submissions(filled.database))
    assert export.export_xml(iter(found), tmp_path / "xml", told) == 2
    files = sorted((tmp_path / "xml").glob("heating/*/submission.xml"))
    digests = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert digests == {hashlib.sha256(one.xml).hexdigest() for one in found}
    assert all(etree.parse(str(file)).getroot().get("id") == "heating" for file in files)


def test_name_of_a_form_makes_no_path(tmp_path: Path) -> None:
    one = Submission(
        _id(1), _id(2), "a", "../../etc/passwd", "1", "", "received", now(), b"<data><a>1</a></data>"
    )
    export.export_xml(iter([one]), tmp_path / "xml", told)
    export.export_csv(iter([one]), tmp_path / "csv", {}, told)
    inside = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert len(inside) == 2
    assert all(tmp_path in each.resolve().parents for each in inside)


def test_command_counts_what_is_still_sealed_and_takes_the_key_from_standard_input(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "heating.xml").write_bytes(FORM_XML)
    with Hub(tmp_path / "hub", identities=[]) as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store("314159265358979")
        assert kiosk.tried(carrier).done == 1
        target = tmp_path / "out.jsonl"
        before = _opora("hub", "export", str(target), "--format", "jsonl", "--data", str(hub.folder))
        assert "0 applications are in" in before
        assert "1 are still sealed here" in before
    keyed = ("--identities", "-", "--forms", str(forms))
    _opora("hub", "open", "--data", str(tmp_path / "hub"), *keyed, given=f"# office\n{AGENCY_KEY}\n")
    after = _opora("hub", "export", str(target), "--format", "jsonl", "--data", str(tmp_path / "hub"))
    assert "1 applications are in" in after
    assert "sealed" not in after
    assert json.loads(target.read_text(encoding="utf-8"))["reference"] == "314159265358979"


def _opora(*arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ui.commands", *arguments],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"COLUMNS": "200"},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(keepends=True)))


def _id(number: int) -> UUID:
    return UUID(int=number)
