"""The peer of the start: PySide6, one window, one label, painted once."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel


class Label(QLabel):
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        super().paintEvent(event)
        QTimer.singleShot(0, painted)


def painted() -> None:
    from tests.bench.starting import resident_mb, tell

    tell("painted")
    tell("resident_mb", resident_mb)
    QApplication.quit()


application = QApplication(sys.argv[:1])
label = Label("One moment")
label.resize(1920, 1080)
label.show()
application.exec()
