"""Figures as ratios, measured side by side: ``python -m tests.bench [start|answer|receipt|forms|sealing …]``.

Nothing here passes or fails: machines differ, ratios travel. Each figure stands beside a peer or a physical
limit that was measured in turn with it.
"""

import sys

from rich.console import Console

from tests.bench import answering, forms, receipt, sealing, starting

PARTS = {
    "start": starting.run,
    "answer": answering.run,
    "receipt": receipt.run,
    "forms": forms.run,
    "sealing": sealing.run,
}


def main() -> None:
    console = Console(width=110)
    for name in sys.argv[1:] or PARTS:
        PARTS[name](console)


main()
