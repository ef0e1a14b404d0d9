"""Submitting: sealed to the agency before anything is written, then everything in one transaction.

The answers, one a line in form order (:mod:`kiosk.applications.answers`), travel as ``zstd`` with the form's
own XML, byte for byte, as raw dictionary, inside one age file: ``age -d | zstd -d -D form.xml`` gives them
without any of our software. What stands beside them, a signature's strokes, is ``age -d | zstd -d``.
"""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.applications.answers import in_lines
from kiosk.applications.draft import OpenDraft, ReceiptSecret
from kiosk.applications.drafts import PublicKeys
from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart
from kiosk.applications.likeness import Likeness, index_key
from kiosk.errors import Message, StoreFault
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, ReceiptCode, Reference, ServiceId
from kiosk.journal import Action, operator_actor
from kiosk.operators import SignedIn
from kiosk.store import (
    ApplicationState,
    CentreKey,
    Clock,
    Done,
    DraftState,
    FormKey,
    OutboxEntry,
    OutboxState,
    PartBody,
    PrintState,
    Repositories,
    WriterLane,
)
from kiosk.store.applications import ApplicationContent, ApplicationRecord
from kiosk.store.centre_keys import Purpose
from kiosk.store.sealing import age_seal
from kiosk.texts import N_

if TYPE_CHECKING:
    import zstandard

UNPRINTED_FOR = timedelta(days=7)
"""How long a receipt that did not come out can still be printed with its code."""

APPLICATION = "application"
ANSWERS = "answers"
ODK_TYPE = "application/octet-stream"
SEALED_TYPE = "application/x-age"
_LEVEL = 12
"""Of zstd. 19 takes three times as long, and a hundred applications take 0.2 KB less with it."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to: the version of the words, and the language they were read in."""

    version: str
    language: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part beside the answers (a signature's strokes); it is compressed and sealed like them."""

    name: str
    kind: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    application_id: ApplicationId
    envelope_id: EnvelopeId
    stored_at: datetime


class Submissions:
    def __init__(self, lane: WriterLane, centre: CentreKey, clock: Clock) -> None:
        self._lane = lane
        self._centre = centre
        self._clock = clock

    def submit(
        self,
        draft: OpenDraft,
        *,
        submission_xml: bytes,
        form_xml: bytes,
        agency: AgencyId,
        agency_recipient: str,
        reference: Reference,
        code: ReceiptCode,
        keys: PublicKeys,
        service: ServiceId,
        form: FormKey,
        consent: Consent,
        helpers: Sequence[str],
        holder_view: str,
        initials: str = "",
        likeness: Likeness | None = None,
        signed_in: SignedIn | None = None,
        for_approval: bytes | None = None,
        copy_until: datetime | None = None,
        attachments: Sequence[Attachment] = (),
        openrosa: bool = False,
        done: Done[Stored] = None,
    ) -> Future[Stored]:
        """Stores an application for good; its readable answers are gone from that moment.

        ``helpers`` are roles, never names; ``holder_view`` is the JSON that the paper opens; a copy for the
        centre is kept only with ``copy_until``, that is with the person's consent. ``likeness`` goes into the
        blind index, at once where somebody is ``signed_in``. With ``for_approval`` (what a coordinator is to
        read) it waits for one before it is sent. Submitting the same
        draft again gives what the first time gave. Faults: the disk, or an agency's key that is none.
        """
        stored_at = self._clock()
        application_id = ApplicationId(draft.id)
        recipient, tag = keys.recipient, keys.tag
        secret = ReceiptSecret(application_id, reference, code, holder_view)

        def work(repositories: Repositories) -> Stored:
            earlier = repositories.applications.get(application_id)
            if earlier is not None:
                first = repositories.outbox.of(application_id)[0]
                return Stored(application_id, first.envelope_id, earlier.stored_at)
            record = repositories.drafts.get(draft.id)
            if record is None or record.state is DraftState.SUBMITTED:
                raise StoreFault(
                    Message(N_("This application is no longer here.")),
                    Message(
                        N_("It may have been sent or erased in the meantime. Please look at the list again.")
                    ),
                )
            key = None if signed_in is None else index_key(repositories, signed_in)
            # The key of this moment: a coordinator may have changed it since the kiosk was opened.
            centre = repositories.centre_keys.current() or self._centre
            sealed = (
                odk_parts(submission_xml, form, attachments, agency_recipient)
                if openrosa
                else seal_parts(submission_xml, form_xml, attachments, agency_recipient)
            )
            repositories.applications.add(
                ApplicationRecord(
                    id=application_id,
                    state=ApplicationState.KEPT
                    if for_approval is None
                    else ApplicationState.AWAITING_APPROVAL,
                    agency=agency,
                    stored_at=stored_at,
                    received_at=None,
                    operator_id=draft.operator_id,
                    consent_version=consent.version,
                    centre_key_id=centre.id,
                    receipt_tag=tag,
                    receipt_recipient=recipient,
                    print_state=PrintState.NOT_PRINTED,
                    printed_at=None,
                    copies=0,
                    copy_until=copy_until,
                    unprinted_until=stored_at + UNPRINTED_FOR,
                ),
                ApplicationContent(
                    for_centre=centre_view(reference, service, form, initials),
                    for_holder=holder_view.encode(),
                    # Kept for the centre from the start: a power cut before the paper is out must not
                    # take the code with it.
                    unprinted_secret=secret.to_json().encode(),
                    copy=None if copy_until is None else submission_xml,
                    likeness=likeness.to_json() if likeness is not None and key is None else None,
                    for_approval=for_approval,
                ),
                centre,
                blind_index=likeness.index(key) if likeness is not None and key is not None else None,
                coordinators=None
                if for_approval is None
                else repositories.centre_keys.current(Purpose.COORDINATORS),
            )
            header = EnvelopeHeader(
                # The application's own id, made before anything was written: one more that need not travel.
                id=EnvelopeId(application_id),
                kind=APPLICATION,
                agency=agency,
                application=application_id,
                order=0,
                sequence=repositories.outbox.next_sequence(),
                created_at=stored_at,
                form=form,
                consent_version=consent.version,
                consent_language=consent.language,
                helpers=tuple(helpers),
                receipt=recipient,
                tag=tag,
                parts=tuple(part for part, _ in sealed),
            )
            entry = outbox_entry(header, tuple(body for _, body in sealed))
            if for_approval is not None:
                entry = replace(entry, state=OutboxState.AWAITING_APPROVAL)
            repositories.outbox.add(entry)
            repositories.drafts.submitted(draft.id, secret.to_json(), draft.sealer, stored_at)
            repositories.journal.append(
                stored_at,
                operator_actor(draft.operator_id),
                Action.APPLICATION_STORED,
                str(application_id),
                {"envelope": str(header.id)},
            )
            return Stored(application_id, header.id, stored_at)

        return self._lane.submit(work, done)


def seal_parts(
    submission_xml: bytes, form_xml: bytes, attachments: Sequence[Attachment], agency_recipient: str
) -> tuple[tuple[EnvelopePart, bytes], ...]:
    """The answers first, then the attachments; each compressed, then sealed to the agency."""
    answers = in_lines(submission_xml, form_xml) or submission_xml
    bodies = [(ANSWERS, ANSWERS, compressed(answers, form_xml))]
    bodies += [(each.name, each.kind, compressed(each.body)) for each in attachments]
    parts: list[tuple[EnvelopePart, bytes]] = []
    for name, kind, body in bodies:
        sealed = age_seal(agency_recipient, body)
        digest = hashlib.sha256(sealed).hexdigest()
        parts.append((EnvelopePart(name, kind, SEALED_TYPE, len(sealed), digest), sealed))
    return tuple(parts)


def odk_parts(
    submission_xml: bytes, form: FormKey, attachments: Sequence[Attachment], public_key: str
) -> tuple[tuple[EnvelopePart, bytes], ...]:
    """As ODK's encrypted forms travel, for an agency that has a server of that kind."""
    from kiosk.applications.odk_encryption import PlainFile, encrypted_submission

    files = [PlainFile(each.name, each.body) for each in attachments]
    found = encrypted_submission(submission_xml, form.id, form.version, files, public_key)
    return tuple(
        (EnvelopePart(name, kind, ODK_TYPE, len(body), hashlib.sha256(body).hexdigest()), body)
        for name, kind, body in found
    )


def compressed(body: bytes, form_xml: bytes = b"") -> bytes:
    """One zstd frame (RFC 8878) with ``form_xml`` as raw content dictionary (section 5, "content-only")."""
    # Not needed before the first submission, so a start does not pay for it.
    import zstandard

    if not form_xml:
        return zstandard.ZstdCompressor(level=_LEVEL).compress(body)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(form_xml)).compress(body)


