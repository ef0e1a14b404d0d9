"""What a hub may order a kiosk to do: to erase itself. Only in an answer that the hub has signed."""

import json

from kiosk.store.repositories import Repositories

WIPE = "wipe"
"""The kind of the notice. Its body names the kiosk, so that an order for another one does nothing."""


def wipe_ordered(repositories: Repositories) -> bool:
    """Whether an order for this very kiosk has come. Notices are taken from signed answers alone."""
    kiosk = str(repositories.settings.kiosk_id())
    return any(
        notice.kind == WIPE and json.loads(notice.message_json).get("body", {}).get("kiosk") == kiosk
        for notice in repositories.notices.unseen()
    )
