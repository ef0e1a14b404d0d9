"""The data folder and the database in it.

SQLite in WAL mode with ``synchronous=FULL``: a commit returns after the write-ahead log was synced to the
disk (https://www.sqlite.org/pragma.html#pragma_synchronous). Deleted content is overwritten
(``secure_delete``). Migrations are Alembic's; it is imported only when a database has to be changed.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from kiosk.errors import StoreFault
from kiosk.store import faults
from kiosk.store.lock import FolderLock
from kiosk.store.repositories import Repositories

HEAD = "0002"
"""The newest migration. A test holds it equal to Alembic's own answer."""

BUSY_TIMEOUT_MS = 5_000

_NOTHING_TO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
"""What fsync(2) says of a folder where a file system keeps none to sync."""

Clock = Callable[[], datetime]


class Database:
    """An open data folder. ``clock`` gives aware UTC datetimes. Made by :func:`open_database`."""

    def __init__(self, folder: Path, lock: FolderLock, clock: Clock) -> None:
        self.folder = folder
        self.path = folder / "kiosk.db"
        self.clock = clock
        self._lock = lock
        # The writer's one connection is opened and checked by the thread that starts the kiosk and used by
        # the lane alone from then on.
        self.writer = _engine(self.path, writing=True)
        self._reader = _engine(self.path, writing=False)

    @contextmanager
    def reader(self) -> Iterator[Repositories]:
        """Repositories over one consistent snapshot, for any thread; a write through them is refused.

        Leave it soon: while it is open, the write-ahead log cannot be emptied.
        """
        with faults_told(), Session(self._reader) as session, session.begin():
            yield Repositories(session, self.clock)

    def empty_log(self) -> None:
        """Moves the write-ahead log into the database and cuts it to nothing. Called by the lane alone."""
        connection = self.writer.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()

    def close(self) -> None:
        self._reader.dispose()
        self.writer.dispose()
        self._lock.release()


def open_database(folder: Path, *, clock: Clock) -> Database:
    """Makes or opens the data folder, locks it, checks it and brings its tables up to date.

    Raises :class:`StoreFault`: in use by another process, not writable, disk full, damaged (a copy is then
    put aside under ``damaged/``; the original stays where it is), or made by a newer version.
    """
    with faults_told():
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        if made:
            sync_folder(folder.parent)
        lock = FolderLock(folder)
        lock.acquire()
        try:
            database = Database(folder, lock, clock)
            try:
                _make_ready(database)
            except BaseException:
                database.writer.dispose()
                raise
        except BaseException:
            lock.release()
            raise
        return database


@contextmanager
def faults_told() -> Iterator[None]:
    """Raises the :class:`StoreFault` behind an error of the disk or of SQLite in its place."""
    try:
        yield
    except StoreFault:
        raise
    except (DBAPIError, sqlite3.Error, OSError) as error:
        fault = faults.as_fault(error)
        if fault is None:
            raise
        raise fault from error


def put_in_place(part: Path, file: Path) -> None:
    """Gives ``part``, whole and synced, the name ``file`` beside it, so that both outlast a power cut, or a
    stick that is pulled out: a moment later there is the older file or the new one."""
    part.replace(file)
    if os.name != "nt":
        # FAT notes where the content lies under a new name only with the file itself.
        _sync(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Makes new names in ``folder``, and a ``folder`` that is new itself, outlast a power cut; Windows has no
    such call and needs none, nor do some sticks' file systems."""
    if os.name == "nt":
        return
    _sync(folder)
    # On FAT, Linux counts the names in a new folder among what its parent has to write, until it has.
    with suppress(PermissionError):
        _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOTHING_TO_SYNC:
            raise
    finally:
        os.close(descriptor)


def _make_ready(database: Database) -> None:
    new = not database.path.exists()
    try:
        with database.writer.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            if found != "ok":
                _put_aside(database)
                raise faults.damaged(str(found))
            revision = _revision(connection)
    except DBAPIError as error:
        fault = faults.as_fault(error)
        if fault is not None and isinstance(error.orig, sqlite3.DatabaseError) and _is_damage(error.orig):
            _put_aside(database)
        raise
    if revision != HEAD:
        from kiosk.store.migrations import upgrade

        upgrade(database.writer, revision)
    if new:
        os.chmod(database.path, 0o600)
        sync_folder(database.folder)


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _revision(connection: Connection) -> str | None:
    known = connection.exec_driver_sql("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").first()
    if known is None:
        return None
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if revision is None else str(revision)


def _put_aside(database: Database) -> None:
    """One copy of each damaged state: a kiosk that is started again and again does not fill its disk."""
    seen = database.path.stat()
    aside = database.folder / "damaged" / f"{seen.st_mtime_ns}-{seen.st_size}"
    if aside.exists():
        return
    part = aside.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    for suffix in ("", "-wal"):
        source = database.path.with_name(database.path.name + suffix)
        if source.exists():
            shutil.copy2(source, part / source.name)
    part.rename(aside)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _engine(path: Path, *, writing: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # An exception text may reach a log; what was bound to a statement must not.
        hide_parameters=True,
        poolclass=StaticPool if writing else QueuePool,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own notion of when a transaction begins is switched off: BEGIN is ours, below.
        connection.isolation_level = None
        # A bit that flips in one text must not make the rows beside it unreadable.
        connection.text_factory = _text
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            f"query_only = {'OFF' if writing else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
