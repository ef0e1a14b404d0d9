"""A power cut, from what a process really wrote.

strace records every write, sync and renaming that a command makes in a folder. From that record the folder
is rebuilt as a disk may hold it when the power goes at any point: nothing that was not synced is certain to
be there, the write in flight is torn at a sector. Around any command line::

    python -m tests.faults.power --folder DATA --marks MARKS --points 10 --seed 1 \\
        --check "program that reads a folder" -- the command to record ...

The command appends a line to ``MARKS`` for whatever it promised to have kept. For each point the check is
run with two arguments, the rebuilt folder and a file with the marks written before that point; it exits
with 0 where every promise was kept.
"""

import argparse
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath
from typing import TypeAlias

SECTOR = 512
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,ftruncate,truncate,"
    "unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,sendfile,copy_file_range,sync_file_range"
)
UNMODELLED = frozenset({"writev", "pwritev", "pwritev2", "truncate", "sendfile", "copy_file_range"})


@dataclass(frozen=True, slots=True)
class Made:
    """A file came to be, or was emptied, under this name."""

    path: str


@dataclass(frozen=True, slots=True)
class Written:
    path: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """A file's content, or a folder's names."""

    path: str


@dataclass(frozen=True, slots=True)
class Renamed:
    path: str
    to: str


@dataclass(frozen=True, slots=True)
class Removed:
    path: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The process said that something is kept."""

    text: str


Event: TypeAlias = Made | Written | Cut | Synced | Renamed | Removed | Marked


class Loss(StrEnum):
    """What a disk does with writes that were never synced."""

    ALL = "all"
    """Every one is gone; of the last, some sectors are there."""
    SOME = "some"
    """Any of them may be there, in any order; one of those is torn."""


def record(
    command: Sequence[str], trace: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs ``command`` to its end under strace, which writes to ``trace``."""
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-s", "16777216", "-e", "signal=none"]
    return subprocess.run(
        [*strace, "-e", f"trace={CALLS}", "-o", str(trace), "--", *command],
        env=None if environment is None else dict(environment),
        capture_output=True,
        check=False,
    )


def can_record(folder: Path) -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return record(["true"], folder / "probe.strace").returncode == 0


def read_trace(trace: Path, folder: Path, marks: Path, before: Path) -> list[Event]:
    """What happened in ``folder``, in the order in which the calls returned.

    ``before`` is a copy of the folder from before the recording; it need not exist.
    """
    root = str(folder.resolve())
    sizes = {name: len(content) for name, content in _contents(before, root)}
    return list(_Reader(root, str(marks.resolve()), sizes).events(trace))


