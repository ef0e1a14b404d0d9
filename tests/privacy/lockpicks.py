"""What a burglar with the machine and our source code tries: every key that lies about, on every lock.

A value that is sealed under a key beside it is not sealed. Candidates are whatever on the disk looks like a
key; locks are the store's sealed columns and every age file.
"""

import base64
import binascii
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

from kiosk.errors import SealFault
from kiosk.store.sealing import KEY_BYTES, Sealer, age_open, open_with

_AGE = b"age-encryption.org/v1\n"
_IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]{58}")
_HEXADECIMAL = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_BASE64 = re.compile(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}=?(?![A-Za-z0-9+/_=-])")
_FORMAT = b"\x01"


def identities_about(heaps: Iterable[bytes]) -> set[str]:
    return {found.decode() for heap in heaps for found in _IDENTITY.findall(heap)}


def keys_about(heaps: Iterable[bytes]) -> set[bytes]:
    """32 bytes that stand by themselves: a whole small file or value, raw or written out; and none at all."""
    found = {bytes(KEY_BYTES)}
    for heap in heaps:
        if len(heap) == KEY_BYTES:
            found.add(heap)
        found.update(bytes.fromhex(each.decode()) for each in _HEXADECIMAL.findall(heap))
        for each in _BASE64.findall(heap):
            try:
                found.add(base64.urlsafe_b64decode(each.rstrip(b"=") + b"="))
            except binascii.Error:
                continue
    return {key for key in found if len(key) == KEY_BYTES}


def values_in(database: Path) -> Iterator[tuple[str, str, UUID | None, bytes]]:
    """(table, column, row, value) of every text and blob that the database's tables still hold."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        for name in (raw.decode() for (raw,) in names):
            rows = connection.execute(f'select * from "{name}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                facts = dict(zip(columns, row, strict=True))
                for column, value in facts.items():
                    if isinstance(value, bytes):
                        yield name, column, _row_id(facts), value


def opened_by(
    keys: Iterable[bytes], identities: Iterable[str], table: str, column: str, row: UUID | None, value: bytes
) -> Iterator[tuple[str, bytes]]:
    """What a value opens to with any of these."""
    if value.startswith(_FORMAT) and row is not None:
        for key in keys:
            try:
                yield "a key that lies about", Sealer(key).open(value, table, column, row)
            except SealFault:
                continue
    if value.startswith(_AGE):
        for identity in identities:
            try:
                yield "an identity that lies about", age_open(identity, value)
                if row is not None:
                    yield "an identity that lies about", open_with(identity, value, table, column, row)
            except SealFault:
                continue


def age_files_in(heap: bytes) -> Iterator[bytes]:
    """From each beginning of an age file to the end of the heap; age itself says where it stops making sense,
    so only whole values and whole files open."""
    at = heap.find(_AGE)
    while at >= 0:
        yield heap[at:]
        at = heap.find(_AGE, at + 1)


def _row_id(facts: dict[str, object]) -> UUID | None:
    raw = facts.get("id")
    try:
        return UUID(raw.decode()) if isinstance(raw, bytes) else None
    except (ValueError, UnicodeDecodeError):
        return None
