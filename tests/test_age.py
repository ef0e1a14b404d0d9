"""What is sealed here opens with pyrage and with the age program, and is no longer than it must be."""

import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import age, bech32

KEY = pyrage.x25519.Identity.generate()
RECIPIENT = str(KEY.to_public())
SIZES = (0, 1, 400, age.CHUNK - 1, age.CHUNK, age.CHUNK + 1, 2 * age.CHUNK, 3 * age.CHUNK + 7)


@pytest.mark.parametrize("size", SIZES)
def test_every_length_opens_with_another_implementation(size: int) -> None:
    plaintext = bytes(range(256)) * (size // 256) + bytes(size % 256)
    sealed = age.sealed(RECIPIENT, plaintext)
    assert pyrage.decrypt(sealed, [KEY]) == plaintext
    assert len(sealed) == size + 184 + 16 * max(1, -(-size // age.CHUNK))


@pytest.mark.skipif(not shutil.which("age"), reason="the program age is not installed")
@pytest.mark.parametrize("size", SIZES)
def test_every_length_opens_with_the_age_program(tmp_path: Path, size: int) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    opened = subprocess.run(
        ["age", "-d", "-i", tmp_path / "key"],
        input=age.sealed(RECIPIENT, b"x" * size),
        capture_output=True,
        check=True,
    )
    assert opened.stdout == b"x" * size


def test_nothing_of_one_file_comes_again_in_the_next() -> None:
    one, other = (age.sealed(RECIPIENT, b"the same") for _ in range(2))
    same = sum(a == b for a, b in zip(one[-56:], other[-56:], strict=True))
    assert same < 10
    assert one.split(b"\n")[1:4] != other.split(b"\n")[1:4]


@pytest.mark.parametrize("at", [40, 100, 150, 190, -20, -1])
def test_changed_anywhere_it_opens_no_more(at: int) -> None:
    changed = bytearray(age.sealed(RECIPIENT, b"plain"))
    changed[at] ^= 1
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes(changed), [KEY])


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "age1",
        "age1notakey",
        RECIPIENT[:-1],
        RECIPIENT.upper(),
        f" {RECIPIENT}",
        str(KEY),
        "age1" + "q" * 58,
    ],
    ids=["blank", "prefix", "words", "cut", "capitals", "led by a blank", "identity", "zeros"],
)
def test_what_is_no_recipient_is_refused(recipient: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        age.sealed(recipient, b"plain")


@given(st.text("abcdefgh", min_size=1, max_size=8), st.binary(max_size=60))
def test_bech32_survives_writing_and_reading(prefix: str, data: bytes) -> None:
    assert bech32.decode(bech32.encode(prefix, data)) == (prefix, data)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 61), st.sampled_from("qpzry9x8gf2tvdw0"))
def test_one_wrong_letter_of_a_recipient_is_noticed(data: bytes, at: int, letter: str) -> None:
    text = age.recipient_text(data)
    assert age.recipient_bytes(text) == data
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        with pytest.raises(ValueError, match=r".+"):
            age.recipient_bytes(changed)
