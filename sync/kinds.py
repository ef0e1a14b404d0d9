"""The words of the protocol that are known today: kinds, outcomes, codes.

On the line each of them is a plain string, since the other side may be newer: one that is not listed here is
kept and passed on, never dropped, and never an error.
"""

from enum import StrEnum


class EnvelopeKind(StrEnum):
    """What goes up. All but the last two name the application that they belong to."""

    APPLICATION = "application"
    AMENDMENT = "amendment"
    WITHDRAWAL = "withdrawal"
    CHANGE_OF_CIRCUMSTANCES = "change-of-circumstances"
    APPEAL = "appeal"
    RENEWAL = "renewal"
    REPORT_OF_DEATH = "report-of-death"
    FURTHER_EVIDENCE = "further-evidence"
    RECEIPT_REPLACEMENT = "receipt-replacement"
    """A receipt was lost: what is said from now on, and what was said so far, is sealed to ``receipt``."""
    QUESTION = "question"
    JOURNAL_HEAD = "journal-head"
    HEARTBEAT = "heartbeat"


class StatusKind(StrEnum):
    """What comes down about one application."""

    RECEIVED = "received"
    IN_WORK = "in-work"
    EVIDENCE_WANTED = "evidence-wanted"
    GRANTED = "granted"
    GRANTED_IN_PART = "granted-in-part"
    REFUSED = "refused"
    APPEAL_POSSIBLE = "appeal-possible"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    MESSAGE = "message"


DECIDED = "decided"
"""The kind of a :class:`sync.protocol.Status` that tells a centre of a decision, and not which one it was."""


class Outcome(StrEnum):
    """What became of one envelope."""

    STORED = "stored"
    """Committed at the hub; a repeat gets this very answer again."""
    REJECTED = "rejected"
    """The hub will not take it; it stays at the kiosk, and a person sees the reason."""
    CONFLICT = "conflict"
    """This id or sequence number came before with other content: a cloned or restored kiosk."""
    PARTS_WANTED = "parts-wanted"
    """Parts that it names have not arrived; send those first, then this again."""
    LATER = "later"
    """The hub cannot at present (its disk, its database); try again."""


class PartKind(StrEnum):
    ANSWERS = "answers"
    """The submission XML, zstd with the form's XML as raw dictionary, sealed to the agency (age)."""
    SIGNATURE = "signature"
    """Strokes as JSON, sealed to the agency."""
    SCAN = "scan"
    MESSAGE = "message"


class RefusalCode(StrEnum):
    """Why a whole request was not answered. Nothing that it carried is lost: it stays at the kiosk."""

    REQUEST_UNREADABLE = "request-unreadable"
    ENVELOPE_UNREADABLE = "envelope-unreadable"
    """One of the envelopes cannot even be named: send them singly to find it."""
    TOO_LARGE = "too-large"
    PROTOCOL = "protocol"
    NOT_SIGNED = "not-signed"
    UNKNOWN_KIOSK = "unknown-kiosk"
    REVOKED = "revoked"
    CLOCK = "clock"
    REPLAYED = "replayed"
    WRONG_CODE = "wrong-code"
    DIGEST = "digest"
    """An attachment is not what its digest says; it has to be sent anew."""
    BUSY = "busy"
    NO_SUCH_PLACE = "no-such-place"
    FAILED = "failed"


class ReasonCode(StrEnum):
    """Why one envelope was set aside, or why an answer was not opened yet."""

    DIGEST = "digest"
    DAMAGED = "damaged"
    """Found by the kiosk itself: the stored envelope is not what was stored."""
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    OTHER_CONTENT = "other-content"
    SEQUENCE_TAKEN = "sequence-taken"
    FORM_UNKNOWN = "form-unknown"
    """An OpenRosa server has not this version of the form."""
