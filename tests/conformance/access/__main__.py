"""``python -m tests.conformance.access --out report.json``: the access report.

``--pairwise`` shows each two of view, language, size, theme and panel together once instead of everything;
``--readme`` writes the table into the README of ``ui``. Closes with "N checks, 0 failed"; exits 1 on a fail.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.access")
    parser.add_argument("--out", type=Path, required=True, help="the report, as JSON")
    parser.add_argument("--pairwise", action="store_true", help="each two of everything, not all")
    parser.add_argument("--only", default="", help="views whose name begins so")
    parser.add_argument("--readme", action="store_true", help="write the table into ui/README.md")
    wishes = parser.parse_args()

    from tests.conformance.access.publishing import put_into_readme
    from tests.conformance.access.requirements import SOURCES
    from tests.conformance.access.run import inspected

    ledger = inspected(pairwise=wishes.pairwise, only=wishes.only)
    ledger.write(wishes.out, sources=SOURCES, whole=not (wishes.pairwise or wishes.only))
    for failure in ledger.failures():
        print(failure)
    if not wishes.only:
        for id in ledger.unmeasured():
            print(f"{id} was not measured")
    if wishes.readme:
        put_into_readme(ledger)
    print(ledger.line())
    return 1 if ledger.failed or (ledger.unmeasured() and not wishes.only) else 0


sys.exit(main())
