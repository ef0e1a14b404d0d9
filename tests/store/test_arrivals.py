"""What comes back: statuses, notices, questions, cursors; and packs and settings beside them."""

from datetime import timedelta

from kiosk.ids import ApplicationId, new_id
from kiosk.store import ArrivedNotice, ArrivedStatus, Setting
from kiosk.store.cursors import Cursor
from tests.store.opened import Opened


def status(
    store: Opened, application: ApplicationId, kind: str, number: int, tag: bytes | None
) -> ArrivedStatus:
    return ArrivedStatus(new_id(), application, tag, kind, number, store.clock(), b"sealed", '{"extra": 1}')


def take(store: Opened, one: ArrivedStatus) -> bool:
    return store.lane.submit(lambda r: r.statuses.take(one, store.clock())).result()


def test_a_status_that_comes_twice_is_kept_once(store: Opened) -> None:
    one = status(store, ApplicationId(new_id()), "granted", 1, None)
    assert take(store, one)
    assert not take(store, one)
    with store.database.reader() as repositories:
        assert repositories.statuses.of(one.application) == (one,)


def test_statuses_stand_in_the_agencys_order_and_unknown_kinds_are_kept(store: Opened) -> None:
    application = ApplicationId(new_id())
    later = status(store, application, "paid-by-dove", 2, None)
    first = status(store, application, "received", 1, None)
    for one in (later, first):
        take(store, one)
    with store.database.reader() as repositories:
        assert [one.kind for one in repositories.statuses.of(application)] == ["received", "paid-by-dove"]


def test_a_question_is_open_until_its_answer_comes_and_again_when_asked_again(store: Opened) -> None:
    tag = b"t" * 16
    store.lane.submit(lambda r: r.questions.ask(tag, store.clock())).result()
    with store.database.reader() as repositories:
        assert repositories.statuses.questions() == (tag,)
    answer = status(store, ApplicationId(new_id()), "received", 1, tag)
    take(store, answer)
    with store.database.reader() as repositories:
        assert repositories.statuses.questions() == ()
        assert repositories.statuses.of(tag) == (answer,)
    store.lane.submit(lambda r: r.questions.ask(tag, store.clock())).result()
    with store.database.reader() as repositories:
        assert repositories.statuses.questions() == (tag,)


def test_a_notice_is_shown_until_it_was_seen(store: Opened) -> None:
    notice = ArrivedNotice(new_id(), "of-a-kind-yet-unknown", store.clock(), '{"text": {"ru": "Внимание"}}')
    assert store.lane.submit(lambda r: r.notices.take(notice, store.clock())).result()
    assert not store.lane.submit(lambda r: r.notices.take(notice, store.clock())).result()
    with store.database.reader() as repositories:
        assert repositories.notices.unseen() == (notice,)
    store.lane.submit(lambda r: r.notices.seen(notice.id, store.clock())).result()
    with store.database.reader() as repositories:
        assert repositories.notices.unseen() == ()


def test_a_failed_exchange_keeps_how_far_the_last_good_one_came(store: Opened) -> None:
    at = store.clock()
    store.lane.submit(lambda r: r.cursors.put("hub", "c-7", 41, at)).result()
    later = at + timedelta(hours=1)
    store.lane.submit(lambda r: r.cursors.failed("hub", later, "unreachable")).result()
    with store.database.reader() as repositories:
        assert repositories.cursors.get("hub") == Cursor("hub", "c-7", 41, at, later, "unreachable")
        assert repositories.cursors.latest() == repositories.cursors.get("hub")
        assert repositories.cursors.get("another") == Cursor("another")
    store.lane.submit(lambda r: r.cursors.put("hub", "c-8", 42, later)).result()
    with store.database.reader() as repositories:
        assert repositories.cursors.get("hub").failure == ""


def test_installing_a_pack_retires_the_version_before_and_knows_the_way_back(store: Opened) -> None:
    def install(version: str) -> None:
        store.lane.submit(lambda r: r.packs.install("demo", version, "d" * 64, store.clock())).result()

    for version in ("1", "2", "1"):
        store.clock.pass_by(days=1)
        install(version)
        with store.database.reader() as repositories:
            assert [pack.version for pack in repositories.packs.installed()] == [version]
    with store.database.reader() as repositories:
        assert [pack.version for pack in repositories.packs.retired()] == ["2"]


def test_the_kiosks_id_is_made_once(store: Opened) -> None:
    ids = {store.lane.submit(lambda r: r.settings.kiosk_id()).result() for _ in range(3)}
    assert len(ids) == 1
    with store.database.reader() as repositories:
        assert repositories.settings.get(Setting.KIOSK_ID) == str(ids.pop())
