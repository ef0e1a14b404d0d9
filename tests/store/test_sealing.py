"""What is sealed opens with its key, in its own place, and only there."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import SealFault
from kiosk.ids import new_id
from kiosk.store.sealing import Sealer, age_open, age_seal, new_key, new_key_pair, open_with, seal_to

ROW = new_id()
PAIR = new_key_pair()


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_in_its_place(plaintext: bytes) -> None:
    sealer = Sealer(new_key())
    assert sealer.open(sealer.seal(plaintext, "answer", "step", ROW), "answer", "step", ROW) == plaintext
    assert (
        open_with(PAIR[1], seal_to(PAIR[0], plaintext, "draft", "key", ROW), "draft", "key", ROW) == plaintext
    )


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("draft", "step", ROW), ("answer", "place", ROW), ("answer", "step", new_id())],
)
def test_a_value_moved_elsewhere_does_not_open(table: str, column: str, row: UUID) -> None:
    sealer = Sealer(new_key())
    with pytest.raises(SealFault):
        sealer.open(sealer.seal(b"450", "answer", "step", ROW), table, column, row)
    with pytest.raises(SealFault):
        open_with(PAIR[1], seal_to(PAIR[0], b"450", "answer", "step", ROW), table, column, row)


# Sealed once: an age file differs in length from one sealing to the next.
UNDER_KEY = Sealer(bytes(32)).seal(b"income 12 500", "answer", "step", ROW)
TO_RECIPIENT = seal_to(PAIR[0], b"income 12 500", "answer", "step", ROW)


@given(st.integers(0, len(UNDER_KEY) * 8 - 1))
def test_every_flipped_bit_under_a_key_is_noticed(bit: int) -> None:
    with pytest.raises(SealFault):
        Sealer(bytes(32)).open(_flip(UNDER_KEY, bit), "answer", "step", ROW)


@given(st.integers(0, len(TO_RECIPIENT) * 8 - 1))
def test_every_flipped_bit_to_a_recipient_is_noticed(bit: int) -> None:
    with pytest.raises(SealFault):
        open_with(PAIR[1], _flip(TO_RECIPIENT, bit), "answer", "step", ROW)


def test_another_key_opens_nothing() -> None:
    sealed = Sealer(new_key()).seal(b"x", "answer", "step", ROW)
    with pytest.raises(SealFault):
        Sealer(new_key()).open(sealed, "answer", "step", ROW)
    with pytest.raises(SealFault):
        age_open(new_key_pair()[1], age_seal(PAIR[0], b"x"))


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x02" + bytes(40), bytes(13)])
def test_what_was_never_sealed_is_refused(broken: bytes) -> None:
    with pytest.raises(SealFault):
        Sealer(new_key()).open(broken, "answer", "step", ROW)


def test_a_key_that_is_none_is_told_and_not_used() -> None:
    with pytest.raises(SealFault, match="cannot be used"):
        age_seal("age1nonsense", b"x")


def _flip(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
