"""A stolen kiosk that is switched on where it has a line: it obeys, says so, and keeps nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.catalogue.demo import IDENTITIES
from kiosk.flow.view import Notice, View
from kiosk.store.wiping import KEPT
from sync.hub import journals
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener, identities_in
from sync.hub.server import HubServer
from ui.glass import Glass
from ui.opening import Opening, utc_now

PATIENCE_S = 120.0


def test_kiosk_that_is_ordered_to_says_that_it_was_erased_and_nothing_is_left(
    qt: QApplication, data: Path, tmp_path: Path
) -> None:
    folder = (data / "hub").rename(tmp_path / "hub")
    opener = Opener(identities_in(IDENTITIES), {})
    database = HubDatabase.in_folder(folder)
    with HubServer(database, HubIdentity.of_folder(folder), opener, utc_now) as hub:
        opening = Opening(
            data, Glass.panel("15.6", 1920, 1080), prepare=lambda house: house.change(HUB_URL=hub.url)
        )
        window = opening.window
        window.show()
        try:
            _until(lambda: opening.app is not None and bool(opening.app.couriers))
            assert opening.app is not None
            kiosk = opening.app.house.facts.kiosk
            with opening.app.house.database.reader() as repositories:
                entries = len(list(repositories.journal.entries()))
            hub.kiosks.order_wipe(kiosk)
            opening.app.couriers[0].try_now(lambda _: None)
            _until(lambda: any("has been erased" in text for text in _notices(window.page.view)))
            left = {path.relative_to(data).as_posix() for path in data.rglob("*")}
            assert left == KEPT
            *_, last = journals.heads(database, kiosk)
            assert last.number == entries + 1, "the hub heard the journal's last entry: erased"
        finally:
            opening.close()


def _notices(view: View | None) -> Iterator[str]:
    assert view is not None
    return (part.title for part in view.body if isinstance(part, Notice))


def _until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not there():
        assert time.monotonic() < deadline, "the kiosk did not come to that"
        QTest.qWait(10)
