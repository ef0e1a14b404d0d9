"""How a kiosk comes to know its hub, and what it keeps of that."""

from collections.abc import Callable
from datetime import datetime

from kiosk.ids import KioskId
from kiosk.store.engine import Database
from kiosk.store.lane import WriterLane
from kiosk.store.settings import Setting
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.device import device_key
from sync.known_hub import known_hub, remember_hub
from sync.protocol import EnrolAnswer


def device_of(database: Database, lane: WriterLane) -> Device:
    """This kiosk and its signing key, both made the first time. Raises like
    :func:`sync.device.device_key`. Waits for the lane."""
    kiosk = lane.submit(lambda repositories: repositories.settings.kiosk_id()).result()
    return Device(KioskId(kiosk), device_key(database.folder))


def enrol_kiosk(
    database: Database,
    lane: WriterLane,
    *,
    url: str,
    code: str,
    centre: str,
    clock: Callable[[], datetime],
) -> EnrolAnswer:
    """Enrols this kiosk at the hub of ``url`` and writes down what it has to know of it.

    Safe to repeat with the same code. Raises :class:`kiosk.errors.LineFault` or
    :class:`kiosk.errors.HubFault`; then nothing was written.
    """
    answer = enrol(url, code, device_of(database, lane), centre, clock)
    lane.submit(lambda repositories: remember_hub(repositories, answer, url)).result()
    return answer


def carrier_of(database: Database, device: Device, clock: Callable[[], datetime]) -> HttpsCarrier | None:
    """The way to the hub that this kiosk was enrolled at; None for a kiosk that was not yet."""
    with database.reader() as repositories:
        url = repositories.settings.get(Setting.HUB_URL)
        known = known_hub(repositories)
    if not url or known is None:
        return None
    return HttpsCarrier(TrustedHub(url, known.id, known.key), device, clock)
