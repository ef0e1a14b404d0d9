"""The one thread that writes."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.errors import Message, StoreFault
from kiosk.store import Repositories, Setting, WriterLane, open_database
from kiosk.store.lane import Refused
from tests.store.opened import Opened, TestClock


def test_work_is_done_in_the_order_it_was_handed_in(store: Opened) -> None:
    seen: list[int] = []

    def see(number: int) -> None:
        store.lane.submit(lambda _: seen.append(number))

    for number in range(50):
        see(number)
    store.lane.drain()
    assert seen == list(range(50))


def test_done_is_told_after_the_commit_and_where_it_was_asked_for(tmp_path: Path) -> None:
    database = open_database(tmp_path, clock=TestClock())
    posted: list[Callable[[], None]] = []
    lane = WriterLane(database, posted.append)
    heard: list[object] = []

    def done(outcome: object) -> None:
        with database.reader() as repositories:
            heard.append((outcome, repositories.settings.get(Setting.LANGUAGE), threading.current_thread()))

    lane.submit(lambda r: r.settings.put(Setting.LANGUAGE, "ko"), done).result()
    lane.drain()
    assert heard == []
    for call in posted:
        call()
    assert heard == [(None, "ko", threading.current_thread())]
    lane.close()
    database.close()


def test_an_error_undoes_the_whole_work_and_is_told_as_a_value(store: Opened) -> None:
    heard: list[object] = []

    def work(repositories: Repositories) -> None:
        repositories.settings.put(Setting.LANGUAGE, "ru")
        raise LookupError("a bug")

    future = store.lane.submit(work, heard.append)
    assert isinstance(future.exception(), LookupError)
    store.lane.drain()
    assert isinstance(heard[0], LookupError)
    with store.database.reader() as repositories:
        assert repositories.settings.get(Setting.LANGUAGE) is None


def test_a_refusal_keeps_what_was_written_on_the_way(store: Opened) -> None:
    fault = StoreFault(Message("no"), Message("later"))

    def work(repositories: Repositories) -> None:
        repositories.settings.put(Setting.LANGUAGE, "ru")
        raise Refused(fault)

    assert store.lane.submit(work).exception() is fault
    with store.database.reader() as repositories:
        assert repositories.settings.get(Setting.LANGUAGE) == "ru"


def test_closing_does_what_was_handed_in_and_takes_no_more(store: Opened) -> None:
    futures = [store.lane.submit(lambda r: r.settings.kiosk_id()) for _ in range(20)]
    store.lane.close()
    assert len({future.result(timeout=0) for future in futures}) == 1
    with pytest.raises(RuntimeError):
        store.lane.submit(lambda r: None)


def test_an_exceptions_text_never_holds_what_was_written(store: Opened) -> None:
    def work(repositories: Repositories) -> None:
        repositories.operators.get("Иванова Мария")  # type: ignore[arg-type]

    assert "Иванова" not in str(store.lane.submit(work).exception())
