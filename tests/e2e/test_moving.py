"""A kiosk is stolen; a new machine takes its place by its own page alone, and nothing arrives twice."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.flow.table import Screen
from kiosk.flow.view import Code, Notice
from kiosk.operators.moving import BROUGHT_IN
from tests.e2e.lined import LinedKiosk, lined_kiosk
from tests.flow.booth import buttons, sentences
from tests.sync.way import Way, forwarding
from ui.app import KioskApp
from ui.driver import Driver
from ui.glass import Glass
from ui.opening import Opening

PIXELS = (1920, 1080)
PATIENCE_S = 120.0
NEW_PIN = "604188"
WAITING = 3


def cut(client: socket.socket, number: int) -> None:
    """Nothing is there: the connection ends as soon as it begins."""


def sheet_of(kiosk: LinedKiosk) -> str:
    """The coordinator prints a recovery sheet; its digits."""
    booth = kiosk.booth
    booth.press("rules")
    booth.press("sheet")
    digits = "".join(next(part for part in booth.view.body if isinstance(part, Code)).groups)
    booth.press("forward")
    booth.press("forward")
    return digits


def is_stolen(kiosk: LinedKiosk, stick: Path) -> str:
    """Applications are taken with no line, backed up from the page of the day, and the machine is gone.
    Returns the digits of the recovery sheet."""
    for language in ("en", "ru", "ko"):
        kiosk.apply(language)
    assert kiosk.waiting() == WAITING
    kiosk.sign_in("en")
    digits = sheet_of(kiosk)
    own = stick.parents[1] / "sticks" / "BLUE"
    own.mkdir(parents=True)
    kiosk.booth.press("backup")
    assert "The backup is on the stick" in sentences(kiosk.booth.view)
    shutil.copytree(own, stick)
    # The thief has it: it never speaks to the hub again.
    for courier in kiosk.couriers:
        assert courier.stop(20)
    assert kiosk.arrivals() == []
    return digits


class Machine:
    """A new machine with a real window, and a person who touches it."""

    def __init__(self, folder: Path) -> None:
        self.opening = Opening(folder, Glass.panel("15.6", *PIXELS))
        self.opening.window.resize(*PIXELS)
        self.opening.window.show()
        self.hands = Driver(self.opening.window)

    @property
    def app(self) -> KioskApp:
        assert self.opening.app is not None
        return self.opening.app

    def until(self, true: Callable[[], bool], what: str) -> None:
        def held() -> bool:
            app = self.opening.app
            if self.opening.failure is not None:
                raise self.opening.failure
            return app is not None and not app.conductor.working() and true()

        self.hands.until(held, PATIENCE_S, what)

    def stands_on(self, screen: Screen, offered: str = "") -> None:
        def there() -> bool:
            found = buttons(self.app.conductor.shown).get(offered)
            offers = not offered or (found is not None and found.enabled)
            return self.app.conductor.screen is screen and offers

        self.until(there, f"{screen} with {offered!r}")

    def press(self, id: str) -> None:
        self.hands.press(id)
        self.until(lambda: True, "the page to take presses")

    def close(self) -> None:
        self.opening.close()


def take_over(machine: Machine, digits: str) -> None:
    """Everything that a person does there, from the first page to the welcome."""
    machine.stands_on(Screen.FIRST_START, "replaces")
    machine.press("replaces")
    machine.stands_on(Screen.MOVING, "forward")
    machine.press("forward")
    machine.hands.type("code", digits)
    machine.press("forward")
    machine.until(lambda: ":WHO:" in machine.app.conductor.shown.key, "what the backup holds")
    assert str(WAITING) in sentences(machine.app.conductor.shown)
    machine.press("forward")
    for field in ("pin", "pin_again"):
        machine.hands.type(field, NEW_PIN)
        machine.press("forward")
    assert any(isinstance(part, Notice) for part in machine.app.conductor.shown.body)
    blank = machine.app
    machine.hands.press("forward")
    machine.hands.until(
        lambda: machine.opening.app is not None and machine.opening.app is not blank,
        PATIENCE_S,
        "the kiosk to open anew",
    )
    machine.stands_on(Screen.WELCOME)


@pytest.mark.proof
def test_a_stolen_kiosk_lives_on_in_a_new_machine_and_everything_arrives_once(
    qt: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "new-sticks" / "RED"
    monkeypatch.setenv("OPORA_STICKS", str(stick.parent))
    with Way(cut) as line, lined_kiosk(tmp_path, by_way_of=line.url) as old:
        digits = is_stolen(old, stick)
        line.become(forwarding(old.hub.url))
        machine = Machine(tmp_path / "new")
        try:
            take_over(machine, digits)
            machine.until(lambda: len(old.arrivals()) == WAITING, "all of them at the hub")
            tried: list[object] = []
            machine.app.line.try_now(tried.append)
            machine.hands.until(lambda: bool(tried), PATIENCE_S, "one more whole try")
            house = machine.app.house
            assert house.facts.kiosk == old.house.facts.kiosk, "the hub knows it as the same kiosk"
            (maria,) = house.operators.names()
            assert house.operators.sign_in(maria.id, NEW_PIN).operator.name == "Maria"
            with house.database.reader() as repositories:
                assert repositories.outbox.counts().waiting == 0
                assert "restored" in [entry.action for entry in repositories.journal.entries()]
                assert repositories.journal.verify() is None
        finally:
            machine.close()
        arrived = old.arrivals()
        assert len(arrived) == len(set(arrived)) == WAITING
    assert not (tmp_path / "new" / BROUGHT_IN).exists()
