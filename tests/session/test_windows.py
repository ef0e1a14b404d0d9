"""What is made for Windows, as far as it can be looked at elsewhere."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL.IcoImagePlugin import IcoImageFile
from PySide6.QtWidgets import QApplication

from installers.windows.icon import SIZES, write_icon
from tests.e2e.child import REPOSITORY

FILES = REPOSITORY / "installers" / "windows"


def test_the_icon_holds_every_size_and_each_is_drawn(application: QApplication, tmp_path: Path) -> None:
    write_icon(tmp_path / "opora.ico")
    with IcoImageFile(tmp_path / "opora.ico") as icon:
        assert icon.info["sizes"] == {(size, size) for size in SIZES}
        for size in SIZES:
            drawn = icon.ico.getimage((size, size)).convert("RGBA")
            assert drawn.size == (size, size)
            colours = drawn.getcolors(1 << 16)
            assert colours is not None
            assert len(colours) > 4, f"{size} pixels: nothing but a plate"


@pytest.mark.skipif(shutil.which("makensis") is None, reason="makensis (package nsis) is not installed here")
def test_the_installer_is_made_without_a_warning(application: QApplication, tmp_path: Path) -> None:
    payload = tmp_path / "payload"
    (payload / "_internal").mkdir(parents=True)
    (payload / "opora.exe").write_bytes(b"MZ" + bytes(100))
    (payload / "_internal" / "library.dll").write_bytes(bytes(100))
    write_icon(tmp_path / "opora.ico")
    out = tmp_path / "opora-0.2.0.exe"
    given = {"VERSION": "0.2.0", "PAYLOAD": payload, "ICON": tmp_path / "opora.ico", "OUT": out}
    words = [f"-D{name}={value}" for name, value in given.items()]
    ended = subprocess.run(
        ["makensis", "-V2", "-WX", *words, FILES / "opora.nsi"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert out.read_bytes()[:2] == b"MZ"


def test_everything_that_is_installed_is_taken_away_again_and_nothing_else() -> None:
    script = (FILES / "opora.nsi").read_text()
    gone = script[script.index("Section Uninstall") :]
    for name in ("_internal", "opora.exe", "opora.ico", "shell-launcher.ps1", "uninstall.exe"):
        assert f'"$INSTDIR\\{name}"' in gone, name
    assert 'RMDir /r "$INSTDIR"' not in script, "a folder that was chosen badly would go as a whole"


def test_every_sentence_of_the_installer_is_in_every_language() -> None:
    script = (FILES / "opora.nsi").read_text()
    said = re.findall(r"^LangString (\w+) \$\{LANG_(\w+)\}", script, re.MULTILINE)
    names = {name for name, _ in said}
    assert len(names) == 3
    assert sorted(said) == sorted(
        (name, tongue) for name in names for tongue in ("ENGLISH", "RUSSIAN", "KOREAN")
    )


def test_shell_launcher_starts_what_the_installer_installs() -> None:
    script = (FILES / "shell-launcher.ps1").read_text()
    assert "$env:ProgramFiles\\Opora\\opora.exe" in script
    assert 'InstallDir "$PROGRAMFILES64\\Opora"' in (FILES / "opora.nsi").read_text()
    assert "kiosk --alone" in script
