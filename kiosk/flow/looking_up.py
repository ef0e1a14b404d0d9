"""From a receipt's keys to what this kiosk knows of its application."""

from collections.abc import Callable

from kiosk.applications import FoundApplication
from kiosk.flow.desk import Desk
from kiosk.receipts import ReceiptCode, ReceiptKeys, ResumeCode, open_sealed


def opener(keys: ReceiptKeys) -> Callable[[bytes], bytes]:
    return lambda sealed: open_sealed(keys.identity, sealed)


def find(desk: Desk, keys: ReceiptKeys, done: Callable[[FoundApplication | Exception | None], None]) -> None:
    """``done`` gets None where this kiosk does not know the receipt; it is then asked for at the hub."""
    desk.lookups.find(keys.tag, opener(keys), done)


def keys_of(desk: Desk, code: ReceiptCode | ResumeCode) -> ReceiptKeys:
    """The keys of a code that somebody types: as this kiosk makes them today, unless it was given before
    the kiosk joined its deployment. Takes about 0.3 s, and as long again for each salt before it that has to
    be tried; waits for the lane.
    """
    keys = ReceiptKeys.derive(code, desk.salt)
    if not desk.former_salts or desk.lookups.knows(keys.tag).result():
        return keys
    for salt in desk.former_salts:
        before = ReceiptKeys.derive(code, salt)
        if desk.lookups.knows(before.tag).result():
            return before
    return keys
