"""One kiosk process per data folder, and none that has let go of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import StoreFault
from kiosk.store.lock import FolderLock


def test_a_second_one_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.acquire()
    with pytest.raises(StoreFault, match="already running"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of this process's own files here")
def test_a_child_that_still_holds_the_file_does_not_hold_the_folder(tmp_path: Path) -> None:
    """As every child does between its beginning and its own program."""
    first = FolderLock(tmp_path)
    first.acquire()
    lock = str(tmp_path / "kiosk.lock")
    files = Path("/proc/self/fd").iterdir()
    (held,) = (int(file.name) for file in files if os.path.realpath(file) == lock)
    waits = (sys.executable, "-c", "input()")
    with subprocess.Popen(waits, stdin=subprocess.PIPE, pass_fds=(held,)) as child:
        first.release()
        again = FolderLock(tmp_path)
        again.acquire()
        again.release()
        child.communicate(b"\n")
