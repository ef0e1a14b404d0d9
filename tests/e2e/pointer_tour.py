"""A tour with the X server's pointer and keyboard: ``python -m tests.e2e.pointer_tour OUT DATA``.

Needs a display. Leaves SCREEN.png in OUT for each wanted page, as it stands on the glass, with what differs
from person to person painted over; ``--only-to SCREEN`` ends the walk there. Closes with one line of JSON.
"""

import argparse
import contextlib
import json
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap

from kiosk.flow.view import View
from tests.e2e.pointer import XHands, until
from ui.tour.tour import Wishes, run_tour
from ui.widgets.codes import CodeBlock
from ui.window import KioskWindow

PAINTED_OVER = "#808080"


class Arrived(Exception):
    """The walk has come as far as was wanted."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--picture", action="append", default=[])
    parser.add_argument("--only-to", default="")
    chosen = parser.parse_args()
    walked: list[tuple[KioskWindow, XHands]] = []
    wanted = set(chosen.picture)
    screens: list[str] = []

    def hands(window: KioskWindow) -> XHands:
        window.move(0, 0)
        walked.append((window, XHands(window)))
        return walked[0][1]

    def told(view: View) -> None:
        screens.append(view.screen)
        if view.screen in wanted:
            wanted.discard(view.screen)
            until(lambda: reads_nothing(walked[0][0]), "the voice to end")
            picture(walked[0][0]).save(str(chosen.out / f"{view.screen}.png"))
        if view.screen == chosen.only_to:
            raise Arrived

    wishes = Wishes(chosen.out, language=chosen.language, data=chosen.data, quick=True)
    status = ""
    with contextlib.suppress(Arrived):
        status = run_tour(wishes, told=told, hands=hands).status_after
    used = walked[0][1]
    said = {
        "platform": QGuiApplication.platformName(),
        "status": status,
        "screens": screens,
        "touches": used.pointer.releases.count,
        "typed": used.typed,
    }
    print(json.dumps(said), flush=True)


def reads_nothing(window: KioskWindow) -> bool:
    """The bar offers to read, and not to stop."""
    view = window.page.view
    return view is not None and all(each.icon != "stop" for each in view.bar.buttons)


def picture(window: KioskWindow) -> QPixmap:
    """The whole screen, read back from the X server."""
    QGuiApplication.processEvents()
    screen = QGuiApplication.primaryScreen()
    taken = screen.grabWindow(0)
    painter = QPainter(taken)
    for _, block in window.page.blocks():
        if isinstance(block, CodeBlock) and window.page.sees(block):
            box = QRect(block.mapToGlobal(QPoint(0, 0)), block.size())
            painter.fillRect(box, QColor(PAINTED_OVER))
    painter.end()
    return taken


if __name__ == "__main__":
    main()
