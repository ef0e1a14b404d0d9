"""One request with all that waits, for tests that speak to a hub without a courier."""

from sync import outbox
from sync.carriers.port import Parcel
from tests.sync.parties import Kiosk


def parcel(kiosk: Kiosk, hub: str) -> Parcel:
    """Everything that waits, as the courier would send it if it fitted into one request."""
    with kiosk.database.reader() as repositories:
        batch = outbox.next_batch(repositories, 0, 10**8, 10**6, kiosk.clock())
        request = outbox.make_request(
            repositories, kiosk.device.kiosk, hub, now=kiosk.clock(), app_version="0.1.0", disk_free_bytes=1
        )
    return Parcel(request, batch.envelopes)
