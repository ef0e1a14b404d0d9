"""A hub keeps pieces in any process and on both databases, and says plainly what it won't take."""

import hashlib
import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kiosk.applications.envelope import envelope_digest
from kiosk.errors import Fault, HubFault
from kiosk.ids import KioskId
from kiosk.store.outbox import OutboxState
from sync import outbox
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel, TooLarge
from sync.hub.attachments import UNFINISHED_LASTS
from sync.hub.rows import AttachmentPieceRow, AttachmentRow, EnvelopeRow, PartRow
from sync.kinds import Outcome
from sync.protocol import MOST_ATTACHMENT, MOST_PIECE, Piece
from tests.sync.parties import Hub, Kiosk, now

BODY = random.Random(5).randbytes(50_000)
DIGEST = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with Kiosk(tmp_path / "kiosk") as opened:
        yield opened


def put(
    carrier: HttpsCarrier,
    kiosk: Kiosk,
    offset: int,
    body: bytes,
    *,
    digest: str = DIGEST,
    size: int = len(BODY),
    name: KioskId | None = None,
) -> int:
    piece = Piece(kiosk=name or kiosk.device.kiosk, digest=digest, size=size, offset=offset, body=body)
    return carrier.put(piece).offset


def kept(hub: Hub) -> tuple[int, int]:
    """Attachments that the hub knows of, and bytes of their pieces."""
    with hub.database.transaction() as session:
        count = session.scalar(select(func.count()).select_from(AttachmentRow)) or 0
        return count, session.scalar(select(func.sum(func.length(AttachmentPieceRow.body)))) or 0


def test_envelope_whose_parts_are_not_there_is_told_which_and_taken_once_they_are(
    hub: Hub, kiosk: Kiosk
) -> None:
    carrier = kiosk.enrolled(hub)
    stored = kiosk.store(attachment=BODY)
    with kiosk.database.reader() as repositories:
        batch = outbox.single(repositories, stored.envelope)
        request = outbox.make_request(
            repositories,
            kiosk.device.kiosk,
            carrier.hub,
            now=now(),
            app_version="1",
            disk_free_bytes=0,
        )
    assert batch is not None
    parcel = Parcel(request, batch.envelopes)
    (answer,) = carrier.exchange(parcel).acknowledgements
    assert (answer.outcome, answer.wanted) == (Outcome.PARTS_WANTED, (DIGEST,))
    with hub.database.transaction() as session:
        assert session.scalars(select(EnvelopeRow)).all() == []
    assert put(carrier, kiosk, 0, BODY) == len(BODY)
    (run,) = carrier.exchange(parcel).stored
    assert (run.first, run.last) == (1, 1)
    (again,) = carrier.exchange(parcel).stored
    assert again == run, "a repeat gets its first answer"
    with hub.database.transaction() as session:
        parts = session.scalars(select(PartRow).order_by(PartRow.number)).all()
    assert [part.state for part in parts] == ["opened", "kept"]
    assert parts[1].body == BODY
    assert kept(hub) == (1, 0)
    assert put(carrier, kiosk, 0, b"") == len(BODY), "it is known to be there, wherever it stands by now"


def test_pieces_are_taken_in_order_once_and_by_any_process(
    hub: Hub, kiosk: Kiosk, tmp_path: Path, database_url: str
) -> None:
    carrier = kiosk.enrolled(hub)
    with Hub(hub.folder, url=database_url) as other:
        elsewhere = kiosk.carrier_to(other, carrier)
        assert put(carrier, kiosk, 0, b"") == 0
        assert kept(hub) == (0, 0), "asking costs the hub nothing"
        assert put(carrier, kiosk, 0, BODY[:20_000]) == 20_000
        assert put(elsewhere, kiosk, 0, BODY[:20_000]) == 20_000, "a repeat"
        assert put(elsewhere, kiosk, 30_000, BODY[30_000:]) == 20_000, "too far ahead"
        assert put(elsewhere, kiosk, 20_000, BODY[20_000:40_000]) == 40_000
        hub.stop()
        hub.start()
        assert put(kiosk.carrier_to(hub, carrier), kiosk, 40_000, BODY[40_000:]) == len(BODY)
    assert kept(hub) == (1, len(BODY))


