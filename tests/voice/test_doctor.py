"""A machine in trouble, told over the telephone."""

import os
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.checks import (
    Check,
    check_clock,
    check_disk,
    check_fonts,
    check_hibernation,
    check_hub,
    check_pins,
    check_printer,
    check_secret,
    check_swap,
    setting_of,
)
from kiosk.errors import Message, PrintFault
from kiosk.operators import Argon2Parameters, SecretPlace
from kiosk.receipts import FolderPrinter, NoPrinter
from kiosk.store import Setting, WriterLane, open_database
from kiosk.texts import texts_for
from kiosk.voice.render import ChildRenderer
from kiosk.voice.trying import check_voice
from ui.commands.doctor import doctor, first_start_words, line_of, reach

EN = texts_for("en")
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def ok(check: Check) -> bool | None:
    return check.ok


@pytest.mark.parametrize(
    ("free", "verdict"), [(50_000_000_000, True), (600_000_000, None), (50_000_000, False)]
)
def test_disk_that_fills_up_is_noticed(tmp_path: Path, free: int, verdict: bool | None) -> None:
    assert ok(check_disk(tmp_path / "not" / "yet", EN, lambda _folder: free)) is verdict


def test_clock_that_was_never_set_is_noticed(tmp_path: Path) -> None:
    check = check_clock(tmp_path, datetime(1970, 1, 1, tzinfo=UTC), EN)
    assert check.ok is False
    assert "1970" in check.sentence


def test_clock_that_has_gone_back_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.db"
    file.touch()
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    assert ok(check_clock(tmp_path, NOW - timedelta(days=3), EN)) is False
    assert ok(check_clock(tmp_path, NOW + timedelta(hours=1), EN)) is True


def test_voice_is_tried_in_all_languages(renderer: ChildRenderer) -> None:
    assert ok(check_voice(renderer, EN)) is True
    assert ok(check_voice(ChildRenderer(command=("/no/such",), espeak=None), EN)) is False


def test_centre_without_a_printer_is_no_broken_one(tmp_path: Path) -> None:
    assert ok(check_printer(NoPrinter(), EN)) is None
    assert ok(check_printer(FolderPrinter(tmp_path), EN)) is True


def test_hub_that_listens_and_one_that_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert ok(check_hub(f"http://127.0.0.1:{port}", reach, EN)) is True
    assert ok(check_hub(f"http://127.0.0.1:{port}", reach, EN)) is None
    assert ok(check_hub("nonsense", reach, EN)) is None
    assert "no hub" in check_hub("", reach, EN).sentence


def test_missing_letters_are_broken() -> None:
    def missing() -> object:
        raise PrintFault(Message("The letters for the paper are missing"), Message("Install them."))

    assert ok(check_fonts(EN)) is True
    assert ok(check_fonts(EN, missing)) is False


def test_looking_for_the_device_secret_makes_none(tmp_path: Path) -> None:
    assert "none yet" in check_secret(tmp_path, {}, EN).sentence
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "device-secret").write_bytes(bytes(32))
    assert ok(check_secret(tmp_path, {}, EN)) is None


HEADING = "Filename\tType\tSize\tUsed\tPriority\n"


@pytest.mark.parametrize(
    ("line", "uuid", "verdict"),
    [
        ("", "", True),
        ("/dev/zram0 partition 1 0 5\n", "", True),
        ("/dev/dm-1 partition 1 0 5\n", "CRYPT-PLAIN-swap", True),
        ("/dev/dm-1 partition 1 0 5\n", "LVM-abc", None),
        ("/dev/sda2 partition 1 0 5\n", "", None),
        ("/swapfile file 1 0 5\n", "", None),
    ],
)
def test_swap_that_is_not_encrypted_is_warned_of(
    tmp_path: Path, line: str, uuid: str, verdict: bool | None
) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(HEADING + line)
    (tmp_path / "dm-1" / "dm").mkdir(parents=True)
    (tmp_path / "dm-1" / "dm" / "uuid").write_text(uuid)
    assert ok(check_swap(EN, swaps, tmp_path)) is verdict


def test_machine_that_does_not_tell_its_swap_is_looked_at(tmp_path: Path) -> None:
    assert ok(check_swap(EN, tmp_path / "absent")) is None


@pytest.mark.parametrize(
    ("states", "swap", "verdict"), [("mem", None, True), ("mem disk", True, True), ("mem disk", None, None)]
)
def test_hibernation_to_a_readable_disk_is_warned_of(
    tmp_path: Path, states: str, swap: bool | None, verdict: bool | None
) -> None:
    (tmp_path / "state").write_text(states)
    assert ok(check_hibernation(EN, tmp_path / "state", Check("Memory on disk", swap, ""))) is verdict


def test_what_guessing_a_pin_costs_is_measured() -> None:
    sentence = check_pins(EN, Argon2Parameters(passes=1)).sentence
    seconds, days = (float(number) for number in re.findall(r"\d+\.?\d*", sentence))
    assert days == pytest.approx(seconds * 1e6 / 86_400, abs=0.11)


def test_where_a_running_kiosk_keeps_its_secret_is_told_from_outside_its_service(tmp_path: Path) -> None:
    database = open_database(tmp_path, clock=lambda: NOW)
    lane = WriterLane(database, lambda call: call())
    lane.submit(lambda r: r.settings.put(Setting.SECRET_PLACE, SecretPlace.TPM_CREDENTIAL)).result()
    assert ok(check_secret(tmp_path, {}, EN)) is True
    lane.submit(lambda r: r.settings.put(Setting.SECRET_PLACE, SecretPlace.CREDENTIAL)).result()
    assert "whole disk" in check_secret(tmp_path, {}, EN).sentence
    lane.close()
    database.close()


def test_setting_is_read_beside_a_kiosk_that_is_running(tmp_path: Path) -> None:
    assert setting_of(tmp_path, Setting.HUB_URL) == ""
    database = open_database(tmp_path / "data", clock=lambda: NOW)
    lane = WriterLane(database, lambda call: call())
    lane.submit(lambda repositories: repositories.settings.put(Setting.HUB_URL, "https://hub.test")).result()
    assert setting_of(tmp_path / "data", Setting.HUB_URL) == "https://hub.test"
    assert setting_of(tmp_path / "data", Setting.PRINTER) == ""
    lane.close()
    database.close()


def test_line_says_its_state_in_words() -> None:
    assert (
        line_of(Check("Disk", False, "It is full.", "Free some."), EN)
        == "[broken] Disk: It is full. Free some."
    )
    assert line_of(Check("Диск", True, "Хорошо."), texts_for("ru")) == "[в порядке] Диск: Хорошо."


@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_doctor_looks_at_everything_a_line_each(tmp_path: Path, language: str) -> None:
    outcome = CliRunner().invoke(doctor, ["--data", str(tmp_path / "data"), "--language", language])
    lines = outcome.stdout.splitlines()
    assert len(lines) == 11
    assert all(line.startswith("[") for line in lines)
    assert not (tmp_path / "data").exists()


def test_first_start_prints_a_code_that_works_once(tmp_path: Path) -> None:
    words = first_start_words(tmp_path, EN, lambda _folder: "1234 5678")
    assert words == "The code for the first coordinator is 1234 5678. It works once."
    outcome = CliRunner().invoke(doctor, ["--data", str(tmp_path / "data"), "--first-start"])
    assert outcome.exit_code == 0
    assert sum(sign.isdigit() for sign in outcome.stdout) >= 8
