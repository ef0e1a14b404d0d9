"""An update is taken up while nobody is at the screen, and never under somebody's hands."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from kiosk.flow.table import Screen
from kiosk.ids import FormId, ServiceId
from kiosk.journal import KIOSK
from kiosk.updates.installed import PACK_FILE
from tests.e2e.lined import LinedKiosk, lined_kiosk
from tests.flow.sample_form import FORM, SERVICE
from tests.updates.deployment import Deployment, asking, write_pack
from ui.between_people import LOOK_EVERY, BetweenPeople
from ui.threads import Workers

PATIENCE = 60.0


class Scene:
    """A kiosk with its second hand, moved by the test."""

    def __init__(self, kiosk: LinedKiosk) -> None:
        self.kiosk, self.booth = kiosk, kiosk.booth
        self.bugs: list[BaseException] = []
        self.servers_changed = 0
        self.workers = Workers(self.booth.pump)
        self.between = BetweenPeople(
            self.booth.conductor, kiosk.house, self.workers, self.bugs.append, self._count
        )

    def _count(self) -> None:
        self.servers_changed += 1

    def pass_by(self, seconds: int) -> None:
        for _ in range(seconds):
            self.booth.clock.move(seconds=1)
            self.between.tick()
        assert not self.bugs

    def until_version(self, version: str) -> None:
        """With the seconds passing."""
        deadline = monotonic() + PATIENCE
        while self.booth.desk.pack.version != version:
            assert monotonic() < deadline, f"version {version} did not begin"
            self.pass_by(LOOK_EVERY)
            self.settle()

    def settle(self) -> None:
        """Until what was begun in the background is done."""
        done: list[None] = []
        self.workers.run(lambda: None, lambda _: done.append(None))
        self.booth.pump.until(lambda: bool(done))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    (tmp_path / "kiosk").mkdir()
    write_pack(tmp_path / "kiosk" / PACK_FILE, "1")
    with lined_kiosk(tmp_path, alone=True) as kiosk:
        made = Scene(kiosk)
        yield made
        made.workers.close()


@pytest.fixture
def waiting(deployment: Deployment, scene: Scene) -> Scene:
    """Version 2 has come and waits."""
    updates = scene.kiosk.house.updates
    updates.trust(deployment.root, KIOSK)
    updates.take_file(deployment.update("2", xform=asking("Who are you?")), KIOSK)
    return scene


def test_it_begins_when_nobody_has_touched_the_first_page_for_a_minute(waiting: Scene) -> None:
    waiting.pass_by(50)
    waiting.settle()
    assert waiting.kiosk.house.pack().version == "1"
    waiting.until_version("2")
    booth = waiting.booth
    assert booth.view.screen == Screen.WELCOME
    booth.reach_question("en")
    assert "Who are you?" in booth.view.title


def test_nobody_s_application_changes_under_their_hands(waiting: Scene) -> None:
    booth = waiting.booth
    before = booth.desk.pack
    booth.reach_question("en")
    waiting.pass_by(4 * LOOK_EVERY)
    waiting.settle()
    assert waiting.kiosk.house.pack().version == "1"
    assert booth.desk.pack is before
    booth.answer_all()
    booth.hand_in()


@pytest.mark.proof
def test_a_coordinator_who_begins_it_changes_nothing_for_a_page_that_stands(waiting: Scene) -> None:
    """It counts in the store at once, and on the screen when they have left."""
    booth, house = waiting.booth, waiting.kiosk.house
    waiting.kiosk.sign_in("en")
    before = booth.desk.pack
    assert house.updates.apply()
    booth.pump.until(lambda: waiting.between._next is not None)
    assert booth.desk.pack is before
    booth.press("back")
    assert booth.view.screen == Screen.WELCOME
    waiting.pass_by(1)
    assert booth.desk.pack.version == "2"


@pytest.mark.proof
def test_a_draft_that_was_begun_with_the_version_before_is_finished_with_it(
    deployment: Deployment, waiting: Scene
) -> None:
    """Put aside under version 1, taken up under version 3, which has neither its service nor its agency."""
    waiting.until_version("2")
    booth, house = waiting.booth, waiting.kiosk.house
    booth.reach_question("en")
    form = booth.desk.pack.forms[FormId(FORM)]
    booth.type("/data/name", "Anna")
    booth.press("forward")
    booth.conductor.begin_visit()
    booth.conductor.start(Screen.WELCOME)
    waiting.settle()

    house.updates.take_file(deployment.update("3", service="warmth", agency="town"), KIOSK)
    waiting.until_version("3")
    assert booth.desk.pack.forms[FormId(FORM)].sha256 != form.sha256
    waiting.kiosk.sign_in("en")
    (row,) = [id for id in _buttons(waiting) if id.startswith("continue:")]
    booth.press(row)
    assert booth.view.screen == Screen.QUESTION
    assert booth.visit.errand.form is not None
    assert booth.visit.errand.form.sha256 == form.sha256
    service = booth.visit.errand.service
    assert service is not None
    assert (service.id, service.agency) == (ServiceId(SERVICE), "fund")
    while booth.view.screen != Screen.CHECK:
        if any(getattr(part, "field", "") == "/data/rooms" for part in booth.view.body):
            booth.type("/data/rooms", "2")
        elif any(getattr(part, "field", "") == "/data/stove" for part in booth.view.body):
            booth.choose("/data/stove", "wood")
        booth.press("forward")
    booth.hand_in()


@pytest.mark.proof
def test_couriers_are_made_anew_only_where_an_agency_has_another_way(
    deployment: Deployment, waiting: Scene
) -> None:
    waiting.until_version("2")
    assert waiting.servers_changed == 0
    from tests.updates.test_what_waits import SERVER as ODK

    waiting.kiosk.house.updates.take_file(deployment.update("3", openrosa=ODK), KIOSK)
    waiting.until_version("3")
    assert waiting.servers_changed == 1


def _buttons(scene: Scene) -> list[str]:
    from tests.flow.booth import buttons

    return list(buttons(scene.booth.view))
