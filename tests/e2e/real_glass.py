"""A real X server with a glass of 1920 × 1080, and the pictures of it that are kept.

``python -m tests.e2e.real_glass`` (``make glass-pictures``) takes the kept ones anew; nothing else does.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.e2e import child

KEPT: Final = Path(__file__).parent / "glass"
SIZE: Final = (640, 360)
TILE: Final = 20
"""Pixels of a kept picture: a third of a button's width, so that a missing word has a tile of its own."""
MOST: Final = 12.0
"""Of 255, on average over a tile: a caret in it or another smoothing of letters is less, a word is more."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk in one language, as far as a screen or through all, and the pages whose pictures are kept."""

    language: str
    pictures: tuple[str, ...]
    only_to: str = ""


WHOLE: Final = Walk("en", ("check", "stored"))
SHORT: Final = Walk("ru", ("welcome", "question"), "question")
KOREAN: Final = Walk("ko", ("need", "question"), "question")


@contextmanager
def x_server() -> Iterator[str]:
    """The name of a display that nobody else has, for as long as it is needed."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(20)


def walked(walk: Walk, out: Path, data: Path) -> dict[str, Any]:
    """Walks in a kiosk of its own on a display of its own; gives what :mod:`tests.e2e.pointer_tour` said."""
    out.mkdir(parents=True, exist_ok=True)
    wishes = ["--language", walk.language, "--only-to", walk.only_to]
    wishes += [word for screen in walk.pictures for word in ("--picture", screen)]
    with x_server() as display:
        env = child.environment(DISPLAY=display, QT_QPA_PLATFORM="xcb")
        ended = child.run("tests.e2e.pointer_tour", out, data, *wishes, env=env, seconds=600)
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return said


def kept(walk: Walk, screen: str) -> Path:
    return KEPT / f"{screen}-{walk.language}.png"


def small(picture: Path) -> QImage:
    """A picture of the glass at the size that is kept."""
    image = QImage(str(picture))
    assert not image.isNull(), f"{picture} is no picture"
    image = image.scaled(*SIZE, mode=Qt.TransformationMode.SmoothTransformation)
    return image.convertToFormat(QImage.Format.Format_RGB888)


def farthest(one: QImage, other: QImage) -> tuple[float, tuple[int, int]]:
    """How much the two differ in the tile where they differ most, of 255, and where on the glass that is."""
    apart = np.abs(_pixels(one) - _pixels(other)).mean(axis=2)
    tall, wide = apart.shape
    tiles = apart.reshape(tall // TILE, TILE, wide // TILE, TILE).mean(axis=(1, 3))
    row, column = np.unravel_index(int(tiles.argmax()), tiles.shape)
    scale = TILE * 1920 // SIZE[0]
    return float(tiles.max()), (int(column) * scale, int(row) * scale)


def _pixels(image: QImage) -> "np.typing.NDArray[np.float64]":
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.float64)


def take_anew(walks: Sequence[Walk]) -> None:
    KEPT.mkdir(exist_ok=True)
    for walk in walks:
        with TemporaryDirectory(prefix="opora-glass-") as folder:
            out = Path(folder) / "out"
            walked(walk, out, Path(folder) / "data")
            for screen in walk.pictures:
                assert small(out / f"{screen}.png").save(str(kept(walk, screen)))


if __name__ == "__main__":
    take_anew((WHOLE, SHORT, KOREAN))
