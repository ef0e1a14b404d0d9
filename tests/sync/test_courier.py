"""When the courier tries, how much at once, and what it does with what cannot go."""

import json
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from kiosk.applications.envelope import envelope_digest
from kiosk.errors import HubFault, LineFault, StoreFault
from kiosk.ids import new_id
from kiosk.store.outbox import OutboxState
from sync.carriers.https import HttpsCarrier, TrustedHub
from sync.carriers.port import Stumbled, TimedOut
from sync.courier import CourierState, Phase
from sync.hub import lists
from sync.hub.opening import Opened, Opener
from sync.hub.server import HubServer
from sync.hub.statuses import Decision
from sync.pace import LEAST_WAIT, MOST_WAIT
from tests.faults.line import Line
from tests.sync.newer_hub import Json, NewerHub
from tests.sync.parties import AGENCY_KEY, FORM_DIGEST, FORM_XML, PATIENCE_S, Delivery, Hub, Kiosk
from tests.sync.way import Way, forwarding, page


def rewritten(**changes: object) -> Callable[[str], str]:
    """A header that says something else, and says it consistently."""

    def spoil(header: str) -> str:
        facts = json.loads(header) | changes
        return json.dumps(facts | {"digest": envelope_digest(facts)})

    return spoil


def test_damaged_envelope_is_never_sent_and_the_others_go(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        bad = kiosk.store(spoil=lambda header: header.replace('"volunteer"', '"coordinator"'))
        good = [kiosk.store() for _ in range(3)]
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.set_aside, state.attention) == (None, 3, 1, 1)
        assert kiosk.entry(bad.envelope).reason_code == "damaged"
        assert {kiosk.state(one) for one in good} == {OutboxState.ACKNOWLEDGED}
        assert lists.totals(hub.database) == lists.Totals(envelopes=3, applications=3, set_aside=0)


