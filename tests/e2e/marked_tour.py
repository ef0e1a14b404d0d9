"""A tour that writes down what the screen has promised: ``python -m tests.e2e.marked_tour DATA MARKS SEED``.

Each line of MARKS is JSON: a question and its answer, once the screen has moved past it; or "stored" and
the reference, once the screen has said so.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ui.tour.tour import Wishes, run_tour


def main() -> None:
    data, marks, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with TemporaryDirectory(prefix="opora-tour-") as out, marks.open("ab", buffering=0) as file:

        def passed(ref: str, value: str) -> None:
            file.write(json.dumps([ref, value]).encode() + b"\n")

        run_tour(Wishes(Path(out), seed=seed, data=data), passed=passed)


if __name__ == "__main__":
    main()
