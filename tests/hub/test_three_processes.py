"""Three hub processes behind one address list, one PostgreSQL, fifty kiosks that come back at once."""

import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import select

from kiosk.errors import Fault
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel
from sync.hub import lists
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.rows import KioskRow
from sync.protocol import ExchangeAnswer
from tests.hub.crowd import AGENCY, Caller
from tests.sync.parties import FORM_XML, now
from tests.sync.test_commands import serving

KIOSKS = 50
ROUNDS = 2
AT_ONCE = 8
MOST_TRIES = 20


def _exchanged(carrier: HttpsCarrier, parcel: Parcel) -> tuple[ExchangeAnswer, int]:
    """The answer, and after how many tries: a hub may say that it is busy."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            return carrier.exchange(parcel), tried
        except Fault as fault:
            last = fault
    raise last


def test_fifty_kiosks_at_three_processes_are_each_heard_and_stored_exactly_once(
    postgres: str, tmp_path: Path
) -> None:
    name = f"hub_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    url = postgres.rpartition("/")[0] + f"/{name}"
    data, keys, forms = tmp_path / "hub", tmp_path / "identities.txt", tmp_path / "forms"
    keys.write_text(f"{AGENCY}\n", encoding="ascii")
    forms.mkdir()
    (forms / "heating.xml").write_bytes(FORM_XML)
    database, identity = HubDatabase(url), HubIdentity.of_folder(data)
    callers = [Caller(identity) for _ in range(KIOSKS)]
    kiosks = Kiosks(database, identity, now)
    for caller in callers:
        caller.enrol(kiosks)
    failures: list[BaseException] = []
    tries: Counter[int] = Counter()
    with ExitStack() as stack:
        arguments = ("--database", url, "--identities", str(keys), "--forms", str(forms))
        hubs = [stack.enter_context(serving(data, *arguments)) for _ in range(3)]
        together = threading.Barrier(KIOSKS)

        def come_back(number: int, caller: Caller) -> None:
            try:
                carriers = [caller.carrier(hub) for hub in hubs]
                parcels = [caller.parcel(AT_ONCE) for _ in range(ROUNDS)]
                together.wait(120)
                for turn, parcel in enumerate(parcels):
                    # The answer of the first is taken to be lost: another process is asked the same again.
                    first, before = _exchanged(carriers[(number + turn) % 3], parcel)
                    again, after = _exchanged(carriers[(number + turn + 1) % 3], parcel)
                    assert first.stored == again.stored, (
                        "a repeat gets the first answer, from whichever process"
                    )
                    assert again.high_water == (turn + 1) * AT_ONCE
                    tries.update((before, after))
                for carrier in carriers:
                    carrier.close()
            except BaseException as error:
                failures.append(error)

        threads = [
            threading.Thread(target=come_back, args=(number, caller)) for number, caller in enumerate(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
    assert failures == []
    assert sum(tries.values()) == KIOSKS * ROUNDS * 2
    whole = KIOSKS * ROUNDS * AT_ONCE
    assert lists.totals(database) == lists.Totals(envelopes=whole, applications=whole, set_aside=0)
    arrived = {line.reference for line in lists.applications(database, 2 * whole)}
    assert arrived == {reference for caller in callers for reference in caller.references}
    with database.transaction() as session:
        marks = {(row.high_water, row.held) for row in session.scalars(select(KioskRow))}
    assert marks == {(ROUNDS * AT_ONCE, ROUNDS * AT_ONCE)}
    database.close()
