"""This machine takes another one's place: a backup is brought in beside the blank kiosk, and then put there.

What was brought in lies in a folder of its own until a coordinator has a PIN on this machine. A mark then
says that it is to be moved up, which is done before the kiosk opens the next time, and begun anew after a
power cut: until the mark is written the blank kiosk is whole, and from then on the other one is.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kiosk.errors import Message, SealFault, StoreFault
from kiosk.ids import OperatorId
from kiosk.journal import Action, operator_actor
from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.secrets import RECOVERY_DIGITS, Argon2Parameters, stretched, typed_code
from kiosk.operators.service import Operators
from kiosk.operators.signing_in import wrong_code
from kiosk.store import Clock, WriterLane, open_database
from kiosk.store.backup import Content, restore_backup
from kiosk.store.engine import faults_told, sync_folder
from kiosk.store.operators import Operator, Role
from kiosk.store.sealing import Sealer
from kiosk.texts import N_

BROUGHT_IN: Final = "moving-in"
MARK: Final = "moved-in"
DATABASE: Final = "kiosk.db"
STEPS: Final = 3
"""Of :meth:`MovingIn.bring_in`: making room, opening the backup, looking who is there."""


class MovingIn:
    """``folder`` is the blank kiosk's; ``secret`` this machine's own, which PINs are made with."""

    def __init__(
        self,
        folder: Path,
        secret: DeviceSecret,
        clock: Clock,
        is_blank: Callable[[], bool],
        parameters: Argon2Parameters = Argon2Parameters(),  # noqa: B008 - frozen
    ) -> None:
        self._folder = folder
        self._secret = secret
        self._clock = clock
        self._is_blank = is_blank
        self._parameters = parameters

    def bring_in(
        self, file: Path, code: str, progress: Callable[[int], None]
    ) -> tuple[Content, tuple[Operator, ...]]:
        """What the backup holds, and its coordinators.

        Raises :class:`SignInFault` where the code opens nothing, and :class:`StoreFault` where the file is
        damaged or this kiosk is in use: nothing is ever laid over what is there.
        """
        digits = typed_code(code, RECOVERY_DIGITS)
        self._require_blank()
        progress(1)
        with faults_told():
            shutil.rmtree(self._place, ignore_errors=True)
        progress(2)

        def opener(salt: bytes, parameters: str) -> Sealer:
            return stretched(digits.encode(), salt, Argon2Parameters.from_json(parameters))

        try:
            content = restore_backup(file, self._place, opener)
        except SealFault as fault:
            raise wrong_code() from fault
        progress(3)
        with self._operators() as (operators, _):
            found = tuple(each for each in operators.names() if each.role is Role.COORDINATOR)
        return content, found

    def give_pin(self, who: OperatorId, code: str, pin: str) -> None:
        """A coordinator's PIN on this machine; from here on a restart opens what was brought in.

        Raises :class:`SignInFault` where code or PIN will not do.
        """
        self._require_blank()
        with self._operators() as (operators, lane):
            signed_in = operators.recover(code, who, pin)
            actor, at = operator_actor(signed_in.id), self._clock()
            lane.submit(lambda r: r.journal.append(at, actor, Action.RESTORED, "")).result()
        log = self._place / f"{DATABASE}-wal"
        if log.exists() and log.stat().st_size:
            # Its closing could not empty it: what it holds would be left behind.
            raise StoreFault(
                Message(N_("The disk is full or cannot be written.")),
                Message(N_("Please have a technician look at this machine, then begin anew.")),
            )
        with faults_told():
            sync_folder(self._place)
            mark = self._folder / MARK
            mark.touch(mode=0o600)
            sync_folder(self._folder)

    @property
    def _place(self) -> Path:
        return self._folder / BROUGHT_IN

    def _require_blank(self) -> None:
        if not self._is_blank():
            raise StoreFault(
                Message(N_("This kiosk is already in use.")),
                Message(N_("A backup is never laid over what is there. Please use a machine that is new.")),
            )

    @contextmanager
    def _operators(self) -> Iterator[tuple[Operators, WriterLane]]:
        database = open_database(self._place, clock=self._clock)
        lane = WriterLane(database, lambda call: call())
        operators = Operators(lane, self._secret, self._clock, self._parameters)
        try:
            yield operators, lane
        finally:
            operators.close()
            lane.close()
            database.close()


def finish_moving_in(folder: Path) -> bool:
    """Puts what was brought in into the blank kiosk's place, where the mark says so; True if it did.

    No kiosk may have the folder open. Every step can be done twice, so a power cut at any of them is mended
    by doing all of it again.
    """
    place = folder / BROUGHT_IN
    if not (folder / MARK).exists():
        with faults_told():
            shutil.rmtree(place, ignore_errors=True)
        return False
    with faults_told():
        if (place / DATABASE).exists():
            # The blank kiosk's log must not be taken for that of the database that comes in its place.
            for suffix in ("-wal", "-shm"):
                (folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)
            sync_folder(folder)
            # The database comes last: while it is still here, all of this is done again.
            for each in sorted(place.iterdir(), key=lambda each: each.name == DATABASE):
                # Its own lock, and a log that its closing emptied, stay behind.
                if not each.name.endswith((".lock", "-wal", "-shm")):
                    if each.is_dir():
                        shutil.rmtree(folder / each.name, ignore_errors=True)
                    os.replace(each, folder / each.name)
            sync_folder(folder)
        shutil.rmtree(place, ignore_errors=True)
        (folder / MARK).unlink()
        sync_folder(folder)
    return True
