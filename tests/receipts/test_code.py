"""The numbers on the paper and the keys behind them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519
from stdnum import verhoeff

from kiosk.bech32 import encode
from kiosk.errors import SealFault, SignInFault
from kiosk.ids import ReceiptCode
from kiosk.receipts.code import (
    ReceiptKeys,
    groups,
    new_receipt_code,
    new_reference,
    new_resume_code,
    open_sealed,
    parse_code,
    parse_qr,
    parse_reference,
    qr_content,
    reference_groups,
    seal_to,
)

SALT = bytes(range(16))
CODE = ReceiptCode("12345678901234567895")


def _with_check_digit(payload: int) -> ReceiptCode:
    digits = f"{payload:019d}"
    return ReceiptCode(digits + verhoeff.calc_check_digit(digits))


codes = st.builds(_with_check_digit, st.integers(0, 10**19 - 1))


def test_fresh_codes_are_twenty_digits_and_all_different() -> None:
    fresh = {new_receipt_code() for _ in range(500)} | {new_resume_code() for _ in range(500)}
    assert len(fresh) == 1000
    assert all(re.fullmatch(r"[0-9]{20}", code) and parse_code(code) == code for code in fresh)


@given(codes)
def test_code_is_read_in_five_groups_of_four(code: ReceiptCode) -> None:
    assert [len(group) for group in groups(code)] == [4, 4, 4, 4, 4]
    assert "".join(groups(code)) == code
    assert parse_code(code) == code


@given(codes, st.integers(0, 19), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(code: ReceiptCode, place: int, shift: int) -> None:
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(SignInFault):
        parse_code(wrong)


@given(codes, st.integers(0, 18))
def test_two_neighbours_that_changed_places_are_noticed(code: ReceiptCode, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        assert parse_code(swapped) == code
    else:
        with pytest.raises(SignInFault):
            parse_code(swapped)


@given(
    codes,
    st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"]),
    st.lists(st.sampled_from(["", " ", "-", "–", "\u00a0", "\u200b", "\t", " · ", "\n", "−"]), min_size=20),
)
def test_blanks_dashes_and_other_scripts_digits_are_understood(
    code: ReceiptCode, script: str, between: list[str]
) -> None:
    typed = "".join(gap + script[int(digit)] for gap, digit in zip(between, code, strict=False))
    assert parse_code(typed) == code


@pytest.mark.parametrize(
    "scanned", [f"OPORA:1:{CODE}", f"ЩЗЩКФЖ1Ж{CODE}", f"ㅒㅖㅒㄲㅁ:1:{CODE}\n", f"opora:1:{CODE}"]
)
def test_scanner_that_types_through_another_layout_is_understood(scanned: str) -> None:
    assert parse_code(scanned) == CODE


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", "That is not the whole code"),
        ("1234 5678", "That is not the whole code"),
        (CODE + "1", "That is not the whole code"),
        ("l2345678901234567895", "There are letters in it"),
        ("12345678901234567890", "One of the digits is not right"),
    ],
)
def test_mistyped_code_is_answered_with_a_sentence_and_not_repeated(typed: str, title: str) -> None:
    with pytest.raises(SignInFault) as caught:
        parse_code(typed)
    assert caught.value.title.msgid == title
    assert len(typed) < 8 or typed not in str(caught.value)


def test_qr_content_comes_back_and_other_pictures_are_refused() -> None:
    assert qr_content(CODE) == f"OPORA:1:{CODE}"
    assert parse_qr(qr_content(CODE)) == CODE
    for other in ("https://example.org", f"OPORA:2:{CODE}", "OPORA:1:12345678901234567890", ""):
        with pytest.raises(SignInFault):
            parse_qr(other)


def test_reference_survives_a_spreadsheet() -> None:
    references = {new_reference() for _ in range(500)}
    assert len(references) == 500
    assert all(str(int(float(reference))) == reference for reference in references)


def test_reference_is_read_in_groups_and_never_taken_for_a_code() -> None:
    reference = new_reference()
    assert [len(group) for group in reference_groups(reference)] == [5, 5, 5]
    assert parse_reference(" ".join(reference_groups(reference))) == reference
    with pytest.raises(SignInFault):
        parse_code(reference)
    with pytest.raises(SignInFault):
        parse_reference(CODE)


def test_the_paper_alone_opens_what_was_sealed_to_it() -> None:
    keys = ReceiptKeys.derive(CODE, SALT)
    again = ReceiptKeys.derive(parse_code("1234-5678-9012-3456-7895"), SALT)
    sealed = seal_to(keys.recipient, "решено: да".encode())
    assert again == keys
    assert len(keys.tag) == 16
    assert keys.recipient.startswith("age1")
    assert open_sealed(again.identity, sealed).decode() == "решено: да"


def test_keys_of_a_printed_code_never_change() -> None:
    keys = ReceiptKeys.derive(CODE, SALT)
    assert keys.recipient == "age19p0d8k9tkw6nm3pqtezqtakkze3wlsf4q4ts735nkfgxttlw0snqt8k87s"
    assert keys.tag.hex() == "2413b9b60249a133a0f8cd64e2ea4d2f"


def test_another_code_or_another_deployment_opens_nothing() -> None:
    keys = ReceiptKeys.derive(CODE, SALT)
    sealed = seal_to(keys.recipient, b"decided")
    for other in (ReceiptKeys.derive(new_resume_code(), SALT), ReceiptKeys.derive(CODE, SALT[::-1])):
        assert other.tag != keys.tag
        with pytest.raises(SealFault):
            open_sealed(other.identity, sealed)


def test_every_flipped_bit_is_noticed() -> None:
    identity = x25519.Identity.generate()
    sealed = seal_to(str(identity.to_public()), b"decided")
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealFault):
            open_sealed(str(identity), bytes(flipped))


def test_damaged_recipient_is_answered_with_a_sentence() -> None:
    with pytest.raises(SealFault, match="could not be sealed"):
        seal_to("age1nonsense", b"decided")


def test_keys_hide_the_identity_from_logs() -> None:
    keys = ReceiptKeys.derive(CODE, SALT)
    assert keys.identity not in repr(keys)


@given(st.binary(min_size=32, max_size=32))
def test_identity_is_written_as_age_writes_it(scalar: bytes) -> None:
    written = encode("age-secret-key-", scalar).upper()
    assert str(x25519.Identity.from_str(written)) == written


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_age_itself_opens_what_was_sealed_to_a_receipt(tmp_path: Path) -> None:
    keys = ReceiptKeys.derive(CODE, SALT)
    (tmp_path / "identity").write_text(keys.identity)
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", str(tmp_path / "identity")],
        input=seal_to(keys.recipient, b"decided"),
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert opened.stdout == b"decided"
