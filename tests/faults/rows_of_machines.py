"""Faults of the machines: they are killed, their disks fill up, their clocks are wrong, bits flip."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.faults.ground import Ground
from tests.faults.meddling import Forward, Meddler
from tests.faults.processes import PATIENCE_S, HubProcess, KioskProcess
from tests.faults.small_disk import fill, mounted
from tests.hub.postgres import cluster
from tests.store.released import unpacked, versions


def kiosk_killed(ground: Ground, runs: int) -> None:
    """At any moment of storing and sending, and now and then of starting."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub)
    for _ in range(runs):
        kiosk.work()
        kiosk.hear(ground.rng.randrange(1, 12))
        time.sleep(ground.rng.uniform(0, 0.04))
        kiosk.kill()
        if ground.rng.random() < 0.2:
            kiosk.start(wait=False)
            time.sleep(ground.rng.uniform(0, 0.15))
            kiosk.kill()
        since = time.monotonic()
        kiosk.start()
        ground.recover(kiosk, since)
        ground.count.runs += 1
    ground.finish(hub)


def hub_killed(
    ground: Ground, runs: int, defect: str = "", *, kiosk_defect: str = "", latest: float = 1.3
) -> None:
    """At any moment of an exchange, or between two: up to so many times as late as its answer comes."""
    hub = ground.hub(defect=defect)
    during = _During(ground, hub, latest)
    kiosk = ground.kiosk(hub, hub_url=during.url, defect=kiosk_defect)
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(1, 9))
        with during.an_exchange(kiosk):
            hub.kill()
        since = time.monotonic()
        hub.start()
        ground.recover(kiosk, since)
        ground.count.runs += 1
    ground.finish(hub)


def postgres_restarted(ground: Ground, runs: int) -> None:
    """In the middle of a batch, as after a crash."""
    server = ground.closing.enter_context(cluster())
    hub = ground.hub(database=server.url)
    during = _During(ground, hub)
    kiosk = ground.kiosk(hub, hub_url=during.url)
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(5, 25))
        with during.an_exchange(kiosk):
            server.restart()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


class _During:
    """Finds a moment while the hub is at work on a request, however long that takes on this machine."""

    def __init__(self, ground: Ground, hub: HubProcess, latest: float = 1.3) -> None:
        self._rng = ground.rng
        self._latest = latest
        self._between = ground.closing.enter_context(Meddler(hub.url))
        self._between.does = self._timed
        self._asked = threading.Event()
        self._takes_s = 0.05
        self.url = self._between.url

    @contextmanager
    def an_exchange(self, kiosk: KioskProcess) -> Iterator[None]:
        """The block is run at any moment from when the hub was asked until shortly after its answer."""
        self._asked.clear()
        number = kiosk.begin_to_send()
        assert self._asked.wait(PATIENCE_S), "the kiosk does not ask"
        time.sleep(self._rng.uniform(0, self._latest * self._takes_s))
        yield
        kiosk.tried(number)

    def _timed(self, request: bytes, forward: Forward) -> tuple[bytes, bool]:
        began = time.monotonic()
        self._asked.set()
        answer = forward(request)
        if answer:
            self._takes_s = time.monotonic() - began
        return answer, bool(answer)


def kiosk_disk_full(ground: Ground, runs: int) -> None:
    """With a few bytes or a few pages left; whoever is told that it was not stored is not counted."""
    disk = ground.closing.enter_context(mounted(ground.folder / "small", 6))
    hub = ground.hub()
    kiosk = ground.kiosk(hub, folder=disk / "kiosk")
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(1, 4))
        ballast = fill(disk)
        _shorten(ballast, ground.rng.choice([0, 4_096, 20_000, 60_000]))
        kiosk.store(3)
        kiosk.send()
        kiosk.store(1)
        ballast.unlink()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def hub_disk_full(ground: Ground, runs: int) -> None:
    disk = ground.closing.enter_context(mounted(ground.folder / "small", 6))
    hub = ground.hub(folder=disk / "hub")
    kiosk = ground.kiosk(hub)
    for _ in range(runs):
        ballast = fill(disk)
        _shorten(ballast, ground.rng.choice([0, 4_096, 20_000, 60_000]))
        kiosk.store(ground.rng.randrange(3, 9))
        kiosk.send()
        kiosk.send()
        ballast.unlink()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def _shorten(ballast: Path, by: int) -> None:
    with ballast.open("r+b") as file:
        file.truncate(max(0, ballast.stat().st_size - by))


def clock_wrong(ground: Ground, runs: int, years: int) -> None:
    """From one start to the next by ``years``, and back again."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub)
    kiosk.close()
    for number in range(runs):
        off = timedelta(days=365 * years) if number % 2 == 0 else timedelta()
        kiosk.orders = replace(kiosk.orders, clock_off=off)
        kiosk.start()
        kiosk.store(ground.rng.randrange(1, 4))
        ground.recover(kiosk)
        kiosk.store(ground.rng.randrange(1, 3))
        kiosk.close()
        ground.count.runs += 1
    kiosk.start()
    ground.recover(kiosk)
    ground.finish(hub)


def bit_flipped(ground: Ground, runs: int) -> None:
    """One, in what waits: in the sealed answers or in the header beside them."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub)
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(2, 5))
        with closing(sqlite3.connect(kiosk.orders.folder / "kiosk.db", timeout=20)) as database:
            waiting = database.execute(
                "SELECT envelope_id FROM outbox WHERE state = 'waiting' ORDER BY sequence"
            )
            (envelope,) = ground.rng.choice(waiting.fetchall())
            table, column = ground.rng.choice([("part", "body"), ("outbox", "header")])
            found = database.execute(
                f"SELECT CAST({column} AS BLOB) FROM {table} WHERE envelope_id = ?", (envelope,)
            )
            content = bytearray(found.fetchone()[0])
            content[ground.rng.randrange(len(content))] ^= 1 << ground.rng.randrange(8)
            kind = "BLOB" if column == "body" else "TEXT"
            database.execute(
                f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE envelope_id = ?",
                (bytes(content), envelope),
            )
            database.commit()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def upgraded(ground: Ground, runs: int) -> None:
    """The folders of a release, opened by today's code, which is killed while it opens them."""
    for number in range(runs):
        version = versions()[number % len(versions())]
        folder = ground.folder / f"release-{number}"
        told = unpacked(version, folder)
        ground.identities.append(told.agency_identity)
        hub = ground.hub(name=f"hub-{number}", folder=folder / "hub")
        kiosk = ground.kiosk_over(folder / "kiosk", name=f"kiosk-{number}", hub_url=hub.url)
        kiosk.start(wait=False)
        time.sleep(ground.rng.uniform(0, 0.3))
        kiosk.kill()
        since = time.monotonic()
        kiosk.start()
        kiosk.store(2)
        ground.recover(kiosk, since)
        kiosk.close()
        new = [one.reference for one in kiosk.stored]
        ground.judge(hub, [*told.acknowledged, *told.waiting, *new], world=str(number))
        ground.count.runs += 1
