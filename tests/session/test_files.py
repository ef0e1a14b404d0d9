"""What a kiosk session is made of: units that systemd takes, sound scripts, one way on and off."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.e2e.child import REPOSITORY

FILES = REPOSITORY / "installers" / "session"
SCRIPTS = ("kiosk-session", "opora-kiosk-session", "say-later")
UNITS = (
    "opora-kiosk.service",
    "opora-kiosk-later.service",
    "opora-stick@.service",
    "opora-update.path",
    "opora-update.service",
)
LAID = ("logind.conf", "system.conf", "sysctl.conf", "xorg.conf")
"""What `opora-kiosk-session on` lays down."""


def run(*words: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60, check=False)


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed here")


def test_every_file_has_its_place_in_the_table() -> None:
    table = (FILES / "README.md").read_text()
    missing = [file.name for file in FILES.iterdir() if f"`{file.name}`" not in table]
    assert missing == ["README.md"]


@needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """In the places that they go to, with something there for each program that they name."""
    for unit in UNITS:
        text = (FILES / unit).read_text()
        for program in re.findall(r"^Exec\w+=-?(/\S+)", text, re.MULTILINE):
            there = tmp_path / "bin" / Path(program).name
            there.parent.mkdir(exist_ok=True)
            there.write_text("#!/bin/sh\n")
            there.chmod(0o755)
            text = text.replace(program, str(there))
        (tmp_path / unit).write_text(text.replace("Documentation=man:opora(1)\n", ""))
    ended = run(
        "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(tmp_path.joinpath, UNITS)
    )
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@needs("systemd-analyze")
def test_the_kiosk_s_unit_lets_it_do_little(tmp_path: Path) -> None:
    unit = shutil.copy(FILES / "opora-kiosk.service", tmp_path)
    ended = run("systemd-analyze", "security", "--offline=true", "--threshold=25", unit)
    assert ended.returncode == 0, ended.stdout[-300:]


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(FILES / name)
    return parser


def test_the_kiosk_comes_back_however_it_ended_but_not_without_end() -> None:
    kiosk = unit("opora-kiosk.service")
    service = kiosk["Service"]
    assert service["Restart"] == "always"
    assert service["Type"] == "notify"
    # A session of PAM's has a control group of its own: from there only the main process is heard.
    assert service["NotifyAccess"] == "main"
    assert service["PAMName"] == "opora-kiosk"
    assert float(service["WatchdogSec"]) >= 10
    assert int(kiosk["Unit"]["StartLimitBurst"]) * float(service["RestartSec"]) < float(
        kiosk["Unit"]["StartLimitIntervalSec"]
    ), "a burst must be able to happen within the interval"
    assert kiosk["Unit"]["OnFailure"] == "opora-kiosk-later.service"
    later = (FILES / "opora-kiosk-later.service").read_text()
    assert "start opora-kiosk.service" in later
    assert service["LimitCORE"] == "0"


@needs("shellcheck")
@pytest.mark.parametrize("script", SCRIPTS)
def test_shellcheck_finds_nothing(script: str) -> None:
    ended = run("shellcheck", FILES / script)
    assert (ended.returncode, ended.stdout) == (0, "")


@needs("desktop-file-validate")
def test_the_desktop_entry_is_one_that_desktops_take() -> None:
    ended = run("desktop-file-validate", FILES / "opora.desktop")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_a_kiosk_session_without_a_display_server_says_so_and_ends(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for needed in ("sh", "mktemp", "mkfifo", "rm", "timeout", "cat"):
        (programs / needed).symlink_to(str(shutil.which(needed)))
    ended = subprocess.run(
        [FILES / "kiosk-session", "true"],
        env={"PATH": str(programs), "XDG_RUNTIME_DIR": str(tmp_path), "OPORA_DISPLAY_PATIENCE": "5"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "no display server came up" in ended.stderr
    assert {each.name for each in tmp_path.iterdir()} == {"bin"}, "no pipe is left behind"


def tree(root: Path) -> dict[str, str]:
    return {
        str(each.relative_to(root)): str(each.readlink()) if each.is_symlink() else each.read_text()
        for each in sorted(root.rglob("*"))
        if each.is_symlink() or each.is_file()
    }


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A system as the package leaves it, with a desktop's greeter and a print server."""
    root = tmp_path / "root"
    shared, units = root / "usr/share/opora/session", root / "usr/lib/systemd/system"
    etc = root / "etc/systemd/system"
    for folder in (shared, units, etc, root / "etc/cups"):
        folder.mkdir(parents=True)
    for file in LAID:
        shutil.copy(FILES / file, shared)
    shutil.copy(FILES / "opora-kiosk.service", units)
    for target in ("graphical", "multi-user"):
        (units / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n")
    (etc / "display-manager.service").symlink_to("/usr/lib/systemd/system/gdm3.service")
    (root / "etc/cups/cupsd.conf").write_text(
        "LogLevel warn\npreservejobfiles Yes\n<Location />\n</Location>\n"
    )
    return root


@needs("systemctl")
def test_on_makes_a_kiosk_of_it_twice_as_well_as_once_and_off_gives_the_desktop_back(installed: Path) -> None:
    switch = FILES / "opora-kiosk-session"
    before = tree(installed)
    assert run(switch, "status", "--root", installed).stdout == "off\n"
    ended = run(switch, "on", "--root", installed)
    assert ended.returncode == 0, ended.stderr
    on = tree(installed)
    enabled = "etc/systemd/system/graphical.target.wants/opora-kiosk.service"
    assert on[enabled].endswith("/opora-kiosk.service")
    assert "etc/systemd/system/display-manager.service" not in on
    assert on["etc/systemd/logind.conf.d/opora-kiosk.conf"] == (FILES / "logind.conf").read_text()
    printing = on["etc/cups/cupsd.conf"].splitlines()
    assert {"PreserveJobFiles No", "PreserveJobHistory No"} <= set(printing)
    assert not any("Yes" in each for each in printing)
    assert run(switch, "on", "--root", installed).returncode == 0
    assert tree(installed) == on
    assert run(switch, "status", "--root", installed).stdout == "on\n"
    assert run(switch, "off", "--root", installed).returncode == 0
    after = tree(installed)
    # What stays: a spool that forgets, and the system's usual target, which Debian has anyway.
    kept = {"etc/cups/cupsd.conf", "etc/systemd/system/default.target"}
    assert {name: text for name, text in after.items() if name not in kept} == {
        name: text for name, text in before.items() if name not in kept
    }


@pytest.mark.parametrize("words", [(), ("up",), ("on", "--root")])
def test_a_wish_that_is_none_is_answered_with_how_it_is_used(words: tuple[str, ...]) -> None:
    ended = run(FILES / "opora-kiosk-session", *words)
    assert ended.returncode == 2
    assert "on|off|status" in ended.stdout
