"""The hub behaves alike on SQLite and on PostgreSQL."""

import json
import threading
from datetime import timedelta
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

import sync.hub.migrations
from kiosk.store.outbox import OutboxState
from sync.hub import lists
from sync.hub.database import HEAD, HubDatabase, micros, moment
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener
from sync.hub.reopening import reopen
from sync.hub.rows import Base, EnvelopeRow, KioskRow, PartRow
from sync.hub.server import HubServer
from sync.hub.statuses import Decision
from sync.protocol import StoredRun
from tests.store.opened import another_hand
from tests.sync.parties import AGENCY_KEY, FORM_DIGEST, FORM_XML, PATIENCE_S, Hub, Kiosk, now
from tests.sync.test_courier import rewritten
from tests.sync.way import Way, forwarding
from tests.sync.whole import parcel


def test_applications_arrive_once_and_decisions_come_back(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = [kiosk.store() for _ in range(12)]
        assert kiosk.tried(carrier).done == 12
        hub.server.caseworker.decide(stored[2].reference, Decision("refused", reason="Слишком рано."))
        kiosk.tried(carrier)
        assert [content.kind for content in kiosk.statuses(stored[2])] == ["received", "refused"]
        assert kiosk.statuses(stored[2])[1].reason == "Слишком рано."
    assert lists.totals(hub.database) == lists.Totals(envelopes=12, applications=12, set_aside=0)
    found = lists.applications(hub.database, 50)
    assert {line.reference for line in found} == {one.reference for one in stored}
    assert {line.state for line in found} == {"received", "refused"}


def test_answer_lost_after_commit_is_given_again(hub: Hub, tmp_path: Path) -> None:
    losing = forwarding(hub.url, answer=lambda came, number: b"")
    with Kiosk(tmp_path / "kiosk") as kiosk, Way(losing) as way:
        carrier = kiosk.enrolled(hub, by_way_of=way.url)
        stored = [kiosk.store() for _ in range(4)]
        assert [kiosk.tried(carrier).done for _ in range(2)] == [0, 0]
        way.become(forwarding(hub.url))
        assert kiosk.tried(carrier).done == 4
        assert {kiosk.state(one) for one in stored} == {OutboxState.ACKNOWLEDGED}
    assert lists.totals(hub.database).envelopes == 4


def test_one_batch_at_two_hubs_at_once_is_stored_once(hub: Hub, database_url: str, tmp_path: Path) -> None:
    database = HubDatabase(database_url)
    opener = Opener([str(AGENCY_KEY)], {FORM_DIGEST: FORM_XML})
    identity = HubIdentity.of_folder(hub.folder)
    with HubServer(database, identity, opener, now) as second, Kiosk(tmp_path / "kiosk") as kiosk:
        first = kiosk.enrolled(hub)
        for _ in range(30):
            kiosk.store()
        # Two couriers on one store cannot be; what can is a repeat while the first request is at work.
        together = threading.Barrier(2)

        def both(message: bytes, number: int) -> bytes:
            together.wait(PATIENCE_S)
            return message

        with (
            Way(forwarding(hub.url, request=both)) as way,
            Way(forwarding(second.url, request=both)) as other,
        ):
            carriers = [kiosk.enrolled(hub, by_way_of=line.url) for line in (way, other)]
            whole = parcel(kiosk, first.hub)
            answers: list[tuple[StoredRun, ...]] = []

            def send(number: int) -> None:
                answers.append(carriers[number].exchange(whole).stored)

            threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE_S)
            for carrier in (first, *carriers):
                carrier.close()
    database.close()
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert [(run.first, run.last) for run in answers[0]] == [(1, 30)]
    assert lists.totals(hub.database) == lists.Totals(envelopes=30, applications=30, set_aside=0)


