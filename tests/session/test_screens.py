"""The screen is pulled out, plugged in, and changes its size: the kiosk goes on and fills what there is."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow.view import TextField
from tests.e2e import child
from tests.flow.booth import Booth
from tests.session.waiting import PATIENCE_S, is_a_page, until
from tests.session.xorg import Screens, needs_xorg, screens
from tests.ui import samples
from tests.ui.conftest import Show
from ui.glass import Glass
from ui.pane import WindowPane


@pytest.fixture
def kiosk(tmp_path: Path, data: Path) -> Iterator[tuple[Screens, "subprocess.Popen[bytes]"]]:
    with screens(tmp_path) as found:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.commands", "kiosk", "--data", data, "--panel", "15.6"],
            cwd=child.REPOSITORY,
            env=child.environment(DISPLAY=found.display, QT_QPA_PLATFORM="xcb"),
        )
        try:
            yield found, process
        finally:
            process.kill()
            process.wait(PATIENCE_S)


@needs_xorg
@pytest.mark.proof
@pytest.mark.timeout(600)
def test_whatever_happens_to_the_screen_the_page_fills_it_again(
    kiosk: tuple[Screens, "subprocess.Popen[bytes]"],
) -> None:
    found, process = kiosk

    def fills(wide: int, high: int) -> None:
        def whole() -> bool:
            assert process.poll() is None, "the kiosk ended"
            picture = found.picture()
            return picture.size == (wide, high) == found.window_size() and is_a_page(picture)

        until(whole, f"a page of {wide} by {high}")

    fills(1920, 1080)
    found.change("--output", "DUMMY0", "--mode", "1280x720")
    fills(1280, 720)
    found.change("--output", "DUMMY0", "--off")
    until(lambda: found.picture().size == (64, 64), "no screen at all")
    found.change("--output", "DUMMY1", "--mode", "1080x1920")
    fills(1080, 1920)
    found.change("--output", "DUMMY0", "--mode", "1366x768", "--output", "DUMMY1", "--off")
    fills(1366, 768)
    for _ in range(3):
        found.change("--output", "DUMMY0", "--off")
        found.change("--output", "DUMMY0", "--mode", "1920x1080")
    fills(1920, 1080)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0


def test_half_a_word_is_still_there_when_the_page_is_drawn_anew(booth: Booth) -> None:
    booth.reach_question()
    booth.type("/data/name", "An")
    booth.conductor.refresh()
    assert [part.value for part in booth.view.body if isinstance(part, TextField)] == ["An"]


def test_another_screen_goes_by_its_own_report_and_the_measured_one_by_what_was_measured(show: Show) -> None:
    window = show(samples.name("en", "Anna"))
    pane, first = WindowPane(window), window.look.glass
    pane.use(first.fitted(1.25).measured)
    measured = window.look.glass.per_mm
    other = Glass.panel("23.8", 1080, 1920)
    assert pane.stand_on(other)
    window.stand_on(window.look.glass)
    assert window.look.glass == other
    assert window.page.written("field:name") == "Anna"
    assert pane.stand_on(first)
    assert window.look.glass.per_mm == pytest.approx(measured, rel=1e-5)
    assert not pane.stand_on(first), "nothing is drawn anew where nothing changed"


def test_a_panel_that_stands_on_its_side_is_as_tall_as_it_was_wide() -> None:
    lying, standing = Glass.panel("23.8"), Glass.panel("23.8", 1080, 1920)
    assert (standing.width_mm, standing.height_mm) == (lying.height_mm, lying.width_mm)
    assert standing.per_mm == pytest.approx(lying.per_mm, rel=1e-3)