def test_bytes_that_are_not_what_their_digest_says_are_thrown_away_and_may_come_anew(
    hub: Hub, kiosk: Kiosk
) -> None:
    carrier = kiosk.enrolled(hub)
    put(carrier, kiosk, 0, BODY[:40_000])
    with pytest.raises(HubFault) as refused:
        put(carrier, kiosk, 40_000, bytes(10_000))
    assert "not what was stored" in refused.value.detail
    assert kept(hub) == (0, 0)
    with pytest.raises(HubFault):
        put(carrier, kiosk, 0, bytes(len(BODY)))
    assert kept(hub) == (0, 0)
    assert put(carrier, kiosk, 0, BODY) == len(BODY)


def test_nobody_reaches_another_kiosks_attachment(hub: Hub, kiosk: Kiosk, tmp_path: Path) -> None:
    carrier = kiosk.enrolled(hub)
    put(carrier, kiosk, 0, BODY[:20_000])
    with Kiosk(tmp_path / "other") as other:
        theirs = other.enrolled(hub)
        with pytest.raises(HubFault) as refused:
            put(theirs, other, 20_000, BODY[20_000:], name=kiosk.device.kiosk)
        assert "signed by another kiosk" in refused.value.detail
        assert put(theirs, other, 20_000, BODY[20_000:]) == 0, "of its own there is nothing yet"
        assert put(theirs, other, 0, BODY) == len(BODY)
    assert put(carrier, kiosk, 0, b"") == 20_000


@pytest.mark.parametrize(
    ("size", "offset", "body", "words"),
    [
        (MOST_ATTACHMENT + 1, 0, b"", "at most 32 MB"),
        (MOST_ATTACHMENT, 0, bytes(MOST_PIECE + 1), "1 MB"),
        (len(BODY) + 1, 10, b"more", "another size"),
        (len(BODY), 10, bytes(len(BODY)), "beyond the end"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    hub: Hub, kiosk: Kiosk, size: int, offset: int, body: bytes, words: str
) -> None:
    carrier = kiosk.enrolled(hub)
    put(carrier, kiosk, 0, BODY[:10])
    with pytest.raises(Fault) as refused:
        put(carrier, kiosk, offset, body, size=size)
    assert words in refused.value.detail
    assert isinstance(refused.value, TooLarge) == (words in ("at most 32 MB", "1 MB"))
    assert kept(hub) == (1, 10)


def test_one_kiosk_cannot_fill_the_hub_with_beginnings(hub: Hub, kiosk: Kiosk) -> None:
    carrier = kiosk.enrolled(hub)
    for number in range(16):
        assert put(carrier, kiosk, 0, b"begun", digest=f"{number:064x}", size=MOST_ATTACHMENT) == 5
    with pytest.raises(HubFault) as refused:
        put(carrier, kiosk, 0, b"begun", digest="f" * 64, size=MOST_ATTACHMENT)
    assert "Too many attachments" in refused.value.detail
    assert kept(hub)[0] == 16


def test_unfinished_attachments_are_forgotten_after_a_month(
    hub: Hub, kiosk: Kiosk, tmp_path: Path, database_url: str
) -> None:
    carrier = kiosk.enrolled(hub)
    put(carrier, kiosk, 0, BODY[:20_000])
    later = now() + UNFINISHED_LASTS + timedelta(hours=1)
    with Hub(hub.folder, url=database_url, clock=lambda: later) as same:
        kiosk.clock = lambda: later
        assert put(kiosk.known_to(same), kiosk, 0, b"another", digest="a" * 64, size=100) == 7
        assert kept(hub) == (1, 7)
        assert put(kiosk.known_to(same), kiosk, 0, b"") == 0


def lying_about_size(header: str) -> str:
    told = json.loads(header)
    told["parts"][1]["size"] += 1
    return json.dumps(told | {"digest": envelope_digest(told)})


def test_envelope_that_lies_about_the_size_of_a_part_is_set_aside(hub: Hub, kiosk: Kiosk) -> None:
    carrier = kiosk.enrolled(hub)
    liar = kiosk.store(attachment=BODY, spoil=lying_about_size)
    honest = kiosk.store(attachment=BODY)
    state = kiosk.tried(carrier)
    assert (state.fault, state.waiting, state.attention) == (None, 0, 1)
    assert kiosk.entry(liar.envelope).state == OutboxState.REJECTED
    assert "another size" in kiosk.entry(liar.envelope).reason
    assert kiosk.state(honest) == OutboxState.ACKNOWLEDGED
