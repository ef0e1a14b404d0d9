"""Everything of a kiosk that needs no screen, opened over one data folder and wired together.

The screen's composition (``ui.app``), the demonstration and the commands build on this.
"""

import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.applications import (
    Approvals,
    Backlog,
    Drafts,
    Likenesses,
    Lookups,
    Receipts,
    Replacements,
    Submissions,
    TodaysWork,
)
from kiosk.catalogue import Pack
from kiosk.errors import PackFault
from kiosk.flow.desk import Centre
from kiosk.ids import AgencyId, KioskId
from kiosk.journal import KIOSK, Action
from kiosk.known_time import KnownTime
from kiosk.operators import (
    Backups,
    DeviceSecret,
    JournalReading,
    MovingIn,
    Operators,
    Rounds,
    SettingUp,
    Vault,
    finish_moving_in,
    system_keyring,
)
from kiosk.store import CentreKey, Database, Deliver, Repositories, Setting, WriterLane, open_database
from kiosk.store.session_key import SessionKeyFile, since_boot
from kiosk.store.wiping import was_begun, wipe
from kiosk.texts import LANGUAGES
from kiosk.updates.installed import PACK_FILE, load_installed
from kiosk.updates.service import Updates
from kiosk.updates.spool import NAMED_BY, Spool

if TYPE_CHECKING:
    from sync.carriers.usb import UsbCarrier
    from sync.courier import Courier

PRACTICE = "practice"
"""The folder of a practice application; nothing in it outlives the next opening."""
APP_VERSION = "0.2.0"
CONFIRMED_EVERY = timedelta(hours=1)


NO_PACK = Pack("", "", LANGUAGES, {}, {}, (), {}, ())


def servers_of(pack: Pack) -> dict[AgencyId, str]:
    """The OpenRosa servers that a pack's agencies have instead of a hub."""
    return {agency.id: agency.openrosa for agency in pack.agencies.values() if agency.openrosa}


@dataclass(frozen=True, slots=True)
class Facts:
    """The kiosk's own settings, as they were when the house was opened."""

    kiosk: KioskId
    centre: Centre
    zone: tzinfo
    salt: bytes
    former_salts: tuple[bytes, ...]
    """As :attr:`kiosk.flow.desk.Desk.former_salts`."""
    hub_url: str
    hub_id: str
    printer: str
    sound: str
    """As :func:`kiosk.flow.comfort.kept_comfort` reads it; blank where nobody has set it."""
    glass: str
    """As :attr:`ui.glass.Glass.measured`; blank until somebody set the screen up."""


