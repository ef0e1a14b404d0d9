"""From a receipt's keys to what this kiosk knows of its application."""

from collections.abc import Callable

from kiosk.applications import FoundApplication
from kiosk.flow.desk import Desk
from kiosk.receipts import ReceiptKeys, open_sealed


def opener(keys: ReceiptKeys) -> Callable[[bytes], bytes]:
    return lambda sealed: open_sealed(keys.identity, sealed)


def find(desk: Desk, keys: ReceiptKeys, done: Callable[[FoundApplication | Exception | None], None]) -> None:
    """``done`` gets None where this kiosk does not know the receipt; it is then asked for at the hub."""
    desk.lookups.find(keys.tag, opener(keys), done)
