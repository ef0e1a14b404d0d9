"""A kiosk's process that does one thing with an update: what is killed, and whose power is cut.

    python -m tests.faults.updating FOLDER DEED UPDATE MARKS [DEFECT]

It appends a line to ``MARKS`` for what it has promised by then. With a ``DEFECT`` it does one thing wrong,
for the proof that the table finds it.
"""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from kiosk.journal import KIOSK
from kiosk.store import WriterLane, open_database
from kiosk.updates.bundle import read_bodies, read_head
from kiosk.updates.release import Target
from kiosk.updates.service import Updates
from kiosk.updates.shelf import Shelf

APPLIED, WENT_BACK = "applied", "went-back"
PIECE = 1500


def take_by_stick(updates: Updates, update: Path) -> str:
    updates.take_file(update, KIOSK)
    return APPLIED if updates.apply() else ""


def take_by_line(updates: Updates, update: Path) -> str:
    """Its pieces, as a hub hands them down."""
    head = read_head(update)
    release = updates.offer(head)
    bodies: dict[Target, bytes] = {}
    read_bodies(update, release, lambda target, chunks: bodies.update({target: b"".join(chunks)}))
    for target, body in bodies.items():
        arrived = updates.shelf.arrived(target.digest, target.size)
        while arrived < target.size:
            piece = body[arrived : arrived + PIECE]
            arrived = updates.shelf.append(target.digest, target.size, arrived, piece)
    return APPLIED if updates.apply() else ""


def go_back(updates: Updates, update: Path) -> str:
    updates.take_back(KIOSK)
    return WENT_BACK


class Unsynced(Shelf):
    """Never waits for the disk: a body can be torn although the store names it."""

    def receive(self, digest: str, size: int, chunks: Iterable[bytes]) -> None:
        self.folder.mkdir(exist_ok=True)
        self.path(digest).write_bytes(b"".join(chunks))


class SweptFirst(Shelf):
    """Makes room for what comes by removing what is in use."""

    def receive(self, digest: str, size: int, chunks: Iterable[bytes]) -> None:
        self.sweep({path.name for path in self.folder.iterdir() if not path.read_bytes().startswith(b"PK")})
        super().receive(digest, size, chunks)


DEFECTS = {"unsynced": Unsynced, "swept-first": SweptFirst}
DEEDS = {deed.__name__: deed for deed in (take_by_stick, take_by_line, go_back)}


def main() -> int:
    folder, deed, update, marks = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]
    database = open_database(folder, clock=lambda: datetime.now(UTC))
    lane = WriterLane(database, lambda call: call())
    updates = Updates(lane, database.clock, leave_free=0)
    if sys.argv[5:]:
        updates.shelf = DEFECTS[sys.argv[5]](updates.shelf.folder, 0)
    promised = DEEDS[deed](updates, update)
    if promised:
        descriptor = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, f"{promised}\n".encode())
        os.close(descriptor)
    lane.close()
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
