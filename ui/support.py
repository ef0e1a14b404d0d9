"""Puts the file for whoever helps from afar together: the machine's side of :mod:`kiosk.support`."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from kiosk.checks import Check
from kiosk.store.engine import HEAD, faults_told, sync_folder
from kiosk.support import SUFFIX, support_bundle
from ui.house import APP_VERSION

UNIT: Final = "opora-kiosk.service"
_BUILT_OF: Final = ("PySide6_Essentials", "SQLAlchemy", "requests", "reportlab", "pyttsx3", "cryptography")
_PROPERTIES: Final = (
    "ActiveState",
    "SubState",
    "Result",
    "NRestarts",
    "ExecMainCode",
    "ExecMainStatus",
    "MemoryCurrent",
    "TasksCurrent",
    "WatchdogUSec",
)
LINES: Final = 2000
PATIENCE_S: Final = 10.0


def write_support(place: Path, data: Path, checks: Iterable[Check], now: datetime) -> Path:
    """Into the file ``place``, or under a name of its own into the folder. StoreFault where it cannot be."""
    content = support_bundle(data, checks=checks, versions=_versions(), unit=_unit(), log=_log(), now=now)
    file = place / f"{now:%Y%m%d-%H%M%S}{SUFFIX}" if place.is_dir() else place
    with faults_told():
        with file.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        sync_folder(file.parent)
    return file


def _versions() -> dict[str, str]:
    found = {
        "opora": APP_VERSION,
        "schema": HEAD,
        "python": platform.python_version(),
        "system": platform.system(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "distribution": _distribution(),
    }
    for name in _BUILT_OF:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not found"
    return found


def _distribution() -> str:
    try:
        known = platform.freedesktop_os_release()
    except OSError:
        return ""
    return f"{known.get('ID', '')} {known.get('VERSION_ID', '')}".strip()


def _unit() -> dict[str, str]:
    said = _said("systemctl", "show", UNIT, f"--property={','.join(_PROPERTIES)}")
    found = dict(line.split("=", 1) for line in said if "=" in line)
    return {name: found[name] for name in _PROPERTIES if name in found} or {"state": "no service here"}


def _log() -> list[str]:
    return _said("journalctl", "-u", UNIT, "-o", "cat", "-n", str(LINES), "--no-pager")


def _said(*command: str) -> list[str]:
    """What a command of the system printed; nothing where there is none, or where it does not answer."""
    if shutil.which(command[0]) is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of the system
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []
