"""``python -m installers.windows.icon OUT.ico``: the program's picture in every size that Windows shows."""

import sys
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING: Final = Path(__file__).parents[1] / "icon" / "opora.svg"
SIZES: Final = (16, 24, 32, 48, 64, 128, 256)


def painted(size: int) -> Image.Image:
    """Drawn anew at each size; scaled down, the thin lines of a large one would be lost."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


def write_icon(out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    largest, *smaller = (painted(size) for size in reversed(SIZES))
    largest.save(out, format="ICO", sizes=[(size, size) for size in SIZES], append_images=smaller)


if __name__ == "__main__":
    application = QGuiApplication(["icon", "-platform", "offscreen"])
    write_icon(Path(sys.argv[1]))
