"""Large parts travel ahead of their envelope, piece by piece, never in the way of those that have none."""

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from kiosk.errors import Fault, HubFault, LineFault, Message
from kiosk.store.outbox import OutboxState
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel, TimedOut
from sync.hub.rows import AttachmentPieceRow, AttachmentRow, EnvelopeRow, PartRow
from sync.protocol import APART_SINCE, MOST_ATTACHMENT, ExchangeAnswer, Piece, PieceAnswer
from tests.faults.line import Line
from tests.sync.parties import PATIENCE_S, Delivery, Hub, Kiosk, Stored
from tests.sync.sending import facts

SIZE = 200_000


def scan(size: int = SIZE, seed: int = 1) -> bytes:
    """Sealed bytes look like this."""
    return random.Random(seed).randbytes(size)


def port_of(hub: Hub) -> int:
    return int(hub.url.rpartition(":")[2])


def scans_at(hub: Hub) -> list[bytes | None]:
    with hub.database.transaction() as session:
        return list(session.scalars(select(PartRow.body).where(PartRow.kind == "scan")))


def arrived_at(hub: Hub) -> int:
    """Bytes of unfinished attachments."""
    with hub.database.transaction() as session:
        return session.scalar(select(func.sum(func.length(AttachmentPieceRow.body)))) or 0


def sequences_at(hub: Hub) -> list[int]:
    with hub.database.transaction() as session:
        order = (EnvelopeRow.arrived_at, EnvelopeRow.sequence)
        return list(session.scalars(select(EnvelopeRow.sequence).order_by(*order)))


def test_attachment_crosses_a_line_that_is_cut_every_20_kb_once_whole_and_cheaply(tmp_path: Path) -> None:
    body = scan()
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk, Line(port_of(hub)) as line:
        carrier = kiosk.enrolled(hub, by_way_of=line.url)
        stored = kiosk.store(attachment=body)
        before, asked = line.up, carrier.meter.requests
        line.become(cut_every=20_000)
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.waiting) == (None, 1, 0)
        assert kiosk.state(stored) == OutboxState.ACKNOWLEDGED
        assert line.cuts >= SIZE // 20_000
        assert SIZE < line.up - before < 1.6 * SIZE, (line.up - before) / SIZE
        assert carrier.meter.requests - asked < 50, "pieces as large as fit between two cuts"
    assert scans_at(hub) == [body]
    assert arrived_at(hub) == 0, "the pieces were given back"


