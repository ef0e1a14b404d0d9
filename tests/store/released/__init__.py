"""What each release leaves on people's machines: a kiosk's data folder and its hub's, kept for good.

``python -m tests.store.released 0.2.0`` writes the folder ``0.2.0`` beside this file with the code that is
checked out; run it once, when a release is made. Newer code has to open every one of them. The people in it
are invented, and the keys in ``told.json`` guard nothing else.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Told:
    """What was true when the folders were closed. Applications go by the reference in their answers."""

    version: str
    at: datetime
    agency_identity: str
    coordinator: UUID
    pin: str
    draft: UUID
    steps: tuple[str, ...]
    acknowledged: tuple[str, ...]
    set_aside: tuple[str, ...]
    waiting: tuple[str, ...]
    receipts: dict[str, str]
    """The age identity behind each receipt's code, by reference."""
    journal: int
    """How many entries it has."""


def versions() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/told.json"))


def unpacked(version: str, into: Path) -> Told:
    """Copies a release's folders, ``kiosk``, ``hub`` and ``forms``, into a new folder ``into``."""
    shutil.copytree(FOLDER / version, into)
    return TypeAdapter(Told).validate_json((into / "told.json").read_bytes())
