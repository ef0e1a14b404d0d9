"""The processes of a soak: a hub, a kiosk, a sound device that nobody hears."""

import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select as query

from kiosk.catalogue.demo import IDENTITIES, ensure_demo_pack
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.rows import ApplicationRow
from sync.hub.statuses import Caseworker, Decision
from tests.voice.sound import SoundServer
from ui.display import has_display
from ui.forgetful import forgetful

REPOSITORY = Path(__file__).parents[2]
STARTED_WITHIN_S = 60.0
DECISION = Decision(
    "granted", by="Agency", text="A letter with the details is on its way to you.", share=True
)


def now() -> datetime:
    return datetime.now(UTC)


class Hub:
    """``opora hub serve`` in a process of its own; its case worker sits here."""

    def __init__(self, folder: Path, pack: Path, log: Path) -> None:
        command = ["hub", "serve", "--data", str(folder), "--port", "0", "--identities", str(IDENTITIES)]
        self._log = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui.commands", *command, "--pack", str(pack)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.url = self._address()
        self._database = HubDatabase.in_folder(folder)
        self._kiosks = Kiosks(self._database, HubIdentity.of_folder(folder), now)
        self._caseworker = Caseworker(self._database, now)
        self._decided: set[str] = set()

    def _address(self) -> str:
        stream = self.process.stdout
        assert stream is not None
        if not select.select([stream], [], [], STARTED_WITHIN_S)[0]:
            raise TimeoutError("the hub did not start")
        return stream.readline().strip()

    def code(self) -> str:
        return self._kiosks.new_code()

    def arrived(self) -> Counter[str]:
        """How often each reference is there."""
        return references(self._database)

    def decide(self) -> int:
        """Answers whatever has come and was not answered yet."""
        fresh = [each for each in self.arrived() if each != "unread" and each not in self._decided]
        for reference in fresh:
            self._caseworker.decide(reference, DECISION)
            self._decided.add(reference)
        return len(fresh)

    def close(self) -> None:
        self._database.close()
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()


def references(database: HubDatabase) -> Counter[str]:
    """How often each is there; what could not be opened has none and counts as ``unread``."""
    with database.transaction() as session:
        return Counter(each or "unread" for each in session.scalars(query(ApplicationRow.reference)))


@contextmanager
def hub_of(folder: Path) -> Iterator[Hub]:
    pack = ensure_demo_pack(folder / "current.opora-pack")
    hub = Hub(folder / "hub", pack, folder / "hub.log")
    try:
        yield hub
    finally:
        hub.close()


@contextmanager
def loudspeaker(folder: Path) -> Iterator[dict[str, str]]:
    """What a process's environment needs so that its sound comes out of a device that nobody hears."""
    if SoundServer.missing is not None:
        # The kiosk then says that its voice is off, and so does the soak.
        yield {}
        return
    folder.mkdir()
    server = SoundServer(folder)
    try:
        server.wait()
        yield {"PULSE_SERVER": server.address}
    finally:
        server.kill()


@contextmanager
def kiosk_of(folder: Path, *arguments: object, sound: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The kiosk's process, started as ``opora kiosk`` starts itself. Ended, kindly, with the block."""
    environment = forgetful({**os.environ, **sound, "PYTHONUNBUFFERED": "1"})
    if not has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (folder / "kiosk.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.kiosk", *map(str, arguments)],
            cwd=REPOSITORY,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
