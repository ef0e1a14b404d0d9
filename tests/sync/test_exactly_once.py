"""Whatever happens on the way, what was stored here arrives there once."""

import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kiosk.errors import HubFault, LineFault
from kiosk.store.outbox import OutboxState
from sync.courier import Phase
from sync.hub.rows import ApplicationRow, EnvelopeRow, KioskRow
from sync.hub.statuses import Decision
from tests.sync.parties import Delivery, Hub, Kiosk, now
from tests.sync.way import Way, answering, forwarding, page


def arrived(hub: Hub) -> list[str]:
    with hub.database.transaction() as session:
        return sorted(found or "" for found in session.scalars(select(ApplicationRow.reference)))


def envelopes(hub: Hub) -> int:
    with hub.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(EnvelopeRow)) or 0


def test_stored_applications_arrive_and_their_receipts_open_what_comes_back(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = [kiosk.store() for _ in range(20)]
        state = kiosk.tried(carrier)
        assert (state.phase, state.done, state.waiting) == (Phase.RESTING, 20, 0)
        assert state.meter.requests == 1
        assert arrived(hub) == sorted(one.reference for one in stored)
        assert {kiosk.state(one) for one in stored} == {OutboxState.ACKNOWLEDGED}
        assert [content.kind for content in kiosk.statuses(stored[0])] == ["received"]
        hub.server.caseworker.decide(
            stored[3].reference, Decision("granted", reason="Income below the limit.", amount="120 €")
        )
        assert kiosk.tried(carrier).statuses == 1
        granted = kiosk.statuses(stored[3])[-1]
        assert (granted.kind, granted.reference, granted.reason, granted.amount) == (
            "granted",
            stored[3].reference,
            "Income below the limit.",
            "120 €",
        )
        with kiosk.database.reader() as repositories:
            told = repositories.statuses.of(stored[3].application)
        assert [status.kind for status in told] == ["decided"], "the centre hears no more"


def test_answer_lost_after_commit_is_asked_again_and_nothing_is_doubled(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        losing = forwarding(hub.url, answer=lambda came, number: b"")
        with Way(losing) as way:
            carrier = kiosk.enrolled(hub, by_way_of=way.url)
            stored = [kiosk.store() for _ in range(5)]
            lost = kiosk.tried(carrier)
            assert isinstance(lost.fault, LineFault)
            way.become(forwarding(hub.url))
            assert envelopes(hub) == 5, "the hub had committed before the answer was lost"
            assert {kiosk.state(one) for one in stored} == {OutboxState.WAITING}
            first_answers = _answers(hub)
            found = kiosk.tried(carrier)
            assert (found.fault, found.done) == (None, 5)
        assert envelopes(hub) == 5
        assert _answers(hub) == first_answers
        for one in stored:
            (received,) = kiosk.statuses(one)
            assert received.kind == "received"


def _answers(hub: Hub) -> list[str]:
    with hub.database.transaction() as session:
        return list(session.scalars(select(EnvelopeRow.answer).order_by(EnvelopeRow.sequence)))


def cut(sent: bytes, number: int, *, quarters: int) -> bytes:
    return sent[: len(sent) * quarters // 4]


def test_request_cut_short_is_sent_again(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        with Way(forwarding(hub.url)) as way:
            carrier = kiosk.enrolled(hub, by_way_of=way.url)
            stored = [kiosk.store() for _ in range(3)]
            for quarters in range(1, 4):
                way.become(forwarding(hub.url, request=partial(cut, quarters=quarters)))
                assert isinstance(kiosk.tried(carrier).fault, LineFault | HubFault)
            way.become(forwarding(hub.url))
            assert kiosk.tried(carrier).fault is None
        assert arrived(hub) == sorted(one.reference for one in stored)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page("200 OK", b"<html><body>Welcome! Please sign in</body></html>"), "sign-in"),
        (page("302 Found", b""), "sign-in"),
        (page("511 Network Authentication Required", b"<html></html>"), "sign-in"),
        (page("200 OK", b'{"protocol":1,"acknowledgements":[]}', "application/json"), "sign-in"),
        (page("500 Internal Server Error", b"oops"), "cannot take anything"),
        (page("502 Bad Gateway", b"<html></html>"), "cannot take anything"),
        (page("503 Service Unavailable", b""), "cannot take anything"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nshort", "no connection"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no connection"),
        (b"", "no connection"),
    ],
)
def test_what_is_not_the_hub_is_not_believed_and_nothing_is_lost(
    tmp_path: Path, answer: bytes, words: str
) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk, Way(answering(answer)) as way:
        carrier = kiosk.enrolled(hub, by_way_of=way.url)
        one = kiosk.store()
        state = kiosk.tried(carrier)
        assert state.phase is Phase.FAILED
        assert state.fault is not None
        assert words in state.fault.title.msgid
        assert (state.waiting, kiosk.state(one)) == (1, OutboxState.WAITING)
        with kiosk.database.reader() as repositories:
            assert words in repositories.cursors.get(carrier.hub).failure


def test_answer_of_an_earlier_request_is_not_believed(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        heard: list[bytes] = []

        def replaying(came: bytes, number: int) -> bytes:
            heard.append(came)
            return heard[0]

        with Way(forwarding(hub.url, answer=replaying)) as way:
            carrier = kiosk.enrolled(hub, by_way_of=way.url)
            assert kiosk.tried(carrier).fault is None
            one = kiosk.store()
            assert isinstance(kiosk.tried(carrier).fault, HubFault)
            assert kiosk.state(one) is OutboxState.WAITING


def test_request_recorded_and_sent_again_is_refused(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        recorded: list[bytes] = []

        def again(sent: bytes, number: int) -> bytes:
            recorded.append(sent)
            return recorded[0]

        with Way(forwarding(hub.url, request=again)) as way:
            carrier = kiosk.enrolled(hub, by_way_of=way.url)
            assert kiosk.tried(carrier).fault is None
            kiosk.store()
            # The answer is the hub's, but to another request: so not even the refusal is believed.
            assert isinstance(kiosk.tried(carrier).fault, HubFault)
        assert envelopes(hub) == 0


@pytest.mark.parametrize("years", [-10, 10])
def test_wrong_clock_is_told_and_loses_nothing(tmp_path: Path, years: int) -> None:
    wrong = timedelta(days=365 * years)
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk", clock=lambda: now() + wrong) as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = [kiosk.store() for _ in range(3)]
        state = kiosk.tried(carrier)
        assert (state.fault, state.done) == (None, 3)
        assert state.clock_error is not None
        assert abs(state.clock_error - wrong) < timedelta(minutes=1)
        assert arrived(hub) == sorted(one.reference for one in stored)
        assert abs(kiosk.entry(stored[0].envelope).settled_at - now()) < timedelta(minutes=1)  # type: ignore[operator]
        with kiosk.database.reader() as repositories:
            parts = [part for one in stored for part in repositories.outbox.get(one.envelope).parts]  # type: ignore[union-attr]
        assert all(part.body for part in parts), "a wrong clock must not clear the archive"
        with hub.database.transaction() as session:
            ahead = session.scalars(select(KioskRow.clock_ahead_us)).one()
        assert abs(timedelta(microseconds=ahead) - wrong) < timedelta(minutes=1)


def test_restored_hub_gets_again_what_it_lost(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        before = [kiosk.store() for _ in range(4)]
        kiosk.tried(carrier)
        backup = tmp_path / "yesterday"
        hub.stop()
        shutil.copytree(tmp_path / "hub", backup)
        hub.start()
        after = [kiosk.store() for _ in range(3)]
        kiosk.tried(carrier)
        hub.server.caseworker.decide(after[0].reference, Decision("in-work"))
        kiosk.tried(carrier)
        hub.stop()
        shutil.rmtree(tmp_path / "hub")
        shutil.copytree(backup, tmp_path / "hub")
        hub.start()
        hub.server.caseworker.decide(before[0].reference, Decision("granted"))
        state = kiosk.tried(carrier)
        assert (state.fault, state.waiting) == (None, 0)
        assert arrived(hub) == sorted(one.reference for one in (*before, *after))
        assert [content.kind for content in kiosk.statuses(before[0])] == ["received", "granted"]
        # Said again by the hub, because it forgot; nothing that was heard is lost.
        assert {"received", "in-work"} <= {content.kind for content in kiosk.statuses(after[0])}


def test_restored_hub_is_noticed_although_a_number_is_missing_for_good(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        damaged = kiosk.store(spoil=lambda header: header.replace("volunteer", "coordinator"))
        kiosk.store()
        kiosk.tried(carrier)
        hub.stop()
        shutil.copytree(tmp_path / "hub", tmp_path / "yesterday")
        hub.start()
        lost = [kiosk.store() for _ in range(3)]
        kiosk.tried(carrier)
        hub.stop()
        shutil.rmtree(tmp_path / "hub")
        shutil.copytree(tmp_path / "yesterday", tmp_path / "hub")
        hub.start()
        assert kiosk.tried(carrier).fault is None
        assert {one.reference for one in lost} <= set(arrived(hub))
        assert kiosk.state(damaged) is OutboxState.REJECTED


def test_cloned_kiosk_is_told_and_both_applications_survive(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub:
        with Kiosk(tmp_path / "kiosk") as kiosk:
            carrier = kiosk.enrolled(hub)
            device = kiosk.device
        shutil.copytree(tmp_path / "kiosk", tmp_path / "clone")
        with (
            Kiosk(tmp_path / "kiosk", device=device) as kiosk,
            Kiosk(tmp_path / "clone", device=device) as clone,
        ):
            first, second = kiosk.store(), clone.store()
            kiosk.tried(carrier)
            state = clone.tried(carrier)
            assert (state.set_aside, state.attention) == (1, 1)
            assert clone.state(second) is OutboxState.CONFLICT
            assert clone.entry(second.envelope).reason_code == "sequence-taken"
            assert arrived(hub) == sorted([first.reference, second.reference])


def test_two_kiosks_share_a_hub_and_a_receipt_is_known_at_both(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "a") as one, Kiosk(tmp_path / "b") as other:
        first, second = one.enrolled(hub), other.enrolled(hub)
        stored = one.store()
        other.store()
        one.tried(first)
        other.tried(second)
        assert other.statuses(stored) == []
        other.lane.submit(lambda repositories: repositories.questions.ask(stored.tag, now())).result()
        other.tried(second)
        assert [content.kind for content in other.statuses(stored)] == ["received"]
        with other.database.reader() as repositories:
            assert repositories.statuses.of(stored.tag)
            assert repositories.questions.open() == ()
        hub.server.caseworker.decide(stored.reference, Decision("granted"))
        other.tried(second)
        one.tried(first)
        assert [content.kind for content in other.statuses(stored)] == ["received", "granted"]
        assert [content.kind for content in one.statuses(stored)] == ["received", "granted"]


def test_hub_that_is_away_is_found_again_when_it_is_back(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        one = kiosk.store()
        hub.stop()
        with Delivery(kiosk, carrier) as delivery:
            assert isinstance(delivery.try_now().fault, LineFault)
            hub.start()
            assert delivery.try_now().fault is None
        assert kiosk.state(one) is OutboxState.ACKNOWLEDGED
