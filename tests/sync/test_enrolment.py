"""How a kiosk comes to know its hub."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.errors import HubFault, LineFault
from kiosk.store.settings import Setting
from sync.device import FILE, device_key
from sync.enrolment import carrier_of, device_of, enrol_kiosk
from tests.sync.parties import Hub, Kiosk, now


def public(folder: Path) -> bytes:
    return device_key(folder).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def test_enrolled_kiosk_finds_its_hub_again_after_a_restart(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub:
        with Kiosk(tmp_path / "kiosk") as kiosk:
            device = device_of(kiosk.database, kiosk.lane)
            assert carrier_of(kiosk.database, device, now) is None, "not enrolled yet"
            answer = enrol_kiosk(
                kiosk.database,
                kiosk.lane,
                url=hub.url,
                code=hub.server.kiosks.new_code(),
                centre="Test centre",
                clock=now,
            )
        with Kiosk(tmp_path / "kiosk") as kiosk:
            device = device_of(kiosk.database, kiosk.lane)
            carrier = carrier_of(kiosk.database, device, now)
            assert carrier is not None
            assert carrier.hub == str(answer.hub)
            kiosk.device = device
            kiosk.store()
            assert kiosk.tried(carrier).done == 1
            with kiosk.database.reader() as repositories:
                assert repositories.settings.get(Setting.DEPLOYMENT_SALT) == answer.salt.hex()


def test_each_salt_that_gave_way_is_kept_once_the_newest_first(tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        kiosk.lane.submit(lambda r: r.settings.put(Setting.DEPLOYMENT_SALT, "0a" * 16)).result()
        salts = []
        for name in ("first", "first", "second", "first"):
            with Hub(tmp_path / name) as hub:
                answer = enrol_kiosk(
                    kiosk.database,
                    kiosk.lane,
                    url=hub.url,
                    code=hub.server.kiosks.new_code(),
                    centre="",
                    clock=now,
                )
            salts.append(answer.salt.hex())
        with kiosk.database.reader() as repositories:
            assert repositories.settings.get(Setting.DEPLOYMENT_SALT) == salts[0]
            assert repositories.settings.get(Setting.FORMER_SALTS) == f"{salts[2]} {'0a' * 16}"


def test_failed_enrolment_writes_nothing_down(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        with pytest.raises(HubFault):
            enrol_kiosk(kiosk.database, kiosk.lane, url=hub.url, code="1", centre="", clock=now)
        with kiosk.database.reader() as repositories:
            assert repositories.settings.get(Setting.HUB_URL) is None


def test_device_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert public(tmp_path) == public(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == [FILE]


def test_damaged_device_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("half", encoding="ascii")
    with pytest.raises(LineFault, match="own key is damaged"):
        device_key(tmp_path)
    assert (tmp_path / FILE).read_text(encoding="ascii") == "half"
