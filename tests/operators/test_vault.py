"""Another key for the centre: everything opens as before, and nothing with the old one."""

from collections.abc import Mapping

import pytest

from kiosk.applications import Drafts
from kiosk.errors import SealFault, SignInFault
from kiosk.operators import Role, SignedIn, Vault
from kiosk.operators.device_secret import DeviceSecret
from kiosk.store.centre_keys import CentreKeyId
from kiosk.store.rows import DraftRow
from kiosk.store.sealing import open_with
from tests.applications.people import begun, drafts_of
from tests.store.opened import CHEAP, PIN, Centre, Opened, another_hand

OTHER_PIN = "482917"


@pytest.fixture
def vault(store: Opened) -> Vault:
    return Vault(store.lane, DeviceSecret.load(store.folder, {}), store.clock, CHEAP)


@pytest.fixture
def drafts(store: Opened, centre: Centre) -> Drafts:
    return drafts_of(store, centre.key)


def parked(drafts: Drafts, count: int) -> None:
    for _ in range(count):
        begun(drafts)
        drafts.end_session().result()


def readable(drafts: Drafts, signed_in: SignedIn) -> int:
    return sum(summary.opening is not None for summary in drafts.list_for(signed_in))


def opened_by(store: Opened, identities: Mapping[CentreKeyId, str]) -> int:
    """How many drafts' keys a set of private halves opens, whatever the tables say."""
    opened = 0
    with store.database.reader() as repositories:
        rows = repositories.drafts._session.query(DraftRow).all()
        for row in rows:
            for identity in identities.values():
                try:
                    assert row.key_for_centre is not None
                    open_with(identity, row.key_for_centre, "draft", "key_for_centre", row.id)
                    opened += 1
                except SealFault:
                    continue
    return opened


def test_everybody_opens_everything_with_the_same_pin_after_a_rotation(
    store: Opened, centre: Centre, vault: Vault, drafts: Drafts
) -> None:
    parked(drafts, 3)
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    old = centre.coordinator.centre.identities
    assert opened_by(store, old) == 3
    result = vault.rotate(centre.coordinator)
    assert (result.resealed, result.unopened, result.need_pin, result.needs_sheet) == (3, 0, (), False)
    assert opened_by(store, old) == 0, "whoever kept the old key reads nothing"
    assert readable(drafts, result.signed_in) == 3
    for id, pin in ((centre.coordinator.id, PIN), (volunteer.id, OTHER_PIN)):
        assert readable(drafts, centre.operators.sign_in(id, pin)) == 3
    parked(drafts, 1)
    assert readable(drafts, centre.operators.sign_in(volunteer.id, OTHER_PIN)) == 4, "new ones too"
    assert readable(drafts, centre.operators.recover(centre.recovery_code, volunteer.id, "604188")) == 4


def test_a_departed_volunteer_who_kept_the_key_reads_nothing(
    store: Opened, centre: Centre, vault: Vault, drafts: Drafts
) -> None:
    parked(drafts, 2)
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    kept = centre.operators.sign_in(volunteer.id, OTHER_PIN).centre.identities
    result = vault.rekey(centre.coordinator, volunteer.id)
    assert opened_by(store, kept) == 0
    parked(drafts, 1)
    assert opened_by(store, kept) == 0
    assert readable(drafts, result.signed_in) == 3
    with pytest.raises(SignInFault):
        centre.operators.sign_in(volunteer.id, OTHER_PIN)


def test_a_rotation_passes_by_what_was_tampered_with_and_counts_it(
    store: Opened, centre: Centre, vault: Vault, drafts: Drafts
) -> None:
    parked(drafts, 3)
    with another_hand(store.database) as connection:
        connection.execute(
            "UPDATE draft SET key_for_centre = zeroblob(200) WHERE rowid = (SELECT min(rowid) FROM draft)"
        )
    result = vault.rotate(centre.coordinator)
    assert (result.resealed, result.unopened) == (2, 1)
    assert readable(drafts, result.signed_in) == 2


def test_a_new_sheet_opens_and_the_old_one_opens_nothing(store: Opened, centre: Centre, vault: Vault) -> None:
    code = vault.new_sheet(centre.coordinator)
    with pytest.raises(SignInFault, match="opens nothing"):
        centre.operators.recover(centre.recovery_code, centre.coordinator.id, OTHER_PIN)
    store.clock.pass_by(seconds=1)
    assert centre.operators.recover(code, centre.coordinator.id, OTHER_PIN).role is Role.COORDINATOR


def test_a_volunteer_changes_no_keys(centre: Centre, vault: Vault) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    signed_in = centre.operators.sign_in(volunteer.id, OTHER_PIN)
    for refused in (
        lambda: vault.rotate(signed_in),
        lambda: vault.rekey(signed_in, centre.coordinator.id),
        lambda: vault.new_sheet(signed_in),
    ):
        with pytest.raises(SignInFault, match="Only the coordinator"):
            refused()


def test_the_coordinators_own_key_is_nothing_for_a_volunteer(centre: Centre) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, OTHER_PIN, "ko")
    signed_in = centre.operators.sign_in(volunteer.id, OTHER_PIN)
    assert len(centre.coordinator.centre.identities) == 2
    assert len(signed_in.centre.identities) == 1
