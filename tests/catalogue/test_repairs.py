"""Spreadsheets as people make them: mended where a machine can, explained where it cannot."""

import io
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.catalogue.odk_validate import second_opinion
from kiosk.catalogue.repairs import convert_as_found
from kiosk.errors import PackFault
from kiosk.forms import parse_form
from tests.forms.writing import inputs, xml
from ui.commands.forms import forms

openpyxl = pytest.importorskip("openpyxl")
Sheet = Sequence[Sequence[str]]

GOOD: Mapping[str, Sheet] = {
    "survey": [
        ("type", "name", "label", "parameters", "my notes", "calculation"),
        ("text", "who", "Who?", "", "", ""),
        ("select_one towns", "town", "Where?", "", "", ""),
    ],
    "choices": [("list_name", "name", "label"), ("towns", "seoul", "Seoul"), ("towns", "busan", "Busan")],
    "settings": [("form_id", "version"), ("people", "1")],
}


def _book(folder: Path, changes: Mapping[str, Sheet], name: str = "people.xlsx") -> Path:
    """GOOD with rows added to its sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in GOOD.items():
        sheet = book.create_sheet(title)
        for row in (*rows, *changes.get(title, ())):
            sheet.append(list(row))
    file = folder / name
    book.save(file)
    if file.suffix != ".xlsx":
        file.write_bytes(file.read_bytes())
    return file


def _words(file: Path) -> list[str]:
    converted = convert_as_found(file)
    assert parse_form(converted.xform).id == "people"
    return [repair.msgid.format(**repair.gaps) for repair in converted.repairs]


def test_a_good_spreadsheet_is_converted_without_a_repair_and_its_rows_are_known(tmp_path: Path) -> None:
    file = _book(
        tmp_path, {"survey": [("begin group", "g", "G"), ("text", "in", "In"), ("end group", "", "")]}
    )
    assert _words(file) == []
    assert convert_as_found(file).rows == {"/data/who": 2, "/data/town": 3, "/data/g": 4, "/data/g/in": 5}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"choices": [("towns", "seoul", "Seoul again")]}, "allow_choice_duplicates"),
        (
            {"survey": [("text", "who", "Who else?")]},
            "row 4: who is there twice; this one is now called who_2",
        ),
        ({"survey": [("text", "x", "X", "rows is three")]}, "row 4: “rows is three” is no parameter"),
        ({"survey": [("text", "x", "X", "", "see ${")]}, "column my notes is no part of XLSForm"),
    ],
)
def test_what_is_mechanical_is_mended_and_told(
    tmp_path: Path, changes: Mapping[str, Sheet], told: str
) -> None:
    words = _words(_book(tmp_path, changes))
    assert len(words) == 1
    assert told in words[0]


def test_a_spreadsheet_with_another_ones_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert _words(_book(tmp_path, {}).rename(tmp_path / "people.xls")) == [
        "The file is named .xls but is a .xlsx spreadsheet: it was read as that."
    ]


def test_broken_colours_and_fonts_do_not_keep_a_form_from_being_read(tmp_path: Path) -> None:
    file = _book(tmp_path, {})
    broken = io.BytesIO()
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = f'<styleSheet xmlns="{namespace}"><fills><fill/></fills></styleSheet>'.encode()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, styles if entry.filename == "xl/styles.xml" else old.read(entry))
    file.write_bytes(broken.getvalue())
    assert "colours and fonts" in _words(file)[0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"survey": [("select_one moons", "m", "Which?")]},
            "row 4: the question chooses from the list “moons”",
        ),
        (
            {"survey": [("calculate", "c", "", "", "", "${who + 1")]},
            "row 4, column “calculation”: a reference is not closed. It should read ${name}; "
            "there stands: ${who + 1",
        ),
    ],
)
def test_what_needs_its_author_is_explained_with_its_place(
    tmp_path: Path, changes: Mapping[str, Sheet], told: str
) -> None:
    with pytest.raises(PackFault) as caught:
        convert_as_found(_book(tmp_path, changes))
    assert told in caught.value.title.msgid.format(**caught.value.title.gaps)


def test_what_is_no_spreadsheet_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for name, content in (
        ("a.xlsx", b"PK\x03\x04 but cut off"),
        ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(PackFault, match="cannot be read as a spreadsheet"):
            convert_as_found(file)


def _run(*arguments: str) -> Result:
    return CliRunner(env={"LANG": "en"}).invoke(forms, list(arguments))


def test_converting_writes_the_form_and_says_what_was_mended(tmp_path: Path) -> None:
    file = _book(tmp_path, {"choices": [("towns", "seoul", "Seoul again")]})
    result = _run("convert", str(file))
    assert result.exit_code == 0, result.output
    assert "Mended: Some choices" in result.output
    assert parse_form((tmp_path / "people.xlsx.xml").read_bytes()).id == "people"


def test_a_required_question_that_a_kiosk_refuses_is_named_by_sheet_row_and_column(tmp_path: Path) -> None:
    file = _book(tmp_path, {})
    book = openpyxl.load_workbook(file)
    book["survey"]["G1"] = "required"
    book["survey"].append(["geopoint", "place", "Where do you live?", "", "", "", "yes"])
    book.save(file)
    result = _run("check", str(file))
    assert result.exit_code == 1
    assert "sheet survey, row 4, column type (/data/place): A kiosk cannot ask" in result.output


def test_an_application_that_is_large_is_warned_of(tmp_path: Path) -> None:
    rows = [("text", f"q{at}", f"Question {at}") for at in range(400)]
    assert "A typical application takes" in _run("check", str(_book(tmp_path, {"survey": rows}))).output
    assert "A typical application takes" not in _run("check", str(_book(tmp_path, {}, "small.xlsx"))).output


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validate_gives_a_second_opinion() -> None:
    assert second_opinion(xml("<a/>", body=inputs("a"))) == ()
    said = second_opinion(xml("<a/>", '<bind nodeset="/data/a" calculate="last()"/>', inputs("a")))
    assert said is not None
    assert any("last" in line for line in said)


def test_most_real_spreadsheets_convert_and_the_rest_are_explained(shared_data: Path) -> None:
    files = sorted((shared_data / "forms").glob("*.xls*"))
    converted, explained = 0, []
    for file in files:
        try:
            parse_form(convert_as_found(file).xform)
            converted += 1
        except PackFault as fault:
            explained.append(str(fault))
    assert (len(files), converted) == (17, 15), explained
    assert all("row" in sentence for sentence in explained)
