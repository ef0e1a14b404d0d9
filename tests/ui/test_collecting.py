"""Widgets are deleted on Qt's own thread, whichever thread makes Python collect."""

import gc
import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.collecting import GuiCollector, collect_what_is_due


def test_another_thread_never_collects_while_there_is_a_window(application: QApplication) -> None:
    owner = QObject()
    collector = GuiCollector(owner)
    threads: list[int] = []
    kept: list[list[int]] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            threads.append(threading.get_ident())

    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=lambda: kept.extend([each] for each in range(20_000)))
        worker.start()
        worker.join()
        assert threads == []
        collect_what_is_due()
        assert threads == [threading.get_ident()]
    finally:
        gc.callbacks.remove(note)
        collector.end()
        gc.disable()
