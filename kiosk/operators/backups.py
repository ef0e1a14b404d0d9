"""Backups: made by a coordinator or at a terminal, remembered, and asked for when the last one is old."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.journal import KIOSK, Action, Actor, operator_actor
from kiosk.operators.centre import SignedIn
from kiosk.operators.permissions import Permission
from kiosk.store import Clock, Repositories, Setting, WriterLane
from kiosk.store.backup import Backup, make_backup

EVERY = timedelta(days=7)
DAILY = timedelta(days=1)
MADE = "backup-made.json"
"""What a terminal leaves for a kiosk that is running on the same folder."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """``at`` is None where there was none yet; ``due``: a coordinator is to be reminded."""

    at: datetime | None
    due: bool


class Backups:
    """Each call waits for the lane or for the disk: not for a GUI's thread."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def last(self) -> LastBackup:
        self._take_note()
        with self._lane.database.reader() as repositories:
            known = repositories.settings.get(Setting.LAST_BACKUP)
        at = None if known is None else datetime.fromisoformat(known)
        # A clock that was set back must not silence the reminder for years.
        return LastBackup(at, at is None or not timedelta() <= self._clock() - at < EVERY)

    def make(self, signed_in: SignedIn, into: Path) -> Backup:
        """Raises :class:`~kiosk.errors.SignInFault` (not a coordinator) or the faults of
        :func:`~kiosk.store.backup.make_backup`."""
        signed_in.require(Permission.BACK_UP)
        made = make_backup(self._lane.database.folder, into, self._clock())
        self._write_down(made.made_at, operator_actor(signed_in.id))
        return made

    def wanted_today(self) -> bool:
        """Whether the last one is a day old, or of another time: the kiosk then makes one by itself."""
        at = self.last().at
        return at is None or not timedelta() <= self._clock() - at < DAILY

    def make_by_itself(self, into: Path) -> Backup:
        """Nobody is signed in, and nobody need be: it is sealed to the recovery sheet. Raises as
        :func:`~kiosk.store.backup.make_backup`."""
        made = make_backup(self._lane.database.folder, into, self._clock())
        self._write_down(made.made_at, KIOSK)
        return made

    def _take_note(self) -> None:
        note = self._lane.database.folder / MADE
        try:
            at = datetime.fromisoformat(json.loads(note.read_text(encoding="ascii"))["at"])
        except (FileNotFoundError, ValueError, KeyError):
            return
        self._write_down(at, KIOSK)
        note.unlink(missing_ok=True)

    def _write_down(self, at: datetime, actor: Actor) -> None:
        def work(repositories: Repositories) -> None:
            repositories.settings.put(Setting.LAST_BACKUP, at.isoformat())
            repositories.journal.append(self._clock(), actor, Action.BACKED_UP, "")

        self._lane.submit(work).result()


def leave_note(folder: Path, made_at: datetime) -> None:
    """For the kiosk: a terminal has made a backup."""
    (folder / MADE).write_text(json.dumps({"at": made_at.isoformat()}), encoding="ascii")
