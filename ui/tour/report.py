"""What a tour found: ``tour.json``."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SyncFigures:
    """Requests, and bytes with their headers, of all that the tour sent and received."""

    requests: int
    bytes_up: int
    bytes_down: int
    ms: float


@dataclass(frozen=True, slots=True)
class TourReport:
    """``stored_ms``: from the press that hands in to the page that says "stored". ``receipt_ms``: making
    the PDF. ``screens``: in the order in which they were first seen."""

    reference: str
    screens: tuple[str, ...]
    questions: int
    spoken_utterances: int
    stored_ms: float
    receipt_ms: float
    sync: SyncFigures
    status_after: str
    seconds: float

    def write(self, folder: Path) -> None:
        (folder / "tour.json").write_text(
            json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
