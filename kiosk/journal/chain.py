"""The hash chain.

An entry's hash is SHA-256 over its canonical JSON (keys sorted, no blanks, UTF-8), which holds the hash of
the entry before. Whoever changes, removes or moves an entry must make every later one anew; the head, once
it has left the machine, shows that. An entry cut off at the very end shows only against such a head.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.ids import EntryId
from kiosk.journal.entry import Action, Actor

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. ``number`` counts from 1 without gaps; ``details`` holds no answer and no name."""

    number: int
    id: EntryId
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, str]
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first entry that does not fit, and why: ``missing``, ``moved`` or ``changed``."""

    number: int
    why: str


def next_entry(
    last: Entry | None,
    *,
    id: EntryId,
    at: datetime,
    actor: Actor,
    action: Action,
    subject: str,
    details: Mapping[str, str],
) -> Entry:
    """The entry that follows ``last`` (None: the first of all)."""
    number = 1 if last is None else last.number + 1
    at = at.astimezone(UTC)
    previous = GENESIS if last is None else last.hash
    digest = _hash(number, id, at, actor, action, subject, details, previous)
    return Entry(number, id, at, actor, action, subject, dict(details), previous, digest)


def first_bad(entries: Iterable[Entry]) -> BadEntry | None:
    """``entries`` in the order of their numbers; None when the chain holds."""
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return BadEntry(number, "missing")
        if entry.previous != previous:
            return BadEntry(number, "moved")
        if entry.hash != entry_hash(entry):
            return BadEntry(number, "changed")
        previous = entry.hash
    return None


def entry_hash(entry: Entry) -> bytes:
    return _hash(
        entry.number,
        entry.id,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
        entry.previous,
    )


def _hash(
    number: int,
    id: EntryId,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, str],
    previous: bytes,
) -> bytes:
    content = {
        "action": str(action),
        "actor": actor,
        "at": at.isoformat(),
        "details": dict(details),
        "id": str(id),
        "number": number,
        "previous": previous.hex(),
        "subject": subject,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()
