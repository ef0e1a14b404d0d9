"""Faults while a large part travels, piece by piece: it arrives with every byte, and its application once."""

import shutil
import time

from tests.faults.ground import Ground
from tests.faults.line import Line
from tests.faults.processes import HubProcess, KioskProcess
from tests.faults.windowless import SCAN_BYTES

BITS_PER_S = 8_000_000
"""Slow enough to be met in the middle of a scan, quick enough for two hundred of them."""

LONGEST_S = 60.0


def line_cut(ground: Ground, runs: int) -> None:
    """Again and again, wherever the pieces are just then; others wait behind none of it."""
    hub = ground.hub()
    line = ground.closing.enter_context(Line(hub.port, cut_every=20_000))
    kiosk = ground.kiosk(hub, hub_url=line.url)
    for _ in range(runs):
        _stored(ground, kiosk)
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def kiosk_killed(ground: Ground, runs: int) -> None:
    hub = ground.hub()
    line = _line(ground, hub)
    kiosk = ground.kiosk(hub, hub_url=line.url)
    for _ in range(runs):
        _stored(ground, kiosk)
        _in_the_middle(ground, line, kiosk)
        kiosk.kill()
        since = time.monotonic()
        kiosk.start()
        ground.recover(kiosk, since)
        ground.count.runs += 1
    ground.finish(hub)


def hub_killed(ground: Ground, runs: int) -> None:
    hub = ground.hub()
    line = _line(ground, hub)
    kiosk = ground.kiosk(hub, hub_url=line.url)
    for _ in range(runs):
        _stored(ground, kiosk)
        trying = _in_the_middle(ground, line, kiosk)
        hub.kill()
        kiosk.tried(trying)
        since = time.monotonic()
        hub.start()
        ground.recover(kiosk, since)
        ground.count.runs += 1
    ground.finish(hub)


def hub_restored(ground: Ground, runs: int) -> None:
    """From a backup that was taken in the middle of a scan, which has arrived since, and others with it."""
    hub = ground.hub()
    line = _line(ground, hub)
    kiosk = ground.kiosk(hub, hub_url=line.url)
    backup = ground.folder / "yesterday"
    for _ in range(runs):
        _stored(ground, kiosk)
        trying = _in_the_middle(ground, line, kiosk)
        hub.stop()
        kiosk.tried(trying)
        shutil.copytree(hub.folder, backup)
        hub.start()
        ground.recover(kiosk)
        _stored(ground, kiosk)
        kiosk.send()
        hub.stop()
        shutil.rmtree(hub.folder)
        backup.rename(hub.folder)
        hub.start()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def _line(ground: Ground, hub: HubProcess) -> Line:
    return ground.closing.enter_context(Line(hub.port, bits_per_s=BITS_PER_S))


def _stored(ground: Ground, kiosk: KioskProcess) -> None:
    kiosk.store(1, scanned=True)
    kiosk.store(ground.rng.randrange(0, 3))


def _in_the_middle(ground: Ground, line: Line, kiosk: KioskProcess) -> int:
    """Begins a try and returns when any number of the scan's bytes have gone up, or a little more than all of
    them: its answer may then be under way."""
    until, longest = line.up + ground.rng.randrange(int(1.1 * SCAN_BYTES)), time.monotonic() + LONGEST_S
    trying = kiosk.begin_to_send()
    while line.up < until and not kiosk.has_said_more:
        assert time.monotonic() < longest, "the kiosk does not send"
        time.sleep(0.001)
    return trying
