"""The outbox: what may be tried, what became of it, and that nothing is deleted because somebody said no."""

from datetime import datetime, timedelta

import pytest

from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, new_id
from kiosk.journal import Action
from kiosk.store import OutboxEntry, OutboxState, PartBody, Repositories
from tests.store.opened import Opened


def put(store: Opened, *, size: int = 1_000, kind: str = "heartbeat") -> EnvelopeId:
    def work(repositories: Repositories) -> EnvelopeId:
        id = EnvelopeId(new_id())
        repositories.outbox.add(
            OutboxEntry(
                envelope_id=id,
                sequence=repositories.outbox.next_sequence(),
                application_id=None,
                kind=kind,
                agency=AgencyId("kr.seongnam"),
                header='{"parts": []}',
                digest="0" * 64,
                size=size,
                made_at=store.clock(),
                state=OutboxState.WAITING,
                attempts=0,
                last_try_at=None,
                next_try_at=None,
                settled_at=None,
                reason_code="",
                reason="",
                parts=(PartBody(0, "a" * 64, b"sealed 0"), PartBody(1, "b" * 64, b"sealed 1")),
            )
        )
        return id

    return store.lane.submit(work).result()


def waiting(
    store: Opened, after: int = 0, max_bytes: int = 64_000, max_count: int = 100, now: datetime | None = None
) -> list[EnvelopeId]:
    with store.database.reader() as repositories:
        found = repositories.outbox.waiting(after, max_bytes, max_count, now or store.clock())
    return [entry.envelope_id for entry in found]


def entry(store: Opened, id: EnvelopeId) -> OutboxEntry:
    with store.database.reader() as repositories:
        found = repositories.outbox.get(id)
    assert found is not None
    return found


def test_sequence_numbers_have_no_gap_even_after_work_that_failed(store: Opened) -> None:
    def failing(repositories: Repositories) -> None:
        repositories.outbox.next_sequence()
        raise LookupError

    ids = [put(store), put(store)]
    store.lane.submit(failing).exception()
    ids.append(put(store))
    assert [entry(store, id).sequence for id in ids] == [1, 2, 3]


def test_a_batch_is_cut_by_bytes_and_by_count_and_never_empty(store: Opened) -> None:
    ids = [put(store, size=size) for size in (400, 400, 400, 9_000)]
    assert waiting(store, max_bytes=1_000) == ids[:2]
    assert waiting(store, max_count=3) == ids[:3]
    assert waiting(store, after=3, max_bytes=1_000) == ids[3:]
    assert waiting(store, after=4) == []


def test_entries_come_with_their_sealed_bodies_in_order(store: Opened) -> None:
    id = put(store)
    with store.database.reader() as repositories:
        (found,) = repositories.outbox.waiting(0, 64_000, 10, store.clock())
    assert found == entry(store, id)
    assert [part.body for part in found.parts] == [b"sealed 0", b"sealed 1"]


def test_what_was_tried_waits_for_its_time_and_is_asked_about_again(store: Opened) -> None:
    id = put(store)
    later = store.clock() + timedelta(seconds=40)
    store.lane.submit(lambda r: r.outbox.tried([id], store.clock(), later)).result()
    assert waiting(store) == []
    assert waiting(store, now=later) == [id]
    assert entry(store, id).attempts == 1


def test_a_rejected_envelope_stays_whole_with_its_reason_and_can_wait_again(store: Opened) -> None:
    id, other = put(store), put(store)
    rejected = store.lane.submit(
        lambda r: r.outbox.reject(id, store.clock(), "form-unknown", "This form is not known.", False)
    )
    assert rejected.result()
    assert waiting(store) == [other]
    with store.database.reader() as repositories:
        counts = repositories.outbox.counts()
        (shown,) = repositories.outbox.attention()
    assert (counts.waiting, counts.attention) == (1, 1)
    assert shown.reason == "This form is not known."
    assert entry(store, id).parts[0].body == b"sealed 0"
    assert store.lane.submit(lambda r: r.outbox.try_again(id, store.clock())).result()
    assert waiting(store) == [id, other]
    assert entry(store, id).reason == ""


def test_an_acknowledgement_is_never_taken_back(store: Opened) -> None:
    id, at = put(store), store.clock()
    assert store.lane.submit(lambda r: r.outbox.acknowledge(id, at, "https", None)).result()
    assert not store.lane.submit(lambda r: r.outbox.acknowledge(id, at, "usb", None)).result()
    assert not store.lane.submit(lambda r: r.outbox.reject(id, at, "x", "x", True)).result()
    assert entry(store, id).state is OutboxState.ACKNOWLEDGED
    assert entry(store, id).carrier == "https"


def test_what_a_restored_hub_lost_waits_again(store: Opened) -> None:
    ids = [put(store) for _ in range(4)]
    keep = store.clock() + timedelta(days=90)

    def acknowledge(id: EnvelopeId) -> None:
        store.lane.submit(lambda r: r.outbox.acknowledge(id, store.clock(), "https", keep)).result()

    for id in ids[:3]:
        acknowledge(id)
    assert store.lane.submit(lambda r: r.outbox.resend_from(1)).result() == 2
    assert waiting(store) == ids[1:]


def test_a_cleared_archive_keeps_the_record_and_is_not_sent_again(store: Opened) -> None:
    id, keep = put(store), store.clock() + timedelta(days=90)
    store.lane.submit(lambda r: r.outbox.acknowledge(id, store.clock(), "https", keep)).result()
    assert store.lane.submit(lambda r: r.outbox.clear_archive(keep - timedelta(seconds=1))).result() == 0
    assert store.lane.submit(lambda r: r.outbox.clear_archive(keep)).result() == 1
    assert entry(store, id).parts == (PartBody(0, "a" * 64, None), PartBody(1, "b" * 64, None))
    assert store.lane.submit(lambda r: r.outbox.resend_from(0)).result() == 0


def test_counts_tell_the_oldest_that_waits(store: Opened) -> None:
    with store.database.reader() as repositories:
        assert repositories.outbox.counts().oldest_waiting_at is None
    put(store, size=300)
    first = store.clock()
    store.clock.pass_by(hours=2)
    put(store, size=500)
    with store.database.reader() as repositories:
        counts = repositories.outbox.counts()
    assert (counts.waiting, counts.oldest_waiting_at, counts.bytes_waiting) == (2, first, 800)


def test_every_verdict_is_in_the_journal(store: Opened) -> None:
    id = put(store)
    store.lane.submit(lambda r: r.outbox.reject(id, store.clock(), "quota", "Too many.", False)).result()
    store.lane.submit(lambda r: r.outbox.try_again(id, store.clock())).result()
    with store.database.reader() as repositories:
        actions = [deed.action for deed in repositories.journal.entries()]
    assert actions == [Action.APPLICATION_REJECTED, Action.APPLICATION_TRIED_AGAIN]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_known_of_an_application_without_envelopes(store: Opened, count: int) -> None:
    for _ in range(count):
        put(store)
    with store.database.reader() as repositories:
        assert repositories.outbox.of(ApplicationId(new_id())) == ()
        assert repositories.outbox.last_order(ApplicationId(new_id())) is None
