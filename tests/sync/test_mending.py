"""A bit that flipped in what waits is put right; what is damaged further is set aside and seen."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from kiosk.store.outbox import OutboxState
from sync import outbox
from sync.mending import MOST, whole_body, whole_header
from tests.store.opened import another_hand
from tests.sync.parties import Hub, Kiosk, Stored, now


def sent(kiosk: Kiosk) -> tuple[str, ...]:
    with kiosk.database.reader() as repositories:
        return outbox.next_batch(repositories, 0, 10**6, 500, now()).envelopes


def damage(
    kiosk: Kiosk, stored: Stored, table: str, column: str, change: Callable[[bytearray], None]
) -> None:
    name = stored.envelope.hex
    with another_hand(kiosk.database) as connection:
        found = connection.execute(
            f"SELECT CAST({column} AS BLOB) FROM {table} WHERE envelope_id = ?", (name,)
        )
        content = bytearray(found.fetchone()[0])
        change(content)
        kind = "BLOB" if column == "body" else "TEXT"
        connection.execute(
            f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE envelope_id = ?", (bytes(content), name)
        )


def flip(bit: int) -> Callable[[bytearray], None]:
    def change(content: bytearray) -> None:
        content[bit // 8 % len(content)] ^= 1 << bit % 8

    return change


@pytest.mark.parametrize(("table", "column"), [("part", "body"), ("outbox", "header"), ("outbox", "digest")])
def test_any_flipped_bit_of_what_waits_is_put_right(tmp_path: Path, table: str, column: str) -> None:
    chances = Random(5)
    with Kiosk(tmp_path / "kiosk") as kiosk:
        stored = kiosk.store()
        (before,) = sent(kiosk)
        # The highest bit of a byte makes a text that is no UTF-8.
        for bit in (0, 7, *(chances.randrange(1 << 16) for _ in range(4))):
            damage(kiosk, stored, table, column, flip(bit))
            (mended,) = sent(kiosk)
            assert json.loads(mended) == json.loads(before), f"bit {bit}"
            damage(kiosk, stored, table, column, flip(bit))


def test_worse_damage_is_set_aside_and_the_rest_arrives(tmp_path: Path) -> None:
    def tear(content: bytearray) -> None:
        content[10:200] = bytes(190)

    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        header, body, whole = (kiosk.store() for _ in range(3))
        damage(kiosk, header, "outbox", "header", tear)
        damage(kiosk, body, "part", "body", tear)
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.set_aside, state.attention) == (None, 1, 2, 2)
        assert kiosk.state(whole) is OutboxState.ACKNOWLEDGED
        assert {kiosk.entry(one.envelope).reason_code for one in (header, body)} == {"damaged"}


def test_what_is_whole_is_left_as_it_is() -> None:
    assert whole_body(b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == b""
    assert whole_body(bytes(MOST + 1), "0" * 64) is None
    assert whole_header("no header at all", "0" * 64) is None
