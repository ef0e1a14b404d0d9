"""The burglar, at kiosks that run as the package's program: ``python -m tests.privacy.packaged [--seed N]``.

Builds the program anew with one thing changed: where it begins. It then forgets as a kiosk does and becomes
the module of these tests that it is told, which is read from the sources; everything of the kiosk comes from
the program. Takes some minutes, and the packages of installers/packages-package.txt.
"""

import argparse
import os
import runpy
import sys
from pathlib import Path
from typing import Final

PATHS: Final = "OPORA_PROOF_PATHS"
"""Where the program finds these tests, pytest, and what of Python's library a kiosk has no need of."""


def main() -> None:
    from installers.payload import build
    from tests.privacy.burglar import burglar, plans

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    os.environ["OPORA_PAYLOAD_START"] = __file__
    folder = build.ROOT / "build" / "proof"
    build.main(folder)
    os.environ[PATHS] = os.pathsep.join(map(str, paths(build.ENVIRONMENT)))
    with burglar(chosen.seed, [str(folder / "opora" / "opora")]) as thief:
        for plan in plans(chosen.seed, chosen.runs):
            for hit in thief.run(plan):
                sys.stdout.write(f"{hit}\n")
    sys.stdout.write(f"{thief.findings}\n")
    sys.exit(1 if thief.findings.hits else 0)


def paths(environment: Path) -> list[Path]:
    import pytest

    library = (environment / "bin/python").resolve().name
    return [Path(__file__).parents[2], Path(pytest.__file__).parents[1], Path("/usr/lib") / library]


def begin_as_program() -> None:
    """What stands in the place of `installers/payload/start.py`."""
    from kiosk.voice import child

    if sys.argv[1:] == [child.CALLED]:
        child.main()
    from ui.forgetful import start_forgetful

    start_forgetful()
    sys.path += os.environ[PATHS].split(os.pathsep)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        begin_as_program()
    else:
        main()
