"""A kiosk that sends in a process of its own, to be killed. It reads :func:`facts` from standard input."""

import json
import sys
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.ids import KioskId
from sync.carriers.https import Device, HttpsCarrier, TrustedHub
from tests.sync.parties import Kiosk, now


def facts(kiosk: Kiosk, carrier: HttpsCarrier) -> str:
    hub = carrier.trusted
    return json.dumps(
        {
            "folder": str(kiosk.folder),
            "kiosk": str(kiosk.device.kiosk),
            "key": kiosk.device.key.private_bytes_raw().hex(),
            "url": hub.url,
            "hub": hub.id,
            "hub_key": hub.key.public_bytes_raw().hex(),
        }
    )


def main() -> None:
    told = json.load(sys.stdin)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["key"]))
    device = Device(KioskId(UUID(told["kiosk"])), key)
    hub_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["hub_key"]))
    with Kiosk(Path(told["folder"]), device=device) as kiosk:
        kiosk.tried(HttpsCarrier(TrustedHub(told["url"], told["hub"], hub_key), device, now))


if __name__ == "__main__":
    main()
