"""How a kiosk comes to know its hub, and what it keeps of that."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.errors import Message, StoreFault
from kiosk.ids import KioskId
from kiosk.store.engine import Database, sync_folder
from kiosk.store.lane import WriterLane
from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from kiosk.texts import N_
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.protocol import EnrolAnswer

KEY_FILE = "device-key"


def device_of(database: Database, lane: WriterLane) -> Device:
    """This kiosk and its signing key, made in the data folder (mode 0600) the first time.

    Raises :class:`kiosk.errors.StoreFault` where the key cannot be read. Waits for the lane.
    """
    kiosk = lane.submit(lambda repositories: repositories.settings.kiosk_id()).result()
    return Device(KioskId(kiosk), _key_of(database.folder))


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


def _key_of(folder: Path) -> Ed25519PrivateKey:
    file = folder / KEY_FILE
    try:
        if not file.exists():
            part = file.with_suffix(".part")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as opened:
                opened.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
                opened.flush()
                os.fsync(opened.fileno())
            part.rename(file)
            sync_folder(folder)
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))
    except (OSError, ValueError) as error:
        raise StoreFault(
            Message(N_("This kiosk's own key cannot be read.")),
            Message(
                N_("Put the file device-key aside and enrol the kiosk with a new code. Nothing is lost.")
            ),
            detail=str(file),
        ) from error
