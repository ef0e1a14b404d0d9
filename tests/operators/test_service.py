"""First start, sign-in, coming and going."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import Fault, SealFault, SignInFault
from kiosk.ids import OperatorId, new_id
from kiosk.journal import Action
from kiosk.operators import Permission, Role, SignedIn, first_start_code, may
from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.service import Operators
from kiosk.store.centre_keys import CentreKeyId
from kiosk.store.sealing import open_with, seal_to
from tests.store.opened import CHEAP, PIN, Centre, Opened, TestClock, centre_of, opened, operators_of

OTHER_PIN = "482917"


def opens(signed_in: SignedIn, centre: Centre) -> bool:
    sealed = seal_to(centre.key.recipient, b"key", "draft", "key_for_centre", centre.key.id)
    identity = signed_in.centre.for_key(centre.key.id)
    return open_with(identity, sealed, "draft", "key_for_centre", centre.key.id) == b"key"


def test_the_one_time_code_makes_the_first_coordinator_and_then_opens_nothing(tmp_path: Path) -> None:
    code = first_start_code(tmp_path / "data", clock=TestClock(), parameters=CHEAP)
    with opened(tmp_path / "data") as store:
        operators = operators_of(store)
        assert operators.centre() is None, "nothing is sealed to a key that nobody could open"
        first = operators.make_first_coordinator(code, " Вера  Ивановна ", PIN, "ru")
        assert first.signed_in.operator.name == "Вера Ивановна"
        assert first.signed_in.role is Role.COORDINATOR
        assert len(first.recovery_code.replace(" ", "")) >= 24
        with pytest.raises(SignInFault):
            operators.make_first_coordinator(code, "Second", OTHER_PIN, "en")
        with pytest.raises(SignInFault, match="already has a coordinator"):
            operators.first_start_code()
        operators.close()


def test_asking_again_makes_another_code_and_the_earlier_one_opens_nothing(store: Opened) -> None:
    operators = operators_of(store)
    earlier, later = operators.first_start_code(), operators.first_start_code()
    with pytest.raises(SignInFault, match="opens nothing"):
        operators.make_first_coordinator(earlier, "Вера", PIN, "ru")
    store.clock.pass_by(seconds=1)
    operators.make_first_coordinator(later, "Вера", PIN, "ru")
    operators.close()


def test_the_right_pin_gives_the_centres_key_and_a_wrong_one_nothing(store: Opened, centre: Centre) -> None:
    assert opens(centre.operators.sign_in(centre.coordinator.id, PIN), centre)
    with pytest.raises(SignInFault, match="does not match"):
        centre.operators.sign_in(centre.coordinator.id, OTHER_PIN)


def test_wrong_pins_slow_down_from_a_second_to_a_quarter_of_an_hour(store: Opened, centre: Centre) -> None:
    waits: list[float] = []
    for _ in range(13):
        with pytest.raises(SignInFault, match="does not match"):
            centre.operators.sign_in(centre.coordinator.id, OTHER_PIN)
        with pytest.raises(SignInFault, match="several wrong tries"):
            centre.operators.sign_in(centre.coordinator.id, PIN)
        waited = timedelta(0)
        while True:
            store.clock.pass_by(seconds=1)
            waited += timedelta(seconds=1)
            with store.database.reader() as repositories:
                tries = repositories.throttles.get(f"pin:{centre.coordinator.id}")
            assert tries is not None
            if store.clock() >= tries.next_try_at:
                break
        waits.append(waited.total_seconds())
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert opens(centre.operators.sign_in(centre.coordinator.id, PIN), centre)
    with pytest.raises(SignInFault, match="does not match"):
        centre.operators.sign_in(centre.coordinator.id, OTHER_PIN)


def test_a_restart_forgives_no_wrong_try(tmp_path: Path) -> None:
    clock = TestClock()
    with opened(tmp_path / "data", clock) as store, centre_of(store) as centre:
        id = centre.coordinator.id
        with pytest.raises(SignInFault):
            centre.operators.sign_in(id, OTHER_PIN)
    with opened(tmp_path / "data", clock) as store:
        operators = operators_of(store)
        with pytest.raises(SignInFault, match="several wrong tries"):
            operators.sign_in(id, PIN)
        operators.close()


def test_a_clock_set_back_by_years_locks_nobody_out(store: Opened, centre: Centre) -> None:
    with pytest.raises(SignInFault):
        centre.operators.sign_in(centre.coordinator.id, OTHER_PIN)
    store.clock.pass_by(days=-3650)
    assert opens(centre.operators.sign_in(centre.coordinator.id, PIN), centre)


def test_without_the_device_secret_the_right_pin_opens_nothing(store: Opened, centre: Centre) -> None:
    (store.folder / "device-secret").write_bytes(bytes(32))
    thief = operators_of(store)
    with pytest.raises(SignInFault, match="does not match"):
        thief.sign_in(centre.coordinator.id, PIN)
    thief.close()


def test_a_volunteer_can_open_the_centres_drafts_and_add_nobody(store: Opened, centre: Centre) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    signed_in = centre.operators.sign_in(volunteer.id, OTHER_PIN)
    assert opens(signed_in, centre)
    assert signed_in.may(Permission.CONTINUE_DRAFT)
    with pytest.raises(SignInFault, match="Only the coordinator"):
        centre.operators.add(signed_in, "Friend", Role.COORDINATOR, PIN, "en")
    assert {one.name for one in centre.operators.names()} == {"Вера", "Мин-джи"}


def test_a_coordinator_may_everything_and_a_volunteer_less() -> None:
    assert all(may(Role.COORDINATOR, permission) for permission in Permission)
    refused = {permission for permission in Permission if not may(Role.VOLUNTEER, permission)}
    assert {Permission.WIPE, Permission.MANAGE_OPERATORS, Permission.OPEN_COPY} <= refused


def test_who_left_cannot_sign_in_and_the_last_coordinator_stays(store: Opened, centre: Centre) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    centre.operators.leave(centre.coordinator, volunteer.id)
    with pytest.raises(SignInFault):
        centre.operators.sign_in(volunteer.id, OTHER_PIN)
    with pytest.raises(SignInFault, match="last coordinator"):
        centre.operators.leave(centre.coordinator, centre.coordinator.id)
    assert [one.name for one in centre.operators.names()] == ["Вера"]


def test_a_changed_pin_takes_the_place_of_the_old_one(store: Opened, centre: Centre) -> None:
    centre.operators.change_pin(centre.coordinator, OTHER_PIN)
    assert opens(centre.operators.sign_in(centre.coordinator.id, OTHER_PIN), centre)
    with pytest.raises(SignInFault):
        centre.operators.sign_in(centre.coordinator.id, PIN)


def test_the_recovery_sheet_gives_a_new_pin_even_on_another_machine(store: Opened, centre: Centre) -> None:
    (store.folder / "device-secret").unlink()
    elsewhere = Operators(store.lane, DeviceSecret.load(store.folder, {}), store.clock, CHEAP)
    recovered = elsewhere.recover(centre.recovery_code, centre.coordinator.id, OTHER_PIN)
    assert opens(recovered, centre)
    assert opens(elsewhere.sign_in(centre.coordinator.id, OTHER_PIN), centre)
    elsewhere.close()


def test_somebody_unknown_is_refused_like_a_wrong_pin(centre: Centre) -> None:
    with pytest.raises(SignInFault, match="does not match"):
        centre.operators.sign_in(OperatorId(new_id()), PIN)


def test_an_earlier_key_that_an_operator_does_not_hold_is_told(centre: Centre) -> None:
    with pytest.raises(SealFault, match="earlier key"):
        centre.coordinator.centre.for_key(CentreKeyId(new_id()))


def test_sign_ins_and_refusals_stand_in_the_journal_without_a_name(store: Opened, centre: Centre) -> None:
    with pytest.raises(SignInFault):
        centre.operators.sign_in(centre.coordinator.id, OTHER_PIN)
    store.clock.pass_by(seconds=2)
    centre.operators.signed_out(centre.operators.sign_in(centre.coordinator.id, PIN))
    store.lane.drain()
    with store.database.reader() as repositories:
        entries = list(repositories.journal.entries())
        assert repositories.journal.verify() is None
    assert [entry.action for entry in entries][-3:] == [
        Action.SIGN_IN_REFUSED,
        Action.SIGNED_IN,
        Action.SIGNED_OUT,
    ]
    assert "Вера" not in repr(entries)


def test_a_slow_sign_in_is_delivered_like_the_lanes_work(store: Opened, centre: Centre) -> None:
    heard: list[object] = []
    told = threading.Event()

    def done(outcome: object) -> None:
        heard.append(outcome)
        told.set()

    centre.operators.in_background(lambda: centre.operators.sign_in(centre.coordinator.id, OTHER_PIN), done)
    assert told.wait(20)
    assert isinstance(heard[0], Fault)


def test_keys_do_not_show_in_a_repr(centre: Centre) -> None:
    assert "AGE-SECRET-KEY" not in repr(centre.coordinator) + repr(centre.coordinator.centre)
