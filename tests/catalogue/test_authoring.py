"""Building a pack: the same sources give the same bytes, and a mistake is told with its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.catalogue import FormFile, load_pack
from kiosk.catalogue.authoring import Built, build_pack, sources_hash
from kiosk.catalogue.demo import SOURCES
from kiosk.errors import FormFault, Message, PackFault
from ui.commands.pack import pack as command

FORM = """
| survey |
| | type | name | label::English (en) | relevant |
| | text | first | Your name | |
| | {type} | second | Your town | {relevant} |

| settings |
| | form_title | form_id | version | default_language |
| | Sample | {id} | 1 | English (en) |
"""


def _form(sources: Path, id: str = "sample", type: str = "text", relevant: str = "") -> None:
    (sources / "forms" / "sample.md").write_text(FORM.format(id=id, type=type, relevant=relevant), "utf-8")


def test_the_same_sources_give_the_same_bytes_in_another_process(built: Built, tmp_path: Path) -> None:
    again = tmp_path / "again.opora-pack"
    code = (
        "import sys, pathlib; from kiosk.catalogue.authoring import build_pack;"
        "build_pack(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(SOURCES), str(again)],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Seoul"},
        check=True,
    )
    assert again.read_bytes() == built.path.read_bytes()


def test_a_kiosk_loads_a_pack_without_the_converter(built: Built) -> None:
    code = (
        "import sys, pathlib; from kiosk.catalogue import load_pack; from kiosk.catalogue.demo import *;"
        "load_pack(ensure_demo_pack(pathlib.Path(sys.argv[1])));"
        "sys.exit('pyxform' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(built.path)], check=True)


def test_the_demonstration_forms_convert_without_a_warning(built: Built) -> None:
    assert built.warnings == ()


def test_the_hash_of_the_sources_changes_with_any_of_them(sources: Path) -> None:
    before = sources_hash(sources)
    service = next((sources / "services").glob("*.toml"))
    service.write_text(service.read_text("utf-8") + "\n# more\n", "utf-8")
    assert sources_hash(sources) != before


def test_an_unknown_question_type_is_told_with_form_sheet_and_row(sources: Path, tmp_path: Path) -> None:
    _form(sources, type="selfie")
    with pytest.raises(PackFault, match=r"sample\.md, sheet “survey”, row 3: .*selfie"):
        build_pack(sources, tmp_path / "p")


def test_a_question_that_does_not_exist_is_told(sources: Path, tmp_path: Path) -> None:
    _form(sources, relevant="${nobody} = 'x'")
    with pytest.raises(PackFault, match=r"sample\.md.*nobody"):
        build_pack(sources, tmp_path / "p")


def test_a_form_under_another_name_is_refused(sources: Path, tmp_path: Path) -> None:
    _form(sources, id="another")
    with pytest.raises(PackFault, match=r"sample\.md needs form_id “sample”"):
        build_pack(sources, tmp_path / "p")


@pytest.mark.parametrize(
    ("name", "told"), [("odd.xlsx", "not an .xlsx spreadsheet"), ("odd.md", "not text in UTF-8")]
)
def test_a_form_that_is_no_spreadsheet_is_refused(
    name: str, told: str, sources: Path, tmp_path: Path
) -> None:
    (sources / "forms" / name).write_bytes(b"\xff\xfe not a form")
    with pytest.raises(PackFault, match=told):
        build_pack(sources, tmp_path / "p")


def test_what_the_form_engine_finds_reaches_the_author(sources: Path, tmp_path: Path) -> None:
    _form(sources)
    built = build_pack(sources, tmp_path / "p", inspect=lambda form: [f"{form.id} asks for little."])
    assert built.warnings == (("sample.md", "sample asks for little."),)


def test_a_form_that_the_engine_refuses_makes_no_pack(sources: Path, tmp_path: Path) -> None:
    def refuse(form: FormFile) -> tuple[str, ...]:
        raise FormFault(Message("This form goes round in a circle."), Message("Break the circle."))

    _form(sources)
    with pytest.raises(FormFault, match="circle"):
        build_pack(sources, tmp_path / "p", inspect=refuse)
    assert not (tmp_path / "p").exists()


def test_files_that_a_form_names_travel_with_it(sources: Path, tmp_path: Path) -> None:
    _form(sources)
    media = sources / "forms" / "sample-media"
    media.mkdir()
    (media / "towns.csv").write_bytes(b"name,label\nlinden,Linden\n")
    loaded = load_pack(build_pack(sources, tmp_path / "p").path)
    (form,) = loaded.forms.values()
    assert form.attachments == {"towns.csv": b"name,label\nlinden,Linden\n"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('icon = "transport"', "icon = 7", r"travel-pass, “icon” has a value that cannot be used: 7"),
        ('icon = "transport"', "", r"travel-pass, “icon” is missing"),
        ('life_stage = "old_age"', 'life_stage = "old"', r"travel-pass, “life_stage” .*: old"),
        ('ru = "Бесплатный проезд"\n', "", r"travel-pass, “plain_name” has no words .* “ru”"),
        ('agency = "social-office"', 'agency = "nobody"', r"travel-pass, “nobody” is named"),
        ('locations = ["market-square"]', 'locations = ["moon"]', r"travel-pass, “moon” is named"),
        ('says = "no"', 'says = "likely"', r"travel-pass, examples 2, the rule answers “no”"),
        ("age = 64", "shoe_size = 64", r"household, “shoe_size” has a value"),
        ('fact = "age"', 'fact = "horoscope"', r"“fact” has a value that cannot be used: horoscope"),
        ('id = "travel-pass"', "id = ", r"63-travel-pass\.toml is not TOML: .*line 1"),
        ('id = "travel-pass"', 'id = "rent-help"', r"holds “rent-help” twice"),
    ],
)
def test_a_mistake_in_a_service_is_told_with_its_place(
    old: str, new: str, told: str, sources: Path, tmp_path: Path
) -> None:
    service = sources / "services" / "63-travel-pass.toml"
    text = service.read_text("utf-8")
    assert old in text
    service.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackFault, match=told):
        build_pack(sources, tmp_path / "p")


def test_a_rule_without_a_no_household_is_refused(sources: Path, tmp_path: Path) -> None:
    service = sources / "services" / "63-travel-pass.toml"
    likely, _ = service.read_text("utf-8").rsplit("[[examples]]", 1)
    service.write_text(likely, "utf-8")
    with pytest.raises(PackFault, match=r"travel-pass, the rule needs an example"):
        build_pack(sources, tmp_path / "p")


def test_an_agency_with_a_mistyped_key_is_refused(sources: Path, tmp_path: Path) -> None:
    path = sources / "pack.toml"
    path.write_text(path.read_text("utf-8").replace('"age1ffget7', '"age1ffget8'), "utf-8")
    with pytest.raises(PackFault, match="“social-office” has no usable age public key"):
        build_pack(sources, tmp_path / "p")


def test_a_failed_build_leaves_the_older_pack_alone(sources: Path, tmp_path: Path) -> None:
    out = build_pack(sources, tmp_path / "p").path
    before = out.read_bytes()
    (sources / "pack.toml").unlink()
    with pytest.raises(PackFault, match="could not be read or written"):
        build_pack(sources, out)
    assert out.read_bytes() == before


def test_the_command_builds_and_shows_a_pack(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "my.opora-pack"
    done = CliRunner().invoke(command, ["build", str(sources), str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "Services: 16." in done.output
    shown = CliRunner().invoke(command, ["show", str(out), "--language", "ru"], catch_exceptions=False)
    assert "linden-demo 1" in shown.output
    assert "Пожилой" in shown.output
