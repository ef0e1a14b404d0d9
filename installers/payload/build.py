"""Builds the one-folder program: `python -m installers.payload.build` leaves it in build/payload/opora.

In this order: an environment of its own from `requirements.lock` beside this file (hashes checked), texts
compiled, the demonstration's packs built, PyInstaller, a look at the result. The same sources give the same
bytes: times come from SOURCE_DATE_EPOCH and sets are gone through in one order.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from installers.payload.contents import sizes

ROOT: Final = Path(__file__).resolve().parents[2]
BUILD: Final = ROOT / "build" / "payload"
PREPARED: Final = BUILD / "prepared"
ENVIRONMENT: Final = BUILD / "venv"
CHANGELOG: Final = ROOT / "installers" / "debian" / "changelog"
LOCK: Final = Path(__file__).with_name("requirements.lock")
PYTHON: Final = os.environ.get(
    "OPORA_PAYLOAD_PYTHON", "/usr/bin/python3" if os.name == "posix" else sys.executable
)
"""Debian's own, so that the program's Python has Debian's corrections."""
AUTHORS_PYTHON: Final = ROOT / ".venv" / ("bin/python" if os.name == "posix" else "Scripts/python.exe")
"""The environment of `make setup`, which can build packs."""


def main(target: Path = BUILD) -> None:
    """Leaves the program in the folder `opora` of `target`."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    python = environment()
    for compiled in ROOT.glob("assets/texts/*/opora.mo"):
        compiled.unlink()  # its age says nothing where sources were unpacked with theirs
    run(python, "-m", "kiosk.texts")
    prepare(version)
    run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", target, "--workpath", target / "work", Path(__file__).with_name("opora.spec")),
    )
    tell(target / "opora")


def environment() -> Path:
    """Makes it, where the lock has changed. Returns its Python."""
    python = ENVIRONMENT / ("bin/python" if os.name == "posix" else "Scripts/python.exe")
    stamp = ENVIRONMENT / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes() + PYTHON.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        run(PYTHON, "-m", "venv", ENVIRONMENT)
        run(
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            LOCK,
        )
        stamp.write_text(wanted)
    return python


def prepare(version: str) -> None:
    """What is made for the program and lies in no folder of ours."""
    shutil.rmtree(PREPARED, ignore_errors=True)
    about = PREPARED / f"opora-{version}.dist-info" / "METADATA"
    about.parent.mkdir(parents=True)
    about.write_text(f"Metadata-Version: 2.1\nName: opora\nVersion: {version}\n")
    packs = PREPARED / "assets" / "demo"
    run(
        AUTHORS_PYTHON,
        "-c",
        "import sys; from pathlib import Path\n"
        "from kiosk.catalogue.demo import READY, SOURCES, ensure_demo_pack\n"
        "for sources in (SOURCES, SOURCES / 'gallery'):\n"
        "    target = Path(sys.argv[1]) / sources.relative_to(SOURCES) / READY\n"
        "    target.parent.mkdir(parents=True, exist_ok=True)\n"
        "    ensure_demo_pack(target, sources)",
        packs,
    )


def tell(folder: Path) -> None:
    """The size, and the largest parts."""
    parts = sizes(folder)
    whole = sum(size for _, size in parts)
    lines = [f"{whole / 1e6:8.1f} MB  {folder.relative_to(ROOT)}"]
    lines += [f"{size / 1e6:8.1f} MB    {name}" for name, size in parts if size > 0.01 * whole]
    sys.stdout.write("\n".join(lines) + "\n")


def run(*command: object) -> None:
    settled = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": epoch(),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT, env=settled)


def epoch() -> str:
    """The time of all that is in the program: given, or that of the package's newest changelog entry."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    newest = next(line for line in CHANGELOG.read_text().splitlines() if line.startswith(" -- "))
    return str(int(parsedate_to_datetime(newest.rpartition(">")[2].strip()).timestamp()))


if __name__ == "__main__":
    main()
