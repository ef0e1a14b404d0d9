"""Nobody leaves the kiosk but a coordinator, from one page: no key, no window manager, no desktop."""

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.errors import ComputerFault, Message, SignInFault
from kiosk.flow.desk import Ending
from kiosk.flow.table import Screen
from kiosk.journal import Action, operator_actor
from kiosk.operators import SignedIn
from kiosk.store.operators import Role
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_people import OTHER_PIN, add, choose_operator
from tests.flow.test_staff import to_today
from tests.session.waiting import PATIENCE_S
from ui.computer import ThisComputer
from ui.driver import Driver
from ui.glass import Glass
from ui.opening import Opening

# -- the page


def closings(kiosks: Kiosks) -> list[tuple[str, dict[str, str]]]:
    with kiosks.lane.database.reader() as repositories:
        entries = repositories.journal.entries()
    return [(each.actor, dict(each.details)) for each in entries if each.action == Action.CLOSED]


def test_in_a_session_of_its_own_the_coordinator_switches_the_computer_off(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    to_today(booth)
    signed_in = booth.visit.signed_in
    assert signed_in is not None
    booth.press("switch_off")
    assert buttons(booth.view)["forward"].label == "Switch the computer off"
    booth.press("forward")
    assert kiosks.computer.asked == [Ending.POWER_OFF]
    assert "The computer is switching off" in sentences(booth.view)
    assert closings(kiosks) == [(operator_actor(signed_in.id), {"by": "power-off"})]


def test_or_starts_it_anew(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    to_today(booth)
    booth.press("switch_off")
    booth.press("restart")
    assert kiosks.computer.asked == [Ending.RESTART]
    assert [details for _, details in closings(kiosks)] == [{"by": "restart"}]


def test_on_a_desktop_the_same_page_closes_the_program_alone(kiosks: Kiosks) -> None:
    kiosks.computer.endings = (Ending.CLOSE,)
    booth = kiosks.open()
    to_today(booth)
    booth.press("switch_off")
    assert not {"restart", "power-off"} & set(buttons(booth.view))
    booth.press("forward")
    assert kiosks.computer.asked == [Ending.CLOSE]


def test_the_way_back_closes_nothing(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    to_today(booth)
    booth.press("switch_off")
    booth.press("back")
    assert booth.view.screen == Screen.TODAY
    assert kiosks.computer.asked == []
    assert closings(kiosks) == []


def test_what_waits_to_be_sent_is_said_before(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")
    to_today(booth)
    booth.press("switch_off")
    assert "1 application waits to be sent" in sentences(booth.view)


def test_a_computer_that_refuses_says_so_and_the_kiosk_goes_on(kiosks: Kiosks) -> None:
    kiosks.computer.refuses = ComputerFault(Message("It does not switch off."), Message("Press its button."))
    booth = kiosks.open()
    to_today(booth)
    booth.press("switch_off")
    booth.press("forward")
    assert "It does not switch off." in sentences(booth.view)
    kiosks.computer.refuses = None
    booth.press("forward")
    assert kiosks.computer.asked == [Ending.POWER_OFF]


def test_a_volunteer_finds_no_way_out_and_the_room_behind_the_page_refuses_too(booth: Booth) -> None:
    to_today(booth)
    add(booth, "Min-ji")
    booth.press("back")
    choose_operator(booth, "Min-ji")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY
    assert "switch_off" not in buttons(booth.view)
    volunteer = booth.visit.signed_in
    assert isinstance(volunteer, SignedIn)
    assert volunteer.role is Role.VOLUNTEER
    with pytest.raises(SignInFault):
        booth.desk.operators.note_closing(volunteer, Ending.CLOSE)


# -- the window


def opened(qt: QApplication, data: Path, *, guarded: bool = True) -> tuple[Opening, Driver]:
    opening = Opening(data, Glass.panel("15.6", 800, 800), guarded=guarded)
    opening.window.showFullScreen()
    driver = Driver(opening.window)
    driver.until(lambda: stands(opening), PATIENCE_S, "the first page")
    return opening, driver


def stands(opening: Opening) -> bool:
    app = opening.app
    opened = app is not None and app.conductor.screen is not Screen.MOMENT and not app.conductor.working()
    return opened or opening.failure is not None


def ask_to_close(qt: QApplication, opening: Opening) -> bool:
    """As a window manager does, as Alt+F4 does, and as a desktop does that logs out; whether it closed."""
    window = opening.window
    QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    handle = window.windowHandle()
    assert handle is not None
    event = QCloseEvent()
    QGuiApplication.sendEvent(handle, event)
    window.close()
    qt.quit()
    QApplication.processEvents()
    return not window.isVisible()


def test_a_full_screen_kiosk_is_closed_by_nothing_from_outside(application: QApplication, data: Path) -> None:
    opening, driver = opened(application, data)
    assert not ask_to_close(application, opening)
    driver.choose("language", "en")
    assert not ask_to_close(application, opening)
    assert opening.window.isFullScreen()
    opening.close()
    assert not opening.window.isVisible()


def test_while_it_opens_it_is_not_closed_either(application: QApplication, data: Path) -> None:
    opening = Opening(data, Glass.panel("15.6"), guarded=True)
    opening.window.showFullScreen()
    assert not ask_to_close(application, opening)
    Driver(opening.window).until(lambda: stands(opening), PATIENCE_S, "the first page")
    opening.close()


def test_where_nobody_could_sign_in_yet_the_window_closes(application: QApplication, data: Path) -> None:
    """Else a kiosk that was opened by chance, or over a damaged folder, could not be left on a desktop."""
    for broken in (False, True):
        for file in data.glob("kiosk.db*"):
            file.unlink()
        if broken:
            (data / "kiosk.db").write_bytes(b"no database at all" * 100)
        opening, _ = opened(application, data)
        assert (opening.failure is not None) is broken
        assert ask_to_close(application, opening)
        opening.close()


# -- the computer


def test_a_program_among_others_ends_alone() -> None:
    closed: list[bool] = []
    computer = ThisComputer({}, lambda: closed.append(True))
    assert computer.endings == (Ending.CLOSE,)
    computer.end(Ending.CLOSE)
    assert closed == [True]


def test_a_session_of_its_own_asks_systemd_and_tells_when_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "asked"
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        f'#!/bin/sh\necho "$@" >> {asked}\n[ "$2" != reboot ] || {{ echo no >&2; exit 1; }}\n'
    )
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    computer = ThisComputer({"OPORA_SESSION": "kiosk"}, lambda: None)
    assert computer.endings == (Ending.POWER_OFF, Ending.RESTART)
    computer.end(Ending.POWER_OFF)
    with pytest.raises(ComputerFault, match="no"):
        computer.end(Ending.RESTART)
    assert asked.read_text().splitlines() == ["--no-ask-password poweroff", "--no-ask-password reboot"]
    systemctl.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ComputerFault):
        computer.end(Ending.POWER_OFF)


@pytest.mark.skipif(not Path("/usr/bin/node").exists(), reason="node runs polkit's rule, which is JavaScript")
@pytest.mark.parametrize(
    ("user", "action", "answer"),
    [
        ("opora-kiosk", "org.freedesktop.login1.power-off", "yes"),
        ("opora-kiosk", "org.freedesktop.login1.reboot", "yes"),
        # Without this one no compositor gets the screen.
        ("opora-kiosk", "org.freedesktop.login1.chvt", "yes"),
        ("opora-kiosk", "org.freedesktop.login1.suspend", "no"),
        ("opora-kiosk", "org.freedesktop.systemd1.manage-units", "no"),
        ("vera", "org.freedesktop.login1.suspend", "undefined"),
    ],
)
def test_the_kiosk_s_user_may_ask_for_nothing_else(user: str, action: str, answer: str) -> None:
    rule = (Path(__file__).parents[2] / "installers/session/50-opora-kiosk.rules").read_text()
    frame = (
        "let rule; const polkit = {Result: {YES: 'yes', NO: 'no', NOT_HANDLED: 'undefined'},"
        f" addRule: f => rule = f}};\n{rule}\nconsole.log(rule({{id: '{action}'}}, {{user: '{user}'}}));"
    )
    ended = subprocess.run(["node", "-e", frame], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == answer
