"""What stands on a receipt, as plain facts. ``kiosk.receipts.wording`` makes the sentences of it."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from kiosk.ids import ReceiptCode, Reference


class ReceiptState(StrEnum):
    """Where the application was when the receipt was made."""

    STORED_HERE = "stored-here"
    RECEIVED = "received"


class ReceiptHelper(StrEnum):
    """Who took part beside the applicant; a role, never a name."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    RELATIVE = "relative"
    CARER = "carer"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One row of the check page, in the applicant's language."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SecondLanguage:
    """The language of the one who helps, with the names that the receipt repeats in it."""

    language: str
    service: str
    agency_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptContent:
    """All text is in ``language`` already. Times are aware; they are printed in ``zone``.

    A copy carries no code, and what is not a copy always carries one.
    """

    language: str
    reference: Reference
    code: ReceiptCode | None
    service: str
    form_title: str
    """Printed below the service where it says something else; may be blank."""
    agency_name: str
    agency_phone: str
    centre_name: str
    centre_address: str
    centre_phone: str
    stored_at: datetime
    zone: tzinfo
    state: ReceiptState = ReceiptState.STORED_HERE
    received_at: datetime | None = None
    """When the agency's hub acknowledged it; set in state RECEIVED and in no other."""
    next_steps: tuple[str, ...] = ()
    """Whole sentences."""
    copy: bool = False
    practice: bool = False
    """Of a practice application: the paper says so all over, and nothing on it opens anything."""
    copy_kept_until: date | None = None
    """Until when the centre keeps a sealed copy with the person's consent; None where it keeps none."""
    helped_by: tuple[ReceiptHelper, ...] = ()
    second: SecondLanguage | None = None
    """None where the one who helps reads the applicant's language."""
    answers: tuple[AnswerLine, ...] = ()
    """The completed form, printed on a sheet of its own for who wants it on paper."""

    def __post_init__(self) -> None:
        if self.copy == (self.code is not None):
            raise ValueError("a copy carries no code, and a first receipt always carries one")
        if (self.state is ReceiptState.RECEIVED) == (self.received_at is None):
            raise ValueError("received_at belongs to the state RECEIVED alone")
        if self.stored_at.tzinfo is None or (self.received_at and self.received_at.tzinfo is None):
            raise ValueError("times on a receipt are aware")
