"""What comes is believed, laid ready and taken up; the version before is one step away."""

from pathlib import Path

import pytest

from kiosk.catalogue import load_pack
from kiosk.errors import PackFault
from kiosk.ids import FormId, ServiceId
from kiosk.journal import KIOSK
from kiosk.updates.standing import State
from tests.flow.sample_form import FORM, XFORM
from tests.updates.deployment import RELEASED_AT, Deployment, UpdatedKiosk, asking, kiosk_of


def test_an_update_waits_until_it_is_applied_and_the_version_before_is_kept(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    kiosk.take(deployment.update("2", xform=asking("How are you called?")))
    waiting = kiosk.updates.standing()
    assert (waiting.state, waiting.installed, waiting.number) == (State.READY, "1", 1)
    assert waiting.arrived == waiting.total > 0
    assert kiosk.pack.version == "1"

    assert kiosk.updates.apply()
    assert kiosk.pack.version == "2"
    assert b"How are you called?" in kiosk.pack.forms[FormId(FORM)].source
    applied = kiosk.updates.standing()
    assert (applied.state, applied.installed, applied.before) == (State.APPLIED, "2", "1")
    assert not kiosk.updates.apply()


def test_the_way_back_and_forth_again_and_a_kept_version_is_not_applied_by_itself(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    kiosk.take(second := deployment.update("2"))
    kiosk.updates.apply()
    assert kiosk.updates.take_back(KIOSK) == "1"
    assert kiosk.pack.version == "1"
    kiosk.take(second)
    assert not kiosk.updates.apply()
    assert kiosk.pack.version == "1"
    assert kiosk.updates.take_back(KIOSK) == "2"
    kiosk.updates.take_back(KIOSK)
    kiosk.take(deployment.update("3"))
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "3"
    assert kiosk.history() == [
        ("updates-trusted", kiosk.updates.standing().trusts),
        ("update-arrived", "1"),
        ("pack-installed", "sample 2"),
        ("update-taken-back", "sample 1"),
        ("update-taken-back", "sample 2"),
        ("update-taken-back", "sample 1"),
        ("update-arrived", "2"),
        ("pack-installed", "sample 3"),
    ]


def test_a_kiosk_that_has_only_what_it_was_set_up_with_has_no_way_back(kiosk: UpdatedKiosk) -> None:
    with pytest.raises(PackFault, match="no earlier version"):
        kiosk.updates.take_back(KIOSK)


def test_what_was_applied_is_there_after_a_restart(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    folder = kiosk.store.folder
    kiosk.take(deployment.update("2"))
    kiosk.updates.apply()
    kiosk.take(deployment.update("3"))
    kiosk.store.lane.close()
    kiosk.store.database.close()
    with kiosk_of(deployment, folder) as again:
        assert again.pack.version == "2"
        assert again.updates.standing().state is State.READY
        assert again.updates.apply()
        assert again.pack.version == "3"


def test_only_the_version_in_use_and_the_one_before_stay_on_the_disk(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    for version in ("2", "3", "4", "5"):
        kiosk.take(deployment.update(version, xform=asking(f"Name, version {version}?")))
        assert kiosk.updates.apply()
    kept = sorted(kiosk.updates.shelf.folder.iterdir())
    packs = [load_pack(path).version for path in kept if path.read_bytes().startswith(b"PK")]
    assert sorted(packs) == ["4", "5"]
    # Beside them the signed list of the newest release alone.
    assert len(kept) == 3


def test_a_damaged_version_falls_back_to_the_one_before(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    kiosk.take(deployment.update("2"))
    kiosk.updates.apply()
    with kiosk.store.database.reader() as repositories:
        (record,) = repositories.packs.installed()
    path = kiosk.updates.shelf.path(record.digest)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert kiosk.pack.version == "1"
    path.unlink()
    assert kiosk.pack.version == "1"
    kiosk.updates.tidy()
    kiosk.take(deployment.update("3"))
    kiosk.updates.apply()
    assert kiosk.pack.version == "3"


def test_a_release_without_a_catalogue_changes_no_services(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    kiosk.take(deployment.release())
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "1"
    assert kiosk.updates.standing().state is State.APPLIED


def test_overdue_signatures_stop_nothing_and_are_told(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    kiosk.take(deployment.update("2"))
    kiosk.store.clock.pass_by(days=4000)
    kiosk.take(deployment.update("3"))
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "3"
    expires = kiosk.updates.standing().expires
    assert expires is not None
    assert RELEASED_AT < expires < kiosk.store.clock()


def test_a_clock_at_1970_stops_nothing_either(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    kiosk.store.clock.now = kiosk.store.clock.now.replace(year=1970)
    kiosk.take(deployment.update("2"))
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "2"


def test_a_service_that_moves_to_another_agency_keeps_the_old_one_for_those_who_began(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    old, new = kiosk.pack, load_pack(deployment.body("2", agency="town").file)
    both = new.following(old)
    service = both.service(ServiceId("heating"))
    assert service is not None
    assert service.agency == "town"
    before = both.service(ServiceId("heating"), "fund")
    assert before is not None
    assert before.agency == "fund"
    assert set(both.agencies) == {"town", "fund"}
    assert [each.agency for each in both.services] == ["town"]
    form = both.form(FormId(FORM), old.forms[FormId(FORM)].sha256)
    assert form is not None
    assert form.source == XFORM
