"""Newer code opens what every release has left behind: nothing is lost, and what waits is sent once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import select

from kiosk.applications import Drafts
from kiosk.ids import DraftId, EnvelopeId, OperatorId
from kiosk.store import OutboxState
from kiosk.store.outbox import OutboxEntry
from kiosk.store.session_key import SessionKeyFile
from sync.enrolment import device_of
from sync.hub.opening import Opener, forms_in
from sync.hub.rows import ApplicationRow, EnvelopeRow
from sync.hub.statuses import Decision
from sync.protocol import StatusContent
from tests.store.opened import Opened, TestClock, opened, operators_of
from tests.store.released import Told, unpacked, versions
from tests.sync.parties import Hub, Kiosk

pytestmark = pytest.mark.parametrize("version", versions())


@contextmanager
def upgraded(version: str, folder: Path) -> Iterator[tuple[Told, Opened]]:
    """The kiosk of a release, an hour after it was closed, under the code of today."""
    told = unpacked(version, folder)
    with opened(folder / "kiosk", later(told)) as store:
        yield told, store


def later(told: Told) -> TestClock:
    clock = TestClock()
    clock.now = told.at + timedelta(hours=1)
    return clock


def entries(store: Opened) -> list[OutboxEntry]:
    with store.database.reader() as repositories:
        applications = repositories.applications.stored_since(datetime(2020, 1, 1, tzinfo=UTC))
        found = [entry for one in applications for entry in repositories.outbox.of(one.id)]
        whole = [repositories.outbox.get(entry.envelope_id) for entry in found]
    return sorted((entry for entry in whole if entry is not None), key=lambda entry: entry.sequence)


def references(told: Told, forms: dict[str, bytes], state: OutboxState, store: Opened) -> list[str]:
    """Of the envelopes in one state, in the order of their numbers, from the sealed answers themselves."""
    opener = Opener([told.agency_identity], forms)
    (form,) = forms
    bodies = [entry.parts[0].body for entry in entries(store) if entry.state is state]
    return [opener.open("answers", body, form).reference or "" for body in bodies]


def hub_of(told: Told, folder: Path, clock: TestClock) -> Hub:
    """The hub of that release, likewise under the code of today."""
    forms = forms_in(folder / "forms")
    return Hub(folder / "hub", clock=clock, identities=[told.agency_identity], forms=forms)


def test_everything_that_an_earlier_release_kept_is_there(version: str, tmp_path: Path) -> None:
    folder = tmp_path / version
    with upgraded(version, folder) as (told, store):
        forms = forms_in(folder / "forms")
        kept = {state: references(told, forms, state, store) for state in OutboxState}
        assert kept == {
            OutboxState.ACKNOWLEDGED: list(told.acknowledged),
            OutboxState.REJECTED: list(told.set_aside),
            OutboxState.CONFLICT: [],
            OutboxState.AWAITING_APPROVAL: [],
            OutboxState.WAITING: list(told.waiting),
        }
        with store.database.reader() as repositories:
            newest = repositories.journal.head()
            assert repositories.journal.verify() is None
        assert newest is not None
        assert newest.number >= told.journal
        operators = operators_of(store)
        coordinator = operators.sign_in(OperatorId(told.coordinator), told.pin)
        centre = operators.centre()
        assert centre is not None
        drafts = Drafts(store.lane, centre, store.clock, SessionKeyFile(store.folder, None, "", float))
        assert drafts.open_as(coordinator, DraftId(told.draft)).result().steps == told.steps
        drafts.end_session().result()
        operators.close()


def test_what_waited_when_the_kiosk_was_upgraded_arrives_once(version: str, tmp_path: Path) -> None:
    folder = tmp_path / version
    with upgraded(version, folder) as (told, store):
        device = device_of(store.database, store.lane)
        clock = store.clock
    with hub_of(told, folder, clock) as hub, Kiosk(folder / "kiosk", clock, device) as kiosk:
        carrier = kiosk.known_to(hub)
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.waiting) == (None, len(told.waiting), 0)
        assert arrived(hub) == sorted(told.acknowledged + told.waiting)
        again = kiosk.tried(carrier)
        assert (again.fault, again.done) == (None, 0)
        aside = attention(kiosk)
        assert len(aside) == len(told.set_aside)
        for entry in aside:
            again_please(kiosk, entry.envelope_id)
        assert kiosk.tried(carrier).done == len(aside)
        everything = told.acknowledged + told.set_aside + told.waiting
        assert arrived(hub) == sorted(everything)
        assert envelopes(hub) == len(everything)


def test_a_decision_about_an_earlier_releases_application_is_opened_by_its_paper(
    version: str, tmp_path: Path
) -> None:
    folder = tmp_path / version
    with upgraded(version, folder) as (told, store):
        device = device_of(store.database, store.lane)
        clock = store.clock
    with hub_of(told, folder, clock) as hub, Kiosk(folder / "kiosk", clock, device) as kiosk:
        reference = told.acknowledged[0]
        hub.server.caseworker.decide(reference, Decision("granted", amount="120 €"))
        assert kiosk.tried(kiosk.known_to(hub)).fault is None
        paper = pyrage.x25519.Identity.from_str(told.receipts[reference])
        with kiosk.database.reader() as repositories:
            sealed = [
                status.sealed
                for one in repositories.applications.stored_since(datetime(2020, 1, 1, tzinfo=UTC))
                if one.receipt_recipient == str(paper.to_public())
                for status in repositories.statuses.of(one.id)
            ]
        read = [StatusContent.model_validate_json(pyrage.decrypt(one, [paper])) for one in sealed]
        assert [(one.kind, one.amount) for one in read] == [("received", ""), ("granted", "120 €")]


def arrived(hub: Hub) -> list[str]:
    with hub.database.transaction() as session:
        return sorted(found or "" for found in session.scalars(select(ApplicationRow.reference)))


def envelopes(hub: Hub) -> int:
    with hub.database.transaction() as session:
        return len(session.scalars(select(EnvelopeRow.envelope_id)).all())


def attention(kiosk: Kiosk) -> tuple[OutboxEntry, ...]:
    with kiosk.database.reader() as repositories:
        return repositories.outbox.attention()


def again_please(kiosk: Kiosk, envelope: EnvelopeId) -> None:
    """As a coordinator asks on the volunteer's page."""
    kiosk.lane.submit(lambda repositories: repositories.outbox.try_again(envelope, kiosk.clock())).result()
