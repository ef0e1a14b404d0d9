"""A tour that writes down what the screen has promised: ``python -m tests.e2e.marked_tour DATA MARKS``.

Each line of MARKS is JSON: a question and its answer, once the screen has moved past it; or "stored" and
the reference, once the screen has said so. Each page that came to rest is a line of standard output: screen,
title, where-you-are. With ``--hold N`` the kiosk stands still on the N-th question until it is killed.
"""

import argparse
import json
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.flow.table import Screen
from kiosk.flow.view import View
from ui.tour.tour import Wishes, run_tour


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("marks", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", default="en")
    parser.add_argument("--hold", type=int, default=0)
    chosen = parser.parse_args()
    asked = 0
    with TemporaryDirectory(prefix="opora-tour-") as out, chosen.marks.open("ab", buffering=0) as file:

        def passed(ref: str, value: str) -> None:
            file.write(json.dumps([ref, value]).encode() + b"\n")

        def told(view: View) -> None:
            nonlocal asked
            print(json.dumps([view.screen, view.title, view.where]), flush=True)
            asked += view.screen == Screen.QUESTION
            while chosen.hold and asked == chosen.hold:
                signal.pause()

        wishes = Wishes(Path(out), language=chosen.language, seed=chosen.seed, data=chosen.data, quick=True)
        run_tour(wishes, told=told, passed=passed)


if __name__ == "__main__":
    main()
