"""The disk is full: the person is told, nothing that was kept is lost, and work goes on with room."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.applications import Submissions
from kiosk.errors import StoreFault
from kiosk.operators.device_secret import DeviceSecret
from kiosk.store import open_database
from kiosk.store.sealing import new_key_pair
from kiosk.texts import texts_for
from tests.applications.people import begun, drafts_of, paper, submit
from tests.faults.small_disk import fill, mounted
from tests.store.opened import TestClock, centre_of, opened


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    with mounted(tmp_path / "disk", 2) as disk:
        yield disk


def test_a_full_disk_is_told_and_nothing_kept_is_lost(small_disk: Path) -> None:
    with opened(small_disk / "data") as store, centre_of(store) as centre:
        drafts = drafts_of(store, centre.key)
        draft = begun(drafts)
        kept = [drafts.record(draft, f"step {n}", "here").result() for n in range(20)]
        ballast = fill(small_disk)
        fault: BaseException | None = None
        for n in range(20, 4_000):
            fault = drafts.record(draft, f"step {n} " + "x" * 500, "here").exception()
            if fault is not None:
                break
            kept.append(n)
        assert isinstance(fault, StoreFault)
        assert "disk of this kiosk is full" in str(fault)
        for language in ("ru", "ko"):
            texts = texts_for(language)
            assert texts.message(fault.title) != fault.title.msgid
            assert texts.message(fault.advice) != fault.advice.msgid
        with store.database.reader() as repositories:
            assert len(repositories.drafts.steps(draft.id, draft.sealer)) == len(kept)
        with pytest.raises(StoreFault, match="full"):
            submit(Submissions(store.lane, centre.key, store.clock), draft, new_key_pair()[0], paper())
        ballast.unlink()
        assert drafts.record(draft, "with room again", "here").result() == len(kept) + 1
        drafts.end_session().result()
        assert len(drafts.open_as(centre.coordinator, draft.id).result().steps) == len(kept) + 1


def test_a_disk_without_room_for_a_new_folder_is_told(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(StoreFault, match="full"):
        open_database(small_disk / "data", clock=TestClock())


def test_a_full_disk_never_leaves_half_a_device_secret(small_disk: Path) -> None:
    (small_disk / "data").mkdir()
    ballast = fill(small_disk)
    with pytest.raises(StoreFault, match="full"):
        DeviceSecret.load(small_disk / "data", {})
    ballast.unlink()
    first = DeviceSecret.load(small_disk / "data", {})
    assert first.with_pin("1") == DeviceSecret.load(small_disk / "data", {}).with_pin("1")
    assert (small_disk / "data" / "device-secret").stat().st_size == 32


def test_sqlites_own_limit_is_told_the_same_way(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store, centre_of(store) as centre:
        drafts = drafts_of(store, centre.key)
        draft = begun(drafts)
        with store.database.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        fault = drafts.record(draft, "x" * 50_000, "here").exception()
        assert isinstance(fault, StoreFault)
        assert "disk of this kiosk is full" in str(fault)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreFault, match="cannot write"):
        open_database(tmp_path / "data", clock=TestClock())
