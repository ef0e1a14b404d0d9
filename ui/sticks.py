"""USB sticks in this machine, and an exchange by one: the page's port over carrier and real folders."""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStorageInfo

from kiosk.errors import Fault
from kiosk.flow.sticks import CameHome, Stick, StickDone, UpdateCame, Writing
from kiosk.ids import OperatorId
from kiosk.journal import operator_actor
from kiosk.store import Setting

if TYPE_CHECKING:
    from sync.carriers.usb import UsbCarrier
    from ui.house import House

MOUNTED_UNDER = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
"""Where systems put what somebody plugs in (FHS 3.0 sections 3.11 and 3.12; udisks2; macOS)."""
NAMED_BY = "OPORA_STICKS"
"""A folder whose folders are sticks too, for a system that mounts them elsewhere."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted file system that can be taken out again."""

    root: Path
    name: str


def removable_volumes(environment: Mapping[str, str]) -> tuple[Volume, ...]:
    """What is mounted, can be written to, and is no disk of the machine's own."""
    found = [
        Volume(Path(each.rootPath()), each.displayName())
        for each in QStorageInfo.mountedVolumes()
        if each.isReady() and not each.isReadOnly() and _can_be_taken_out(each.rootPath())
    ]
    named = environment.get(NAMED_BY)
    return (*found, *volumes_in(Path(named))) if named else tuple(found)


def volumes_in(folder: Path) -> tuple[Volume, ...]:
    """Every folder of ``folder``; none where there is no such place."""
    if not folder.is_dir():
        return ()
    return tuple(Volume(each, each.name) for each in sorted(folder.iterdir()) if each.is_dir())


def _can_be_taken_out(root: str) -> bool:
    if os.name == "nt":
        import ctypes

        removable = 2  # DRIVE_REMOVABLE of GetDriveTypeW
        return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == removable)  # type: ignore[attr-defined,unused-ignore]
    return root.startswith(MOUNTED_UNDER)


class UsbSticks:
    """Implements :class:`kiosk.flow.sticks.Sticks`. ``came_home`` is called, on the worker's thread, when an
    answer was taken: it may have made this kiosk known to a hub."""

    def __init__(
        self,
        house: "House",
        volumes: Callable[[], Iterable[Volume]],
        came_home: Callable[[], None] = lambda: None,
    ) -> None:
        self._house = house
        self._volumes = volumes
        self._came_home = came_home
        self._carrier: UsbCarrier | None = None

    @property
    def enrolled(self) -> bool:
        with self._house.database.reader() as repositories:
            return bool(repositories.settings.get(Setting.HUB_KEY))

    def find(self) -> tuple[Stick, ...]:
        answer = self._usb.answer_name
        return tuple(
            Stick(each.root, each.name or str(each.root), self._folder(each.root, answer) is not None)
            for each in self._volumes()
        )

    def waiting(self) -> int:
        with self._house.database.reader() as repositories:
            return repositories.outbox.counts().waiting

    def exchange(
        self, stick: Stick, code: str, operator: OperatorId, progress: Callable[[Writing], None]
    ) -> StickDone:
        from sync.stick import FOLDER, write_file

        home, fault = self._bring_home(stick)
        update = self._update_of(stick, operator)
        if home is not None:
            self._house.look_again()
            self._came_home()
        if not self.enrolled and not code:
            return StickDone(home, fault, None, update=update)
        packed = self._usb.pack(
            code="" if home is not None and home.enrolled else code,
            centre=self._house.facts.centre.name,
            progress=progress,
        )
        write_file(stick.folder / FOLDER / packed.name, packed.content)
        self._usb.written(packed, operator_actor(operator))
        return StickDone(home, fault, packed.envelopes, len(packed.content), packed.left, update)

    def update_on(self, stick: Stick) -> bytes | None:
        from kiosk.updates.bundle import read_head

        file = self._update_file(stick)
        head = None if file is None else read_head(file)
        return None if head is None or self._house.updates.has_all_of(head) else head

    def take_update(
        self, stick: Stick, operator: OperatorId, progress: Callable[[int, int], None]
    ) -> UpdateCame | None:
        file, head, updates = self._update_file(stick), self.update_on(stick), self._house.updates
        if file is None or head is None:
            return None
        if not updates.trusts_anybody and self._was_told_of(head):
            # The hub's answer, signed and sealed to this kiosk, has told which head this is.
            updates.trust_first_of(head, operator_actor(operator))
        updates.take_file(file, operator_actor(operator), progress)
        return UpdateCame()

    def _update_of(self, stick: Stick, operator: OperatorId) -> UpdateCame | None:
        """An update that cannot be used must not keep applications from being written."""
        try:
            return self.take_update(stick, operator, lambda done, total: None)
        except Fault as fault:
            return UpdateCame(fault)

    def _update_file(self, stick: Stick) -> Path | None:
        from kiosk.updates.bundle import SUFFIX
        from sync.stick import FOLDER

        found = [file for place in (stick.folder / FOLDER, stick.folder) for file in place.glob(f"*{SUFFIX}")]
        return max((file for file in found if file.is_file()), key=_changed_at, default=None)

    def _was_told_of(self, head: bytes) -> bool:
        from sync.known_release import was_told_of

        with self._house.database.reader() as repositories:
            return was_told_of(repositories, head)

    def _bring_home(self, stick: Stick) -> tuple[CameHome | None, Fault | None]:
        """A file that cannot be read must not keep from writing what waits."""
        from sync.stick import read_file

        file = self._folder(stick.folder, self._usb.answer_name)
        if file is None:
            return None, None
        try:
            home = self._usb.unpack(read_file(file))
        except Fault as fault:
            return None, fault
        # It is written down here by now; left where it is it would look like news the next time.
        with contextlib.suppress(OSError):
            file.unlink()
        return home, None

    def _folder(self, root: Path, name: str) -> Path | None:
        """In our folder, or wherever a hurried hand put it: at the top."""
        from sync.stick import FOLDER

        return next((file for file in (root / FOLDER / name, root / name) if file.is_file()), None)

    @property
    def _usb(self) -> "UsbCarrier":
        # Imported when a stick is wanted: what speaks to a hub costs a quarter of a second.
        if self._carrier is None:
            self._carrier = self._house.make_usb_carrier()
        return self._carrier


def _changed_at(file: Path) -> float:
    return file.stat().st_mtime
