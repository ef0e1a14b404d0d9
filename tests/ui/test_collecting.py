"""Widgets are deleted on Qt's own thread, whichever thread makes Python collect."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.collecting import AT_REST, OLDEST, GuiCollector


@pytest.mark.parametrize("ended", [False, True])
def test_another_thread_never_collects_once_there_was_a_window(
    application: QApplication, *, ended: bool
) -> None:
    owner = QObject()
    gc.enable()
    collector = GuiCollector(owner)
    if ended:
        collector.end()
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
        collector.collect()
        assert threads == [threading.get_ident()]
    finally:
        gc.callbacks.remove(note)
        gc.disable()
        collector.end()


def test_the_long_collection_waits_until_nobody_touches_the_glass(application: QApplication) -> None:
    now = [0.0]
    owner = QObject()
    collector = GuiCollector(owner, lambda: now[0])
    generations: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            generations.append(info["generation"])

    def fill() -> list[list[int]]:
        """Until the oldest generation is due, by Python's own count."""
        gc.collect()
        young, middle, old = gc.get_threshold()
        for _ in range((middle + 1) * (old + 1)):
            gc.collect(1)
        return [[each] for each in range(2 * young)]

    thresholds = gc.get_threshold()
    gc.set_threshold(20, 2, 2)
    try:
        kept = fill()
        assert gc.get_count()[OLDEST] > 2, "the oldest generation is due"
        gc.callbacks.append(note)
        collector.touched()
        collector.collect()
        assert generations, "what is young is collected all the same"
        assert OLDEST not in generations
        now[0] += AT_REST
        kept += fill()
        collector.collect()
        assert generations[-1] == OLDEST
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*thresholds)
        collector.end()


def test_what_was_there_at_the_start_is_looked_through_no_more_until_the_end(
    application: QApplication,
) -> None:
    owner = QObject()
    collector = GuiCollector(owner)
    try:
        collector.settle()
        assert gc.get_freeze_count() > 0
    finally:
        collector.end()
    assert gc.get_freeze_count() == 0