@lru_cache(maxsize=16)
def _dictionary(form_xml: bytes) -> "zstandard.ZstdCompressionDict":
    # Reading a form of 70 KB in takes thirty times as long as compressing with it.
    import zstandard

    dictionary = zstandard.ZstdCompressionDict(form_xml, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    dictionary.precompute_compress(level=_LEVEL)
    return dictionary


def centre_view(reference: Reference, service: ServiceId, form: FormKey, initials: str) -> bytes:
    """What the volunteer's page needs later, as it is sealed to the centre."""
    facts = {
        "reference": reference,
        "service": service,
        "form": form.id,
        "form_version": form.version,
        "initials": initials,
    }
    return json.dumps(facts, ensure_ascii=False).encode()


def outbox_entry(header: EnvelopeHeader, bodies: Sequence[bytes]) -> OutboxEntry:
    """The entry that waits for the courier, with the bodies of the header's parts in the same order."""
    text, digest = header.to_header_json_and_digest()
    return OutboxEntry(
        envelope_id=header.id,
        sequence=header.sequence,
        application_id=header.application,
        kind=header.kind,
        agency=header.agency,
        header=text,
        digest=digest,
        size=len(text.encode()) + sum(map(len, bodies)),
        made_at=header.created_at,
        state=OutboxState.WAITING,
        attempts=0,
        last_try_at=None,
        next_try_at=None,
        settled_at=None,
        reason_code="",
        reason="",
        parts=tuple(
            PartBody(number, part.digest, body)
            for number, (part, body) in enumerate(zip(header.parts, bodies, strict=True))
        ),
        order=header.order,
    )
