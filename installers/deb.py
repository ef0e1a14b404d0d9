"""Builds the Debian package: `python -m installers.deb` leaves build/opora_VERSION_amd64.deb.

The program is gathered first (`payload/build.py`), then staged with `debian/` and `session/` in build/deb,
where dpkg-buildpackage works. The same sources give the same bytes wherever they lie: `--twice` builds in two
folders with an environment each and compares.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from installers.payload import build as payload
from installers.payload.contents import sizes

ROOT: Final = Path(__file__).resolve().parents[1]
STAGED: Final = ROOT / "build" / "deb" / "opora"
AIM: Final = 120e6
"""Bytes to download: what a village's line brings in half an hour."""
_LICENCES: Final = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
_TOOLS: Final = frozenset(
    {"pip", "setuptools", "pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "packaging"}
)


def main() -> None:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--twice", action="store_true", help="build in two folders and compare")
    if chosen.parse_args().twice:
        sys.exit(0 if same_twice() else 1)
    tell(build())


def build() -> Path:
    """The finished package."""
    payload.main()
    stage()
    run("dpkg-buildpackage", "--build=binary", "--unsigned-changes", "--unsigned-buildinfo", cwd=STAGED)
    (made,) = STAGED.parent.glob("opora_*_amd64.deb")
    package = ROOT / "build" / made.name
    shutil.copyfile(made, package)
    run("lintian", "--fail-on", "error,warning", "--allow-root", package, cwd=ROOT)
    return package


def stage() -> None:
    """What `debian/rules` reads, and nothing else."""
    shutil.rmtree(STAGED.parent, ignore_errors=True)
    here = Path(__file__).parent
    STAGED.mkdir(parents=True)
    for folder in ("debian", "session", "icon"):
        shutil.copytree(here / folder, STAGED / folder)
    (STAGED / "pages").mkdir()
    for page in (here / "OPERATIONS.md", ROOT / "CHANGELOG.md"):
        shutil.copy(page, STAGED / "pages")
    shutil.copytree(payload.BUILD / "opora", STAGED / "payload", symlinks=True)
    copy_licences(STAGED / "third-party")
    epoch = int(payload.epoch())
    for path in STAGED.rglob("*"):
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def copy_licences(target: Path) -> None:
    """The licence texts of everything that the program was gathered from, a folder each."""
    (installed,) = payload.ENVIRONMENT.glob("lib/python3*/site-packages")
    for distribution in metadata.distributions(path=[str(installed)]):
        name = distribution.metadata["Name"].lower()
        if name in _TOOLS:
            continue
        for file in distribution.files or ():
            if ".dist-info" in str(file) and file.name.upper().startswith(_LICENCES):
                (target / name).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(installed / file, target / name / file.name)


def same_twice() -> bool:
    """Builds what git knows of this tree in two folders. True where the bytes are equal."""
    digests = []
    for name in ("one", "another-folder"):
        folder = ROOT / "build" / "twice" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(
            ["tar", "--create", "--null", "--files-from=-"],
            input=files,
            cwd=ROOT,
            check=True,
            stdout=(folder / "tree").open("wb"),
        )
        run("tar", "--extract", "--file=tree", cwd=folder)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        run(sys.executable, "-m", "installers.deb", cwd=folder)
        (made,) = (folder / "build").glob("opora_*_amd64.deb")
        digests.append(hashlib.sha256(made.read_bytes()).hexdigest())
        sys.stdout.write(f"{digests[-1]}  {made.relative_to(ROOT)}\n")
    sys.stdout.write("The same bytes twice.\n" if digests[0] == digests[1] else "The two differ.\n")
    return digests[0] == digests[1]


def tell(package: Path) -> None:
    """Download and install size, the largest parts, and whether the aim is reached."""
    download = package.stat().st_size
    parts = list(sizes(STAGED / "debian" / "opora"))
    whole = sum(size for _, size in parts)
    lines = [
        f"{package.relative_to(ROOT)}",
        f"{download / 1e6:8.1f} MB to download (the aim is under {AIM / 1e6:.0f} MB)",
        f"{whole / 1e6:8.1f} MB installed; the largest parts:",
        *(f"{size / 1e6:8.1f} MB  /{name}" for name, size in parts[:12]),
        f"SHA-256 {hashlib.sha256(package.read_bytes()).hexdigest()}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    if download > AIM:
        sys.exit("The package is larger than it should be.")


def run(*command: object, cwd: Path) -> None:
    settled = {**os.environ, "SOURCE_DATE_EPOCH": payload.epoch(), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    subprocess.run([str(word) for word in command], check=True, cwd=cwd, env=settled)


if __name__ == "__main__":
    main()
