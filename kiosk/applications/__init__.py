"""An application's life: draft, sealed, sent, decided."""

from kiosk.applications.approval import Approvals, Awaiting, ReadAnswer, to_be_read
from kiosk.applications.backlog import Backlog, Urgency, Waiting
from kiosk.applications.draft import (
    ApplicantRole,
    DraftOpening,
    DraftSummary,
    OpenDraft,
    ReceiptSecret,
    RestoredDraft,
)
from kiosk.applications.drafts import Drafts, PublicKeys
from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart, envelope_digest
from kiosk.applications.likeness import Likeness, Likenesses
from kiosk.applications.lookup import FoundApplication, Lookups
from kiosk.applications.printing import Receipts
from kiosk.applications.reading import AgencyAnswer, HolderView, agency_answers, holder_view
from kiosk.applications.replacing import NewReceipt, Replacements
from kiosk.applications.submission import Attachment, Consent, Stored, Submissions
from kiosk.applications.today import AttentionRow, TodaysCounts, TodaysRow, TodaysWork
from kiosk.store import DraftState, FormKey

__all__ = [
    "AgencyAnswer",
    "ApplicantRole",
    "Approvals",
    "Attachment",
    "AttentionRow",
    "Awaiting",
    "Backlog",
    "Consent",
    "DraftOpening",
    "DraftState",
    "DraftSummary",
    "Drafts",
    "EnvelopeHeader",
    "EnvelopePart",
    "FormKey",
    "FoundApplication",
    "HolderView",
    "Likeness",
    "Likenesses",
    "Lookups",
    "NewReceipt",
    "OpenDraft",
    "PublicKeys",
    "ReadAnswer",
    "ReceiptSecret",
    "Receipts",
    "Replacements",
    "RestoredDraft",
    "Stored",
    "Submissions",
    "TodaysCounts",
    "TodaysRow",
    "TodaysWork",
    "Urgency",
    "Waiting",
    "agency_answers",
    "envelope_digest",
    "holder_view",
    "to_be_read",
]
