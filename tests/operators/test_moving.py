"""A new machine becomes the other one whole or stays blank, whenever the power goes."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.errors import SignInFault, StoreFault
from kiosk.operators import DeviceSecret, MovingIn, Operators, finish_moving_in
from kiosk.operators.moving import BROUGHT_IN, MARK
from kiosk.store.backup import make_backup
from tests.applications.people import begun, drafts_of
from tests.store.opened import CHEAP, PIN, Centre, Opened, opened

NEW_PIN = "604188"


@pytest.fixture
def backup(store: Opened, centre: Centre, tmp_path: Path) -> Path:
    """Of a kiosk with one draft and with something that an update brought."""
    drafts = drafts_of(store, centre.key)
    begun(drafts)
    drafts.end_session().result()
    (store.folder / "updates").mkdir()
    return make_backup(store.folder, tmp_path / "stick", store.clock()).file


def blank(folder: Path, store: Opened) -> MovingIn:
    """A kiosk that was opened once and never set up; closed again."""
    with opened(folder, store.clock) as one:
        operators = Operators(one.lane, DeviceSecret.load(folder, {}), store.clock, CHEAP)
        operators.first_start_code()
        operators.close()
    return MovingIn(folder, DeviceSecret.load(folder, {}), store.clock, lambda: True, CHEAP)


def steps(_: int) -> None:
    """Nobody looks on."""


def brought_in(folder: Path, store: Opened, centre: Centre, backup: Path) -> None:
    moving = blank(folder, store)
    content, (coordinator,) = moving.bring_in(backup, centre.recovery_code, steps)
    assert content.drafts == 1
    moving.give_pin(coordinator.id, centre.recovery_code, NEW_PIN)


def is_the_other_one(folder: Path, store: Opened, centre: Centre) -> bool:
    """Whether the coordinator's new PIN opens it, with the draft that was backed up; else it is blank."""
    with opened(folder, store.clock) as one:
        operators = Operators(one.lane, DeviceSecret.load(folder, {}), store.clock, CHEAP)
        try:
            if not operators.names():
                return False
            signed_in = operators.sign_in(centre.coordinator.id, NEW_PIN)
            (draft,) = drafts_of(one, centre.key).list_for(signed_in)
            assert draft.opening is not None
            with one.database.reader() as repositories:
                assert repositories.journal.verify() is None
            return True
        finally:
            operators.close()


class PowerCut(BaseException):
    """Nothing that the program does comes after it."""


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Goes at the n-th change of the disk; 0 for never."""
    left = 0

    def cut_before(change: Callable[..., object]) -> Callable[..., object]:
        def changes(*arguments: object, **named: object) -> object:
            nonlocal left
            if left:
                left -= 1
                if not left:
                    raise PowerCut
            return change(*arguments, **named)

        return changes

    for owner, name in (
        (os, "replace"),
        (os, "fsync"),
        (shutil, "rmtree"),
        (Path, "unlink"),
        (Path, "touch"),
    ):
        monkeypatch.setattr(owner, name, cut_before(getattr(owner, name)))

    def set_to(number: int) -> None:
        nonlocal left
        left = number

    yield set_to
    set_to(0)


def test_a_power_cut_at_any_step_of_the_move_leaves_the_other_kiosk_whole(
    store: Opened, centre: Centre, backup: Path, tmp_path: Path, power: Callable[[int], None]
) -> None:
    cuts = 0
    for number in range(1, 60):
        folder = tmp_path / f"new-{number}"
        brought_in(folder, store, centre, backup)
        power(number)
        try:
            finish_moving_in(folder)
        except PowerCut:
            cuts += 1
        else:
            power(0)
            break
        power(0)
        finish_moving_in(folder)
        assert is_the_other_one(folder, store, centre), f"cut before change {number}"
        assert not (folder / BROUGHT_IN).exists()
        assert not (folder / MARK).exists()
    assert cuts >= 8


def test_a_power_cut_before_the_pin_was_given_leaves_the_machine_blank(
    store: Opened, centre: Centre, backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    moving = blank(folder, store)
    moving.bring_in(backup, centre.recovery_code, steps)
    assert not finish_moving_in(folder)
    assert not (folder / BROUGHT_IN).exists()
    assert not is_the_other_one(folder, store, centre)


def test_the_old_pin_opens_nothing_on_the_new_machine(
    store: Opened, centre: Centre, backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    brought_in(folder, store, centre, backup)
    assert finish_moving_in(folder)
    with opened(folder, store.clock) as one:
        operators = Operators(one.lane, DeviceSecret.load(folder, {}), store.clock, CHEAP)
        with pytest.raises(SignInFault):
            operators.sign_in(centre.coordinator.id, PIN)
        operators.close()


def test_a_wrong_sheet_opens_nothing_and_a_kiosk_in_use_is_not_written_over(
    store: Opened, centre: Centre, backup: Path, tmp_path: Path
) -> None:
    moving = blank(tmp_path / "new", store)
    with pytest.raises(SignInFault):
        moving.bring_in(backup, "0" * 28, steps)
    in_use = MovingIn(store.folder, DeviceSecret.load(store.folder, {}), store.clock, lambda: False, CHEAP)
    with pytest.raises(StoreFault, match="already in use"):
        in_use.bring_in(backup, centre.recovery_code, steps)
    cut_off = tmp_path / "cut.opora-backup"
    cut_off.write_bytes(backup.read_bytes()[:-40])
    with pytest.raises((SignInFault, StoreFault)):
        moving.bring_in(cut_off, centre.recovery_code, steps)
    assert not finish_moving_in(tmp_path / "new")


def test_whoever_moves_in_begins_anew_as_often_as_they_like(
    store: Opened, centre: Centre, backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    moving = blank(folder, store)
    for _ in range(2):
        seen: list[int] = []
        _, (coordinator,) = moving.bring_in(backup, centre.recovery_code, seen.append)
        assert seen == [1, 2, 3]
    moving.give_pin(coordinator.id, centre.recovery_code, NEW_PIN)
    assert finish_moving_in(folder)
    assert is_the_other_one(folder, store, centre)
