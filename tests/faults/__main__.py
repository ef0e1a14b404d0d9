"""``make faults``: everything that can go wrong between a kiosk and its hub, made to happen, and counted.

    make faults                                     the whole table
    make faults ARGS="--short --seed 7"             a few minutes of it, with other chances
    make faults ARGS="--row hub-killed --runs 50"   one row

Ends with 0 where nothing was lost and nothing doubled.
"""

import argparse
import sys
import time

from tests.faults.table import ROWS, closing, head, line_of, results_of


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make faults", description="Counts what is lost and doubled under each fault."
    )
    parser.add_argument("--short", action="store_true", help="a few minutes")
    parser.add_argument("--seed", type=int, default=1, help="another one gives other chances")
    parser.add_argument(
        "--row", action="append", choices=[row.name for row in ROWS], help="only this; repeat it"
    )
    parser.add_argument("--runs", type=int, help="so many of each row")
    parser.add_argument("--chain", type=int, help="only this chain of a row, to see a failure again")
    parser.add_argument("--at-once", type=int, default=2, help="so many chains at a time")
    chosen = parser.parse_args()
    began = time.monotonic()
    wanted = [
        (row, chosen.runs or (row.short if chosen.short else row.full))
        for row in ROWS
        if not chosen.row or row.name in chosen.row
    ]
    results = []
    print(*head(), sep="\n", flush=True)
    for result in results_of(wanted, chosen.seed, only=chosen.chain, at_once=chosen.at_once):
        print(line_of(result), flush=True)
        for failure in result.failures:
            print(f"failed; to see it again: {failure}", flush=True)
        results.append(result)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{closing(results)}  (seed {chosen.seed}, {minutes:.0f} minutes)")
    return 1 if any(result.failures for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
