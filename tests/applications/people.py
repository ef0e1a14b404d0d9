"""What an applicant brings: a form, a paper with a code, an agency."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.applications import (
    ApplicantRole,
    Attachment,
    Consent,
    DraftOpening,
    Drafts,
    FormKey,
    Likeness,
    OpenDraft,
    Stored,
    Submissions,
)
from kiosk.ids import AgencyId, FormId, OperatorId, ReceiptCode, Reference, ServiceId
from kiosk.operators import SignedIn
from kiosk.store import CentreKey
from kiosk.store.sealing import age_open, new_key_pair
from kiosk.store.session_key import SessionKeyFile
from tests.store.opened import Boot, Opened

FORM_XML = (
    b'<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms"'
    b' xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Heating</h:title>'
    b"<model><instance><data id='heating' version='1'><name/><income/></data>"
    b"</instance><bind nodeset='/data/name' type='string'/></model></h:head><h:body/></h:html>"
)
SUBMISSION_XML = (
    "<?xml version='1.0' encoding='UTF-8'?><data id='heating' version='1'>"
    "<name>Иванова Мария Петровна</name><income>12500</income></data>"
).encode()
FORM = FormKey(FormId("heating"), "1", "c" * 64)
REFERENCE = Reference("123456789012345")
CODE = ReceiptCode("12345678901234567890")
HOLDER_VIEW = '{"reference": "123456789012345", "service": "Отопление"}'


@dataclass(frozen=True)
class Paper:
    """The keys behind a code; the real ones come from the code by Argon2id."""

    recipient: str
    identity: str
    tag: bytes

    def open(self, sealed: bytes) -> bytes:
        return age_open(self.identity, sealed)


def paper(tag: bytes = b"p" * 16) -> Paper:
    recipient, identity = new_key_pair()
    return Paper(recipient, identity, tag)


def opening(*, volunteer_may_continue: bool = True, helper: OperatorId | None = None) -> DraftOpening:
    return DraftOpening(
        service=ServiceId("heating-allowance"),
        agency=AgencyId("housing"),
        who=ApplicantRole.RELATIVE,
        entitlement="daughter, proof follows",
        consent_version="2031-01",
        session='{"seed": 7}',
        helper=helper,
        volunteer_may_continue=volunteer_may_continue,
    )


def session_key_of(store: Opened, boot: Boot, name: str = "boot-1") -> SessionKeyFile:
    memory = store.folder.parent / "memory"
    memory.mkdir(exist_ok=True)
    return SessionKeyFile(store.folder, memory, name, boot)


def drafts_of(store: Opened, key: CentreKey, boot: Boot | None = None, name: str = "boot-1") -> Drafts:
    return Drafts(store.lane, key, store.clock, session_key_of(store, boot or Boot(), name))


def begun(drafts: Drafts, *, volunteer_may_continue: bool = True) -> OpenDraft:
    return drafts.begin(FORM, "ru", opening(volunteer_may_continue=volunteer_may_continue), None).result()


def submit(
    submissions: Submissions,
    draft: OpenDraft,
    agency_recipient: str,
    keys: Paper,
    *,
    initials: str = "М. И.",
    likeness: Likeness | None = None,
    signed_in: SignedIn | None = None,
    submission_xml: bytes = SUBMISSION_XML,
    form_xml: bytes = FORM_XML,
    form: FormKey = FORM,
    reference: Reference = REFERENCE,
    attachments: Sequence[Attachment] = (),
) -> Stored:
    return submissions.submit(
        draft,
        submission_xml=submission_xml,
        form_xml=form_xml,
        agency=AgencyId("housing"),
        agency_recipient=agency_recipient,
        reference=reference,
        code=CODE,
        keys=keys,
        service=ServiceId("heating-allowance"),
        form=form,
        consent=Consent("2031-01", "ru"),
        helpers=("volunteer",),
        holder_view=HOLDER_VIEW,
        initials=initials,
        likeness=likeness,
        signed_in=signed_in,
        attachments=attachments,
    ).result()
