"""Some releases of PySide6 lose references to None and abort the process; the pin keeps them out."""

import subprocess
import sys

CHILD = """
import gc, sys
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
widget = QWidget()
def calls():
    for _ in range(2_000):
        widget.setToolTip("")
        widget.move(1, 1)
        widget.update()
        widget.isVisible()
        widget.isEnabled()
        widget.parentWidget()
        widget.setVisible(False)
        widget.mapToGlobal(QPoint(0, 0))
        widget.hasFocus()
        widget.setEnabled(True)
def counts():
    gc.collect()
    return [sys.getrefcount(each) for each in (None, True, False)]
calls()
before = counts()
calls()
print(*(after - earlier for earlier, after in zip(before, counts())))
"""


def test_20000_qt_calls_leave_the_counts_of_none_true_and_false_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        capture_output=True,
        text=True,
        timeout=60,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": "/"},
    )
    assert done.returncode == 0, done.stderr
    assert all(abs(int(change)) < 50 for change in done.stdout.split()), done.stdout
