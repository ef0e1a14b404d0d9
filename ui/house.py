"""Everything of a kiosk that needs no screen, opened over one data folder and wired together.

The screen's composition (``ui.app``), the demonstration and the commands build on this.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from random import SystemRandom
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.applications import Drafts, Lookups, Receipts, Submissions, TodaysWork
from kiosk.catalogue import Pack, load_pack
from kiosk.errors import Message, PackFault
from kiosk.flow.desk import Centre
from kiosk.ids import KioskId
from kiosk.operators import DeviceSecret, Operators
from kiosk.store import CentreKey, Database, Deliver, Repositories, Setting, WriterLane, open_database
from kiosk.store.session_key import SessionKeyFile
from kiosk.texts import N_
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.courier import Courier
from sync.device import device_key

PACK_FILE = "current.opora-pack"
APP_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Facts:
    """The kiosk's own settings, as they were when the house was opened."""

    kiosk: KioskId
    centre: Centre
    zone: tzinfo
    salt: bytes
    hub_url: str
    hub_id: str
    hub_key: bytes
    printer: str


class House:
    """One kiosk without its screen. ``deliver`` runs callbacks on the thread that shows pages."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        deliver: Deliver,
        environment: Mapping[str, str],
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.deliver = deliver
        self.database: Database = open_database(folder, clock=clock)
        try:
            self.lane = WriterLane(self.database, deliver)
            self.facts = self._facts()
            self.operators = Operators(self.lane, DeviceSecret.load(folder, environment), clock)
            self._session_key = SessionKeyFile.of_this_machine(folder, environment)
            self.renew_keys()
            self.lookups = Lookups(self.lane, clock)
            self.receipts = Receipts(self.lane, clock)
            self.today = TodaysWork(self.database)
            self.courier: Courier | None = None
        except BaseException:
            self.database.close()
            raise

    def renew_keys(self) -> None:
        """Takes over the centre's present key: at the opening, and after a first start."""
        key = self._centre_key()
        self.drafts = Drafts(self.lane, key, self.clock, self._session_key)
        self.submissions = Submissions(self.lane, key, self.clock)

    def pack(self) -> Pack:
        """The installed pack; PackFault where there is none or it is damaged."""
        path = self.folder / PACK_FILE
        if not path.exists():
            raise PackFault(
                Message(N_("There are no services on this kiosk yet.")),
                Message(N_("Please ask the coordinator to install a pack.")),
                detail=str(path),
            )
        return load_pack(path)

    def change(self, **settings: str) -> None:
        """Writes settings by their names in :class:`~kiosk.store.Setting`; waits for the disk."""

        def work(repositories: Repositories) -> None:
            for name, value in settings.items():
                repositories.settings.put(Setting[name], value)

        self.lane.submit(work).result()
        self.facts = self._facts()

    def enrol(self, url: str, code: str) -> None:
        """Makes this kiosk known to a hub; LineFault or HubFault where that does not work."""
        answer = enrol(url, code, self._device(), self.facts.centre.name, self.clock)
        self.change(
            HUB_URL=url,
            HUB_ID=str(answer.hub),
            HUB_KEY=answer.hub_key.hex(),
            DEPLOYMENT=str(answer.deployment),
            DEPLOYMENT_SALT=answer.salt.hex(),
        )

    def start_courier(self) -> Courier | None:
        """The courier on its own thread; None while no hub is known."""
        facts = self.facts
        if not facts.hub_url:
            return None
        trusted = TrustedHub(facts.hub_url, facts.hub_id, _public_key(facts.hub_key))
        self.courier = Courier(
            database=self.database,
            lane=self.lane,
            carrier=HttpsCarrier(trusted, self._device(), self.clock),
            kiosk=facts.kiosk,
            app_version=APP_VERSION,
            clock=self.clock,
            random=SystemRandom(),
            deliver=self.deliver,
        )
        self.courier.start()
        return self.courier

    def erase_overdue(self, confirmed_now: datetime) -> None:
        """Erases what has been kept long enough. ``confirmed_now`` is a time that a hub agreed with: a
        kiosk's own clock may be years off, and nothing may be lost to that."""
        self.drafts.erase_overdue(confirmed_now)
        self.receipts.erase_overdue(confirmed_now)
        self.lane.submit(lambda repositories: repositories.outbox.clear_archive(confirmed_now))

    def close(self) -> None:
        """Does what was handed in, then lets go of the folder."""
        if self.courier is not None:
            self.courier.stop()
        self.operators.close()
        self.lane.close()
        self.database.close()

    def _device(self) -> Device:
        return Device(self.facts.kiosk, device_key(self.folder))

    def _facts(self) -> Facts:
        def work(repositories: Repositories) -> Facts:
            settings = repositories.settings
            salt = settings.get(Setting.DEPLOYMENT_SALT)
            if salt is None:
                # A kiosk that works alone for now is a deployment of its own.
                salt = secrets.token_hex(16)
                settings.put(Setting.DEPLOYMENT_SALT, salt)
            return Facts(
                kiosk=settings.kiosk_id(),
                centre=Centre(
                    settings.get(Setting.CENTRE_NAME) or "Opora",
                    settings.get(Setting.CENTRE_ADDRESS) or "",
                    settings.get(Setting.CENTRE_PHONE) or "",
                ),
                zone=ZoneInfo(settings.get(Setting.TIME_ZONE) or "UTC"),
                salt=bytes.fromhex(salt),
                hub_url=settings.get(Setting.HUB_URL) or "",
                hub_id=settings.get(Setting.HUB_ID) or "",
                hub_key=bytes.fromhex(settings.get(Setting.HUB_KEY) or ""),
                printer=settings.get(Setting.PRINTER) or "",
            )

        return self.lane.submit(work).result()

    def _centre_key(self) -> CentreKey:
        def current(repositories: Repositories) -> CentreKey | None:
            return repositories.centre_keys.current()

        key = self.lane.submit(current).result()
        if key is None:
            # Nobody is asked for a code that nobody has: `opora doctor --first-start` prints one, with a key
            # pair of its own, and until then this kiosk shows its first start.
            self.operators.first_start_code()
            key = self.lane.submit(current).result()
        assert key is not None, "the code above came with a key pair"
        return key


def _public_key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)
