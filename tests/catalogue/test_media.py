"""Files that a form brings along: only what every kiosk reads, and never larger than it can hold."""

import io
import shutil
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from kiosk.catalogue import load_pack
from kiosk.catalogue.authoring import build_pack
from kiosk.catalogue.demo import SOURCES
from kiosk.catalogue.media import LARGEST_PICTURE, LONGEST_SIDE, complaint
from kiosk.errors import FormFault, PackFault
from ui.commands.pack import pack as command
from ui.widgets.pictures import decoded

GALLERY = SOURCES / "gallery"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def picture(kind: str, width: int = 40, height: int = 30) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(made, kind)
    return made.getvalue()


def sound() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 100)
    return made.getvalue()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "A.JPEG", "a.svg"])
def test_a_picture_that_passes_is_one_that_the_screen_can_read(name: str) -> None:
    kind = "PNG" if name.endswith("png") else "JPEG"
    content = SVG.format('<rect width="9" height="9"/>').encode() if "svg" in name else picture(kind)
    assert complaint(name, content) is None
    assert not decoded(content).isNull()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", picture("JPEG")),
        ("a.jpg", picture("PNG")),
        ("a.png", picture("PNG")[:20]),
        ("a.png", picture("PNG", LONGEST_SIDE + 1, 1)),
        ("a.jpg", picture("JPEG", 1, LONGEST_SIDE + 1)),
        ("a.jpg", picture("JPEG")[:8]),
        ("a.png", picture("PNG") + b"\0" * LARGEST_PICTURE),
        ("a.svg", SVG.format("<script>alert(1)</script>").encode()),
        ("a.svg", SVG.format('<image xlink:href="https://example.org/a.png"/>').encode()),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("").encode()),
        ("a.svg", b"<html/>"),
        ("a.wav", b"no sound"),
        ("a.wav", sound()[:30]),
        ("a.mp3", b"ID3"),
        ("a.webm", b"film"),
        ("noending", b""),
    ],
)
def test_what_a_kiosk_cannot_use_is_refused_by_name(name: str, content: bytes) -> None:
    found = complaint(name, content)
    assert found is not None
    assert found.gaps["name"] == name


def test_sounds_and_tables_pass() -> None:
    assert complaint("a.wav", sound()) is None
    assert complaint("towns.csv", b"name,label\n") is None


def test_a_built_pack_carries_its_forms_files_byte_for_byte(tmp_path: Path) -> None:
    path = build_pack(GALLERY, tmp_path / "gallery.opora-pack").path
    (form,) = load_pack(path).forms.values()
    media = GALLERY / "forms" / "every-type-media"
    assert form.attachments == {each.name: each.read_bytes() for each in media.iterdir()}


def test_a_file_that_is_no_picture_stops_the_build(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(GALLERY, sources)
    (sources / "forms" / "every-type-media" / "wood.svg").write_bytes(b"wood")
    with pytest.raises(PackFault) as raised:
        build_pack(sources, tmp_path / "out.opora-pack")
    assert "wood.svg" in str(raised.value)
    assert not (tmp_path / "out.opora-pack").exists()


def test_a_required_question_of_a_refused_type_stops_the_build(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(GALLERY, sources)
    form = sources / "forms" / "every-type.md"
    text = form.read_text(encoding="utf-8")
    (line,) = (each for each in text.splitlines() if each.startswith("| | geopoint |"))
    headings = [cell.strip() for cell in text.splitlines()[4].split("|")]
    cells = line.split("|")
    cells[headings.index("required")] = " yes "
    form.write_text(text.replace(line, "|".join(cells)), encoding="utf-8")
    ran = CliRunner().invoke(command, ["build", str(sources), str(tmp_path / "out.opora-pack")])
    assert isinstance(ran.exception, FormFault)
    assert ran.exception.title.gaps["where"] == "/data/hand/place"
    assert not (tmp_path / "out.opora-pack").exists()
