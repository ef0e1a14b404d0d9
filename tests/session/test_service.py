"""What systemd hears of the kiosk: that it is ready, that it lives, and that it stands still."""

import signal
import sys
from pathlib import Path

import pytest

from tests.session.supervising import PATIENCE_S, python, service
from ui.service import FEEDINGS, Supervisor

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="systemd and its sockets are Linux's"),
    pytest.mark.timeout(300),
]


def test_ready_comes_after_the_first_paint_and_the_watchdog_is_fed_until_sigterm(tmp_path: Path) -> None:
    command = python("tests.session.watched_kiosk", tmp_path / "data")
    with service(command, tmp_path, watchdog_s=1.5) as kiosk:
        kiosk.news.until("READY=1")
        kiosk.news.until("WATCHDOG=1", among=3)
        heard = kiosk.news.heard
        painted, ready = heard.index("PAINTED=1"), next(i for i, each in enumerate(heard) if "READY" in each)
        assert painted < ready
        kiosk.process.send_signal(signal.SIGTERM)
        kiosk.news.until("STOPPING=1")
        assert kiosk.process.wait(PATIENCE_S) == 0
        assert kiosk.news.senders == {kiosk.process.pid}, "it starts itself anew as the same process"


def test_a_kiosk_that_stands_still_is_not_fed_any_more_and_says_where_it_stood(tmp_path: Path) -> None:
    watchdog_s = 1.5
    command = python("tests.session.watched_kiosk", tmp_path / "data")
    with service(command, tmp_path, watchdog_s=watchdog_s) as kiosk:
        kiosk.news.until("READY=1")
        kiosk.news.until("WATCHDOG=1", among=2)
        kiosk.process.send_signal(signal.SIGUSR1)
        # One that was on its way may still come; then nothing for as long as the unit would wait.
        at_most = FEEDINGS + 1
        while kiosk.news.next(watchdog_s) is not None:
            at_most -= 1
            assert at_most, "somebody else than the thread of the page feeds the watchdog"
        kiosk.process.send_signal(signal.SIGABRT)
        assert kiosk.process.wait(PATIENCE_S) == -signal.SIGABRT
        said = kiosk.errors.read_text()
        assert "in stand_still" in said
        assert "Fatal Python error: Aborted" in said


def test_the_command_itself_is_such_a_service_over_a_folder_that_cannot_be_opened(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "kiosk.db").write_bytes(b"no database at all, and never was one" * 100)
    with service(python("ui.commands", "kiosk", "--data", data), tmp_path, watchdog_s=1.5) as kiosk:
        kiosk.news.until("READY=1")
        kiosk.news.until("STATUS=The data folder cannot be opened: StoreFault")
        kiosk.news.until("WATCHDOG=1", among=2)
        # Nothing of ours runs while this page stands, and the signal is heard all the same.
        kiosk.process.send_signal(signal.SIGTERM)
        assert kiosk.process.wait(PATIENCE_S) == 0


def test_no_child_can_speak_in_the_kiosk_s_place() -> None:
    environment = {"NOTIFY_SOCKET": "", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7", "HOME": "/"}
    supervisor = Supervisor.of(environment, 7)
    assert environment == {"HOME": "/"}
    assert supervisor.watchdog is not None
    assert supervisor.watchdog.total_seconds() == 3


@pytest.mark.parametrize("usec", ["", "0", "-5", "soon"])
def test_without_a_watchdog_nothing_is_fed(usec: str) -> None:
    assert Supervisor.of({"WATCHDOG_USEC": usec}, 7).watchdog is None


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    assert Supervisor.of({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"}, 7).watchdog is None


def test_a_supervisor_that_is_not_there_is_no_fault_of_the_kiosk(tmp_path: Path) -> None:
    Supervisor(str(tmp_path / "nobody")).tell("READY=1")
    Supervisor().tell("READY=1")
