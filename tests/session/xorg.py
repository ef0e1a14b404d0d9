"""A real Xorg with a driver that has sixteen outputs and no glass: screens to plug in and pull out."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageGrab

SIZES: Final = ((1920, 1080), (1366, 768), (1280, 720), (1080, 1920))
_CONFIGURATION: Final = """
Section "Device"
  Identifier "dummy"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Screen"
  Identifier "screen"
  Device "dummy"
  DefaultDepth 24
  SubSection "Display"
    Virtual 3840 2160
  EndSubSection
EndSection
"""
_DRIVER: Final = Path("/usr/lib/xorg/modules/drivers/dummy_drv.so")

needs_xorg = pytest.mark.skipif(
    not (_DRIVER.exists() and shutil.which("Xorg") and shutil.which("xrandr")),
    reason="needs xserver-xorg-core, xserver-xorg-video-dummy and x11-xserver-utils",
)


@dataclass(frozen=True, slots=True)
class Screens:
    """``display`` is the server's name; outputs are named DUMMY0, DUMMY1 and so on."""

    display: str

    def change(self, *words: str) -> None:
        """As ``xrandr`` does: ``--output DUMMY0 --off``."""
        self._run("xrandr", *words)

    def picture(self) -> Image.Image:
        """All of it, as it stands on the glass."""
        return ImageGrab.grab(xdisplay=self.display)

    def window_size(self) -> tuple[int, int]:
        """The kiosk's; (0, 0) while there is none."""
        said = self._run("xdotool", "search", "--name", "Opora", "getwindowgeometry", check=False)
        found = re.search(r"Geometry: (\d+)x(\d+)", said)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def resize_window(self, wide: int, high: int) -> None:
        """The only window there is, whatever its name."""
        (window,) = re.findall(
            r"^ +(0x[0-9a-f]+) ", self._run("xwininfo", "-root", "-children"), re.MULTILINE
        )
        self._run("xdotool", "windowsize", window, str(wide), str(high))

    def _run(self, *words: str, check: bool = True) -> str:
        env = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(words, env=env, capture_output=True, text=True, check=check, timeout=60).stdout


def write_configuration(folder: Path) -> Path:
    configuration = folder / "xorg.conf"
    configuration.write_text(_CONFIGURATION)
    return configuration


@contextmanager
def screens(folder: Path) -> Iterator[Screens]:
    """One output is on, at the first of :data:`SIZES`; a second one can be switched on."""
    configuration = write_configuration(folder)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            *("Xorg", "-displayfd", str(writing), "-noreset", "-nolisten", "tcp", "-novtswitch"),
            *("-config", str(configuration), "-configdir", str(folder / "none")),
            *("-logfile", str(folder / "xorg.log")),
        ],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        assert number, (folder / "xorg.log").read_text()
        found = Screens(f":{number}")
        for wide, high in SIZES:
            # xrandr wants a whole mode line; nothing reads more of it here than the two sizes.
            line = [wide, wide + 10, wide + 20, wide + 30, high, high + 5, high + 10, high + 15]
            found.change("--newmode", f"{wide}x{high}", "100", *map(str, line))
            for output in ("DUMMY0", "DUMMY1"):
                found.change("--addmode", output, f"{wide}x{high}")
        found.change("--output", "DUMMY0", "--mode", "1920x1080")
        yield found
    finally:
        server.terminate()
        server.wait(20)
