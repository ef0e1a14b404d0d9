"""A backup is made beside a running kiosk, proven, and restored on another machine with the sheet alone."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.applications import Drafts
from kiosk.errors import SealFault, SignInFault, StoreFault
from kiosk.journal import Action
from kiosk.operators import Argon2Parameters, Backups, DeviceSecret, Operators
from kiosk.operators.backups import leave_note
from kiosk.operators.secrets import stretched
from kiosk.store.backup import Opener, make_backup, newest_in, restore_backup
from kiosk.store.sealing import Sealer
from tests.applications.people import begun, drafts_of
from tests.store.opened import CHEAP, PIN, Centre, Opened, another_hand, centre_of, opened


@pytest.fixture
def drafts(store: Opened, centre: Centre) -> Drafts:
    return drafts_of(store, centre.key)


def opener_of(code: str) -> Opener:
    digits = code.replace(" ", "")

    def opener(salt: bytes, parameters: str) -> Sealer:
        return stretched(digits.encode(), salt, Argon2Parameters.from_json(parameters))

    return opener


def test_everything_comes_back_on_another_machine_with_the_sheet_alone(
    store: Opened, centre: Centre, drafts: Drafts, tmp_path: Path
) -> None:
    begun(drafts)
    drafts.end_session().result()
    made = make_backup(store.folder, tmp_path / "stick", store.clock())
    assert made.content.drafts == 1
    begun(drafts)
    other = tmp_path / "other"
    assert (
        restore_backup(newest_in(tmp_path / "stick"), other, opener_of(centre.recovery_code)) == made.content
    )
    assert not (other / "device-secret").exists(), "the device secret belongs to the machine"
    with opened(other, store.clock) as restored:
        operators = Operators(restored.lane, DeviceSecret.load(other, {}), restored.clock, CHEAP)
        with pytest.raises(SignInFault):
            operators.sign_in(centre.coordinator.id, PIN)
        signed_in = operators.recover(centre.recovery_code, centre.coordinator.id, "482917")
        (draft,) = drafts_of(restored, centre.key).list_for(signed_in)
        assert draft.opening is not None
        operators.close()


def test_a_backup_shows_nothing_and_takes_in_no_other_code(
    store: Opened, centre: Centre, drafts: Drafts, tmp_path: Path
) -> None:
    begun(drafts)
    made = make_backup(store.folder, tmp_path / "stick", store.clock())
    content = made.file.read_bytes()
    for word in ("Вера".encode(), b"draft", b"heating"):
        assert word not in content
    wrong = "0000 " * 7
    with pytest.raises(SealFault):
        restore_backup(made.file, tmp_path / "other", opener_of(wrong))
    assert not (tmp_path / "other").exists()


def test_nothing_is_laid_over_what_is_there(store: Opened, centre: Centre, tmp_path: Path) -> None:
    made = make_backup(store.folder, tmp_path / "stick", store.clock())
    with pytest.raises(StoreFault, match="something in this folder"):
        restore_backup(made.file, store.folder, opener_of(centre.recovery_code))
    with pytest.raises(StoreFault, match="no backup here"):
        newest_in(tmp_path)


def test_a_journal_that_does_not_hold_is_not_backed_up_as_if_it_did(
    store: Opened, centre: Centre, tmp_path: Path
) -> None:
    with another_hand(store.database) as connection:
        connection.execute("UPDATE journal SET actor = 'kiosk' WHERE number = 2")
    with pytest.raises(StoreFault, match="damaged"):
        make_backup(store.folder, tmp_path / "stick", store.clock())
    assert not list((tmp_path / "stick").glob("*")) if (tmp_path / "stick").exists() else True


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    folder = tmp_path_factory.mktemp("backed-up")
    with opened(folder / "data") as store, centre_of(store) as centre:
        backup = make_backup(folder / "data", folder, store.clock())
        return backup.file.read_bytes(), centre.recovery_code


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_every_flipped_bit_of_a_backup_is_noticed(
    made: tuple[bytes, str], tmp_path_factory: pytest.TempPathFactory, at: float, bit: int
) -> None:
    content, code = bytearray(made[0]), made[1]
    sealed_from = content.index(b"\n") + 1
    position = sealed_from + int(at * (len(content) - sealed_from))
    content[position] ^= 1 << bit
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "copy").write_bytes(content)
    with pytest.raises((SealFault, StoreFault)):
        restore_backup(folder / "copy", folder / "other", opener_of(code))
    assert not (folder / "other").exists()


def test_a_coordinator_is_reminded_until_there_is_a_backup_and_again_after_a_week(
    store: Opened, centre: Centre, tmp_path: Path
) -> None:
    backups = Backups(store.lane, store.clock)
    assert backups.last().due
    backups.make(centre.coordinator, tmp_path / "stick")
    assert not backups.last().due
    store.clock.pass_by(days=8)
    assert backups.last().due
    leave_note(store.folder, store.clock())
    assert not backups.last().due, "one that was made at a terminal counts too"
    with store.database.reader() as repositories:
        made = [entry for entry in repositories.journal.entries() if entry.action == Action.BACKED_UP]
    assert len(made) == 2
    store.clock.now -= timedelta(days=3650)
    assert backups.last().due, "a clock that was set back silences nothing"


def test_a_database_in_use_is_copied_at_one_moment(
    store: Opened, centre: Centre, drafts: Drafts, tmp_path: Path
) -> None:
    """The log still holds what was written; the copy has it nevertheless."""
    begun(drafts)
    assert os.path.getsize(store.folder / "kiosk.db-wal") > 0
    made = make_backup(store.folder, tmp_path / "stick", store.clock())
    restore_backup(made.file, tmp_path / "other", opener_of(centre.recovery_code))
    with closing(sqlite3.connect(tmp_path / "other" / "kiosk.db")) as connection:
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (1,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
