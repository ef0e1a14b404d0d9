"""How a kiosk's updates stand: for a coordinator, and what the store keeps of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kiosk.errors import Message
from kiosk.journal import Action, Entry
from kiosk.store import Repositories, Setting
from kiosk.store.packs import PackRecord
from kiosk.updates.release import Kind, Release

HISTORY = (
    Action.UPDATE_ARRIVED,
    Action.UPDATE_REFUSED,
    Action.PACK_INSTALLED,
    Action.UPDATE_TAKEN_BACK,
    Action.UPDATES_TRUSTED,
)


class State(StrEnum):
    """Of the newest release that was believed."""

    NONE = "none"
    """There was none yet."""
    COMING = "coming"
    """Some of its bodies are still on their way."""
    READY = "ready"
    """Everything is here: applied as soon as nobody is at the screen."""
    HELD = "held"
    """Everything is here; envelopes for an agency whose server changes have to go first."""
    REFUSED = "refused"
    """It cannot be used here."""
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, for a coordinator.

    ``installed`` is the catalogue's version in use, ``before`` the one to which there is a way back.
    ``arrived`` of ``total`` bytes of what is coming are here. ``expires`` is when its signers wanted to have
    signed anew, which stops nothing (:mod:`kiosk.updates.trust`). ``trusts`` is the number of the root that
    is trusted, blank for none. ``history``: the newest first.
    """

    state: State
    installed: str
    installed_at: datetime | None
    before: str
    number: int
    arrived: int
    total: int
    expires: datetime | None
    trusts: str
    refusal: Message | None
    history: tuple[Entry, ...]
    went_back: bool = False
    """Somebody went back from the newest release."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store knows of updates, read in one go."""

    root: bytes | None
    deployment: str
    number: int | None
    digest: str
    head: str
    applied: str
    refused: str
    refusal: Message | None

    @classmethod
    def read(cls, repositories: Repositories) -> "Kept":
        get = repositories.settings.get
        root = get(Setting.UPDATE_ROOT)
        seen = json.loads(get(Setting.UPDATE_SEEN) or "{}")
        refused = json.loads(get(Setting.UPDATE_REFUSED) or "{}")
        return cls(
            root.encode() if root else None,
            get(Setting.DEPLOYMENT) or "",
            seen.get("number"),
            seen.get("digest", ""),
            seen.get("head", ""),
            get(Setting.UPDATE_APPLIED) or "",
            refused.get("digest", ""),
            _message(refused),
        )


def _message(refused: dict[str, Any]) -> Message | None:
    if not refused:
        return None
    sentence, gaps = refused["msgid"], refused["gaps"]
    return Message(sentence, gaps)


def went_back(release: Release | None, applied: str, installed: Sequence[PackRecord]) -> bool:
    if release is None or release.digest != applied:
        return False
    brought = {target.digest for target in release.of(Kind.CATALOGUE)}
    return bool(brought) and brought.isdisjoint(record.digest for record in installed)
