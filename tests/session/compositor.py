"""The kiosk session as its unit starts it, under cage with a screen that is only memory."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil
import pytest
from PIL import Image

from tests.e2e import child
from tests.session.supervising import Service, service

SCRIPT: Final = child.REPOSITORY / "installers" / "session" / "kiosk-session"
WATCHDOG_S: Final = 3.0
HEADLESS: Final = {
    "WLR_BACKENDS": "headless",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "WLR_RENDERER": "pixman",
    # A single full-screen window in memory is shown by handing its buffer on, and a picture of a buffer that
    # was handed on is black. A screen that is turned has to be composed.
    "OPORA_CAGE_OPTIONS": "-r -r",
}

needs_cage = pytest.mark.skipif(
    not all(map(shutil.which, ("cage", "Xwayland", "grim", "unshare"))),
    reason="needs the packages cage, xwayland, grim and util-linux",
)


@dataclass(frozen=True, slots=True)
class Session:
    """``runtime`` is its $XDG_RUNTIME_DIR."""

    service: Service
    runtime: Path

    def picture(self) -> Image.Image | None:
        """What stands on the screen; None while there is no compositor that would show it."""
        sockets = [each for each in self.runtime.glob("wayland-*") if each.suffix != ".lock"]
        if not sockets:
            return None
        env = {**os.environ, "XDG_RUNTIME_DIR": str(self.runtime), "WAYLAND_DISPLAY": sockets[-1].name}
        taken = subprocess.run(["grim", "-"], env=env, capture_output=True, timeout=60, check=False)
        return Image.open(BytesIO(taken.stdout)) if taken.returncode == 0 else None

    def members(self) -> list[psutil.Process]:
        """Every process that the session still has, the kiosk among them."""
        return [each for each in psutil.process_iter() if _session_of(each.pid) == self.service.process.pid]

    def named(self, name: str) -> psutil.Process:
        return next(each for each in self.members() if _name_of(each) == name)


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid) if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else 0
    except (ProcessLookupError, psutil.NoSuchProcess):
        return 0


def _name_of(process: psutil.Process) -> str:
    """Blank where it has ended since it was listed: a server's compiler of key maps lives for a moment."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


@contextmanager
def runtime_folder() -> Iterator[Path]:
    """A socket's path has room for 107 letters, which pytest's own folders may take up alone."""
    with TemporaryDirectory(prefix="opora-") as folder:
        yield Path(folder)


@contextmanager
def kiosk_session(
    data: Path, folder: Path, *, under: Sequence[str] = (), runtime: Path | None = None, **more: str
) -> Iterator[Session]:
    """Over a screen in memory, unless ``more`` says otherwise to the environment; ``under`` a tracer, say.
    In ``runtime`` what one start leaves is found by the next.

    cage refuses to run as root, so root becomes somebody else in a name space of its own.
    """
    somebody = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.getuid() == 0 else []
    kiosk = [sys.executable, "-m", "ui.commands", "kiosk", "--data", data, "--panel", "15.6"]
    with nullcontext(runtime) if runtime is not None else runtime_folder() as place:
        env = {**child.environment(), **HEADLESS, "XDG_RUNTIME_DIR": str(place), **more}
        for name in {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"} - set(more):
            env.pop(name, None)
        with service([*somebody, *under, SCRIPT, *kiosk], folder, watchdog_s=WATCHDOG_S, env=env) as started:
            yield Session(started, place)
