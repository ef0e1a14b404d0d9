"""A sealed copy of the whole kiosk, taken while it runs, and proven to restore before anybody relies on it.

A file has one line of JSON, which tells whose it is and how the recovery sheet opens it, and behind it one
age file: a tar of the database, the kiosk's signing key and the pack. It is sealed to the recovery sheet's
public key, so making one needs nobody's PIN and reading one needs the sheet.
"""

import io
import json
import os
import re
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from kiosk.errors import Message, StoreFault
from kiosk.store.centre_keys import Holder
from kiosk.store.engine import faults_told, put_in_place
from kiosk.store.repositories import Repositories
from kiosk.store.sealing import Sealer, age_open, new_key_pair
from kiosk.store.settings import Setting
from kiosk.texts import N_

SUFFIX = ".opora-backup"
STICK_FOLDER = "opora-backups"
"""Where on a stick they lie."""
DATABASE = "kiosk.db"
_KEPT = (DATABASE, "device-key", "current.opora-pack")
"""Everything that a kiosk cannot get anew elsewhere. The device secret stays: it belongs to the machine."""
_UPDATES = re.compile(r"updates/[0-9a-f]{64}")
"""Versions that updates brought, of which the database says which one is in use."""
_FORMAT = 1
_LONGEST_HEADER = 16_384

Opener = Callable[[bytes, str], Sealer]
"""From a salt and the parameters beside it to the sealer that the recovery code makes."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a copy holds, counted: the same numbers are counted again when it is proven."""

    applications: int
    drafts: int
    waiting: int
    journal: int


@dataclass(frozen=True, slots=True)
class Backup:
    file: Path
    made_at: datetime
    content: Content


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself in the clear."""

    made_at: datetime
    centre: str
    kiosk: str


def read_label(file: Path) -> Label:
    """Raises :class:`StoreFault` where the file is none of ours, and OSError where it cannot be read."""
    with file.open("rb") as opened:
        header = _header_in(opened.readline(_LONGEST_HEADER))
    try:
        return Label(
            datetime.fromisoformat(str(header["made_at"])), str(header["centre"]), str(header["kiosk"])
        )
    except (KeyError, ValueError) as error:
        raise _damaged("label") from error


def make_backup(data: Path, into: Path, now: datetime) -> Backup:
    """Copies the data folder ``data``, whether a kiosk runs on it or not, into a new file in ``into``.

    Raises :class:`StoreFault`: the disk is full, there is no recovery sheet that could open it, the journal
    or the database is damaged, or what was written does not read back.
    """
    with faults_told():
        database = _snapshot(data / DATABASE)
        with _repositories(database) as repositories:
            content = _content(repositories)
            header, recovery = _header(repositories, now)
            updates = _updates(repositories)
        # A second key that lives for this one call: the copy is read back and opened as it was written.
        proof, proof_identity = new_key_pair()
        recipients = [pyrage.x25519.Recipient.from_str(each) for each in (recovery, proof)]
        sealed = bytes(pyrage.encrypt(_packed(data, database, updates), recipients))
        file = _write(into, now, json.dumps(header).encode() + b"\n" + sealed)
        _prove(file, proof_identity, content)
    return Backup(file, now, content)


@contextmanager
def beside(data: Path) -> Iterator[Repositories]:
    """Reads one consistent moment of a data folder, whether a kiosk runs on it or not.

    Raises :class:`StoreFault` where the database is damaged.
    """
    with faults_told(), _repositories(_snapshot(data / DATABASE)) as repositories:
        yield repositories


def newest_in(place: Path) -> Path:
    """``place`` itself where it is a backup, else the newest one in it. Raises :class:`StoreFault`."""
    if place.is_file():
        return place
    found = sorted(place.glob(f"*{SUFFIX}"), key=lambda file: file.name)
    if not found:
        raise StoreFault(
            Message(N_("There is no backup here.")),
            Message(N_("Please name the folder or the file that “opora backup” made.")),
            str(place),
        )
    return found[-1]


def restore_backup(file: Path, data: Path, opener: Opener) -> Content:
    """Unpacks a backup into the new folder ``data``.

    Raises :class:`StoreFault` where the folder is in use already or the file is damaged, and
    :class:`~kiosk.errors.SealFault` where the recovery code is another.
    """
    with faults_told():
        if data.exists() and any(data.iterdir()):
            raise StoreFault(
                Message(N_("There is something in this folder already.")),
                Message(N_("Please name a new folder: a backup is never laid over what is there.")),
                str(data),
            )
        header, sealed = _read(file)
        wrap = header["wrap"]
        sealer = opener(bytes.fromhex(wrap["salt"]), wrap["parameters"])
        identity = sealer.open(bytes.fromhex(wrap["wrapped"]), "key_wrap", "wrapped", UUID(wrap["id"]))
        members = _unpacked(age_open(identity.decode(), sealed))
        with _repositories(members[DATABASE]) as repositories:
            content = _content(repositories)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(data, 0o700)
        # The database comes last: a folder without one is no kiosk yet, and can be restored into again.
        for name in sorted(members, key=lambda name: name == DATABASE):
            (data / name).parent.mkdir(mode=0o700, exist_ok=True)
            _write_file(data / name, members[name])
    return content


def _snapshot(path: Path) -> bytes:
    """One consistent moment of the database, as the bytes of a file; beside any process that uses it."""
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)) as source,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)
        content = bytearray(copy.serialize())
    # Not in WAL mode while it is one file (https://www.sqlite.org/fileformat.html, offsets 18 and 19).
    content[18:20] = b"\x01\x01"
    return bytes(content)


@contextmanager
def _repositories(database: bytes) -> Iterator[Repositories]:
    """Raises :class:`StoreFault` where the bytes are not a sound database with a sound journal."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    try:
        connection.deserialize(database)
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _damaged("quick_check")
        with Session(engine) as session:
            yield Repositories(session, lambda: datetime.max.replace(tzinfo=UTC))
    except sqlite3.DatabaseError as error:
        raise _damaged(type(error).__name__) from error
    finally:
        engine.dispose()
        connection.close()


