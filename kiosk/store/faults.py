"""What the disk and SQLite report, told to a person.

Result codes are SQLite's own (https://www.sqlite.org/rescode.html); the low byte is the primary code.
"""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

from kiosk.errors import Message, StoreFault
from kiosk.texts import N_


def full_disk(detail: str) -> StoreFault:
    return StoreFault(
        Message(N_("The disk of this kiosk is full.")),
        Message(
            N_(
                "Everything saved so far is safe. Please ask the coordinator to free some space,"
                " then try again."
            )
        ),
        detail,
    )


def unwritable(detail: str) -> StoreFault:
    return StoreFault(
        Message(N_("This kiosk cannot write to its disk.")),
        Message(
            N_("Everything saved so far is safe. Please ask the coordinator to have the disk looked at.")
        ),
        detail,
    )


def damaged(detail: str) -> StoreFault:
    return StoreFault(
        Message(N_("The kiosk's records are damaged.")),
        Message(
            N_(
                "Nothing was deleted, and a copy was put aside. Please ask the coordinator to restore the"
                " last backup, or to call for technical help."
            )
        ),
        detail,
    )


def busy(detail: str) -> StoreFault:
    return StoreFault(
        Message(N_("The kiosk's records are in use by another program.")),
        Message(N_("Please wait a moment and try again.")),
        detail,
    )


def newer_schema(revision: str) -> StoreFault:
    return StoreFault(
        Message(N_("These records were made by a newer version of Opora.")),
        Message(N_("Please install the newest version of Opora on this kiosk. Nothing was changed.")),
        revision,
    )


def as_fault(error: BaseException) -> StoreFault | None:
    """The fault behind an error of the disk or of SQLite; None when it is a bug instead."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        return _of_errno(cause)
    if not isinstance(cause, sqlite3.Error):
        return None
    code = getattr(cause, "sqlite_errorcode", None)
    detail = getattr(cause, "sqlite_errorname", type(cause).__name__)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:
        # The first file that grows when a database is opened: on a full disk SQLite gets no further.
        return full_disk(detail)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return full_disk(detail)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_PERM:
            return unwritable(detail)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(detail)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(detail)
        case _:
            return None


def _of_errno(error: OSError) -> StoreFault | None:
    name = errno.errorcode.get(error.errno or 0, "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return full_disk(name)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO):
        return unwritable(name)
    return None
