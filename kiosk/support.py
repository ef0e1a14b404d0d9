"""A file for whoever helps from afar: everything about the machine and the program, nothing about a person.

It is put together from what is allowed, not cleaned of what is not: numbers, names of our own, and lines of
the log whose shape we know. What has another shape is counted and left out.
"""

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kiosk.checks import Check
from kiosk.journal import Action
from kiosk.store import Setting
from kiosk.texts import N_

CONTENTS: Final = (
    N_("Versions of the program, of the system and of what it is built of"),
    N_("What the doctor found: disk, clock, voice, printer, line"),
    N_("Sizes and counts: how many applications, drafts and entries there are, not what they say"),
    N_("Lines of the program's own log, and where it met a bug, without any text"),
    N_("The number and the fingerprint of the journal's last entry"),
)
"""For a person, before it is written."""

SUFFIX: Final = ".opora-support.zip"

_FILES: Final = frozenset(
    {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm", "kiosk.lock", "device-key", "device-secret"}
    | {"current.opora-pack"}
)
_SETTINGS: Final = (
    Setting.LANGUAGE,
    Setting.TIME_ZONE,
    Setting.SECOND_FACTOR,
    Setting.OWN_DRAFTS_ONLY,
    Setting.KEEPS_INITIALS,
    Setting.COPY_MONTHS,
    Setting.JOURNAL_SENT,
    Setting.LAST_SEQUENCE,
    Setting.LAST_BACKUP,
    Setting.OPENING_CHECKED,
    Setting.SECRET_PLACE,
    Setting.GLASS,
    Setting.SOUND,
    Setting.SET_UP,
)
"""Whose values are words of ours. A printer or a centre may bear somebody's name."""
_KNOWN: Final = re.compile(r"[\w .:+\-{}\[\]\",]{0,200}", re.ASCII)

_PLACE = r"[\w.<>-]+:\d+"
_OURS: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"[A-Za-z_]+ at ({_PLACE}( > {_PLACE})*)?",
        r"the courier stumbled",
        r"a bit had flipped in a stored (header|part) and was put right",
        r"work in the writer lane failed: [A-Za-z_]+",
        r"the session's key cannot be kept in memory: [A-Za-z ]+",
        r"(Starting|Started|Stopping|Stopped|Reached|Failed to start) .{0,20}(O|o)pora[A-Za-z .-]{0,40}",
        r"opora-kiosk(-later)?\.service: [A-Za-z0-9 ,.:='()/-]+",
    )
)
_KIND: Final = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)
_AT: Final = re.compile(_PLACE, re.ASCII)
BUGS: Final = 50


def log_lines(lines: Iterable[str]) -> tuple[list[str], int]:
    """Those whose shape is one of ours, and how many are left out."""
    ours, others = [], 0
    for line in lines:
        if any(shape.fullmatch(line.strip()) for shape in _OURS):
            ours.append(line.strip())
        elif line.strip():
            others += 1
    return ours, others


def support_bundle(
    data: Path,
    *,
    checks: Iterable[Check],
    versions: Mapping[str, str],
    unit: Mapping[str, str],
    log: Iterable[str],
    now: datetime,
) -> bytes:
    """A ZIP of small text files. ``checks`` are told by name and verdict alone: a sentence may name a device.

    Works beside a kiosk that is running, and where its database is damaged.
    """
    ours, others = log_lines(log)
    verdicts = {True: "fine", None: "look", False: "broken"}
    files = {
        "what-is-in-it.txt": "\n".join((*CONTENTS, "Nothing about any person is in it.")),
        "versions.json": _json(versions),
        "checks.json": _json({each.name: verdicts[each.ok] for each in checks}),
        "files.json": _json(_sizes(data)),
        "database.json": _json(_database(data / "kiosk.db")),
        "unit.json": _json(unit),
        "log.txt": "\n".join((*ours, f"({others} lines of another shape are left out)")),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content)
    return body.getvalue()


def _json(content: object) -> str:
    return json.dumps(content, indent=1, sort_keys=True)


def _sizes(data: Path) -> dict[str, object]:
    known: dict[str, object] = {}
    others = 0
    for path in sorted(data.rglob("*")) if data.is_dir() else ():
        if not path.is_file():
            continue
        if path.parent == data and path.name in _FILES:
            known[path.name] = path.stat().st_size
        else:
            others += 1
    return {**known, "other files": others}


def _database(file: Path) -> dict[str, object]:
    if not file.exists():
        return {"state": "none yet"}
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=2)) as beside:
            return {"state": "read", **_counted(beside)}
    except sqlite3.Error as error:
        return {"state": type(error).__name__}


def _counted(beside: sqlite3.Connection) -> dict[str, object]:
    tables = [name for (name,) in beside.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    counts = {
        name: beside.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of our own
        for name in tables
        if _KIND.fullmatch(name)
    }
    settings = dict(beside.execute("SELECT name, value FROM setting"))
    told = {
        name.value: settings[name]
        for name in _SETTINGS
        if name in settings and _KNOWN.fullmatch(str(settings[name]))
    }
    hub = urlsplit(str(settings.get(Setting.HUB_URL, "")))
    head = beside.execute("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1").fetchone()
    actions = dict(beside.execute("SELECT action, count(*) FROM journal GROUP BY action"))
    return {
        "revision": str(beside.execute("SELECT version_num FROM alembic_version").fetchone()[0]),
        "quick_check": beside.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok",
        "rows": counts,
        "settings": told,
        "hub": hub.scheme,
        "has a centre's name": bool(settings.get(Setting.CENTRE_NAME)),
        "has a printer": bool(settings.get(Setting.PRINTER)),
        "journal": None if head is None else {"number": head[0], "hash": _hex(head[1])},
        "entries": {each.value: actions[each] for each in Action if each in actions},
        "bugs": list(_bugs(beside)),
    }


def _hex(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else ""


def _bugs(beside: sqlite3.Connection) -> Iterable[dict[str, str]]:
    rows = beside.execute(
        "SELECT subject, details FROM journal WHERE action = ? ORDER BY number DESC LIMIT ?",
        (Action.BUG, BUGS),
    )
    for subject, details in rows:
        try:
            place = str(json.loads(details).get("at", ""))
        except (ValueError, AttributeError):
            place = ""
        yield {
            "kind": subject if _KIND.fullmatch(str(subject)) else "?",
            "at": place if _AT.fullmatch(place) else "?",
        }