def test_what_came_before_its_key_and_form_is_kept_and_opened_later(
    database_url: str, tmp_path: Path
) -> None:
    with (
        Hub(tmp_path / "hub", url=database_url, identities=[], forms={}) as hub,
        Kiosk(tmp_path / "kiosk") as kiosk,
    ):
        stored = [kiosk.store() for _ in range(3)]
        assert kiosk.tried(kiosk.enrolled(hub)).done == 3, "stored is stored, opened or not"
        assert {line.reference for line in lists.applications(hub.database, 9)} == {None}
        assert _states(hub) == {"no-key"}
        assert reopen(hub.database, Opener([str(AGENCY_KEY)], {})) == 0
        assert _states(hub) == {"no-form"}
        assert reopen(hub.database, Opener([str(AGENCY_KEY)], {FORM_DIGEST: FORM_XML})) == 3
        assert _states(hub) == {"opened"}
        assert {line.reference for line in lists.applications(hub.database, 9)} == {
            one.reference for one in stored
        }
        with hub.database.transaction() as session:
            opened = session.scalars(select(PartRow.opened)).first()
            sealed = session.scalars(select(PartRow.body)).all()
        assert opened is not None
        assert "Анна Петровна" in opened.decode()
        assert all(sealed), "the sealed original is kept"


def _states(hub: Hub) -> set[str]:
    with hub.database.transaction() as session:
        return set(session.scalars(select(PartRow.state)))


def test_high_water_stops_at_a_gap_and_goes_on_when_it_is_filled(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = [kiosk.store() for _ in range(5)]
        with another_hand(kiosk.database) as connection:
            connection.execute("UPDATE outbox SET state = 'rejected' WHERE sequence = 3")
        kiosk.tried(carrier)
        assert _marks(hub) == (2, 4)
        gap = stored[2].envelope
        kiosk.lane.submit(lambda repositories: repositories.outbox.try_again(gap, now())).result()
        kiosk.tried(carrier)
        assert _marks(hub) == (5, 5)


def _marks(hub: Hub) -> tuple[int, int]:
    with hub.database.transaction() as session:
        row = session.scalars(select(KioskRow)).one()
        return row.high_water, row.held


def test_many_statuses_come_down_in_order_over_several_answers(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = kiosk.store()
        kiosk.tried(carrier)
        for number in range(205):
            hub.server.caseworker.decide(stored.reference, Decision("message", text=str(number)))
        state = kiosk.tried(carrier)
        assert state.statuses == 205
        assert [content.text for content in kiosk.statuses(stored)[1:]] == [str(n) for n in range(205)]


def test_migrations_make_the_tables_of_the_rows(database_url: str) -> None:
    database = HubDatabase(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()
    folder = str(Path(sync.hub.migrations.__file__).parent)
    assert ScriptDirectory(folder).get_current_head() == HEAD


def test_strange_text_from_a_kiosk_is_kept_or_refused_but_never_stops_the_others(
    hub: Hub, tmp_path: Path
) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        good = kiosk.store()
        strange = [
            kiosk.store(spoil=rewritten(kind="nul\0kind")),
            kiosk.store(spoil=rewritten(tag="\x1b[31m")),
            kiosk.store(spoil=rewritten(order=2**70)),
        ]
        last = kiosk.store()
        state = kiosk.tried(carrier)
        assert (state.fault, state.waiting) == (None, 0)
        assert {kiosk.state(one) for one in (good, last)} == {OutboxState.ACKNOWLEDGED}
        assert {kiosk.state(one) for one in strange} == {OutboxState.REJECTED}


def test_times_survive_to_the_microsecond() -> None:
    at = now() + timedelta(microseconds=1)
    assert moment(micros(at)) == at


def test_envelopes_are_kept_verbatim(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        one = kiosk.store()
        kiosk.tried(kiosk.enrolled(hub))
        entry = kiosk.entry(one.envelope)
    with hub.database.transaction() as session:
        row = session.scalars(select(EnvelopeRow)).one()
        part = session.scalars(select(PartRow)).one()
    assert json.loads(row.header) == json.loads(entry.header)
    assert part.body == entry.parts[0].body
