"""Backups on the sticks of this machine, and a kiosk that comes out of one in place of the blank one."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.errors import Fault
from kiosk.flow.moving import BroughtIn, FoundBackup
from kiosk.operators import MovingIn, Operator
from kiosk.store.backup import STICK_FOLDER, SUFFIX, read_label
from ui.sticks import Volume


class UsbMoving:
    """Implements :class:`kiosk.flow.moving.Moving`. ``reopen`` closes the kiosk and opens it anew."""

    def __init__(
        self,
        moving_in: MovingIn,
        volumes: Callable[[], Iterable[Volume]],
        reopen: Callable[[], None],
    ) -> None:
        self._moving_in = moving_in
        self._volumes = volumes
        self._reopen = reopen

    def find(self) -> tuple[FoundBackup, ...]:
        found = [
            found
            for volume in self._volumes()
            for file in _files(volume.root)
            if (found := _found(file, volume)) is not None
        ]
        return tuple(sorted(found, key=lambda each: each.made_at, reverse=True))

    def bring_in(self, backup: FoundBackup, code: str, progress: Callable[[int], None]) -> BroughtIn:
        return BroughtIn(*self._moving_in.bring_in(backup.file, code, progress))

    def give_pin(self, who: Operator, code: str, pin: str) -> None:
        self._moving_in.give_pin(who.id, code, pin)

    def take_over(self) -> None:
        self._reopen()


def _files(root: Path) -> list[Path]:
    """In our folder, or wherever a hurried hand put it: at the top."""
    return [*(root / STICK_FOLDER).glob(f"*{SUFFIX}"), *root.glob(f"*{SUFFIX}")]


def _found(file: Path, volume: Volume) -> FoundBackup | None:
    """None for what cannot be read: it is no backup, whatever its name says."""
    try:
        label = read_label(file)
    except (Fault, OSError):
        return None
    return FoundBackup(file, volume.name or str(volume.root), label.made_at, label.centre)
