"""The same package under a later version, as the next release is."""

import re
import shutil
import subprocess
from pathlib import Path

from installers.checking import Failed


def make_later(package: Path, target: Path, folder: Path) -> None:
    """``folder`` holds what is packed meanwhile. Raises Failed for a package without a version."""
    opened = folder / "later"
    shutil.rmtree(opened, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--raw-extract", package, opened], check=True)
    control = opened / "DEBIAN/control"
    text, found = re.subn(r"(?m)^(Version: .+)$", r"\1+next", control.read_text())
    if found != 1:
        raise Failed(f"{package} has no version")
    control.write_text(text)
    # Not compressed: it is only to be installed.
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "--build", opened, target],
        check=True,
        capture_output=True,
    )
    shutil.rmtree(opened)