def _contents(before: Path, root: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(before.rglob("*")):
        if path.is_file():
            yield str(PurePath(root) / path.relative_to(before)), path.read_bytes()


def marks_before(events: Sequence[Event], cut: int) -> list[str]:
    return [event.text for event in events[:cut] if isinstance(event, Marked)]


def points(events: Sequence[Event], count: int, rng: random.Random) -> list[int]:
    """Moments behind the first promise, any of them: in the middle of a commit as well as between two."""
    first = next(at for at, event in enumerate(events) if isinstance(event, Marked))
    return sorted(rng.sample(range(first, len(events) + 1), count))


@dataclass(slots=True)
class _File:
    """What is certain to be on the disk, and what came after the last sync, in order."""

    certain: bytearray = field(default_factory=bytearray)
    pending: list[Written | Cut] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.pending:
            _apply(self.certain, change)
        self.pending.clear()

    def left(self, loss: Loss, rng: random.Random) -> bytes:
        content = bytearray(self.certain)
        match loss:
            case Loss.ALL:
                survivors = self.pending[-1:]
            case Loss.SOME:
                survivors = [change for change in self.pending if rng.random() < 0.5]
        torn = rng.randrange(len(survivors)) if survivors else -1
        for number, change in enumerate(survivors):
            _apply(content, _torn(change, rng) if number == torn else change)
        return bytes(content)


def rebuild(
    events: Sequence[Event], cut: int, folder: Path, into: Path, rng: random.Random, before: Path
) -> Loss:
    """Makes ``into`` what a disk may hold of ``folder`` when the power goes after ``cut`` events."""
    root = str(folder.resolve())
    names = {name: _File(bytearray(content)) for name, content in _contents(before, root)}
    certain = dict(names)
    for event in events[:cut]:
        match event:
            case Made(path):
                names.setdefault(path, _File()).pending.append(Cut(path, 0))
            case Written(path) | Cut(path):
                names.setdefault(path, _File()).pending.append(event)
            case Synced(path):
                if path in names:
                    names[path].sync()
                else:
                    inside = _directly_in(path, certain)
                    for name in inside:
                        del certain[name]
                    certain |= {name: names[name] for name in _directly_in(path, names)}
            case Renamed(path, to):
                if path in names:
                    names[to] = names.pop(path)
            case Removed(path):
                names.pop(path, None)
            case Marked():
                pass
    loss = rng.choice(list(Loss))
    # A disk may or may not have kept the names that were never synced.
    kept = certain if rng.random() < 0.5 else {**certain, **names}
    for name, file in kept.items():
        if name.endswith("-shm"):
            continue  # shared memory in a file's clothes: SQLite makes it anew
        target = into / PurePath(name).relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.left(loss, rng))
    return loss


def _directly_in(folder: str, files: Mapping[str, _File]) -> list[str]:
    return [name for name in files if str(PurePath(name).parent) == folder]


def _apply(content: bytearray, change: Written | Cut) -> None:
    match change:
        case Cut(_, size):
            del content[size:]
            content.extend(bytes(size - len(content)))
        case Written(_, offset, body):
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + len(body)] = body