class House:
    """One kiosk without its screen. ``deliver`` runs callbacks on the thread that shows pages."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        deliver: Deliver,
        environment: Mapping[str, str],
        since_boot: Callable[[], float] = since_boot,
    ) -> None:
        self.folder = folder
        self.machine_clock = clock
        self.known_time = clock = KnownTime(clock, since_boot)
        self.clock: Callable[[], datetime] = clock
        self._confirmed: datetime | None = None
        self.deliver = deliver
        if was_begun(folder):
            # An erasure that was cut off is finished before anything is opened.
            wipe(folder, SessionKeyFile.of_this_machine(folder, environment))
        finish_moving_in(folder)
        shutil.rmtree(folder / PRACTICE, ignore_errors=True)
        self.database: Database = open_database(folder, clock=clock)
        try:
            self.lane = WriterLane(self.database, deliver)
            self.facts = self._facts()
            self._recall_time()
            secret = DeviceSecret.load(folder, environment, system_keyring(environment))
            self.operators = Operators(self.lane, secret, clock)
            self.setting_up = SettingUp(self.lane, clock, self.look_again)
            self.moving_in = MovingIn(folder, secret, clock, self.is_blank)
            self.rounds = Rounds(self.lane, clock)
            self.backups = Backups(self.lane, clock)
            self.journal = JournalReading(self.lane, clock)
            self.vault = Vault(self.lane, secret, clock)
            self.change(SECRET_PLACE=secret.place)
            self._session_key = SessionKeyFile.of_this_machine(folder, environment)
            self.renew_keys()
            self.lookups = Lookups(self.lane, clock)
            self.receipts = Receipts(self.lane, clock)
            self.today = TodaysWork(self.database)
            self.approvals = Approvals(self.lane, clock)
            self.likenesses = Likenesses(self.lane, clock)
            self.replacements = Replacements(self.lane, clock)
            self.backlog = Backlog(self.database, self.lane, clock)
            spool = environment.get(NAMED_BY)
            self.updates = Updates(self.lane, clock, spool=Spool(Path(spool), APP_VERSION) if spool else None)
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
        return load_installed(self.database)

    def pack_or_none(self) -> Pack:
        """The same, and one that offers nothing where none was installed yet: a kiosk is set up without."""
        try:
            return self.pack()
        except PackFault:
            with self.database.reader() as repositories:
                if (self.folder / PACK_FILE).exists() or repositories.packs.installed():
                    raise
            return NO_PACK

    def change(self, **settings: str) -> None:
        """Writes settings by their names in :class:`~kiosk.store.Setting`; waits for the disk."""

        def work(repositories: Repositories) -> None:
            for name, value in settings.items():
                repositories.settings.put(Setting[name], value)

        self.lane.submit(work).result()
        self.facts = self._facts()

    def enrol(self, url: str, code: str) -> None:
        """Makes this kiosk known to a hub; LineFault or HubFault where that does not work."""
        from sync.enrolment import enrol_kiosk

        centre = self.facts.centre.name
        enrol_kiosk(self.database, self.lane, url=url, code=code, centre=centre, clock=self.clock)
        self.facts = self._facts()

    def make_couriers(self) -> "tuple[Courier, ...]":
        """One for each way out, not yet started: to the hub, once one is known, and to agencies' own servers.

        Imports what speaks to them, which takes a quarter of a second: call it off the page's thread.
        """
        from sync.carriers.https import HttpsCarrier
        from sync.courier import Courier
        from sync.downloads import Downloads
        from sync.enrolment import device_of
        from sync.routes import routes_of

        device = device_of(self.database, self.lane)
        return tuple(
            Courier(
                database=self.database,
                lane=self.lane,
                carrier=route.carrier,
                agencies=route.agencies,
                kiosk=self.facts.kiosk,
                app_version=APP_VERSION,
                clock=self.clock,
                random=SystemRandom(),
                deliver=self.deliver,
                # The journal's head is for the hub alone.
                key=device.key if route.to_hub else None,
                downloads=Downloads(self.updates, route.carrier, self.facts.kiosk, self.database, self.lane)
                if isinstance(route.carrier, HttpsCarrier)
                else None,
            )
            for route in routes_of(self.database, device, self.clock, self._servers())
        )

    def _servers(self) -> dict[AgencyId, str]:
        """OpenRosa servers by agency; none where there is no pack yet."""
        try:
            return servers_of(self.pack())
        except PackFault:
            return {}

    def make_usb_carrier(self) -> "UsbCarrier":
        """For what goes by stick; works without a hub too. Call it off the page's thread."""
        from sync.carriers.usb import UsbCarrier
        from sync.enrolment import device_of
        from sync.routes import hub_agencies

        device = device_of(self.database, self.lane)
        return UsbCarrier(
            self.database,
            self.lane,
            device,
            app_version=APP_VERSION,
            clock=self.clock,
            agencies=hub_agencies(self._servers()),
        )

    def hear_time(self, moment: datetime) -> None:
        """The other end of the line says that it is ``moment``. Returns at once; kept for the next opening
        once an hour."""
        self.known_time.hear(moment)
        if self._confirmed is None or abs(moment - self._confirmed) >= CONFIRMED_EVERY:
            self._confirmed = moment
            told = moment.isoformat()
            self.lane.submit(lambda repositories: repositories.settings.put(Setting.CONFIRMED_TIME, told))

    def _recall_time(self) -> None:
        with self.database.reader() as repositories:
            kept = repositories.settings.get(Setting.CONFIRMED_TIME)
        self._confirmed = None if kept is None else datetime.fromisoformat(kept)
        if self._confirmed is not None:
            self.known_time.at_least(self._confirmed)

    def is_blank(self) -> bool:
        """Nobody has ever used this kiosk: what it holds can give way to another's."""
        with self.database.reader() as repositories:
            return not repositories.operators.coordinators() and not repositories.applications.count()

    def look_again(self) -> None:
        """Reads the facts anew: an enrolment changes them. Waits for the lane."""
        self.facts = self._facts()

    def erase_overdue(self, confirmed_now: datetime) -> None:
        """Erases what has been kept long enough. ``confirmed_now`` is a time that a hub agreed with: a
        kiosk's own clock may be years off, and nothing may be lost to that."""
        self.drafts.erase_overdue(confirmed_now)
        self.receipts.erase_overdue(confirmed_now)
        self.lane.submit(lambda repositories: repositories.outbox.clear_archive(confirmed_now))

    def wipe_ordered(self) -> bool:
        """Whether the hub has ordered this kiosk to erase itself. Reads the disk."""
        from sync.orders import wipe_ordered

        with self.database.reader() as repositories:
            return wipe_ordered(repositories)

    def note_wipe(self) -> None:
        """The last entry of the journal, which the next exchange takes to the hub."""
        now = self.clock()
        self.lane.submit(lambda r: r.journal.append(now, KIOSK, Action.WIPED, "")).result()

    def wipe(self) -> None:
        """Erases everything for good. The house is closed first and cannot be used any more."""
        self.close()
        wipe(self.folder, self._session_key)

    def close(self) -> None:
        """Does what was handed in, then lets go of the folder."""
        self.operators.close()
        self.lane.close()
        self.database.close()

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
                former_salts=tuple(
                    bytes.fromhex(each) for each in (settings.get(Setting.FORMER_SALTS) or "").split()
                ),
                hub_url=settings.get(Setting.HUB_URL) or "",
                hub_id=settings.get(Setting.HUB_ID) or "",
                printer=settings.get(Setting.PRINTER) or "",
                sound=settings.get(Setting.SOUND) or "",
                glass=settings.get(Setting.GLASS) or "",
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
