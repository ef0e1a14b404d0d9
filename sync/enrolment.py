"""How a kiosk comes to know its hub, and what it keeps of that."""

from collections.abc import Callable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.ids import KioskId
from kiosk.store.engine import Database
from kiosk.store.lane import WriterLane
from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.device import device_key
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

    def write(repositories: Repositories) -> None:
        facts = {
            Setting.HUB_URL: url,
            Setting.HUB_ID: str(answer.hub),
            Setting.HUB_KEY: answer.hub_key.hex(),
            Setting.DEPLOYMENT: str(answer.deployment),
            Setting.DEPLOYMENT_SALT: answer.salt.hex(),
        }
        for name, value in facts.items():
            repositories.settings.put(name, value)

    lane.submit(write).result()
    return answer


def carrier_of(database: Database, device: Device, clock: Callable[[], datetime]) -> HttpsCarrier | None:
    """The way to the hub that this kiosk was enrolled at; None for a kiosk that was not yet."""
    with database.reader() as repositories:
        url, hub, key = (
            repositories.settings.get(name) for name in (Setting.HUB_URL, Setting.HUB_ID, Setting.HUB_KEY)
        )
    if not (url and hub and key):
        return None
    trusted = TrustedHub(url, hub, Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)))
    return HttpsCarrier(trusted, device, clock)
