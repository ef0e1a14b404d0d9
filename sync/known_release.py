"""What a hub tells of updates, and what a kiosk tells it: kept in the store between two exchanges."""

import hashlib
import json

from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from sync.protocol import UPDATES_PATH, PackVersion


def known_release(repositories: Repositories) -> int:
    """The number of the newest release that this kiosk believed; 0 for none."""
    number = json.loads(repositories.settings.get(Setting.UPDATE_SEEN) or "{}").get("number", 0)
    return int(number)


def note_release(repositories: Repositories, told: PackVersion) -> bool:
    """Remembers that there is a release to be fetched; False where ``told`` tells of something else."""
    if told.path != UPDATES_PATH:
        return False
    before = told_release(repositories)
    # One that was looked at and refused stays so: a hub that offers it again changes nothing.
    if before is None or before[0].digest != told.digest:
        _put(repositories, told, refused=False)
    return True


def told_release(repositories: Repositories) -> tuple[PackVersion, bool] | None:
    """The release that the hub told of last, and whether it was refused here."""
    kept = json.loads(repositories.settings.get(Setting.UPDATE_TOLD) or "{}")
    return (PackVersion.model_validate(kept["told"]), bool(kept["refused"])) if kept else None


def was_told_of(repositories: Repositories, head: bytes) -> bool:
    """Whether the hub's own signed answer has named this very head: then its first root may be trusted."""
    told = told_release(repositories)
    return told is not None and told[0].digest == hashlib.sha256(head).hexdigest()


def refuse_release(repositories: Repositories, told: PackVersion) -> None:
    """It is not fetched again."""
    _put(repositories, told, refused=True)


def _put(repositories: Repositories, told: PackVersion, *, refused: bool) -> None:
    kept = {"told": told.model_dump(mode="json"), "refused": refused}
    repositories.settings.put(Setting.UPDATE_TOLD, json.dumps(kept))
