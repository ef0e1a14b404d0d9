"""What is asked for beside the PIN: a number from a telephone, a badge, a security key."""

from pathlib import Path

import pyotp
import pytest

from kiosk.errors import SignInFault
from kiosk.journal import Action
from kiosk.operators import CentreRules, Factor, NewFactor, Proof, Role
from kiosk.operators.second_factor import new_badge, new_totp, read_badge
from kiosk.operators.security_key import UsbSecurityKey
from kiosk.store import Setting
from tests.operators.software_key import SoftwareKey
from tests.store.opened import PIN, Centre, Opened


def number_of(factor: NewFactor, store: Opened, steps: int = 0) -> str:
    """As an app on a telephone shows it, that has read the picture."""
    app = pyotp.parse_uri(factor.shown)
    assert isinstance(app, pyotp.TOTP)
    return app.at(int(store.clock().timestamp()) + 30 * steps)


def plugged(*keys: SoftwareKey) -> UsbSecurityKey:
    return UsbSecurityKey(lambda: iter(keys))


def test_a_number_from_the_telephone_is_asked_for_and_works_once(store: Opened, centre: Centre) -> None:
    operators, id = centre.operators, centre.coordinator.id
    factor = new_totp("Вера")
    operators.set_second_factor(centre.coordinator, PIN, factor, Proof(code=number_of(factor, store)))
    store.clock.pass_by(seconds=60)
    with pytest.raises(SignInFault, match="telephone"):
        operators.sign_in(id, PIN)
    store.clock.pass_by(seconds=60)
    number = number_of(factor, store)
    assert operators.sign_in(id, PIN, Proof(code=number)).operator.second_factor == Factor.TOTP
    with pytest.raises(SignInFault, match="telephone"):
        operators.sign_in(id, PIN, Proof(code=number))
    store.clock.pass_by(seconds=90)
    with pytest.raises(SignInFault, match="PIN does not match"):
        operators.sign_in(id, "482917", Proof(code=number_of(factor, store)))


@pytest.mark.parametrize(("steps", "holds"), [(-1, True), (1, True), (-3, False), (3, False)])
def test_a_telephones_clock_may_be_half_a_minute_off(
    store: Opened, centre: Centre, steps: int, holds: bool
) -> None:
    factor = new_totp("Вера")
    proof = Proof(code=number_of(factor, store))
    centre.operators.set_second_factor(centre.coordinator, PIN, factor, proof)
    store.clock.pass_by(seconds=300)
    proof = Proof(code=number_of(factor, store, steps))
    if holds:
        centre.operators.sign_in(centre.coordinator.id, PIN, proof)
    else:
        with pytest.raises(SignInFault, match="telephone"):
            centre.operators.sign_in(centre.coordinator.id, PIN, proof)


def test_a_factor_that_was_never_shown_to_work_is_not_taken(store: Opened, centre: Centre) -> None:
    with pytest.raises(SignInFault, match="telephone"):
        centre.operators.set_second_factor(centre.coordinator, PIN, new_totp("Вера"), Proof(code="000000"))
    with pytest.raises(SignInFault, match="PIN does not match"):
        centre.operators.set_second_factor(centre.coordinator, "482917", new_badge())
    assert centre.operators.sign_in(centre.coordinator.id, PIN).operator.second_factor == Factor.NONE


def test_a_badge_opens_with_its_pin_and_with_nothing_else(store: Opened, centre: Centre) -> None:
    operators, id = centre.operators, centre.coordinator.id
    badge, other = new_badge(), new_badge()
    operators.set_second_factor(centre.coordinator, PIN, badge)
    for shown in ("", other.shown):
        with pytest.raises(SignInFault, match="badge"):
            operators.sign_in(id, PIN, Proof(badge=shown))
        store.clock.pass_by(seconds=4)
    signed_in = operators.sign_in(id, PIN, Proof(badge=read_badge(badge.shown)))
    operators.change_pin(signed_in, "482917", badge.shown)
    operators.sign_in(id, "482917", Proof(badge=badge.shown))
    with store.database.reader() as repositories:
        row = repositories.operators.second_factor_secret(id, signed_in.centre.for_key(centre.key.id))
    assert row is None, "nothing of the badge is kept"


