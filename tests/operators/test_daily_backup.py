"""The kiosk backs itself up once a day, where there is a place for it, and never on somebody's own stick."""

from pathlib import Path

import pytest

from kiosk.ids import KioskId
from kiosk.journal import KIOSK, Action
from kiosk.operators import Backups
from kiosk.store.backup import STICK_FOLDER
from tests.store.opened import Centre, Opened
from ui.daily_backup import KEPT, NAMED_BY, DailyBackup
from ui.sticks import volumes_in


@pytest.fixture
def daily(store: Opened, centre: Centre, tmp_path: Path) -> DailyBackup:
    return made_for(store, tmp_path, {})


def made_for(store: Opened, tmp_path: Path, environment: dict[str, str]) -> DailyBackup:
    backups = Backups(store.lane, store.clock)
    kiosk = KioskId(store.lane.submit(lambda r: r.settings.kiosk_id()).result())
    return DailyBackup(backups, kiosk, store.clock, lambda: volumes_in(tmp_path / "sticks"), environment)


def stick(tmp_path: Path, name: str, *, ours: bool) -> Path:
    place = tmp_path / "sticks" / name / STICK_FOLDER
    (place if ours else place.parent).mkdir(parents=True)
    return place


def test_once_a_day_onto_the_stick_that_a_coordinator_used(
    store: Opened, daily: DailyBackup, tmp_path: Path
) -> None:
    foreign = stick(tmp_path, "A-GUEST", ours=False)
    place = stick(tmp_path, "BACKUP", ours=True)
    assert daily.make() is not None
    assert daily.make() is None, "one a day"
    store.clock.pass_by(hours=23)
    assert daily.make() is None
    store.clock.pass_by(hours=2)
    assert daily.make() is not None
    assert len(list(place.iterdir())) == 2
    assert not foreign.exists()
    with store.database.reader() as repositories:
        entries = [each for each in repositories.journal.entries() if each.action == Action.BACKED_UP]
    assert [each.actor for each in entries] == [KIOSK, KIOSK]


def test_where_there_is_no_place_nothing_is_made(daily: DailyBackup, tmp_path: Path) -> None:
    stick(tmp_path, "A-GUEST", ours=False)
    assert daily.make() is None


def test_a_named_folder_comes_first_and_old_ones_give_way_but_those_of_another_kiosk_stay(
    store: Opened, centre: Centre, tmp_path: Path
) -> None:
    place = tmp_path / "network"
    place.mkdir()
    (place / "00000000-000000.opora-backup").write_bytes(b"not ours")
    daily = made_for(store, tmp_path, {NAMED_BY: str(place)})
    for _ in range(KEPT + 3):
        assert daily.make() is not None
        store.clock.pass_by(hours=25)
    assert len(list(place.iterdir())) == KEPT + 1
    assert (place / "00000000-000000.opora-backup").exists()


def test_a_try_that_failed_is_made_again_after_an_hour(store: Opened, centre: Centre, tmp_path: Path) -> None:
    place = tmp_path / "network"
    place.mkdir()
    daily = made_for(store, tmp_path, {NAMED_BY: str(place)})
    wraps = "UPDATE key_wrap SET holder = ? WHERE holder = ?"
    from tests.store.opened import another_hand

    with another_hand(store.database) as connection:
        connection.execute(wraps, ("nobody", "recovery"))
    assert daily.make() is None, "there is no sheet that could open it"
    with another_hand(store.database) as connection:
        connection.execute(wraps, ("recovery", "nobody"))
    assert daily.make() is None
    store.clock.pass_by(hours=2)
    assert daily.make() is not None
