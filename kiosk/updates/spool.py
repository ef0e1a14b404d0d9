"""Where a kiosk lays a release of its own program for root (:mod:`kiosk.updates.application`)."""

import subprocess
from functools import cache
from pathlib import Path

from kiosk.updates.bundle import chunks_of, read_head, write_bundle
from kiosk.updates.release import Kind, Target

SPOOLED = "application.opora-update"
NAMED_BY = "OPORA_UPDATE_SPOOL"
"""The folder, named by the service that runs the kiosk; where it is not set, the kiosk takes up none."""


class Spool:
    """``running`` is the version of this very program."""

    def __init__(self, folder: Path, running: str) -> None:
        self._folder = folder
        self._running = running

    def wants(self, target: Target) -> bool:
        """Whether this is another application than the one that is running, for this machine."""
        return (
            target.kind == Kind.APPLICATION
            and target.version != self._running
            and target.id == architecture()
        )

    def lay(self, head: bytes, target: Target, body: Path) -> None:
        """Whole, and once: what lies there already is left alone."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / SPOOLED
        if not (file.exists() and read_head(file) == head):
            write_bundle(file, head, [(target.digest, target.size, chunks_of(body))])


@cache
def architecture() -> str:
    """As Debian names it; blank on a system without dpkg."""
    said = ("dpkg", "--print-architecture")
    try:
        done = subprocess.run(said, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
