"""Erasing a kiosk for good: first the keys, without which nothing that was sealed opens, then the files.

It can be cut off at any moment and goes on at the next start: a mark in the folder says that it was begun.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.store.engine import faults_told, sync_folder
from kiosk.store.lock import FolderLock
from kiosk.store.session_key import SessionKeyFile

MARK = "wiping"
KEY_FILES = ("device-secret", "device-key")
KEPT = frozenset({"current.opora-pack", "kiosk.lock"})
"""The pack is everybody's; without it the kiosk could not be set up anew."""
_KEY_TABLES = ("key_grant", "key_wrap")


def wipe(folder: Path, session_key: SessionKeyFile | None = None) -> None:
    """Erases everything in the data folder. No kiosk may have it open.

    Raises :class:`~kiosk.errors.StoreFault` where one has.
    """
    with faults_told():
        lock = FolderLock(folder)
        lock.acquire()
        try:
            (folder / MARK).touch(mode=0o600)
            sync_folder(folder)
            if session_key is not None:
                session_key.erase()
            for name in KEY_FILES:
                _overwrite(folder / name)
            _erase_keys(folder / "kiosk.db")
            for path in sorted(folder.iterdir()):
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name not in KEPT and path.name != MARK:
                    _overwrite(path)
            (folder / MARK).unlink()
            sync_folder(folder)
        finally:
            lock.release()


def was_begun(folder: Path) -> bool:
    """A wipe that was cut off: it is to be finished before anything else."""
    return (folder / MARK).exists()


def _erase_keys(database: Path) -> None:
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            for table in _KEY_TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        # Damaged, or older than these tables: the file itself is overwritten next.
        return


def _overwrite(file: Path) -> None:
    """Zeros over the content, as far as the disk itself allows, then the name goes."""
    if not file.exists():
        return
    size = file.stat().st_size
    with file.open("r+b") as opened:
        for _ in range(0, size, 1 << 20):
            opened.write(bytes(min(1 << 20, size - opened.tell())))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
