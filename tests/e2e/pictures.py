"""Paints the README's pictures anew, from whole tours: ``python -m tests.e2e.pictures``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ui.tour.tour import Wishes, run_tour

TARGET = Path(__file__).parents[2] / "assets" / "pictures"
WANTED = {"en": ("welcome", "found"), "ru": ("question",), "ko": ("stored",)}
QUESTION = 3
"""Which question stands for all: one with cards to choose from."""
WIDTH = 960


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="opora-pictures-") as folder:
        for language, screens in WANTED.items():
            out = Path(folder) / language
            run_tour(Wishes(out, language=language))
            for screen in screens:
                seen = sorted(out.glob(f"*-{screen}.png"))
                painted = QImage(str(seen[QUESTION - 1] if screen == "question" else seen[0]))
                small = painted.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
                small.save(str(TARGET / f"{screen}-{language}.png"))


if __name__ == "__main__":
    main()
