"""Faults of memory: one side is taken back to yesterday, or there are suddenly two of it."""

import shutil
import time

from tests.faults.ground import Ground


def hub_restored(ground: Ground, runs: int, defect: str = "") -> None:
    """From a backup; what it had acknowledged since is sent again."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub, defect=defect)
    backup = ground.folder / "yesterday"
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(0, 4))
        kiosk.send()
        hub.stop()
        shutil.copytree(hub.folder, backup)
        hub.start()
        for _ in range(ground.rng.randrange(1, 4)):
            kiosk.store(ground.rng.randrange(1, 5))
            kiosk.send()
        kiosk.store(ground.rng.randrange(0, 3))
        hub.stop()
        shutil.rmtree(hub.folder)
        backup.rename(hub.folder)
        hub.start()
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def kiosk_restored(ground: Ground, runs: int) -> None:
    """From a backup; everything was sent before, and its numbers are given out a second time."""
    hub = ground.hub()
    kiosk = ground.kiosk(hub)
    folder, backup = kiosk.orders.folder, ground.folder / "yesterday"
    for _ in range(runs):
        kiosk.store(ground.rng.randrange(0, 4))
        kiosk.close()
        shutil.copytree(folder, backup)
        kiosk.start()
        kiosk.store(ground.rng.randrange(1, 6))
        ground.recover(kiosk)
        kiosk.close()
        shutil.rmtree(folder)
        backup.rename(folder)
        kiosk.start()
        kiosk.store(ground.rng.randrange(1, 8))
        ground.recover(kiosk)
        ground.count.runs += 1
    ground.finish(hub)


def kiosk_cloned(ground: Ground, runs: int) -> None:
    """Two machines that both believe to be the one that was enrolled."""
    hub = ground.hub()
    for number in range(runs):
        first = ground.kiosk(hub, name=f"kiosk-{number}")
        first.store(ground.rng.randrange(0, 4))
        first.close()
        folder = ground.folder / f"clone-{number}"
        shutil.copytree(first.orders.folder, folder)
        first.start()
        second = ground.kiosk_over(folder, name=f"clone-{number}")
        second.start()
        for _ in range(ground.rng.randrange(2, 5)):
            one = ground.rng.choice([first, second])
            one.store(ground.rng.randrange(1, 4))
            ground.rng.choice([first, second]).send()
        ground.recover(first)
        ground.recover(second)
        first.close()
        second.close()
        ground.count.runs += 1
    ground.finish(hub)


def fifty_kiosks(ground: Ground, runs: int, kiosks: int = 50) -> None:
    """The hub was away, and all of them come back at once."""
    hub = ground.hub()
    all_of_them = [ground.kiosk(hub, name=f"kiosk-{number}") for number in range(kiosks)]
    for _ in range(runs):
        hub.stop()
        for kiosk in all_of_them:
            kiosk.store(ground.rng.randrange(2, 12))
        since = time.monotonic()
        hub.start()
        numbers = [kiosk.begin_to_send() for kiosk in all_of_them]
        for kiosk, number in zip(all_of_them, numbers, strict=True):
            kiosk.tried(number)
        for kiosk in all_of_them:
            ground.recover(kiosk, since)
        ground.count.runs += 1
    ground.finish(hub)
