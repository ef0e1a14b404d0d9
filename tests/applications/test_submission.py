"""Submitting: sealed to the agency, one transaction, exactly once."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from kiosk.applications import (
    Attachment,
    Consent,
    DraftState,
    Lookups,
    OpenDraft,
    Receipts,
    Submissions,
    TodaysWork,
    envelope_digest,
)
from kiosk.errors import Fault, PrintFault, SealFault, SignInFault
from kiosk.ids import AgencyId, ApplicationId, DraftId, ServiceId, new_id
from kiosk.journal import Action
from kiosk.store import ApplicationState, ArrivedStatus, OutboxEntry, PrintState
from kiosk.store.sealing import age_open, new_key_pair
from sync.protocol import Envelope
from tests.applications.people import (
    CODE,
    FORM,
    FORM_XML,
    HOLDER_VIEW,
    REFERENCE,
    SUBMISSION_XML,
    begun,
    drafts_of,
    paper,
    submit,
)
from tests.store.opened import Boot, Centre, Opened, TestClock, centre_of, opened

AGENCY, AGENCY_IDENTITY = new_key_pair()


def waiting(store: Opened) -> tuple[OutboxEntry, ...]:
    with store.database.reader() as repositories:
        return repositories.outbox.waiting(0, 64_000, 100, store.clock())


@pytest.mark.skipif(
    not (shutil.which("age") and shutil.which("zstd")), reason="the programs age and zstd are not installed"
)
def test_the_agency_reads_the_answers_without_any_of_our_software(
    store: Opened, centre: Centre, tmp_path: Path
) -> None:
    draft = begun(drafts_of(store, centre.key))
    submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, paper())
    (entry,) = waiting(store)
    assert entry.parts[0].body is not None
    (tmp_path / "key").write_text(AGENCY_IDENTITY + "\n")
    (tmp_path / "form.xml").write_bytes(FORM_XML)
    (tmp_path / "answers.age").write_bytes(entry.parts[0].body)
    read = subprocess.run(
        ["sh", "-c", "age -d -i key answers.age | zstd -d -D form.xml"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert read.stdout == SUBMISSION_XML


def test_the_header_is_the_protocols_envelope_and_both_ends_agree_on_its_digest(
    store: Opened, centre: Centre
) -> None:
    draft, keys = begun(drafts_of(store, centre.key)), paper()
    stored = submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, keys)
    (entry,) = waiting(store)
    envelope = Envelope.model_validate_json(entry.header)
    assert envelope.id == stored.envelope_id == entry.envelope_id
    assert envelope.application == stored.application_id
    assert (envelope.sequence, envelope.order, envelope.kind) == (1, 0, "application")
    assert envelope.created_at == stored.stored_at
    assert envelope.form is not None
    assert envelope.form.digest == FORM.digest
    assert envelope.receipt == keys.recipient
    assert [helper.role for helper in envelope.helpers] == ["volunteer"]
    body = entry.parts[0].body
    assert body is not None
    assert envelope.parts[0].digest == hashlib.sha256(body).hexdigest() == entry.parts[0].digest
    assert envelope.parts[0].size == len(body)
    assert entry.size == len(entry.header.encode()) + len(body)
    with_body = envelope.model_copy(
        update={"parts": tuple(part.model_copy(update={"body": b"x"}) for part in envelope.parts)}
    )
    assert envelope_digest(json.loads(with_body.model_dump_json())) == envelope.digest == entry.digest


def test_a_changed_header_has_another_digest(store: Opened, centre: Centre) -> None:
    draft = begun(drafts_of(store, centre.key))
    submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, paper())
    header = json.loads(waiting(store)[0].header)
    for changed in (
        header | {"agency": "other"},
        header | {"sequence": 2},
        header | {"unknown": 1},
        header | {"parts": [header["parts"][0] | {"digest": "0" * 64}]},
    ):
        assert envelope_digest(changed) != header["digest"]
    assert envelope_digest(header | {"order": 0, "nothing": None}) == header["digest"]


def test_the_readable_answers_are_gone_from_that_moment(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    drafts.set_resume_code(draft, paper(b"resume" * 2)).result()
    drafts.record(draft, '{"value": "Иванова"}', "/data/income").result()
    submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, paper())
    with store.database.reader() as repositories:
        assert repositories.drafts.steps(draft.id, draft.sealer) == ()
        assert repositories.drafts.opening(draft.id, draft.sealer) == b""
        assert repositories.drafts.place(draft.id, draft.sealer) is None
        assert repositories.drafts.by_code(b"resume" * 2) is None
        assert not repositories.drafts.can_be_opened(draft.id)
    with pytest.raises(SealFault):
        age_open(centre.coordinator.centre.for_key(centre.key.id), waiting(store)[0].parts[0].body or b"")


def test_pressed_twice_it_is_one_application(store: Opened, centre: Centre) -> None:
    draft, keys = begun(drafts_of(store, centre.key)), paper()
    submissions = Submissions(store.lane, centre.key, store.clock)
    first = submit(submissions, draft, AGENCY, keys)
    store.clock.pass_by(seconds=1)
    assert submit(submissions, draft, AGENCY, keys) == first
    assert len(waiting(store)) == 1


def test_application_outbox_and_journal_stand_or_fall_together(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    submissions, draft = Submissions(store.lane, centre.key, store.clock), begun(drafts)
    drafts.record(draft, '{"value": 1}', "/data/q2").result()
    with pytest.raises(SealFault, match="cannot be used"):
        submit(submissions, draft, "age1notakey", paper())
    assert waiting(store) == ()
    with store.database.reader() as repositories:
        assert repositories.applications.get(ApplicationId(draft.id)) is None
        assert len(repositories.drafts.steps(draft.id, draft.sealer)) == 1
    submit(submissions, draft, AGENCY, paper())
    assert [entry.sequence for entry in waiting(store)] == [1], "the failed attempt left no gap"
    with store.database.reader() as repositories:
        deeds = [entry.action for entry in repositories.journal.entries()]
    assert deeds.count(Action.APPLICATION_STORED) == 1


def test_a_draft_that_was_erased_cannot_be_submitted(store: Opened, centre: Centre) -> None:
    ghost = OpenDraft(DraftId(new_id()), FORM, "ru", None, bytes(32))
    with pytest.raises(Fault, match="no longer here"):
        submit(Submissions(store.lane, centre.key, store.clock), ghost, AGENCY, paper())


def test_a_signature_travels_beside_the_answers_sealed_alike(store: Opened, centre: Centre) -> None:
    draft, keys = begun(drafts_of(store, centre.key)), paper()
    strokes = b"[[[0,0],[5,9]]]"
    Submissions(store.lane, centre.key, store.clock).submit(
        draft,
        submission_xml=SUBMISSION_XML,
        form_xml=FORM_XML,
        agency=AgencyId("housing"),
        agency_recipient=AGENCY,
        reference=REFERENCE,
        code=CODE,
        keys=keys,
        service=ServiceId("heating-allowance"),
        form=FORM,
        consent=Consent("2031-01", "ru"),
        helpers=(),
        holder_view=HOLDER_VIEW,
        attachments=(Attachment("signature", "signature", strokes),),
    ).result()
    (entry,) = waiting(store)
    kinds = [part.kind for part in Envelope.model_validate_json(entry.header).parts]
    assert kinds == ["answers", "signature"]
    assert zstandard.decompress(age_open(AGENCY_IDENTITY, entry.parts[1].body or b"")) == strokes


def test_a_copy_is_kept_for_the_centre_only_with_consent_and_only_for_its_time(
    store: Opened, centre: Centre
) -> None:
    submissions = Submissions(store.lane, centre.key, store.clock)
    without = submit(submissions, begun(drafts_of(store, centre.key)), AGENCY, paper())
    until = store.clock() + timedelta(days=365)
    with_copy = submissions.submit(
        begun(drafts_of(store, centre.key)),
        submission_xml=SUBMISSION_XML,
        form_xml=FORM_XML,
        agency=AgencyId("housing"),
        agency_recipient=AGENCY,
        reference=REFERENCE,
        code=CODE,
        keys=paper(b"q" * 16),
        service=ServiceId("heating-allowance"),
        form=FORM,
        consent=Consent("2031-01", "ru"),
        helpers=(),
        holder_view=HOLDER_VIEW,
        copy_until=until,
    ).result()
    identity = centre.coordinator.centre.for_key(centre.key.id)
    with store.database.reader() as repositories:
        assert repositories.applications.copy(without.application_id, identity) is None
        assert repositories.applications.copy(with_copy.application_id, identity) == SUBMISSION_XML
    Receipts(store.lane, store.clock).erase_overdue(until).result()
    with store.database.reader() as repositories:
        assert repositories.applications.copy(with_copy.application_id, identity) is None


def test_a_receipt_that_did_not_come_out_can_be_printed_by_a_volunteer(store: Opened, centre: Centre) -> None:
    drafts, receipts = drafts_of(store, centre.key), Receipts(store.lane, store.clock)
    stored = submit(Submissions(store.lane, centre.key, store.clock), begun(drafts), AGENCY, paper())
    receipts.came_out(stored.application_id, False, None).result()
    assert drafts.end_session().result() is DraftState.SUBMITTED
    (row,) = TodaysWork(store.database).unprinted(centre.coordinator)
    assert (row.reference, row.print_state) == (REFERENCE, PrintState.DID_NOT_COME_OUT)
    secret = receipts.unprinted(centre.coordinator, stored.application_id)
    assert (secret.code, secret.holder_view) == (CODE, HOLDER_VIEW)
    receipts.came_out(stored.application_id, True, centre.coordinator.id).result()
    with pytest.raises(PrintFault, match="no longer here"):
        receipts.unprinted(centre.coordinator, stored.application_id)
    assert TodaysWork(store.database).unprinted(centre.coordinator) == ()


def test_once_the_paper_is_out_nobody_else_knows_the_code(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    stored = submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, paper())
    with store.database.reader() as repositories:
        assert repositories.drafts.receipt_secret(draft.id, draft.sealer) is not None
    Receipts(store.lane, store.clock).came_out(stored.application_id, True, None).result()
    with store.database.reader() as repositories:
        assert repositories.drafts.receipt_secret(draft.id, draft.sealer) is None
    with pytest.raises(PrintFault):
        Receipts(store.lane, store.clock).unprinted(centre.coordinator, stored.application_id)


def test_a_code_that_waited_a_week_is_erased(store: Opened, centre: Centre) -> None:
    receipts = Receipts(store.lane, store.clock)
    draft = begun(drafts_of(store, centre.key))
    stored = submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, paper())
    assert receipts.erase_overdue(store.clock() + timedelta(days=6)).result() == 0
    assert receipts.erase_overdue(store.clock() + timedelta(days=7)).result() == 1
    with pytest.raises(PrintFault):
        receipts.unprinted(centre.coordinator, stored.application_id)


def test_after_a_crash_before_the_print_the_receipt_is_still_there(tmp_path: Path) -> None:
    boot, clock = Boot(), TestClock()
    with opened(tmp_path / "data", clock) as store, centre_of(store) as centre:
        draft = begun(drafts_of(store, centre.key, boot))
        submit(Submissions(store.lane, centre.key, clock), draft, AGENCY, paper())
        key = centre.key
    with opened(tmp_path / "data", clock) as store:
        restored = drafts_of(store, key, boot).open_after_crash().result()
    assert restored is not None
    assert restored.state is DraftState.SUBMITTED
    assert restored.receipt is not None
    assert restored.receipt.code == CODE
    assert restored.opening is None


def test_the_paper_opens_its_application_with_nobody_signed_in(store: Opened, centre: Centre) -> None:
    keys = paper()
    draft = begun(drafts_of(store, centre.key))
    stored = submit(Submissions(store.lane, centre.key, store.clock), draft, AGENCY, keys)
    entry = waiting(store)[0]
    store.lane.submit(
        lambda r: r.outbox.acknowledge(entry.envelope_id, store.clock(), "https", None)
    ).result()
    status = ArrivedStatus(
        new_id(), stored.application_id, None, "granted", 1, store.clock(), b"sealed", "{}"
    )
    store.lane.submit(lambda r: r.statuses.take(status, store.clock())).result()
    found = Lookups(store.lane, store.clock).find(keys.tag, keys.open).result()
    assert found is not None
    assert found.for_holder == HOLDER_VIEW
    assert found.state is ApplicationState.DECIDED
    assert found.received_at == store.clock()
    assert found.statuses == (status,)


def test_a_paper_of_another_kiosk_is_asked_for_at_the_hub(store: Opened, centre: Centre) -> None:
    lookups, keys = Lookups(store.lane, store.clock), paper()
    assert lookups.find(keys.tag, keys.open).result() is None
    with store.database.reader() as repositories:
        assert repositories.statuses.questions() == (keys.tag,)
    answer = ArrivedStatus(
        new_id(), ApplicationId(new_id()), keys.tag, "received", 1, store.clock(), b"sealed", "{}"
    )
    store.lane.submit(lambda r: r.statuses.take(answer, store.clock())).result()
    store.clock.pass_by(seconds=1)
    found = lookups.find(keys.tag, keys.open).result()
    assert found is not None
    assert (found.for_holder, found.statuses) == (None, (answer,))


def test_codes_that_open_nothing_slow_down(store: Opened, centre: Centre) -> None:
    lookups, keys = Lookups(store.lane, store.clock), paper()
    assert lookups.find(keys.tag, keys.open).result() is None
    with pytest.raises(SignInFault, match="several wrong tries"):
        lookups.find(keys.tag, keys.open).result()
    store.clock.pass_by(seconds=1)
    assert lookups.find(keys.tag, keys.open).result() is None


def test_the_volunteers_page_tells_what_waits_and_what_needs_somebody(store: Opened, centre: Centre) -> None:
    work, morning = TodaysWork(store.database), store.clock() - timedelta(hours=1)
    submissions, receipts = (
        Submissions(store.lane, centre.key, store.clock),
        Receipts(store.lane, store.clock),
    )
    drafts = drafts_of(store, centre.key)
    stored = [submit(submissions, begun(drafts), AGENCY, paper(bytes([n]) * 16)) for n in range(3)]
    drafts.end_session().result()
    begun(drafts)
    drafts.end_session().result()
    receipts.came_out(stored[0].application_id, True, None).result()
    now = store.clock()
    store.lane.submit(lambda r: r.outbox.acknowledge(stored[0].envelope_id, now, "https", None)).result()
    store.lane.submit(
        lambda r: r.outbox.reject(stored[1].envelope_id, now, "form-unknown", "The form is too old.", False)
    ).result()
    counts = work.counts(morning)
    assert (counts.drafts, counts.stored, counts.printed, counts.received) == (1, 3, 1, 1)
    assert (counts.unprinted, counts.waiting, counts.needs_attention) == (2, 1, 1)
    assert counts.oldest_waiting_at == stored[2].stored_at
    (attention,) = work.attention(centre.coordinator)
    assert (attention.reference, attention.reason) == (REFERENCE, "The form is too old.")
    rows = work.applications(centre.coordinator, morning)
    assert {row.initials for row in rows} == {"М. И."}
    assert {row.state for row in rows} == {ApplicationState.KEPT, ApplicationState.RECEIVED}
    assert work.counts(store.clock() + timedelta(hours=1)).stored == 0


def test_a_damaged_record_does_not_hide_the_others(store: Opened, centre: Centre) -> None:
    submissions, drafts = Submissions(store.lane, centre.key, store.clock), drafts_of(store, centre.key)
    for number in range(2):
        submit(submissions, begun(drafts), AGENCY, paper(bytes([number]) * 16))
        store.clock.pass_by(minutes=1)
    store.lane.drain()
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute("UPDATE application SET for_centre = x'00' WHERE receipt_tag = zeroblob(16)")
        connection.commit()
    rows = TodaysWork(store.database).applications(centre.coordinator, store.clock() - timedelta(days=1))
    assert [row.reference for row in rows] == [REFERENCE, ""]
