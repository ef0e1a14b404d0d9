"""A USB stick as it is sold, in a file: FAT, and read and written here without mounting it."""

import subprocess
from pathlib import Path
from typing import Final

LABEL: Final = "BLUE"
_KIB: Final = 65536


def make_stick(image: Path) -> None:
    image.unlink(missing_ok=True)
    subprocess.run(["mkfs.vfat", "-n", LABEL, "-C", image, str(_KIB)], check=True, capture_output=True)


def copy_from(image: Path, folder: str, target: Path) -> None:
    """``target`` is made, with what lies in the stick's ``folder``."""
    target.mkdir()
    _mtools("mcopy", image, f"::/{folder}/*", str(target))


def copy_to(image: Path, source: Path, folder: str) -> None:
    """What lies in ``source`` takes the place of what lay in the stick's ``folder``."""
    if _has(image, folder):
        _mtools("mdeltree", image, f"::/{folder}")
    _mtools("mmd", image, f"::/{folder}")
    _mtools("mcopy", image, *map(str, sorted(source.iterdir())), f"::/{folder}")


def _has(image: Path, folder: str) -> bool:
    return not subprocess.run(["mdir", "-i", str(image), f"::/{folder}"], capture_output=True).returncode


def _mtools(command: str, image: Path, *words: str) -> None:
    subprocess.run([command, "-i", str(image), *words], check=True, capture_output=True)
