"""Where the device's own secret lies, and what happens when a better place is found for it."""

import stat
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from kiosk.operators.device_secret import CREDENTIAL, FILE, DeviceSecret, SecretPlace, system_keyring


class OwnKeyring(KeyringBackend):
    """A backend of the keyring library that keeps what it is given for as long as it lives."""

    priority = 9

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class LockedKeyring(OwnKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("nobody is there to unlock it")


class DeafKeyring(OwnKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


def test_a_keyring_keeps_the_secret_and_no_file_is_made(tmp_path: Path) -> None:
    keyring = OwnKeyring()
    first = DeviceSecret.load(tmp_path, {}, keyring)
    assert first.place is SecretPlace.KEYRING
    assert DeviceSecret.load(tmp_path, {}, keyring).with_pin("739205") == first.with_pin("739205")
    assert list(tmp_path.iterdir()) == []
    assert not any(str(tmp_path) in name for pair in keyring.kept for name in pair)


@pytest.mark.parametrize("keyring", [LockedKeyring(), DeafKeyring()])
def test_a_keyring_that_keeps_nothing_is_passed_by(tmp_path: Path, keyring: OwnKeyring) -> None:
    secret = DeviceSecret.load(tmp_path, {}, keyring)
    assert secret.place is SecretPlace.FILE
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_pins_of_before_are_still_known_when_the_machine_gets_a_better_place(tmp_path: Path) -> None:
    before = DeviceSecret.load(tmp_path, {})
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / CREDENTIAL).write_bytes(b"made by systemd-creds")
    now = DeviceSecret.load(tmp_path, {"CREDENTIALS_DIRECTORY": str(credentials)})
    assert now.place in (SecretPlace.CREDENTIAL, SecretPlace.TPM_CREDENTIAL)
    assert now.mark != before.mark
    for mark in ("", before.mark):
        assert now.marked(mark).with_pin("739205") == before.with_pin("739205")
    assert now.marked(now.mark).with_pin("739205") == now.with_pin("739205")


def test_a_badge_counts_like_digits_of_the_pin(tmp_path: Path) -> None:
    secret = DeviceSecret.load(tmp_path, {})
    assert secret.with_pin("739205", "a badge") != secret.with_pin("739205")
    assert secret.with_pin("7392", "05") != secret.with_pin("739205")


def test_every_place_says_what_it_is_worth() -> None:
    assert len({place.worth.msgid for place in SecretPlace}) == len(SecretPlace)


def test_a_linux_kiosk_asks_nobody_for_a_keyrings_password() -> None:
    assert system_keyring({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}) is None
