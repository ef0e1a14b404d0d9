"""What a core image of a process would hold: proc_pid_mem(5), region by region."""

from collections.abc import Iterator
from pathlib import Path


def regions(pid: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every part of the process's memory that can be read and is its own: what is mapped
    from a file unchanged lies on the disk and is searched there."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        lines = maps.read().splitlines()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in lines:
            span, rights, _, _, inode, *name = line.split(maxsplit=5)
            begin, end = (int(each, 16) for each in span.split("-"))
            if rights[0] != "r" or (rights[1] != "w" and inode != "0") or name[:1] == ["[vvar]"]:
                continue
            try:
                memory.seek(begin)
                yield f"memory {name[0] if name else 'heap'} {span}", memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue  # [vsyscall] and device memory


def open_files(pid: int) -> list[Path]:
    """The files that a process holds open, as far as they have a name on some file system."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = link.readlink()
        except OSError:
            continue  # closed meanwhile
        if target.is_absolute() and not str(target).startswith(("/dev/", "/memfd:", "/proc/")):
            found.append(target)
    return found
