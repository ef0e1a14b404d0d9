"""An application while it is being written: what it is about, and what a screen gets back of it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kiosk.ids import AgencyId, ApplicationId, DraftId, OperatorId, ReceiptCode, Reference, ServiceId
from kiosk.store.drafts import DraftState, FormKey
from kiosk.store.sealing import Sealer


class ApplicantRole(StrEnum):
    """Who is at the kiosk, seen from the person the help is for."""

    MYSELF = "myself"
    RELATIVE = "relative"
    CARER = "carer"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"


@dataclass(frozen=True, slots=True)
class DraftOpening:
    """What was settled before the first question; sealed with the answers.

    ``entitlement`` is what entitles a speaker to speak, as it was chosen; ``session`` is the JSON with which
    the form session was opened, so that it can be replayed; ``helper`` is the operator who sits beside.
    """

    service: ServiceId
    agency: AgencyId
    who: ApplicantRole
    entitlement: str
    consent_version: str
    session: str
    helper: OperatorId | None
    volunteer_may_continue: bool
    keep_copy: bool = False
    """The person let the centre keep a sealed copy of the finished application."""

    def to_json(self) -> str:
        facts = asdict(self) | {"helper": None if self.helper is None else str(self.helper)}
        return json.dumps(facts, ensure_ascii=False)

    @staticmethod
    def from_json(text: str | bytes) -> "DraftOpening":
        facts = json.loads(text)
        return DraftOpening(
            service=ServiceId(facts["service"]),
            agency=AgencyId(facts["agency"]),
            who=ApplicantRole(facts["who"]),
            entitlement=facts["entitlement"],
            consent_version=facts["consent_version"],
            session=facts["session"],
            helper=None if facts["helper"] is None else OperatorId(UUID(facts["helper"])),
            volunteer_may_continue=facts["volunteer_may_continue"],
            keep_copy=facts.get("keep_copy", False),
        )


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft whose key is in memory. Let go of it when the session ends."""

    id: DraftId
    form: FormKey
    language: str
    operator_id: OperatorId | None
    key: bytes = field(repr=False)

    @property
    def sealer(self) -> Sealer:
        return Sealer(self.key)


@dataclass(frozen=True, slots=True)
class ReceiptSecret:
    """What a receipt that is not yet in somebody's hand still needs. ``holder_view`` is the JSON that the
    paper opens."""

    application_id: ApplicationId
    reference: Reference
    code: ReceiptCode = field(repr=False)
    holder_view: str = field(repr=False)

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"application_id": str(self.application_id)}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str | bytes) -> "ReceiptSecret":
        facts = json.loads(text)
        return ReceiptSecret(
            ApplicationId(UUID(facts["application_id"])),
            Reference(facts["reference"]),
            ReceiptCode(facts["code"]),
            facts["holder_view"],
        )


@dataclass(frozen=True, slots=True)
class RestoredDraft:
    """A draft as it was left: replay ``steps`` over ``opening`` and show ``place`` (None: the beginning).

    In the state *submitted* the answers are gone: ``opening`` is None and ``receipt`` waits to be printed.
    """

    draft: OpenDraft
    state: DraftState
    opening: DraftOpening | None = field(repr=False)
    steps: tuple[str, ...] = field(repr=False)
    place: str | None = field(repr=False)
    receipt: ReceiptSecret | None = None


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A line of the volunteer's list. ``opening`` is None where only the resume code opens the draft."""

    id: DraftId
    state: DraftState
    form: FormKey
    language: str
    operator_id: OperatorId | None
    made_at: datetime
    changed_at: datetime
    opening: DraftOpening | None = field(repr=False)