def _content(repositories: Repositories) -> Content:
    bad = repositories.journal.verify()
    if bad is not None:
        raise _damaged(f"journal entry {bad.number}: {bad.why}")
    head = repositories.journal.head()
    return Content(
        applications=repositories.applications.count(),
        drafts=repositories.drafts.count(),
        waiting=repositories.outbox.counts().waiting,
        journal=0 if head is None else head.number,
    )


def _header(repositories: Repositories, now: datetime) -> tuple[dict[str, object], str]:
    wraps = repositories.centre_keys.wraps(Holder.RECOVERY)
    recipient = wraps[0].recipient if wraps else None
    if recipient is None:
        raise StoreFault(
            Message(N_("There is no recovery sheet that could open a backup.")),
            Message(N_("Please make a new recovery sheet under “The centre” first.")),
        )
    wrap = wraps[0]
    header: dict[str, object] = {
        "opora-backup": _FORMAT,
        "made_at": now.isoformat(),
        "centre": repositories.settings.get(Setting.CENTRE_NAME) or "",
        "kiosk": repositories.settings.get(Setting.KIOSK_ID) or "",
        "wrap": {
            "id": str(wrap.id),
            "salt": wrap.salt.hex(),
            "parameters": wrap.parameters,
            "wrapped": repositories.centre_keys.wrapped(wrap.id).hex(),
        },
    }
    return header, recipient


def _updates(repositories: Repositories) -> tuple[str, ...]:
    packs = (*repositories.packs.installed(), *repositories.packs.retired())
    seen = json.loads(repositories.settings.get(Setting.UPDATE_SEEN) or "{}")
    digests = {pack.digest for pack in packs} | {str(seen.get("head", ""))}
    return tuple(sorted(f"updates/{digest}" for digest in digests if digest))


def _packed(data: Path, database: bytes, updates: tuple[str, ...]) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as tar:
        for name in (*_KEPT, *updates):
            content = database if name == DATABASE else _optional(data / name)
            if content is not None:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return body.getvalue()


def _optional(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def _unpacked(packed: bytes) -> dict[str, bytes]:
    """Only what a backup holds, by name: nothing in it says where a file goes."""
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            for member in tar:
                ours = member.name in _KEPT or _UPDATES.fullmatch(member.name) is not None
                file = tar.extractfile(member) if member.isreg() and ours else None
                if file is not None:
                    found[member.name] = file.read()
    except tarfile.TarError as error:
        raise _damaged("tar") from error
    if DATABASE not in found:
        raise _damaged("no database")
    return found


def _write(into: Path, now: datetime, content: bytes) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    file = into / f"{now:%Y%m%d-%H%M%S}{SUFFIX}"
    _write_file(file, content)
    return file


def _write_file(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    put_in_place(part, file)


def _read(file: Path) -> tuple[dict[str, Any], bytes]:
    with file.open("rb") as opened:
        line = opened.readline(_LONGEST_HEADER)
        sealed = opened.read()
    return _header_in(line), sealed


def _header_in(line: bytes) -> dict[str, Any]:
    try:
        header: dict[str, Any] = json.loads(line)
        if header["opora-backup"] != _FORMAT or not line.endswith(b"\n"):
            raise _damaged("format")
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("header") from error
    return header


def _prove(file: Path, identity: str, content: Content) -> None:
    _, sealed = _read(file)
    with _repositories(_unpacked(age_open(identity, sealed))[DATABASE]) as repositories:
        if _content(repositories) != content:
            raise _damaged("read back")


def _damaged(detail: str) -> StoreFault:
    return StoreFault(
        Message(N_("This copy is damaged.")),
        Message(N_("Please make another backup, on another stick. Nothing was changed here.")),
        detail,
    )
