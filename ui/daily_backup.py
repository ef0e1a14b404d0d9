"""A backup a day, made by the kiosk itself while nobody is at it: into a folder, or onto a stick.

A folder is named by the machine's owner; a stick is used where a coordinator has backed up onto it before,
so that nothing is ever written onto somebody's own.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.errors import Fault
from kiosk.ids import KioskId
from kiosk.operators import Backups
from kiosk.store.backup import STICK_FOLDER, SUFFIX, read_label
from ui.sticks import Volume

NAMED_BY: Final = "OPORA_BACKUPS"
"""The folder, on another disk than the kiosk's own or on the network."""
KEPT: Final = 14
"""So many of this kiosk's, made by it or by hand; older ones give way."""
AGAIN: Final = timedelta(hours=1)
"""After a try that failed: the reminder on the page of the day tells of it meanwhile."""


class DailyBackup:
    def __init__(
        self,
        backups: Backups,
        kiosk: KioskId,
        clock: Callable[[], datetime],
        volumes: Callable[[], Iterable[Volume]],
        environment: Mapping[str, str],
    ) -> None:
        self._backups = backups
        self._kiosk = kiosk
        self._clock = clock
        self._volumes = volumes
        self._named = environment.get(NAMED_BY, "")
        self._failed_at: datetime | None = None

    def make(self) -> Path | None:
        """The file, where one was due and there is a place for it. Takes as long as the disk does."""
        now = self._clock()
        if self._failed_at is not None and timedelta() <= now - self._failed_at < AGAIN:
            return None
        place = self._place()
        if place is None or not self._backups.wanted_today():
            return None
        try:
            made = self._backups.make_by_itself(place)
        except (Fault, OSError):
            self._failed_at = now
            return None
        self._failed_at = None
        self._thin(place)
        return made.file

    def _place(self) -> Path | None:
        if self._named:
            named = Path(self._named)
            return named if named.is_dir() else None
        return next((each.root / STICK_FOLDER for each in self._volumes() if _is_ours(each)), None)

    def _thin(self, place: Path) -> None:
        ours = [file for file in sorted(place.glob(f"*{SUFFIX}")) if self._made(file)]
        for file in ours[:-KEPT]:
            file.unlink(missing_ok=True)

    def _made(self, file: Path) -> bool:
        try:
            return read_label(file).kiosk == str(self._kiosk)
        except (Fault, OSError):
            return False


def _is_ours(volume: Volume) -> bool:
    return (volume.root / STICK_FOLDER).is_dir()