def test_rejected_envelope_stays_visible_to_staff_here_and_at_the_hub(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        good = [kiosk.store(), kiosk.store()]
        bad = kiosk.store(spoil=rewritten(kind="")).envelope
        last = kiosk.store()
        state = kiosk.tried(carrier)
        assert (state.done, state.set_aside, state.attention, state.waiting) == (3, 1, 1, 0)
        assert {kiosk.state(one) for one in (*good, last)} == {OutboxState.ACKNOWLEDGED}
        with kiosk.database.reader() as repositories:
            (seen,) = repositories.outbox.attention()
        assert (seen.envelope_id, seen.reason_code) == (bad, "unreadable")
        assert [envelope for _, envelope, _ in lists.set_aside(hub.database)] == [bad]
        # Asked once more, it gets its first answer, and nothing is written twice.
        kiosk.lane.submit(lambda repositories: repositories.outbox.try_again(bad, kiosk.clock())).result()
        assert kiosk.tried(carrier).set_aside == 1
        assert lists.totals(hub.database).set_aside == 1


def test_what_a_request_carries_is_on_its_way_until_the_answer(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        sent = {kiosk.store().envelope for _ in range(3)}
        with Delivery(kiosk, carrier) as delivery:
            delivery.try_now()
        told = [state.on_its_way for state in delivery.seen]
        assert frozenset(sent) in told
        assert told[-1] == frozenset()
        done = [state.done for state in delivery.seen if state.on_its_way]
        assert done == [0], "nothing is on its way that has been answered"


def test_envelope_that_the_hub_cannot_name_is_found_and_set_aside(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        good = [kiosk.store() for _ in range(4)]
        bad = kiosk.store(spoil=rewritten(id="no id at all")).envelope
        good += [kiosk.store() for _ in range(4)]
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.set_aside) == (None, 8, 1)
        assert {kiosk.state(one) for one in good} == {OutboxState.ACKNOWLEDGED}
        assert kiosk.entry(bad).state is OutboxState.REJECTED


def test_envelope_over_which_the_hub_stumbles_does_not_hold_up_the_others(tmp_path: Path) -> None:
    class Stumbling(Opener):
        poison = b""

        def open(self, kind: str, body: bytes | None, form: str | None) -> Opened:
            if body == self.poison:
                raise RuntimeError("an application that a future form made")
            return super().open(kind, body, form)

    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        opener = Stumbling([str(AGENCY_KEY)], {FORM_DIGEST: FORM_XML})
        before = [kiosk.store() for _ in range(3)]
        bad = kiosk.store()
        after = [kiosk.store() for _ in range(3)]
        opener.poison = kiosk.entry(bad.envelope).parts[0].body or b""
        with HubServer(hub.database, hub.server.identity, opener, hub.clock) as ill:
            limping = _to(ill.url, carrier, kiosk)
            state = kiosk.tried(limping)
        assert isinstance(state.fault, Stumbled)
        assert state.done == 6
        assert {kiosk.state(one) for one in (*before, *after)} == {OutboxState.ACKNOWLEDGED}
        assert kiosk.state(bad) is OutboxState.WAITING
        assert kiosk.tried(carrier).done == 1


def test_batch_is_halved_until_it_passes(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        hub_port = forwarding(hub.url)
        sizes: list[int] = []

        def narrow(client: socket.socket, number: int) -> None:
            client.settimeout(20)
            head = client.recv(65536, socket.MSG_PEEK).decode("latin-1").lower()
            size = int(head.split("content-length: ")[1].split("\r\n")[0])
            sizes.append(size)
            if size > 6000:
                while client.recv(65536) and (size := size - 65536) > 0:
                    pass
                client.sendall(page("413 Request Entity Too Large", b"<html>nginx</html>"))
            else:
                hub_port(client, number)

        stored = [kiosk.store() for _ in range(30)]
        with Way(narrow) as way:
            state = kiosk.tried(kiosk.enrolled(hub, by_way_of=way.url))
        assert (state.fault, state.done) == (None, 30)
        assert max(sizes) > 6000
        assert {kiosk.state(one) for one in stored} == {OutboxState.ACKNOWLEDGED}


def test_single_envelope_that_is_too_large_is_set_aside(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        large = page("413 Request Entity Too Large", b"<html>nginx</html>")

        def narrow(came: bytes, number: int) -> bytes:
            return large if number <= 1 else came

        one = kiosk.store()
        with Way(forwarding(hub.url, answer=narrow)) as way:
            kiosk.tried(kiosk.enrolled(hub, by_way_of=way.url))
        assert kiosk.entry(one.envelope).reason_code == "too-large"


def test_time_out_leaves_the_outcome_open_and_asks_again(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        held = threading.Event()

        def holding(came: bytes, number: int) -> bytes:
            if number == 1:
                held.wait(PATIENCE_S)
            return came

        with Way(forwarding(hub.url, answer=holding)) as way:
            usual = kiosk.enrolled(hub)
            carrier = _to(way.url, usual, kiosk, read_s=0.3)
            one = kiosk.store()
            state = kiosk.tried(carrier)
            assert isinstance(state.fault, TimedOut)
            assert kiosk.state(one) is OutboxState.WAITING
            held.set()
            assert kiosk.tried(_to(way.url, usual, kiosk)).done == 1
        assert lists.totals(hub.database).envelopes == 1


def test_kinds_that_nobody_knows_yet_are_kept_and_passed_on(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        application = kiosk.store()
        odd = kiosk.store(kind="wish-of-2031", application=application.application)
        assert kiosk.tried(carrier).done == 2
        assert kiosk.state(odd) is OutboxState.ACKNOWLEDGED
        hub.server.caseworker.decide(application.reference, Decision("invited-to-tea", share=True))
        kiosk.tried(carrier)
        assert [content.kind for content in kiosk.statuses(application)] == ["received", "invited-to-tea"]
        with kiosk.database.reader() as repositories:
            (arrived,) = repositories.statuses.of(application.application)
        assert arrived.kind == "invited-to-tea"


def test_newer_hub_is_understood_as_far_as_it_goes(tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        one, other = kiosk.store(), kiosk.store()
        notice = str(new_id())

        def answer(request: Json) -> Json:
            return hub.says(
                acknowledgements=[
                    {"envelope": str(one.envelope), "outcome": "stored", "at": hub_time(), "colour": "green"},
                    {"envelope": str(other.envelope), "outcome": "translated", "at": hub_time()},
                    {"envelope": str(new_id()), "outcome": "stored", "at": hub_time()},
                ],
                notices=[{"id": notice, "kind": "carnival", "at": hub_time(), "text": {"ru": "Праздник"}}],
            )

        def hub_time() -> str:
            return str(hub.says()["at"])

        hub = NewerHub(answer)
        with Way(hub) as way:
            state = kiosk.tried(hub.carrier(way.url, kiosk.device, kiosk.clock))
        assert (state.fault, state.done) == (None, 1)
        assert kiosk.state(one) is OutboxState.ACKNOWLEDGED
        assert kiosk.state(other) is OutboxState.WAITING, "an outcome that is not known is no outcome"
        with kiosk.database.reader() as repositories:
            (kept,) = repositories.notices.unseen()
        assert json.loads(kept.message_json)["text"] == {"ru": "Праздник"}


def test_signed_nonsense_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        one = kiosk.store()
        for hub in (NewerHub(lambda _: {"hello": 1}), NewerHub(lambda _: {"no": "reason"}, status=418)):
            with Way(hub) as way:
                state = kiosk.tried(hub.carrier(way.url, kiosk.device, kiosk.clock))
            assert isinstance(state.fault, HubFault)
            assert kiosk.state(one) is OutboxState.WAITING


def test_new_envelope_goes_when_the_courier_is_nudged(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        arrived = threading.Event()

        def seen(state: CourierState) -> None:
            if state.phase is Phase.RESTING and state.done == 1:
                arrived.set()

        with Delivery(kiosk, kiosk.enrolled(hub)) as delivery:
            assert delivery.try_now().done == 0
            delivery.courier.subscribe(seen)
            kiosk.store()
            delivery.courier.nudge()
            assert arrived.wait(PATIENCE_S)
        phases = [state.phase for state in delivery.seen]
        assert phases[0] is Phase.TRYING
        assert phases[-1] is Phase.RESTING


def test_failures_are_followed_by_growing_pauses_and_success_by_rest(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store()
        failed = threading.Semaphore(0)
        hub.stop()
        with Delivery(kiosk, carrier, heartbeat_every=timedelta(minutes=20)) as delivery:
            delivery.courier.subscribe(lambda state: failed.release() if state.fault else None)
            for _ in range(9):
                delivery.courier.nudge()
                assert failed.acquire(timeout=PATIENCE_S)
            hub.start()
            assert delivery.try_now().fault is None
        first, *pauses = delivery.pauses
        assert first == 0
        known = [pause for pause in pauses if pause is not None]
        backed_off, rest = known[:-1], known[-1]
        assert all(LEAST_WAIT.total_seconds() <= one <= MOST_WAIT.total_seconds() for one in backed_off)
        assert max(backed_off) > 300
        assert rest == 20 * 60


def test_network_that_comes_up_ends_the_patience(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store()
        failed = threading.Semaphore(0)
        hub.stop()
        with Delivery(kiosk, carrier) as delivery:
            delivery.courier.subscribe(lambda state: failed.release() if state.fault else None)
            for signal in [delivery.courier.nudge] * 8 + [delivery.courier.network_up]:
                signal()
                assert failed.acquire(timeout=PATIENCE_S)
            hub.start()
            assert delivery.try_now().waiting == 0
        *_, patient, fresh, _rest = [pause for pause in delivery.pauses if pause is not None]
        assert patient > 300
        assert fresh <= 2 * LEAST_WAIT.total_seconds(), "as after the first failure"


def test_try_now_tells_the_truth_about_a_try_that_began_after_it(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        with Delivery(kiosk, carrier) as delivery:
            delivery.try_now()
            hub.stop()
            kiosk.store()
            state = delivery.try_now()
            assert isinstance(state.fault, LineFault)
            assert (state.phase, state.done, state.waiting) == (Phase.FAILED, 0, 1)
            hub.start()
            state = delivery.try_now()
            assert (state.phase, state.done, state.waiting) == (Phase.RESTING, 1, 0)


def test_full_disk_at_the_kiosk_is_told_and_the_answer_is_asked_for_again(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        earlier = kiosk.store()
        assert kiosk.tried(carrier).done == 1
        for number in range(60):
            hub.server.caseworker.decide(earlier.reference, Decision("message", text=f"{number}" * 100))
        stored = [kiosk.store() for _ in range(60)]
        with kiosk.database.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.rollback()
        state = kiosk.tried(carrier)
        assert isinstance(state.fault, StoreFault)
        assert {kiosk.state(one) for one in stored} == {OutboxState.WAITING}
        with kiosk.database.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
            connection.rollback()
        state = kiosk.tried(carrier)
        assert (state.done, state.statuses) == (60, 60)
        assert lists.totals(hub.database).envelopes == 61


def _to(url: str, like: HttpsCarrier, kiosk: Kiosk, *, read_s: float = PATIENCE_S) -> HttpsCarrier:
    hub = like.trusted
    return HttpsCarrier(TrustedHub(url, hub.id, hub.key), kiosk.device, kiosk.clock, read_s=read_s)


def test_a_line_that_breaks_every_20_kb_still_carries_everything(tmp_path: Path) -> None:
    """In one try: less at once, and on at once, not a pause of seconds for each break."""
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        port = int(hub.url.rpartition(":")[2])
        with Line(port, cut_every=20_000) as line:
            carrier = kiosk.enrolled(hub, by_way_of=line.url)
            stored = [kiosk.store() for _ in range(60)]
            state = kiosk.tried(carrier)
            carrier.close()
        assert (state.fault, state.done) == (None, 60)
        assert line.cuts >= 2
        assert {kiosk.state(one) for one in stored} == {OutboxState.ACKNOWLEDGED}
        assert lists.totals(hub.database).applications == 60
