"""What can be written into the journal, and as whose doing."""

from enum import StrEnum
from typing import NewType

from kiosk.ids import OperatorId

Actor = NewType("Actor", str)
"""``applicant``, ``kiosk``, or ``operator:`` and the operator's id; never a name."""

APPLICANT = Actor("applicant")
KIOSK = Actor("kiosk")


def operator_actor(operator: OperatorId | None) -> Actor:
    """The operator, or the applicant where nobody is signed in."""
    return APPLICANT if operator is None else Actor(f"operator:{operator}")


class Action(StrEnum):
    """A closed list: what is not here is not journalled. A newer version's action is read as its text."""

    FIRST_START_CODE_MADE = "first-start-code-made"
    OPERATOR_ADDED = "operator-added"
    OPERATOR_LEFT = "operator-left"
    PIN_CHANGED = "pin-changed"
    PIN_RESET = "pin-reset"
    SECOND_FACTOR_CHANGED = "second-factor-changed"
    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGNED_OUT = "signed-out"
    RECOVERY_SHEET_MADE = "recovery-sheet-made"
    RECOVERED = "recovered"
    CENTRE_KEY_CHANGED = "centre-key-changed"

    DRAFT_BEGUN = "draft-begun"
    DRAFT_OPENED = "draft-opened"
    DRAFT_PARKED = "draft-parked"
    DRAFT_ERASED = "draft-erased"

    APPLICATION_STORED = "application-stored"
    APPLICATION_SENT = "application-sent"
    APPLICATION_RECEIVED = "application-received"
    APPLICATION_REJECTED = "application-rejected"
    APPLICATION_TRIED_AGAIN = "application-tried-again"
    APPLICATION_APPROVED = "application-approved"
    COPY_OPENED = "copy-opened"
    COPY_ERASED = "copy-erased"
    LIKENESS_ERASED = "likeness-erased"

    RECEIPT_PRINTED = "receipt-printed"
    RECEIPT_NOT_PRINTED = "receipt-not-printed"
    RECEIPT_COPIED = "receipt-copied"
    RECEIPT_SECRET_ERASED = "receipt-secret-erased"  # noqa: S105 - the name of a deed
    RECEIPT_REPLACED = "receipt-replaced"

    SETTING_CHANGED = "setting-changed"
    PACK_INSTALLED = "pack-installed"
    UPDATES_TRUSTED = "updates-trusted"
    UPDATE_ARRIVED = "update-arrived"
    UPDATE_REFUSED = "update-refused"
    UPDATE_TAKEN_BACK = "update-taken-back"
    BACKLOG_SEEN = "backlog-seen"
    EXPORTED = "exported"
    OPENING_CHECKED = "opening-checked"
    CLOSING_CHECKED = "closing-checked"
    BACKED_UP = "backed-up"
    RESTORED = "restored"
    WIPED = "wiped"
    CLOSED = "closed"
    BUG = "bug"
