"""PINs, printed codes, and the device's own secret."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import SignInFault
from kiosk.operators.device_secret import DeviceSecret, SecretPlace
from kiosk.operators.secrets import (
    FIRST_START_DIGITS,
    check_pin,
    in_groups,
    new_first_start_code,
    new_recovery_code,
    typed_code,
)


@pytest.mark.parametrize(
    "pin",
    [
        "12345",
        "",
        "12a456",
        "１２３４５６７",
        "000000",
        "123456",
        "654321",
        "012345",
        "890123",
        "121212",
        "123123",
        "112233",
        "123321",
        "131313",
        "147258",
        "19450509",
        "09051945",
        "090545",
        "450905",
        "11111111",
        "246810",
    ],
)
def test_a_short_or_silly_pin_is_refused(pin: str) -> None:
    with pytest.raises(SignInFault):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["739205", "482917", "60418829", "7302946158"])
def test_an_ordinary_pin_will_do(pin: str) -> None:
    check_pin(pin)


def test_most_pins_are_left_to_choose_from() -> None:
    def allowed(pin: str) -> bool:
        try:
            check_pin(pin)
        except SignInFault:
            return False
        return True

    assert sum(allowed(f"{number:06}") for number in range(0, 1_000_000, 97)) > 0.85 * 1_000_000 / 97


@given(st.integers(0, FIRST_START_DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_of_a_printed_code_is_noticed(at: int, shift: int) -> None:
    code = new_first_start_code()
    wrong = code[:at] + str((int(code[at]) + shift) % 10) + code[at + 1 :]
    assert typed_code(in_groups(code), FIRST_START_DIGITS) == code
    with pytest.raises(SignInFault):
        typed_code(wrong, FIRST_START_DIGITS)


def test_a_code_may_be_typed_with_blanks_dashes_and_other_digits() -> None:
    code = new_recovery_code()
    assert len(code) == 28
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert typed_code("-".join(in_groups(arabic).split()), 28) == code


def test_the_device_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = DeviceSecret.load(tmp_path, {})
    again = DeviceSecret.load(tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert first.place is SecretPlace.FILE
    assert first.with_pin("739205") == again.with_pin("739205")
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "device-secret").stat().st_mode) == 0o600


def test_a_credential_of_the_system_goes_before_a_file_and_is_worth_more(tmp_path: Path) -> None:
    file = DeviceSecret.load(tmp_path, {})
    (tmp_path / "opora-device-secret").write_bytes(b"from the TPM")
    credential = DeviceSecret.load(tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert credential.place is SecretPlace.CREDENTIAL
    assert credential.with_pin("739205") != file.with_pin("739205")
    assert credential.worth.msgid != file.worth.msgid


def test_secrets_do_not_show_in_a_repr(tmp_path: Path) -> None:
    secret = DeviceSecret.load(tmp_path, {})
    assert repr((tmp_path / "device-secret").read_bytes())[2:-1] not in repr(secret)
