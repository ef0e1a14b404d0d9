"""Whether a window can be shown to somebody here, and what to do where it cannot."""

import os
import sys


def has_display() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def paint_without_display() -> None:
    """Lets Qt paint into memory where there is no display, unless somebody chose a platform."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