def _torn(change: Written | Cut, rng: random.Random) -> Written | Cut:
    if isinstance(change, Cut):
        return change
    sectors = -(-len(change.content) // SECTOR)
    return Written(change.path, change.offset, change.content[: rng.randrange(sectors) * SECTOR])


_LINE = re.compile(r"^(\d+)\s+(.*)$", re.DOTALL)
_UNFINISHED = re.compile(r"^(.*) <unfinished \.\.\.>$", re.DOTALL)
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)(?:<([^>]*)>)?", re.DOTALL)
_FILE = re.compile(r"(\d+)<([^>]*)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class _Reader:
    def __init__(self, folder: str, marks: str, sizes: dict[str, int]) -> None:
        self._folder = folder
        self._marks = marks
        self._begun: dict[str, str] = {}
        self._offsets: dict[tuple[str, str], int] = {}
        self._sizes = sizes

    def events(self, trace: Path) -> Iterator[Event]:
        with trace.open("r", encoding="ascii") as lines:
            for line in lines:
                matched = _LINE.match(line.rstrip("\n"))
                if matched is None:
                    continue
                process, text = matched.groups()
                if unfinished := _UNFINISHED.match(text):
                    self._begun[process] = unfinished.group(1)
                    continue
                if resumed := _RESUMED.match(text):
                    text = self._begun.pop(process, "") + resumed.group(1)
                call = _CALL.match(text)
                if call is not None and not call.group(3).startswith("-"):
                    yield from self._event(*call.groups())

    def _event(self, call: str, arguments: str, result: str, opened: str | None) -> Iterator[Event]:
        match call:
            case "openat" | "open" | "creat":
                yield from self._opened(arguments, result, _text(opened or ""))
            case "lseek":
                descriptor, path = self._file(arguments)
                self._offsets[descriptor, path] = int(result)
            case "write":
                yield from self._wrote(arguments, int(result))
            case "pwrite64":
                _, path = self._file(arguments)
                if self._inside(path):
                    offset = int(arguments.rsplit(", ", 1)[1])
                    yield self._note(Written(path, offset, _content(arguments)[: int(result)]))
            case "ftruncate":
                _, path = self._file(arguments)
                if self._inside(path):
                    size = int(arguments.rsplit(", ", 1)[1])
                    self._sizes[path] = size
                    yield Cut(path, size)
            case "fsync" | "fdatasync":
                _, path = self._file(arguments)
                if self._inside(path):
                    yield Synced(path)
            case "rename" | "renameat" | "renameat2":
                path, to = map(_text, _STRING.findall(arguments))
                if self._inside(path) or self._inside(to):
                    self._sizes[to] = self._sizes.pop(path, 0)
                    yield Renamed(path, to)
            case "unlink" | "unlinkat":
                path = _text(_STRING.findall(arguments)[0])
                if self._inside(path):
                    self._sizes.pop(path, None)
                    yield Removed(path)
            case _ if call in UNMODELLED and self._inside(self._file(arguments)[1]):
                raise NotImplementedError(f"{call} in the recorded folder")
            case _:
                return

    def _opened(self, arguments: str, descriptor: str, path: str) -> Iterator[Event]:
        self._offsets[descriptor, path] = self._sizes.get(path, 0) if "O_APPEND" in arguments else 0
        new = "O_CREAT" in arguments and path not in self._sizes
        if self._inside(path) and (new or "O_TRUNC" in arguments):
            self._sizes[path] = 0
            yield Made(path)

    def _wrote(self, arguments: str, count: int) -> Iterator[Event]:
        descriptor, path = self._file(arguments)
        content = _content(arguments)[:count]
        if path == self._marks:
            for line in content.decode().splitlines():
                yield Marked(line)
        elif self._inside(path):
            offset = self._offsets.get((descriptor, path), 0)
            self._offsets[descriptor, path] = offset + count
            yield self._note(Written(path, offset, content))

    def _note(self, written: Written) -> Written:
        end = written.offset + len(written.content)
        self._sizes[written.path] = max(self._sizes.get(written.path, 0), end)
        return written

    def _file(self, arguments: str) -> tuple[str, str]:
        found = _FILE.match(arguments)
        return ("", "") if found is None else (found.group(1), _text(found.group(2)))

    def _inside(self, path: str) -> bool:
        return path == self._folder or path.startswith(self._folder + "/")


def _text(escaped: str) -> str:
    return bytes.fromhex(escaped.replace("\\x", "")).decode() if escaped.startswith("\\x") else escaped


def _content(arguments: str) -> bytes:
    found = _STRING.search(arguments)
    return b"" if found is None else bytes.fromhex(found.group(1).replace("\\x", ""))


def main() -> int:
    parser = argparse.ArgumentParser(description="Cuts the power of a recorded command at random points.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--marks", type=Path, required=True)
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", required=True)
    parser.add_argument("command", nargs="+")
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as work:
        trace, before = Path(work) / "trace", Path(work) / "before"
        if chosen.folder.exists():
            shutil.copytree(chosen.folder, before)
        ended = record(chosen.command, trace)
        if ended.returncode:
            sys.stderr.buffer.write(ended.stderr)
            return ended.returncode
        events = read_trace(trace, chosen.folder, chosen.marks, before)
        lost = 0
        for number, cut in enumerate(points(events, chosen.points, rng), start=1):
            rebuilt, promised = Path(work) / f"cut-{number}", Path(work) / f"marks-{number}"
            rebuilt.mkdir()
            loss = rebuild(events, cut, chosen.folder, rebuilt, rng, before)
            kept = marks_before(events, cut)
            promised.write_text("\n".join(kept))
            check = subprocess.run([*shlex.split(chosen.check), str(rebuilt), str(promised)], check=False)
            lost += check.returncode != 0
            verdict = "kept" if check.returncode == 0 else "LOST"
            print(f"cut {number} after event {cut} ({loss}): {len(kept)} promises {verdict}")
    print(f"{chosen.points} power cuts, {lost} with something lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
