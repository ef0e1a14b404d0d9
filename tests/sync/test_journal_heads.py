"""A journal that was cut or rewritten on a kiosk shows at the hub; an order to erase itself is heard."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event

import pytest

from kiosk.journal import KIOSK, Action
from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from sync.carriers.https import HttpsCarrier
from sync.courier import Courier
from sync.hub import journals, lists
from sync.hub.deliveries import lock_kiosk
from sync.orders import wipe_ordered
from sync.protocol import JournalHead
from tests.store.opened import another_hand
from tests.sync.parties import PATIENCE_S, Hub, Kiosk


@contextmanager
def conversing(tmp_path: Path) -> Iterator[tuple[Hub, Kiosk, HttpsCarrier]]:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.lane.submit(lambda r: r.settings.put(Setting.KIOSK_ID, str(kiosk.device.kiosk))).result()
        yield hub, kiosk, carrier
        carrier.close()


def exchange(kiosk: Kiosk, carrier: HttpsCarrier) -> None:
    """One whole try of the kiosk's own courier, which sends the head along."""
    done = Event()
    courier = Courier(
        database=kiosk.database,
        lane=kiosk.lane,
        carrier=carrier,
        kiosk=kiosk.device.kiosk,
        app_version="0",
        clock=kiosk.clock,
        random=Random(1),
        deliver=lambda call: call(),
        key=kiosk.device.key,
    )
    courier.try_now(lambda _: done.set())
    courier.start()
    assert done.wait(PATIENCE_S)
    courier.stop()


def deeds(kiosk: Kiosk, count: int) -> None:
    def work(repositories: Repositories) -> None:
        for number in range(count):
            repositories.journal.append(kiosk.clock(), KIOSK, Action.EXPORTED, str(number))

    kiosk.lane.submit(work).result()


def tampered(kiosk: Kiosk, *statements: str) -> None:
    with another_hand(kiosk.database) as connection:
        for statement in statements:
            connection.execute(statement)


def trouble(hub: Hub, kiosk: Kiosk) -> str:
    (line,) = [line for line in lists.kiosks(hub.database) if line.id == kiosk.device.kiosk]
    return line.journal


def test_heads_that_follow_each_other_are_kept_and_nothing_is_wrong(tmp_path: Path) -> None:
    with conversing(tmp_path) as (hub, kiosk, carrier):
        for count in (1, 3, 2):
            deeds(kiosk, count)
            exchange(kiosk, carrier)
        exchange(kiosk, carrier)
        heads = list(journals.heads(hub.database, kiosk.device.kiosk))
        assert [(head.number, head.trouble) for head in heads] == [(1, ""), (4, ""), (6, "")]
        assert trouble(hub, kiosk) == ""


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (("DELETE FROM journal WHERE number > 2",), "cut at entry 2"),
        (("DELETE FROM journal",), ""),
        (("UPDATE journal SET hash = zeroblob(32) WHERE number = 4",), "rewritten at entry 4"),
    ],
)
def test_a_journal_that_was_cut_or_rewritten_shows_at_the_hub(
    tmp_path: Path, statements: tuple[str, ...], found: str
) -> None:
    with conversing(tmp_path) as (hub, kiosk, carrier):
        deeds(kiosk, 4)
        exchange(kiosk, carrier)
        tampered(kiosk, *statements)
        exchange(kiosk, carrier)
        if found:
            assert trouble(hub, kiosk) == found
            return
        # Nothing left to send a head of; the first new entry tells.
        deeds(kiosk, 1)
        exchange(kiosk, carrier)
        assert trouble(hub, kiosk) == "cut at entry 1"


def test_a_chain_made_anew_as_a_whole_and_longer_than_before_shows_too(tmp_path: Path) -> None:
    with conversing(tmp_path) as (hub, kiosk, carrier):
        deeds(kiosk, 4)
        exchange(kiosk, carrier)
        tampered(kiosk, "DELETE FROM journal")
        deeds(kiosk, 9)
        with kiosk.database.reader() as repositories:
            assert repositories.journal.verify() is None, "by itself it is a sound chain"
        exchange(kiosk, carrier)
        assert trouble(hub, kiosk) == "rewritten at entry 9"


def test_what_waits_is_taken_even_where_the_journal_is_wrong(tmp_path: Path) -> None:
    with conversing(tmp_path) as (hub, kiosk, carrier):
        deeds(kiosk, 4)
        exchange(kiosk, carrier)
        tampered(kiosk, "DELETE FROM journal WHERE number > 2")
        kiosk.store()
        exchange(kiosk, carrier)
        assert lists.totals(hub.database).applications == 1


def test_a_head_that_the_device_key_did_not_sign_is_told_as_forged(tmp_path: Path) -> None:
    with conversing(tmp_path) as (hub, kiosk, _):
        head = JournalHead(number=7, hash="ab" * 32, signature=bytes(64))
        with hub.database.transaction() as session:
            row = lock_kiosk(session, kiosk.device.kiosk)
            assert row is not None
            journals.note_head(session, row, head, hub.clock())
        assert trouble(hub, kiosk) == "forged at entry 7"


def test_an_order_to_erase_itself_reaches_the_kiosk_that_it_names_alone(tmp_path: Path) -> None:
    with conversing(tmp_path) as (hub, kiosk, carrier):
        exchange(kiosk, carrier)
        with kiosk.database.reader() as repositories:
            assert not wipe_ordered(repositories)
        hub.server.kiosks.order_wipe(kiosk.device.kiosk)
        exchange(kiosk, carrier)
        with kiosk.database.reader() as repositories:
            assert wipe_ordered(repositories)
            (notice,) = repositories.notices.unseen()
        told = json.loads(notice.message_json)
        assert told["body"] == {"kiosk": str(kiosk.device.kiosk)}
        kiosk.lane.submit(
            lambda r: r.settings.put(Setting.KIOSK_ID, "018f0000-0000-7000-8000-000000000000")
        ).result()
        with kiosk.database.reader() as repositories:
            assert not wipe_ordered(repositories), "a copy of the order does nothing on another kiosk"
