"""The data folder: made, locked, checked and brought up to date."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from kiosk.errors import StoreFault
from kiosk.store import Setting, open_database
from kiosk.store.engine import HEAD
from kiosk.store.migrations import newest_revision
from kiosk.store.rows import Base
from tests.store.opened import Opened, TestClock, opened


def pragma(store: Opened, name: str) -> object:
    with store.database.writer.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_commits_reach_the_disk_before_they_return(store: Opened) -> None:
    store.lane.drain()
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "synchronous") == 2
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "secure_delete") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_data_folder_is_its_owners_alone(store: Opened) -> None:
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.database.path.stat().st_mode) == 0o600


def test_a_second_opening_of_the_same_folder_is_refused(store: Opened) -> None:
    with pytest.raises(StoreFault, match="already running"):
        open_database(store.folder, clock=store.clock)


def test_another_process_is_refused_and_the_lock_dies_with_its_holder(store: Opened) -> None:
    opening = (
        "import sys, datetime, pathlib\n"
        "from kiosk.errors import StoreFault\n"
        "from kiosk.store import open_database\n"
        "try:\n"
        "    open_database(pathlib.Path(sys.argv[1]), clock=lambda: datetime.datetime.now(datetime.UTC))\n"
        "except StoreFault:\n"
        "    sys.exit(7)\n"
        "import os; os._exit(0)\n"
    )
    command = [sys.executable, "-c", opening, str(store.folder)]
    assert subprocess.run(command, check=False).returncode == 7
    store.lane.close()
    store.database.close()
    assert subprocess.run(command, check=False).returncode == 0
    assert subprocess.run(command, check=False).returncode == 0


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as first:
        first.lane.submit(lambda r: r.settings.put(Setting.CENTRE_NAME, "Опора")).result()
    with opened(tmp_path / "data") as again, again.database.reader() as repositories:
        assert repositories.settings.get(Setting.CENTRE_NAME) == "Опора"


def test_a_readers_session_cannot_write(store: Opened) -> None:
    with store.database.reader() as repositories, pytest.raises(OperationalError, match="readonly"):
        repositories.throttles.clear("pin")


def test_a_damaged_database_is_put_aside_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder) as store:
        store.lane.submit(lambda r: r.settings.put(Setting.CENTRE_NAME, "x" * 20_000)).result()
        path = store.database.path
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(StoreFault, match="damaged") as caught:
            open_database(folder, clock=TestClock())
        assert "copy was put aside" in caught.value.advice.msgid
    copies = list((folder / "damaged").rglob("kiosk.db"))
    assert [copy.read_bytes() for copy in copies] == [bytes(content)]
    assert path.read_bytes() == bytes(content)


def test_a_file_that_is_no_database_is_told_as_damage(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "kiosk.db").write_bytes(b"<html>" * 1000)
    with pytest.raises(StoreFault, match="damaged"):
        open_database(folder, clock=TestClock())
    assert list((folder / "damaged").rglob("kiosk.db"))


def test_a_newer_databases_content_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with opened(folder) as store:
        path = store.database.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreFault, match="newer version"):
        open_database(folder, clock=TestClock())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_the_migrations_make_exactly_the_tables_of_the_rows(store: Opened) -> None:
    store.lane.close()
    store.database.close()
    engine = create_engine(f"sqlite:///{store.database.path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_known_head_is_the_newest_migration() -> None:
    assert newest_revision() == HEAD


def test_opening_an_up_to_date_folder_does_not_import_alembic(tmp_path: Path) -> None:
    with opened(tmp_path / "data"):
        pass
    program = (
        "import sys, datetime, pathlib\n"
        "from kiosk.store import open_database\n"
        "now = lambda: datetime.datetime.now(datetime.UTC)\n"
        "open_database(pathlib.Path(sys.argv[1]), clock=now).close()\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", program, str(tmp_path / "data")], check=False).returncode == 0
    )


def test_an_emptied_log_leaves_no_old_page(store: Opened) -> None:
    store.lane.submit(lambda r: r.settings.put(Setting.CENTRE_NAME, "to be overwritten")).result()
    store.lane.submit(lambda r: r.settings.put(Setting.CENTRE_NAME, "")).result()
    store.lane.empty_log().result()
    log = store.database.path.with_name("kiosk.db-wal")
    assert log.stat().st_size == 0
    assert b"to be overwritten" not in store.database.path.read_bytes()
