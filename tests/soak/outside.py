"""What can be seen of the kiosk from outside: memory, handles, processor, files, the database's pages."""

import os
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """``seconds`` since the soak began; memory in MB; ``cpu`` in seconds of one core, children included.

    ``children``: the voice's, which were started ahead or are at work; ``pss`` shares what they share.
    ``database`` and ``log`` in bytes; ``pages`` of the database and how many of them are free.
    """

    seconds: float
    rss: float
    pss: float
    uss: float
    handles: int
    threads: int
    children: int
    children_pss: float
    cpu: float
    load: float
    database: int
    log: int
    pages: int
    free_pages: int
    files: dict[str, int]


def sample(process: psutil.Process, data: Path, seconds: float) -> Sample:
    with process.oneshot():
        memory = process.memory_full_info()
        handles, threads, cpu = process.num_fds(), process.num_threads(), process.cpu_times()
    children, shared = 0, 0
    for child in process.children(recursive=True):
        try:
            shared += child.memory_full_info().pss
            children += 1
        except psutil.Error:
            continue
    pages, free = _pages(data / "kiosk.db")
    files = sizes(data)
    return Sample(
        seconds=round(seconds, 1),
        rss=round(memory.rss / MB, 2),
        pss=round(memory.pss / MB, 2),
        uss=round(memory.uss / MB, 2),
        handles=handles,
        threads=threads,
        children=children,
        children_pss=round(shared / MB, 2),
        cpu=round(cpu.user + cpu.system + cpu.children_user + cpu.children_system, 2),
        load=round(os.getloadavg()[0], 2),
        database=files.get("kiosk.db", 0),
        log=files.get("kiosk.db-wal", 0),
        pages=pages,
        free_pages=free,
        files=files,
    )


def sizes(data: Path) -> dict[str, int]:
    """Bytes by what lies directly in the folder."""
    found: Counter[str] = Counter()
    for folder, _, names in os.walk(data):
        for name in names:
            path = Path(folder, name)
            try:
                found[path.relative_to(data).parts[0]] += path.stat().st_size
            except FileNotFoundError:
                continue
    return dict(found)


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows and bytes of pages by table, its indices included."""

    rows: dict[str, int]
    sizes: dict[str, int]


def tables(database: Path) -> Tables:
    with _read_only(database) as connection:
        owners = dict(connection.execute("SELECT name, tbl_name FROM sqlite_schema").fetchall())
        names = sorted(set(owners.values()))
        rows = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if not name.startswith("sqlite_")
        }
        taken: Counter[str] = Counter()
        try:
            for name, size in connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
                taken[owners.get(name, name)] += size
        except sqlite3.OperationalError:
            # This SQLite was built without it: rows alone are told.
            taken.clear()
    connection.close()
    return Tables(rows, dict(taken))


def journal_deeds(database: Path) -> Counter[str]:
    """Entries by what was done."""
    with _read_only(database) as connection:
        found = Counter(dict(connection.execute("SELECT action, count(*) FROM journal GROUP BY action")))
    connection.close()
    return found


def _pages(database: Path) -> tuple[int, int]:
    if not database.exists():
        return 0, 0
    connection = _read_only(database)
    try:
        return (
            connection.execute("PRAGMA page_count").fetchone()[0],
            connection.execute("PRAGMA freelist_count").fetchone()[0],
        )
    except sqlite3.OperationalError:
        return 0, 0
    finally:
        connection.close()


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
