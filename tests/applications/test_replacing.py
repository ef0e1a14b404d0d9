"""A lost receipt: a new paper opens what was said and what will be said, and the old one opens nothing."""

import threading
from pathlib import Path
from random import Random

import pytest

from kiosk.applications import (
    HolderView,
    Lookups,
    NewReceipt,
    Receipts,
    Replacements,
    Submissions,
    agency_answers,
    holder_view,
)
from kiosk.errors import Fault, SealFault
from kiosk.ids import ApplicationId, ReceiptCode, Reference, ServiceId, new_id
from kiosk.journal import Action
from kiosk.store import PrintState, Setting
from sync.courier import Courier
from sync.hub.statuses import Caseworker, Decision
from tests.applications.people import CODE, FORM, FORM_XML, Paper, begun, drafts_of, paper, submit
from tests.store.opened import Centre, Opened, TestClock, centre_of, opened
from tests.sync.parties import AGENCY_KEY, PATIENCE_S, Hub, Kiosk

NEW_CODE = ReceiptCode("98765432109876543210")


def view_of(reference: str) -> str:
    return HolderView(
        Reference(reference), ServiceId("heating"), "Отопление", "ru", "Центр", TestClock().now
    ).to_json()


def replaced(store: Opened, centre: Centre, id: ApplicationId, new: Paper) -> None:
    receipt = NewReceipt(id, Reference("123456789012345"), NEW_CODE, view_of("123456789012345"))
    Replacements(store.lane, store.clock).replace(centre.coordinator, receipt, new, "document")


def test_the_new_paper_finds_it_and_waits_to_be_printed_and_the_old_one_finds_nothing(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "data") as store, centre_of(store) as centre:
        old, new = paper(b"o" * 16), paper(b"n" * 16)
        agency = str(AGENCY_KEY.to_public())
        draft = begun(drafts_of(store, centre.key))
        stored = submit(Submissions(store.lane, centre.key, store.clock), draft, agency, old)
        receipts = Receipts(store.lane, store.clock)
        receipts.came_out(stored.application_id, True, None).result()
        replaced(store, centre, stored.application_id, new)
        lookups = Lookups(store.lane, store.clock)
        assert lookups.find(old.tag, old.open).result() is None
        store.clock.pass_by(seconds=2)
        found = lookups.find(new.tag, new.open).result()
        assert found is not None
        seen = holder_view(found)
        assert seen is not None
        assert seen.reference == "123456789012345"
        secret = receipts.unprinted(centre.coordinator, stored.application_id)
        assert secret.code == NEW_CODE != CODE
        with store.database.reader() as repositories:
            record = repositories.applications.get(stored.application_id)
            entries = [e for e in repositories.journal.entries() if e.action == Action.RECEIPT_REPLACED]
            kinds = [entry.kind for entry in repositories.outbox.of(stored.application_id)]
        assert record is not None
        assert record.print_state is PrintState.NOT_PRINTED
        assert [dict(entry.details) for entry in entries] == [{"checked": "document"}]
        assert kinds == ["application", "receipt-replacement"]


def test_an_application_of_another_kiosk_is_refused(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "data") as store,
        centre_of(store) as centre,
        pytest.raises(Fault, match="no longer"),
    ):
        replaced(store, centre, ApplicationId(new_id()), paper())


def test_the_agency_seals_what_it_said_and_what_it_says_to_the_new_receipt(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub", forms={FORM.digest: FORM_XML}) as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.lane.submit(lambda r: r.settings.put(Setting.KIOSK_ID, str(kiosk.device.kiosk))).result()
        store = Opened(kiosk.folder, kiosk.database, kiosk.lane, kiosk.clock)  # type: ignore[arg-type]

        def exchange() -> None:
            done = threading.Event()
            courier = Courier(
                database=kiosk.database,
                lane=kiosk.lane,
                carrier=carrier,
                kiosk=kiosk.device.kiosk,
                app_version="0",
                clock=kiosk.clock,
                random=Random(1),
                deliver=lambda call: call(),
            )
            courier.try_now(lambda _: done.set())
            courier.start()
            assert done.wait(PATIENCE_S)
            courier.stop()

        with centre_of(store) as centre:
            old, new = paper(b"o" * 16), paper(b"n" * 16)
            draft = begun(drafts_of(store, centre.key))
            agency = str(AGENCY_KEY.to_public())
            id = submit(Submissions(store.lane, centre.key, store.clock), draft, agency, old).application_id
            exchange()
            worker = Caseworker(hub.database, hub.clock)
            worker.decide(str(id), Decision("evidence-wanted", reason="A pay slip, please."))
            exchange()
            replaced(store, centre, id, new)
            exchange()
            worker.decide(str(id), Decision("granted", amount="120", reason="For the winter."))
            exchange()
            found = Lookups(store.lane, store.clock).find(new.tag, new.open).result()
            assert found is not None
            answers = {answer.kind: answer for answer in agency_answers(found, new.open)}
            assert answers["evidence-wanted"].reason == "A pay slip, please."
            assert (answers["granted"].amount, answers["granted"].reason) == ("120", "For the winter.")
            for status in found.statuses:
                with pytest.raises(SealFault):
                    old.open(status.sealed)
