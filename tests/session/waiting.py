"""Waiting for what another process does, with a deadline that a busy machine keeps."""

import threading
import time
from collections.abc import Callable

from PIL import Image

PATIENCE_S = 90.0


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        threading.Event().wait(0.1)


def is_a_page(picture: Image.Image) -> bool:
    """Paper in all four corners, and words between them."""
    wide, high = picture.size
    image = picture.convert("RGB")
    corners = {image.getpixel(at) for at in ((1, 1), (wide - 2, 1), (1, high - 2), (wide - 2, high - 2))}
    colours = image.getcolors(1 << 20)
    return len(corners) == 1 and colours is not None and len(colours) > 100 and (0, 0, 0) not in corners
