"""Faults of a USB stick: it is lost, read twice and in the wrong order, torn, or somebody changed it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.ground import Ground
from tests.faults.processes import HubProcess, KioskProcess

Mishap = Callable[[Ground, HubProcess, KioskProcess, Path], None]


def _carried(ground: Ground, runs: int, mishap: Mishap) -> None:
    """Each run: some applications, a mishap, and then a journey that goes well."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub)
    sticks = ground.folder / "sticks"
    sticks.mkdir()
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(1, 6))
        mishap(ground, hub, kiosk, sticks)
        kiosk.store(ground.rng.randrange(0, 3))
        since = time.monotonic()
        up, down = sticks / "up", sticks / "down"
        assert kiosk.write_stick(up) == ""
        assert hub.answer_stick(up, down), hub.log.read_text()[-2000:]
        assert kiosk.read_stick(down) == ""
        ground.count.recoveries.append(time.monotonic() - since)
        ground.count.runs += 1
    assert kiosk.send().done == 0, "something waited after the last stick"
    ground.finish(hub)


def stick_lost(ground: Ground, runs: int) -> None:
    """On the way there, or on the way home."""

    def lost(ground: Ground, hub: HubProcess, kiosk: KioskProcess, sticks: Path) -> None:
        kiosk.write_stick(sticks / "lost")
        if ground.rng.random() < 0.5:
            hub.answer_stick(sticks / "lost", sticks / "lost-too")

    _carried(ground, runs, lost)


def stick_repeated(ground: Ground, runs: int) -> None:
    """Read twice on either side, also those of earlier days, in any order."""

    def repeated(ground: Ground, hub: HubProcess, kiosk: KioskProcess, sticks: Path) -> None:
        number = len(list(sticks.glob("up-*")))
        kiosk.write_stick(sticks / f"up-{number}")
        for _ in range(3):
            chosen = ground.rng.randrange(number + 1)
            hub.answer_stick(sticks / f"up-{chosen}", sticks / f"down-{chosen}")
        answers = sorted(sticks.glob("down-*"))
        for _ in range(3):
            kiosk.read_stick(ground.rng.choice(answers))

    _carried(ground, runs, repeated)


def stick_truncated(ground: Ground, runs: int) -> None:
    def torn(ground: Ground, content: bytes) -> bytes:
        return content[: ground.rng.randrange(len(content))]

    _carried(ground, runs, _spoilt(torn))


def stick_tampered(ground: Ground, runs: int) -> None:
    def changed(ground: Ground, content: bytes) -> bytes:
        place = ground.rng.randrange(len(content))
        other = bytes([content[place] ^ ground.rng.randrange(1, 256)])
        return content[:place] + other + content[place + 1 :]

    _carried(ground, runs, _spoilt(changed))


def _spoilt(spoil: Callable[[Ground, bytes], bytes]) -> Mishap:
    """The file on its way there and the one on its way home, each spoilt: neither may be believed."""

    def mishap(ground: Ground, hub: HubProcess, kiosk: KioskProcess, sticks: Path) -> None:
        up, down = sticks / "up", sticks / "down"
        kiosk.write_stick(up)
        whole = up.read_bytes()
        up.write_bytes(spoil(ground, whole))
        assert not hub.answer_stick(up, down), "the hub took a spoilt file"
        up.write_bytes(whole)
        assert hub.answer_stick(up, down), hub.log.read_text()[-2000:]
        down.write_bytes(spoil(ground, down.read_bytes()))
        assert kiosk.read_stick(down) != "", "the kiosk believed a spoilt file"

    return mishap
