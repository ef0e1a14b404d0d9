"""The open draft's key outlives the process, and neither the machine's start nor two silent minutes."""

import os
import stat
from pathlib import Path

import pytest

from kiosk.ids import DraftId, new_id
from kiosk.store.sealing import new_key
from kiosk.store.session_key import (
    SessionKey,
    SessionKeyFile,
    boot_id,
    file_system,
    private_memory,
    since_boot,
)
from tests.store.opened import Boot

pytestmark = pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no memory file system on this machine")


def fresh() -> SessionKey:
    return SessionKey(DraftId(new_id()), new_key())


def test_it_is_read_back_within_two_minutes_of_the_last_sign_of_life(tmp_path: Path) -> None:
    boot = Boot()
    file, key = SessionKeyFile(tmp_path, tmp_path, "boot-1", boot), fresh()
    file.write(key)
    boot.seconds += 100
    file.keep_alive()
    boot.seconds += 119
    assert SessionKeyFile(tmp_path, tmp_path, "boot-1", boot).read() == key
    boot.seconds += 2
    assert SessionKeyFile(tmp_path, tmp_path, "boot-1", boot).read() is None
    boot.seconds -= 2
    assert file.read() is None, "what was too old once is gone"


def test_another_boot_does_not_read_it(tmp_path: Path) -> None:
    SessionKeyFile(tmp_path, tmp_path, "boot-1", Boot()).write(fresh())
    assert SessionKeyFile(tmp_path, tmp_path, "boot-2", Boot()).read() is None
    assert SessionKeyFile(tmp_path, tmp_path, "boot-1", Boot()).read() is None


def test_an_erased_key_is_gone_and_a_sign_of_life_does_not_bring_it_back(tmp_path: Path) -> None:
    file = SessionKeyFile(tmp_path, tmp_path, "boot-1", Boot())
    file.write(fresh())
    file.erase()
    file.keep_alive()
    assert file.read() is None
    assert list(tmp_path.iterdir()) == []


def test_the_next_draft_takes_the_place_of_the_last(tmp_path: Path) -> None:
    file, key = SessionKeyFile(tmp_path, tmp_path, "boot-1", Boot()), fresh()
    file.write(fresh())
    file.write(key)
    assert file.read() == key
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "1", "1\n2\n3\n4", "\0" * 150])
def test_half_a_file_is_no_key(tmp_path: Path, content: str) -> None:
    file = SessionKeyFile(tmp_path, tmp_path, "boot-1", Boot())
    file.write(fresh())
    next(tmp_path.iterdir()).write_text(content)
    assert file.read() is None


def test_only_memory_that_is_ours_alone_is_used(tmp_path: Path) -> None:
    private = private_memory({})
    assert private is not None
    assert file_system(private) in ("tmpfs", "ramfs")
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    if file_system(tmp_path) not in ("tmpfs", "ramfs"):
        assert private_memory({"XDG_RUNTIME_DIR": str(tmp_path)}) == private, "a disk is never used"


def test_a_folder_that_others_can_open_is_not_used() -> None:
    base = Path("/dev/shm") / f"opora-test-{os.getpid()}"
    base.mkdir()
    try:
        mine = private_memory({"XDG_RUNTIME_DIR": str(base)})
        assert mine is not None
        assert mine.parent == base
        mine.chmod(0o755)
        again = private_memory({"XDG_RUNTIME_DIR": str(base)})
        assert again is None or again.parent != base
        mine.rmdir()
    finally:
        base.rmdir()


def test_without_such_memory_nothing_is_kept(tmp_path: Path) -> None:
    file = SessionKeyFile(tmp_path, None, "boot-1", Boot())
    file.write(fresh())
    file.keep_alive()
    file.erase()
    assert file.read() is None
    assert not file.available


def test_memory_that_is_full_or_gone_stops_nobody(tmp_path: Path) -> None:
    file = SessionKeyFile(tmp_path, tmp_path / "gone", "boot-1", Boot())
    file.write(fresh())
    file.keep_alive()
    assert file.read() is None


def test_this_machine_names_its_boot_and_counts_from_it() -> None:
    assert len(boot_id()) == 36
    assert 0 < since_boot() <= since_boot()
