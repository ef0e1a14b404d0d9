"""The coordinator's page of updates, over a real store, real sticks and a real hub."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow.table import Screen
from kiosk.flow.view import Code, Progress
from kiosk.journal import KIOSK
from kiosk.updates.bundle import STICK_FILE
from kiosk.updates.installed import PACK_FILE
from sync.stick import FOLDER
from tests.e2e.lined import LinedKiosk, lined_kiosk
from tests.flow.booth import Booth, buttons, sentences
from tests.updates.deployment import Deployment, asking, write_pack


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[LinedKiosk]:
    """Without a hub, and with version 1 of the deployment's services."""
    (tmp_path / "kiosk").mkdir()
    write_pack(tmp_path / "kiosk" / PACK_FILE, "1")
    with lined_kiosk(tmp_path, alone=True) as found:
        yield found


def to_page(kiosk: LinedKiosk, language: str = "en") -> Booth:
    kiosk.sign_in(language)
    kiosk.booth.press("updates")
    assert kiosk.booth.view.screen == Screen.UPDATES
    until_there(kiosk.booth, "forward")
    return kiosk.booth


def until_there(booth: Booth, id: str) -> None:
    def there() -> bool:
        booth.conductor.tick()
        return not booth.conductor.working() and id in buttons(booth.view)

    booth.pump.until(there)


def until_said(booth: Booth, sentence: str) -> None:
    def said() -> bool:
        booth.conductor.tick()
        return sentence in sentences(booth.view)

    booth.pump.until(said)


def put_in(tmp_path: Path, update: Path) -> None:
    place = tmp_path / "sticks" / "BLUE" / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    (place / STICK_FILE).write_bytes(update.read_bytes())


def test_a_stick_s_update_is_compared_read_begun_and_gone_back_from(
    deployment: Deployment, kiosk: LinedKiosk, tmp_path: Path
) -> None:
    booth = to_page(kiosk)
    assert "Version 1 is in use" in sentences(booth.view)
    assert "This kiosk does not know yet whose updates it may trust." in sentences(booth.view)
    assert "before" not in buttons(booth.view)
    booth.press("forward")
    assert "There is no USB stick in this kiosk." in sentences(booth.view)

    put_in(tmp_path, deployment.update("2", xform=asking("Who are you?")))
    booth.press("forward")
    until_said(booth, "Is this the number in your agency's letter?")
    (code,) = [part for part in booth.view.body if isinstance(part, Code)]
    assert " ".join(code.groups) == deployment.keys.fingerprint()
    booth.press("back")
    assert not kiosk.house.updates.trusts_anybody
    booth.press("forward")
    until_said(booth, "Is this the number in your agency's letter?")
    booth.press("forward")
    until_there(booth, "begin")
    assert "A newer one is here. It begins by itself when nobody is at the screen." in sentences(booth.view)
    assert kiosk.house.pack().version == "1"

    booth.press("begin")
    until_said(booth, "Version 2 is in use")
    until_there(booth, "before")
    booth.press("before")
    until_said(booth, "The kiosk works with version 1 again.")
    assert kiosk.house.pack().version == "1"
    until_said(booth, "Go back to version 2")
    booth.press("before")
    until_said(booth, "Version 2 is in use")
    assert "The version before was taken up again: sample 1" in sentences(booth.view)
    assert "Services were installed: sample 2" in sentences(booth.view)
    booth.press("forward")
    until_said(booth, "There is nothing new on the stick")
    booth.press("back")
    assert booth.view.screen == Screen.TODAY


@pytest.mark.proof
def test_what_a_stick_brings_that_is_not_signed_is_told_and_nothing_changes(
    deployment: Deployment, kiosk: LinedKiosk, tmp_path: Path
) -> None:
    kiosk.house.updates.trust(deployment.root, KIOSK)
    put_in(tmp_path, Deployment(tmp_path / "other").update("9"))
    booth = to_page(kiosk, "ru")
    booth.press("forward")
    until_said(booth, "Под обновлением нет подписи, которой доверяет этот киоск.")
    assert "Используется версия 1" in sentences(booth.view)
    assert kiosk.house.pack().version == "1"


@pytest.mark.proof
def test_how_far_an_update_has_come_is_shown(
    deployment: Deployment, kiosk: LinedKiosk, tmp_path: Path
) -> None:
    updates = kiosk.house.updates
    updates.trust(deployment.root, KIOSK)
    from kiosk.updates.bundle import read_head

    release = updates.offer(read_head(deployment.update("2")))
    (target,) = release.targets
    updates.shelf.append(target.digest, target.size, 0, bytes(target.size // 2))
    booth = to_page(kiosk, "ko")
    assert "새 버전을 받는 중입니다." in sentences(booth.view)
    (progress,) = [part for part in booth.view.body if isinstance(part, Progress)]
    assert (progress.done, progress.total) == (target.size // 2, target.size)
