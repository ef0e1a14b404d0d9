"""What a hub stores durably in a second on PostgreSQL, beside what the database itself does of the same.

``python -m tests.bench.hub [--filled 10000,100000,1000000]``: the exchange of one process (reading, opening,
storing, answering) fed by several threads with ready requests, at ten thousand envelopes, at a hundred
thousand and at a million stored (filled with COPY); beside it bare inserts of rows of the same size and
shape, one transaction a request. The database is a PostgreSQL of its own with its usual durability, on the
same processors. Processor time, of the hub and all of PostgreSQL, means something under load too.
"""

import argparse
import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from uuid import UUID, uuid4

import psutil
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
    parser.add_argument("--filled", default="10000,100000,1000000")
    asked = parser.parse_args()
    console = Console(width=120)
    rows: list[list[str]] = []
    with cluster() as server:
        url = server.url
        database, identity = HubDatabase(url), HubIdentity.fresh()
        exchange = Exchange(database, identity, Opener([AGENCY], {FORM_DIGEST: FORM_XML}), now)
        kiosks = Kiosks(database, identity, now)
        spent = _Spent(url)
        held = KIOSKS * AT_ONCE
        _feed(exchange, kiosks, identity, spent)  # warm
        for filled in map(int, asked.filled.split(",")):
            _fill(url, filled - held)
            # In turns, so that a noisy moment meets both.
            pairs = [(_feed(exchange, kiosks, identity, spent), _bare(url, spent)) for _ in range(ROUNDS)]
            held = filled + KIOSKS * AT_ONCE * ROUNDS
            ours, bare = (median(pair[side].per_s for pair in pairs) for side in (0, 1))
            cpu, bare_cpu = (median(pair[side].cpu_ms for pair in pairs) for side in (0, 1))
            rows.append(
                [
                    f"{filled:,}",
                    f"{ours:,.0f}",
                    f"{bare:,.0f}",
                    f"{bare / ours:.1f}",
                    f"{cpu:.2f}",
                    f"{bare_cpu:.2f}",
                ]
            )
            console.print(*rows[-1])
        database.close()
    columns = (
        "stored before",
        "hub, envelopes/s",
        "bare, rows of one/s",
        "ratio",
        "CPU ms each",
        "bare, CPU ms",
    )
    show(
        console,
        f"{AT_ONCE} envelopes a request, {KIOSKS} kiosks, {THREADS} threads, median of {ROUNDS}",
        columns,
        rows,
    )
    console.print(
        f"Load over the last five minutes: {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors."
    )


class _Spent:
    """Processor seconds of this process and of a database server."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            backend = psutil.Process(connection.info.backend_pid)
        server = backend.parent()
        assert server is not None
        self._server, self._own = server, psutil.Process()

    def __call__(self) -> float:
        alive = [self._own, self._server, *self._server.children(recursive=True)]
        gone = self._server.cpu_times()
        return gone.children_user + gone.children_system + sum(map(_cpu, alive))


def _cpu(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


@dataclass(frozen=True, slots=True)
class _Cost:
    per_s: float
    cpu_ms: float
    """Of one."""


def _feed(exchange: Exchange, kiosks: Kiosks, identity: HubIdentity, spent: _Spent) -> _Cost:
    """Fresh kiosks with one request each; making the requests is not timed."""
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

    return _timed(send, spent)


def _bare(url: str, spent: _Spent) -> _Cost:
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

    return _timed(insert, spent)


def _timed(work: Callable[[], None], spent: _Spent) -> _Cost:
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    began, before = time.monotonic(), spent()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu, count = time.monotonic() - began, spent() - before, KIOSKS * AT_ONCE
    return _Cost(count / took, 1000 * cpu / count)


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