def test_killed_kiosk_goes_on_where_the_hub_stands(tmp_path: Path) -> None:
    body = scan()
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        # So slow that its last piece is seconds under way: time enough to kill it on a busy machine.
        with Line(port_of(hub), bits_per_s=400_000) as line:
            carrier = kiosk.enrolled(hub, by_way_of=line.url)
            stored = kiosk.store(attachment=body)
            told = facts(kiosk, carrier)
            kiosk.close()
            command = [sys.executable, "-m", "tests.sync.sending"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
                assert process.stdin is not None
                process.stdin.write(told)
                process.stdin.close()
                until = time.monotonic() + PATIENCE_S
                while arrived_at(hub) <= SIZE // 3 and time.monotonic() < until:
                    time.sleep(0.01)
                process.kill()
        arrived = arrived_at(hub)
        assert SIZE // 3 < arrived < SIZE, "it was killed in the middle"
        assert scans_at(hub) == []
        kiosk.open()
        again = kiosk.known_to(hub)
        assert kiosk.tried(again).fault is None
        assert kiosk.state(stored) == OutboxState.ACKNOWLEDGED
        assert again.meter.bytes_up < (SIZE - arrived) * 1.1 + 5_000
        assert scans_at(hub) == [body]


class _NoPieces(HttpsCarrier):
    """A way on which pieces do not get through."""

    fault: Fault

    def put(self, piece: Piece) -> PieceAnswer:
        raise self.fault


@pytest.mark.parametrize(
    "fault", [LineFault(Message("gone"), Message("gone")), HubFault(Message("no"), Message("no"))]
)
def test_an_attachment_that_cannot_go_holds_up_nobody_else(tmp_path: Path, fault: Fault) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        known = kiosk.enrolled(hub)
        carrier = _NoPieces(known.trusted, kiosk.device, kiosk.clock)
        carrier.fault = fault
        heavy = kiosk.store(attachment=scan())
        light = [kiosk.store() for _ in range(5)]
        state = kiosk.tried(carrier)
        assert state.fault is fault, "the person hears that something did not go"
        assert (state.done, state.waiting, state.attention) == (5, 1, 0)
        assert {kiosk.state(one) for one in light} == {OutboxState.ACKNOWLEDGED}
        assert kiosk.tried(known).fault is None
        assert kiosk.state(heavy) == OutboxState.ACKNOWLEDGED
        assert sequences_at(hub) == [2, 3, 4, 5, 6, 1]


def of_one_application(kiosk: Kiosk, *stored: Stored) -> None:
    """As if they followed each other: only a store with a centre has applications to belong to."""
    (file,) = kiosk.folder.glob("*.db")
    with closing(sqlite3.connect(file)) as connection, connection:
        for one in stored:
            connection.execute(
                "UPDATE outbox SET application_id = ? WHERE envelope_id = ?",
                (stored[0].application.hex, one.envelope.hex),
            )


def test_what_follows_an_attachment_in_its_application_goes_behind_it(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        known = kiosk.enrolled(hub)
        carrier = _NoPieces(known.trusted, kiosk.device, kiosk.clock)
        carrier.fault = HubFault(Message("no"), Message("no"))
        heavy, withdrawal = kiosk.store(attachment=scan()), kiosk.store(kind="withdrawal")
        of_one_application(kiosk, heavy, withdrawal)
        light, other = kiosk.store(), kiosk.store(attachment=scan(seed=2))
        assert kiosk.tried(carrier).done == 1, "of the application that waits nothing goes ahead"
        assert kiosk.state(light) == OutboxState.ACKNOWLEDGED
        state = kiosk.tried(known)
        assert (state.fault, state.done, state.waiting) == (None, 3, 0)
        assert sequences_at(hub) == [3, 1, 2, 4]
        assert kiosk.state(other) == OutboxState.ACKNOWLEDGED


class _Meanwhile(HttpsCarrier):
    """Somebody hands in an application while the pieces of another one travel."""

    store: Callable[[], Stored]
    stored: Stored | None

    def put(self, piece: Piece) -> PieceAnswer:
        if piece.offset and self.stored is None:
            self.stored = self.store()
        return super().put(piece)


def test_what_is_handed_in_meanwhile_goes_between_the_pieces(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = _Meanwhile(kiosk.enrolled(hub).trusted, kiosk.device, kiosk.clock)
        carrier.stored, carrier.store = None, kiosk.store
        kiosk.store(attachment=scan())
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.waiting) == (None, 2, 0)
        assert sequences_at(hub) == [2, 1]


class _Forgetful(HttpsCarrier):
    """Its hub loses what was sent ahead, once, just before the envelope comes."""

    at: Hub
    wanted = 0

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        if parcel.envelopes and not self.wanted:
            with self.at.database.transaction() as session:
                session.execute(delete(AttachmentPieceRow))
                session.execute(delete(AttachmentRow))
        answer = super().exchange(parcel)
        self.wanted += sum(bool(one.wanted) for one in answer.acknowledgements)
        return answer


def test_parts_that_the_hub_wants_again_are_sent_again_at_once(tmp_path: Path) -> None:
    body = scan()
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = _Forgetful(kiosk.enrolled(hub).trusted, kiosk.device, kiosk.clock)
        carrier.at = hub
        kiosk.store(attachment=body)
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, carrier.wanted) == (None, 1, 1)
        assert scans_at(hub) == [body]


class _AnswerLost(HttpsCarrier):
    """The answer to the first request that carries an envelope is lost."""

    lost = False

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        answer = super().exchange(parcel)
        if parcel.envelopes and not self.lost:
            self.lost = True
            raise TimedOut(Message("gone"), Message("gone"))
        return answer


def test_answer_lost_after_the_commit_costs_no_second_upload(tmp_path: Path) -> None:
    body = scan()
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = _AnswerLost(kiosk.enrolled(hub).trusted, kiosk.device, kiosk.clock)
        kiosk.store(attachment=body)
        assert isinstance(kiosk.tried(carrier).fault, TimedOut)
        before = carrier.meter.bytes_up
        assert kiosk.tried(carrier).fault is None
        assert carrier.meter.bytes_up - before < 10_000
        assert scans_at(hub) == [body]


def test_progress_counts_the_bytes_of_attachments(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store(attachment=scan())
        with Delivery(kiosk, carrier) as delivery:
            delivery.try_now()
            moved = [state.bytes_up for state in delivery.seen]
        assert moved[-1] > SIZE
        assert sum(SIZE // 20 < one < SIZE for one in moved) >= 2, "and not all at once at the end"


class _ToOlderHub(HttpsCarrier):
    """A hub of protocol 2: it says so, and has no place for pieces."""

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        request = parcel.request.model_copy(update={"protocol": APART_SINCE - 1})
        return super().exchange(Parcel(request, parcel.envelopes))

    def put(self, piece: Piece) -> PieceAnswer:
        raise AssertionError("there is no such place")


def test_older_hub_gets_parts_inside_their_envelopes(tmp_path: Path) -> None:
    body = scan()
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = _ToOlderHub(kiosk.enrolled(hub).trusted, kiosk.device, kiosk.clock)
        kiosk.store(attachment=body)
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.waiting) == (None, 1, 0)
        assert scans_at(hub) == [body]
        assert arrived_at(hub) == 0


def test_too_large_an_attachment_is_set_aside_with_a_sentence_and_the_rest_goes_on(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        huge = kiosk.store(attachment=bytes(MOST_ATTACHMENT + 1))
        small = kiosk.store(attachment=scan(20_000))
        state = kiosk.tried(carrier)
        assert (state.fault, state.done, state.set_aside, state.waiting) == (None, 1, 1, 0)
        assert kiosk.state(small) == OutboxState.ACKNOWLEDGED
        entry = kiosk.entry(huge.envelope)
        assert (entry.state, entry.reason_code) == (OutboxState.REJECTED, "too-large")
        assert "32 MB" in entry.reason
