"""One person's time at the kiosk. A visit begins blank and is dropped whole when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.flow.comfort import Comfort

if TYPE_CHECKING:
    # Names of types alone: the first page needs neither the forms' engine nor the paper.
    from datetime import datetime

    from kiosk.applications import FoundApplication, OpenDraft
    from kiosk.catalogue import Service
    from kiosk.flow.enclosing import Enclosures
    from kiosk.forms import Form, Ref, Session
    from kiosk.ids import ApplicationId, ReceiptCode, Reference
    from kiosk.operators import SignedIn
    from kiosk.receipts import PrintJob, ReceiptKeys


class Speaker(StrEnum):
    """Who sits at the screen: the person whose application it is, or someone who speaks for them."""

    MYSELF = "myself"
    RELATIVE = "relative"
    CARER = "carer"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"


class Entitlement(StrEnum):
    """What entitles someone to speak for another; the proof may follow."""

    ASKED = "asked"
    WRITTEN_AUTHORITY = "written-authority"
    COURT_ORDER = "court-order"
    POWER_OF_ATTORNEY = "power-of-attorney"


@dataclass(slots=True)
class Errand:
    """What a person came for, as far as it is known: filled from page to page."""

    speaker: Speaker = Speaker.MYSELF
    entitlement: Entitlement | None = None
    service: Service | None = None
    volunteer_may_continue: bool = True
    keep_copy: bool = False
    """The centre may keep a sealed copy of the finished application."""
    resume_code_given: bool = False
    form: Form | None = None
    session: Session | None = None
    draft: OpenDraft | None = None
    stored_steps: int = 0
    """How many of the session's steps the store has; the others go with the next answer, in order."""
    place: str = ""
    """The question that the screen stands on."""
    members: tuple[Ref, ...] = ()
    """The repeat instances whose questions are being asked, outermost first."""
    from_check: bool = False
    """The question was opened by "Change": its answer leads back to the check page."""
    enclosures: Enclosures = field(default_factory=dict)
    """Signatures, drawings and spoken consents, by the name that the form keeps for each."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The application that a receipt tells of, once the store has it."""

    application_id: ApplicationId
    stored_at: datetime


@dataclass(slots=True)
class Slip:
    """The receipt in the making: its secrets leave memory when the visit ends."""

    reference: Reference
    code: ReceiptCode
    keys: ReceiptKeys
    stored: Kept | None = None
    job: PrintJob | None = None
    """What the spooler was handed last; taken back when the person leaves without it."""
    copy_until: datetime | None = None
    """Until when the centre keeps a sealed copy of the application, with the person's consent."""
    printed: bool = False
    """A printer has taken it; whether it came out is another question."""
    copy: bool = False
    """Somebody has it in hand: whatever is printed from now on says COPY and carries no code."""


class Farewell(StrEnum):
    """What became of the answers of somebody who went away without a word."""

    FOR_VOLUNTEER = "for-volunteer"
    FOR_CODE = "for-code"
    ERASED = "erased"
    NOTHING = "nothing"
    """There was nothing to keep, or it was handed in."""


@dataclass(slots=True)
class Visit:
    """Everything about the person at the screen; ``number`` tells late callbacks of an earlier one apart."""

    number: int
    language: str = "en"
    comfort: Comfort = field(default_factory=Comfort)
    errand: Errand = field(default_factory=Errand)
    slip: Slip | None = None
    found: FoundApplication | None = None
    found_keys: ReceiptKeys | None = None
    signed_in: SignedIn | None = None
    sets_up: bool = False
    """The first start is under way: what it opens leads back there."""
    looked_at: ApplicationId | None = None
    """Which application a page of the staff is about."""
    slips: list[PrintJob] = field(default_factory=list)
    """Sheets with a code of this person's, taken back where they have not come out by the end."""
    farewell: Farewell | None = None
    """How the visit before this one ended, where nobody was there to be told; in its own language."""


def is_handed_in(visit: Visit) -> bool:
    """The application is stored: nothing that follows can lose it."""
    return visit.slip is not None and visit.slip.stored is not None


def is_unfinished(visit: Visit) -> bool:
    """A draft is open that has not been handed in."""
    return visit.errand.draft is not None and not is_handed_in(visit)


def farewell_of(visit: Visit) -> Farewell:
    """What an idle end makes of this visit's answers, as its person chose."""
    if not is_unfinished(visit):
        return Farewell.NOTHING
    if visit.errand.volunteer_may_continue:
        return Farewell.FOR_VOLUNTEER
    return Farewell.FOR_CODE if visit.errand.resume_code_given else Farewell.ERASED


def holds_something_personal(visit: Visit) -> bool:
    """Somebody's answers, receipt or decision can be reached: nobody else takes this screen over."""
    return visit.errand.draft is not None or visit.slip is not None or visit.found is not None
