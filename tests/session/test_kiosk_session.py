"""The session that makes a computer a kiosk: started, pictured, ended, killed, started again."""

import os
import re
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest
from PIL import ImageGrab

from tests.session.compositor import SCRIPT, Session, kiosk_session, needs_cage, runtime_folder
from tests.session.waiting import PATIENCE_S, is_a_page, until
from tests.session.xorg import needs_xorg, screens, write_configuration

pytestmark = [needs_cage, pytest.mark.proof, pytest.mark.timeout(900)]

SIZE = (1280, 720)
"""Of the compositor's screen in memory."""


def shows_a_page(session: Session, size: tuple[int, int] = SIZE) -> bool:
    assert session.service.process.poll() is None, session.service.errors.read_text()
    picture = session.picture()
    return picture is not None and picture.size == size and is_a_page(picture)


def is_over(session: Session) -> bool:
    return not session.members()


def test_the_session_shows_the_kiosk_and_ends_with_it_however_that_ends(data: Path, tmp_path: Path) -> None:
    with kiosk_session(data, tmp_path) as session:
        kiosk = session.service
        kiosk.news.until("READY=1")
        kiosk.news.until("WATCHDOG=1", among=2)
        until(lambda: shows_a_page(session), "a page under cage")
        assert kiosk.news.senders == {kiosk.process.pid}, "the session's script has become the kiosk"
        kiosk.process.send_signal(signal.SIGTERM)
        assert kiosk.process.wait(PATIENCE_S) == 0, kiosk.errors.read_text()
        until(lambda: is_over(session), "the compositor to follow the kiosk")
    (tmp_path / "notify").unlink()
    # systemd's own part, by hand: the same ExecStart once more, after each death.
    for died_of in (signal.SIGKILL, signal.SIGABRT):
        with kiosk_session(data, tmp_path) as session:
            kiosk = session.service
            kiosk.news.until("READY=1")
            until(partial(shows_a_page, session), "the page to come back")
            kiosk.process.send_signal(died_of)
            assert kiosk.process.wait(PATIENCE_S) == -died_of
            until(partial(is_over, session), "the compositor to follow a killed kiosk")
        (tmp_path / "notify").unlink()


def test_a_compositor_that_dies_takes_the_kiosk_with_it_so_that_both_come_again(
    data: Path, tmp_path: Path
) -> None:
    with kiosk_session(data, tmp_path) as session:
        session.service.news.until("READY=1")
        session.named("cage").kill()
        assert session.service.process.wait(PATIENCE_S) != 0
        until(lambda: is_over(session), "everything to end")


@needs_xorg
def test_under_cage_too_the_page_fills_a_screen_that_changes_its_size(data: Path, tmp_path: Path) -> None:
    """Here the compositor's screen is a window, which can be pulled larger and smaller."""
    with (
        screens(tmp_path) as outside,
        kiosk_session(
            data, tmp_path, WLR_BACKENDS="x11", DISPLAY=outside.display, OPORA_CAGE_OPTIONS=""
        ) as session,
    ):
        session.service.news.until("READY=1")
        for size in ((1366, 768), (1080, 1920), (1280, 720)):
            outside.resize_window(*size)
            until(partial(shows_a_page, session, size), f"a page of {size}")


@needs_xorg
def test_where_cage_does_not_come_up_an_x_server_takes_its_place(data: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "cage").write_text("#!/bin/sh\nexit 1\n")
    # The real server, without the terminal that a test does not have.
    configuration = write_configuration(tmp_path)
    (programs / "Xorg").write_text(
        '#!/bin/sh\nfor word in "$@"; do shift; case $word in vt1 | -keeptty) ;; *) set -- "$@" "$word" ;; '
        f'esac; done\nexec /usr/bin/Xorg "$@" -config {configuration}\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    with kiosk_session(data, tmp_path, PATH=f"{programs}:{os.environ['PATH']}") as session:
        kiosk = session.service
        kiosk.news.until("READY=1")
        sockets = [str(each.laddr) for each in session.named("Xorg").net_connections("unix")]
        (number,) = {each.rpartition("/X")[2] for each in sockets if "/.X11-unix/X" in each}
        until(lambda: is_a_page(ImageGrab.grab(xdisplay=f":{number}")), "a page under Xorg")
        settings = subprocess.run(
            ["xset", "-display", f":{number}", "q"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        assert "timeout:  0" in settings, "the screen saver would come"
        kiosk.process.kill()
        kiosk.process.wait(PATIENCE_S)
        until(lambda: is_over(session), "the server to end with its last client")


def test_a_display_that_falls_before_the_kiosk_stands_on_it_is_passed_by_at_the_next_start(
    data: Path, tmp_path: Path
) -> None:
    """As where a driver for graphics crashes as soon as there is something to draw."""
    programs, real = tmp_path / "bin", shutil.which("cage")
    programs.mkdir()
    (programs / "cage").write_text(
        # It says its name, and falls when somebody comes.
        f'#!/bin/sh\n[ "$WLR_RENDERER" = pixman ] && exec {real} "$@"\n'
        "echo wayland-9 >&7; exec 7>&-; sleep 1\n"
    )
    (programs / "cage").chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "WLR_RENDERER": ""}
    with runtime_folder() as runtime:
        with kiosk_session(data, tmp_path, runtime=runtime, **environment) as session:
            assert session.service.process.wait(PATIENCE_S) != 0
        (tmp_path / "notify").unlink()
        assert (runtime / "opora-display-tried").read_text().split() == ["wayland"]
        with kiosk_session(data, tmp_path, runtime=runtime, **environment) as session:
            session.service.news.until("READY=1")
            until(lambda: shows_a_page(session), "a page by the other way")
            until(lambda: not (runtime / "opora-display-tried").exists(), "the display to be trusted")


@pytest.mark.skipif(
    not (shutil.which("strace") and shutil.which("systemd-analyze")), reason="needs strace and systemd"
)
def test_the_unit_forbids_no_system_call_that_the_session_makes(data: Path, tmp_path: Path) -> None:
    """All but one: cage tries to become root, and goes on only where it is refused."""
    unit = SCRIPT.with_name("opora-kiosk.service").read_text()
    assert re.findall("^SystemCallFilter=(.+)$", unit, re.M) == ["@system-service", "~@privileged"]
    trace = tmp_path / "trace"
    under = ("strace", "-f", "-qq", "--signal=none", "-o", str(trace))
    with kiosk_session(data, tmp_path, under=under) as session:
        session.service.news.until("READY=1")
        session.service.news.until("STATUS=Open")
        session.service.news.until("WATCHDOG=1", among=2)
        os.killpg(session.service.process.pid, signal.SIGTERM)
        session.service.process.wait(PATIENCE_S)
    made = set(
        re.findall(r"^\d+ +(?:<\.\.\. )?(\w+)(?: resumed|\()", trace.read_text(errors="replace"), re.M)
    )
    assert {"execve", "sendto", "ioctl"} <= made, "nothing was traced"
    assert made - (calls("@system-service") - calls("@privileged")) <= {"setuid"}


def calls(group: str) -> set[str]:
    """The system calls that systemd counts to ``group``, those of groups in it too."""
    listed = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    found: set[str] = set()
    for name in re.findall(r"^ +(@?[\w-]+)$", listed, re.M):
        found |= calls(name) if name.startswith("@") else {name}
    return found
