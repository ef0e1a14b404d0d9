"""A disk that fails: a file system of its own, which becomes read-only under whoever has files open on it."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MEGABYTES = 32
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class FailingDisk:
    """``folder`` is where it is mounted."""

    folder: Path
    image: Path

    def settle(self) -> None:
        """What was copied here is on the disk, as it would be after a while."""
        _run("sync", "-f", str(self.folder))

    def fail(self) -> None:
        """What the kernel does after an error of the disk, where it is mounted with ``errors=remount-ro``."""
        _run("mount", "-o", "remount,abort", str(self.folder))

    def repair(self) -> None:
        """As a technician and a new start of the machine do. Whoever has a file open there is waited for: a
        courier's last try may outlive its kiosk by a moment."""
        deadline = time.monotonic() + PATIENCE_S
        while subprocess.run(["umount", str(self.folder)], capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, f"somebody has a file open in {self.folder}"
            threading.Event().wait(0.1)
        subprocess.run(["e2fsck", "-p", str(self.image)], capture_output=True, check=False)
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder))


@contextmanager
def failing_disk(place: Path) -> Iterator[FailingDisk]:
    """Skips the test where none can be mounted."""
    disk = FailingDisk(place / "disk", place / "disk.img")
    disk.folder.mkdir(parents=True)
    with disk.image.open("wb") as file:
        file.truncate(MEGABYTES * 1024 * 1024)
    try:
        _run("mkfs.ext4", "-q", str(disk.image))
        disk.mount()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root, with a loop device, can mount a disk that fails")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk.folder)], check=False)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
