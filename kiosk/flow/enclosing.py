"""What travels beside the answers: a signature or drawing as strokes, or the record of a spoken consent.

The form keeps a file name, as ODK does; the thing itself is stored among the draft's steps, sealed like them,
and goes to the agency as a part of its own.
"""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from kiosk.applications import Attachment
from kiosk.flow.view import Stroke

SIGNATURE_FILE = "signature.json"
"""The name of the signature with which a form closes."""
ENCLOSED = "attachment"
"""What tells a stored enclosure from a step of the form."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """``strokes``, or for a person who cannot sign ``spoken``: the words that they said aloud."""

    strokes: tuple[Stroke, ...] = ()
    spoken: str = ""
    language: str = ""
    at: str = ""
    """ISO 8601, when a volunteer heard the words."""

    @property
    def is_blank(self) -> bool:
        return not self.strokes and not self.spoken

    def to_json(self) -> object:
        """Strokes as lists of [x, y, milliseconds]; a consent as what was said, when, and who heard it."""
        if self.spoken:
            return {"spoken": self.spoken, "language": self.language, "at": self.at, "witness": "volunteer"}
        return [[list(point) for point in each.points] for each in self.strokes]


Enclosures = MutableMapping[str, Enclosure]


def free_name(enclosures: Mapping[str, Enclosure]) -> str:
    """A name that none has or had: members of a repeat move up, so a place cannot name a drawing."""
    return f"drawing-{len(enclosures) + 1}.json"


def line_of(name: str, enclosure: Enclosure) -> str:
    """As it is stored among the steps."""
    return json.dumps({ENCLOSED: name, "strokes": enclosure.to_json()}, ensure_ascii=False)


def enclosures_in(lines: "list[dict[str, Any]]") -> dict[str, Enclosure]:
    """As each was last drawn or spoken."""
    found: dict[str, Enclosure] = {}
    for line in lines:
        if ENCLOSED in line:
            found[line[ENCLOSED]] = _read(line["strokes"])
    return found


def _read(kept: Any) -> Enclosure:
    if isinstance(kept, dict):
        return Enclosure(spoken=kept["spoken"], language=kept["language"], at=kept["at"])
    return Enclosure(tuple(Stroke(tuple((x, y, at) for x, y, at in points)) for points in kept))


def attachments(enclosures: Mapping[str, Enclosure], submission: bytes) -> Iterator[Attachment]:
    """Those that the submission names, each as a part of the envelope."""
    for name, enclosure in enclosures.items():
        if not enclosure.is_blank and f">{name}<".encode() in submission:
            part = name.removesuffix(".json")
            kind = "spoken-consent" if enclosure.spoken else part.partition("-")[0]
            yield Attachment(part, kind, json.dumps(enclosure.to_json(), ensure_ascii=False).encode())
