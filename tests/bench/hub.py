"""What a hub stores durably in a second on PostgreSQL, beside what the database itself does of the same.

``python -m tests.bench.hub [--filled 1000000]``: the exchange of one process (reading, opening, storing,
answering) fed by several threads with ready requests, at ten thousand envelopes and again with a million
stored (filled with COPY); beside it bare inserts of rows of the same size and shape, one transaction a
request. The database is a PostgreSQL of its own with its usual durability, on the same processors.
"""

import argparse
import json
import os
import threading
import time
from datetime import UTC, datetime
from statistics import median
from uuid import UUID, uuid4

import psycopg
from rich.console import Console

from kiosk.ids import new_id
from sync.hub.database import HubDatabase
from sync.hub.exchanging import Exchange
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.opening import Opener
from sync.hub.reading import Json
from sync.protocol import ExchangeRequest
from sync.signatures import Signed
from tests.bench.figures import show
from tests.hub.crowd import AGENCY, Caller
from tests.hub.postgres import cluster
from tests.sync.parties import FORM_DIGEST, FORM_XML, now

KIOSKS, AT_ONCE, ROUNDS, THREADS = 20, 100, 5, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filled", type=int, default=1_000_000)
    asked = parser.parse_args()
    console = Console(width=110)
    rows: list[list[str]] = []
    with cluster() as server:
        url = server.url
        database, identity = HubDatabase(url), HubIdentity.fresh()
        exchange = Exchange(database, identity, Opener([AGENCY], {FORM_DIGEST: FORM_XML}), now)
        kiosks = Kiosks(database, identity, now)
        _feed(exchange, kiosks, identity)  # warm
        held = KIOSKS * AT_ONCE
        for filled in (10_000, asked.filled):
            _fill(url, filled - held)
            held = filled
            # In turns, so that a noisy moment meets both.
            pairs = [(_feed(exchange, kiosks, identity), _bare(url)) for _ in range(ROUNDS)]
            held += KIOSKS * AT_ONCE * ROUNDS
            ours, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            rows.append(
                [f"{filled:,}", f"{ours:,.0f}", f"{bare:,.0f}", f"{bare / ours:.1f}", f"{1000 / ours:.2f}"]
            )
        database.close()
    columns = ("stored before", "hub, envelopes/s", "bare inserts/s", "ratio", "ms an envelope")
    show(
        console,
        f"{AT_ONCE} envelopes a request, {KIOSKS} kiosks, {THREADS} threads, median of {ROUNDS}",
        columns,
        rows,
    )
    console.print(
        f"Load over the last five minutes: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors."
    )


def _feed(exchange: Exchange, kiosks: Kiosks, identity: HubIdentity) -> float:
    """Envelopes a second of fresh kiosks with one request each; making the requests is not timed."""
    ready: list[tuple[ExchangeRequest, list[Json], Signed]] = []
    for _ in range(KIOSKS):
        caller = Caller(identity)
        caller.enrol(kiosks)
        parcel = caller.parcel(AT_ONCE)
        signed = Signed(str(caller.device.kiosk), datetime.now(UTC), uuid4().hex)
        ready.append((parcel.request, [json.loads(each) for each in parcel.envelopes], signed))

    def send() -> None:
        while ready:
            try:
                exchange.answer(*ready.pop())
            except IndexError:
                return

    return _timed([threading.Thread(target=send) for _ in range(THREADS)])


def _bare(url: str) -> float:
    """Rows like an envelope's three, through the driver alone."""
    left = list(range(KIOSKS))
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bare (kiosk uuid, envelope uuid, number int, "
            "a text, b bytea, c text, PRIMARY KEY (kiosk, envelope, number))"
        )

    def insert() -> None:
        with psycopg.connect(url) as connection:
            while left:
                try:
                    left.pop()
                except IndexError:
                    return
                kiosk = new_id()
                with connection.cursor() as cursor:
                    cursor.executemany(
                        "INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s)",
                        [
                            (kiosk, name, number, "h" * 700, b"b" * 500, "r" * 150)
                            for name in (new_id() for _ in range(AT_ONCE))
                            for number in range(3)
                        ],
                    )
                connection.commit()

    return _timed([threading.Thread(target=insert) for _ in range(THREADS)])


def _timed(threads: list[threading.Thread]) -> float:
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return KIOSKS * AT_ONCE / (time.monotonic() - began)


def _fill(url: str, count: int) -> None:
    """Envelopes, parts and applications of a hundred kiosks, as bulk data."""
    names = [new_id() for _ in range(100)]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "INSERT INTO kiosk (id, centre, device_key, enrolled_at, revoked_reason, high_water, held,"
                " position, clock_ahead_us, app_version, waiting, attention, disk_free_bytes)"
                " VALUES (%s, 'filled', %s, 0, '', 0, 0, 0, 0, '', 0, 0, 0)",
                (name, bytes(32)),
            )
        made = [(names[number % 100], new_id(), number) for number in range(count)]
        _copy(
            cursor,
            "envelope (kiosk_id, envelope_id, sequence, kind, agency, application_id, number, created_at,"
            " arrived_at, digest, header, outcome, answer)",
            (
                (k, e, n + 1, "application", "x", e, 0, 0, 0, "d" * 64, "h" * 700, "stored", "a" * 150)
                for k, e, n in made
            ),
        )
        _copy(
            cursor,
            "part (kiosk_id, envelope_id, number, name, kind, media_type, digest, body, state, opened)",
            (
                (k, e, 0, "answers", "answers", "x", "d" * 64, b"b" * 500, "opened", b"o" * 600)
                for k, e, _ in made
            ),
        )
        _copy(
            cursor,
            "application (id, kiosk_id, agency, arrived_at, form, form_version, reference, receipt, tag, "
            "state, statuses)",
            ((e, k, "x", n, "f", "1", f"{n:015d}", "r" * 62, e.hex, "received", 0) for k, e, n in made),
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _copy(cursor: "psycopg.Cursor[tuple[object, ...]]", into: str, rows: object) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN".encode()) as copy:
        for row in rows:  # type: ignore[attr-defined]
            copy.write_row([str(value) if isinstance(value, UUID) else value for value in row])


if __name__ == "__main__":
    main()
