"""What the paper opens: what was stored for its holder, and what the agency has answered since."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from kiosk.applications.lookup import FoundApplication
from kiosk.errors import SealFault
from kiosk.ids import Reference, ServiceId

RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class HolderView:
    """Sealed to the receipt when the application is stored; opens with the paper alone."""

    reference: Reference
    service: ServiceId
    service_name: str
    language: str
    """The applicant's: a receipt that is printed later speaks it too."""
    centre: str
    stored_at: datetime
    copy_until: datetime | None = None
    """Until when the centre keeps a sealed copy; None where it keeps none."""

    def to_json(self) -> str:
        times = {
            "stored_at": self.stored_at.isoformat(),
            "copy_until": None if self.copy_until is None else self.copy_until.isoformat(),
        }
        return json.dumps(asdict(self) | times, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "HolderView":
        facts = json.loads(text)
        return HolderView(
            Reference(facts["reference"]),
            ServiceId(facts["service"]),
            facts["service_name"],
            facts["language"],
            facts["centre"],
            datetime.fromisoformat(facts["stored_at"]),
            datetime.fromisoformat(facts["copy_until"]) if facts.get("copy_until") else None,
        )


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """One status as the agency sealed it. ``kind`` may be one that this version does not know."""

    kind: str
    at: datetime
    by: str = ""
    reason: str = ""
    until: datetime | None = None
    amount: str = ""
    text: str = ""
    reference: str = ""

    @staticmethod
    def from_json(text: str | bytes) -> "AgencyAnswer":
        facts = json.loads(text)
        until = facts.get("until")
        return AgencyAnswer(
            kind=facts["kind"],
            at=datetime.fromisoformat(facts["at"]),
            by=facts.get("by", ""),
            reason=facts.get("reason", ""),
            until=None if until is None else datetime.fromisoformat(until),
            amount=facts.get("amount", ""),
            text=facts.get("text", ""),
            reference=facts.get("reference", ""),
        )


def holder_view(found: FoundApplication) -> HolderView | None:
    """None where another kiosk took the application, or the record here is damaged."""
    return None if found.for_holder is None else HolderView.from_json(found.for_holder)


def agency_answers(found: FoundApplication, opening: Callable[[bytes], bytes]) -> tuple[AgencyAnswer, ...]:
    """In the agency's order, beginning with its acknowledgement where that is all that says "received".

    What was sealed to an earlier receipt, and was on its way when that was replaced, is left out: it comes
    again. Raises :class:`~kiosk.errors.SealFault` where there are some and none opens.
    """
    answers = tuple(_opened(found, opening))
    if found.received_at is None or any(answer.kind == RECEIVED for answer in answers):
        return answers
    return (AgencyAnswer(RECEIVED, found.received_at), *answers)


def _opened(found: FoundApplication, opening: Callable[[bytes], bytes]) -> Iterator[AgencyAnswer]:
    failed: SealFault | None = None
    none = True
    for status in found.statuses:
        try:
            yield AgencyAnswer.from_json(opening(status.sealed))
            none = False
        except SealFault as fault:
            failed = fault
    if failed is not None and none:
        raise failed
