"""What a process keeps of somebody who has left: nothing on the glass, nothing on the disk."""

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.flow.covering import covered
from tests.ui import samples
from tests.ui.conftest import Show
from ui.driver import Driver
from ui.widgets.boxes import DateBlock
from ui.widgets.fields import TextBlock


def test_forgetting_makes_a_new_page_and_empties_the_clipboard(show: Show) -> None:
    view = samples.name("ko")
    window = show(view)
    Driver(window).type("name", "김")
    QGuiApplication.clipboard().setText("Anna")
    page = window.page
    window.forget_person()
    assert QGuiApplication.clipboard().text() == ""
    show(view)
    assert window.page is not page
    assert window.page.written("field:name") == "", "a half-typed syllable goes with its page"


def test_what_is_covered_is_painted_as_dots_and_told_as_it_is(show: Show) -> None:
    view = samples.name("en", "Anna")
    window = show(covered(view))
    (block,) = (block for _, block in window.page.blocks() if isinstance(block, TextBlock | DateBlock))
    entry = next(entry for name, entry in block.entries() if name == "field:name")
    assert entry.shown() == "●●●●"
    assert entry.text == "Anna"


@pytest.mark.skipif(sys.platform != "linux", reason="core dumps are switched off through Linux's own calls")
def test_a_crash_writes_no_memory_to_the_disk() -> None:
    program = (
        "import ctypes, resource\n"
        "from ui.core_dumps import refuse_core_dumps\n"
        "refuse_core_dumps()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(0, 0) 0"


def test_what_nobody_caught_is_logged_without_its_words() -> None:
    program = (
        "import logging, threading\n"
        "from ui.bugs import report_without_values\n"
        "logging.basicConfig()\n"
        "report_without_values()\n"
        "def broken(): raise ValueError('Anna, 12345')\n"
        "thread = threading.Thread(target=broken); thread.start(); thread.join()\n"
        "broken()\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert told.stderr.count("ValueError at") == 2
    assert "Anna" not in told.stdout + told.stderr