def test_a_scanner_types_through_any_layout_and_a_slip_is_noticed() -> None:
    digits = new_badge().shown
    assert read_badge(f"{digits}\n") == digits
    wrong = ("1" if digits[0] != "1" else "2") + digits[1:]
    for typed in (digits[:-1], wrong, ""):
        with pytest.raises(SignInFault, match="badge"):
            read_badge(typed)


def test_a_security_key_confirms_with_a_touch_and_another_one_does_not(store: Opened, centre: Centre) -> None:
    operators, id = centre.operators, centre.coordinator.id
    key, other = SoftwareKey(), SoftwareKey()
    factor = NewFactor(Factor.SECURITY_KEY, plugged(key).register("Вера"))
    operators.set_second_factor(centre.coordinator, PIN, factor, Proof(key=plugged(key)))
    operators.sign_in(id, PIN, Proof(key=plugged(key)))
    for wrong in (None, plugged(), plugged(other)):
        with pytest.raises(SignInFault, match="key"):
            operators.sign_in(id, PIN, Proof(key=wrong))
        store.clock.pass_by(seconds=60)
    key.touched = False
    with pytest.raises(SignInFault, match="did not confirm"):
        operators.sign_in(id, PIN, Proof(key=plugged(key)))
    store.clock.pass_by(seconds=60)
    key.touched = True
    key.count = 0
    with pytest.raises(SignInFault, match="copied"):
        operators.sign_in(id, PIN, Proof(key=plugged(key)))


def test_wrong_second_factors_slow_down_like_wrong_pins(store: Opened, centre: Centre) -> None:
    factor = new_totp("Вера")
    proof = Proof(code=number_of(factor, store))
    centre.operators.set_second_factor(centre.coordinator, PIN, factor, proof)
    with pytest.raises(SignInFault, match="telephone"):
        centre.operators.sign_in(centre.coordinator.id, PIN, Proof(code="1"))
    with pytest.raises(SignInFault, match="several wrong tries"):
        centre.operators.sign_in(centre.coordinator.id, PIN, proof)
    with store.database.reader() as repositories:
        actions = [entry.action for entry in repositories.journal.entries()]
    assert actions.count(Action.SIGN_IN_REFUSED) == 1


def test_a_coordinator_gives_a_forgotten_pin_anew_and_the_factor_with_it(
    store: Opened, centre: Centre
) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, "482917", "ko")
    signed_in = centre.operators.sign_in(volunteer.id, "482917")
    centre.operators.set_second_factor(signed_in, "482917", new_badge())
    with pytest.raises(SignInFault, match="Only the coordinator"):
        centre.operators.reset_pin(signed_in, volunteer.id, "604188")
    centre.operators.reset_pin(centre.coordinator, volunteer.id, "604188")
    assert centre.operators.sign_in(volunteer.id, "604188").operator.second_factor == Factor.NONE


def test_the_centre_says_what_everybody_shows(store: Opened, centre: Centre) -> None:
    assert centre.operators.rules() == CentreRules()
    wanted = CentreRules(Factor.BADGE, own_drafts_only=True)
    centre.operators.set_rules(centre.coordinator, wanted)
    assert centre.operators.rules() == wanted
    with store.database.reader() as repositories:
        changes = [e.subject for e in repositories.journal.entries() if e.action == Action.SETTING_CHANGED]
    assert changes == [Setting.SECOND_FACTOR, Setting.OWN_DRAFTS_ONLY], "each change stands in the journal"
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, "482917", "ko")
    with pytest.raises(SignInFault, match="Only the coordinator"):
        centre.operators.set_rules(centre.operators.sign_in(volunteer.id, "482917"), CentreRules())


def test_nothing_of_a_factor_lies_readable_in_the_folder(
    store: Opened, centre: Centre, tmp_path: Path
) -> None:
    factor = new_totp("Вера")
    proof = Proof(code=number_of(factor, store))
    centre.operators.set_second_factor(centre.coordinator, PIN, factor, proof)
    secret = pyotp.parse_uri(factor.shown).secret.encode()
    for file in store.folder.rglob("*"):
        if file.is_file():
            assert secret not in file.read_bytes(), file
