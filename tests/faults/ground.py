"""Where one chain of faults happens: a hub, its kiosks, and the count at the end."""

import atexit
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from types import TracebackType

import zstandard
from sqlalchemy import select

from kiosk.errors import SealFault
from kiosk.store.sealing import age_open, new_key_pair
from sync.hub.database import HubDatabase
from sync.hub.opening import Opener
from sync.hub.reading import form_digest_of
from sync.hub.rows import EnvelopeRow, PartRow
from sync.kinds import PartKind
from tests.faults.processes import HubProcess, KioskProcess
from tests.faults.windowless import Orders, Tried, scan_of
from tests.store.opened import centre_of, opened
from tests.store.released.__main__ import FORM, FORM_XML

PATIENCE_S = 150.0
"""A kiosk that is not through by then is stuck. A hub that is asked too often says no for a minute."""


@dataclass
class Count:
    """What a chain came to. Applications go by their references."""

    runs: int = 0
    stored: set[str] = field(default_factory=set)
    arrived: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    """Seconds from the end of a fault until nothing waited any more."""

    @property
    def lost(self) -> list[str]:
        return sorted(self.stored - self.arrived.keys())

    @property
    def doubled(self) -> list[str]:
        return sorted(reference for reference, times in self.arrived.items() if times > 1)


class Ground:
    """Everything of it lies in one new folder and is gone afterwards. ``rng`` decides every chance."""

    def __init__(self, seed: str) -> None:
        self.rng = Random(seed)
        self.count = Count()
        self.closing = ExitStack()
        self.folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory(prefix="opora-faults-")))
        self.agency, identity = new_key_pair()
        self.identities = [identity]
        self.forms = self.folder / "forms"
        self.forms.mkdir()
        (self.forms / "heating.xml").write_bytes(FORM_XML)
        (self.folder / "memory").mkdir()
        self._kiosks: list[KioskProcess] = []

    def hub(
        self, *, name: str = "hub", folder: Path | None = None, database: str = "", defect: str = ""
    ) -> HubProcess:
        """A running hub, stopped when the ground is left."""
        keys = self.folder / f"{name}-identities"
        keys.write_text("\n".join(self.identities))
        hub = HubProcess(
            folder or self.folder / name, keys, self.forms, self.folder / f"{name}.log", database, defect
        )
        hub.start()
        self.closing.callback(hub.stop)
        return hub

    def kiosk(
        self, hub: HubProcess, *, name: str = "kiosk", folder: Path | None = None, **orders: object
    ) -> KioskProcess:
        """A running kiosk, enrolled at ``hub``."""
        folder = folder or self.folder / name
        with _making:
            new = _new_kiosk()
        shutil.copytree(new, folder, dirs_exist_ok=True)
        kiosk = self.kiosk_over(folder, name=name, **orders)
        kiosk.start()
        kiosk.enrol(hub)
        return kiosk

    def kiosk_over(self, folder: Path, *, name: str, **orders: object) -> KioskProcess:
        """A kiosk over a folder that is there; not started yet."""
        whole = Orders(
            folder=folder,
            memory=self.folder / "memory",
            log=self.folder / f"{name}.log",
            agency=self.agency,
            seed=self.rng.randrange(1 << 40),
            **orders,  # type: ignore[arg-type]
        )
        kiosk = KioskProcess(whole)
        self._kiosks.append(kiosk)
        return kiosk

    def recover(self, kiosk: KioskProcess, since: float | None = None) -> Tried:
        """Tries until nothing waits at ``kiosk``; notes how long that took since the fault was over."""
        since = time.monotonic() if since is None else since
        until = time.monotonic() + PATIENCE_S
        pause = 0.02
        while True:
            tried = kiosk.send()
            if tried.went_well and not tried.waiting:
                self.count.recoveries.append(time.monotonic() - since)
                return tried
            if time.monotonic() > until or "records are damaged" in tried.fault:
                raise AssertionError(f"stuck: {tried}")
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def finish(self, hub: HubProcess) -> None:
        """Closes the kiosks and counts what they stored."""
        for kiosk in self._kiosks:
            kiosk.close()
        stored = [one for kiosk in self._kiosks for one in kiosk.stored]
        scanned = {one.reference for one in stored if one.scanned}
        self.judge(hub, [one.reference for one in stored], scanned=scanned)

    def judge(
        self, hub: HubProcess, stored: Iterable[str], world: str = "", scanned: Collection[str] = ()
    ) -> None:
        """Counts at the hub, by opening what it holds. The same application may be in several worlds, of
        which none knows of another. One of ``scanned`` has arrived when every byte of its scan is there."""
        database = hub.opened()
        try:
            arrived = list(self._held(database, scanned))
        finally:
            database.close()
        self.count.stored |= {f"{world} {reference}".lstrip() for reference in stored}
        self.count.arrived.update(f"{world} {reference}".lstrip() for reference in arrived)

    def _held(self, database: HubDatabase, scanned: Collection[str]) -> Iterable[str]:
        opener = Opener(self.identities, {FORM.digest: FORM_XML})
        with database.transaction() as session:
            found = session.execute(
                select(EnvelopeRow.header, PartRow.body, EnvelopeRow.kiosk_id, EnvelopeRow.envelope_id)
                .join(
                    PartRow,
                    (PartRow.kiosk_id == EnvelopeRow.kiosk_id)
                    & (PartRow.envelope_id == EnvelopeRow.envelope_id),
                )
                .where(PartRow.kind == PartKind.ANSWERS)
            )
            for header, body, *key in found:
                read = opener.open(PartKind.ANSWERS, body, form_digest_of(header))
                reference = read.reference or f"unreadable ({read.state})"
                scans = select(PartRow.body).where(
                    PartRow.kiosk_id == key[0], PartRow.envelope_id == key[1], PartRow.kind == PartKind.SCAN
                )
                opened = [self._plain(scan) for scan in session.scalars(scans)]
                if opened != [scan_of(reference)] * (reference in scanned or len(opened)):
                    reference = f"{reference} without its scan"
                yield reference

    def _plain(self, scan: bytes | None) -> bytes | None:
        try:
            return zstandard.decompress(age_open(self.identities[0], scan or b""))
        except (SealFault, zstandard.ZstdError):
            return None

    def __enter__(self) -> "Ground":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for kiosk in self._kiosks:
            if kiosk.running:
                kiosk.kill()
        self.closing.close()


_making = threading.Lock()


@cache
def _new_kiosk() -> Path:
    """A data folder in which a coordinator has signed in once; made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="opora-faults-kiosk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with opened(folder / "data") as store, centre_of(store):
        pass
    return folder / "data"
