"""The kiosk as `opora demo` opens it, until its first page has answered a touch."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ui.glass import Glass
from ui.opening import Opening, application

if TYPE_CHECKING:
    from ui.app import KioskApp
    from ui.house import House


def prepare(house: "House") -> None:
    """A kiosk that is set up already has nothing to prepare; the first run of a folder sets it up."""
    if not (house.folder / "current.opora-pack").exists() or not house.operators.names():
        from kiosk.catalogue.demo import ensure_demo_pack
        from ui.demonstration import settle_in_alone

        ensure_demo_pack(house.folder / "current.opora-pack")
        settle_in_alone(house)


def main() -> None:
    from tests.bench.starting import resident_mb, tell

    qt = application()

    def ready(app: "KioskApp") -> None:
        """The welcome page stands: touch a language, and wait until the next page is painted."""
        from ui.driver import Driver

        driver = Driver(app.window)
        driver.until(lambda: app.conductor.screen == "welcome", 20, "welcome")
        driver.choose("language", "ru")
        driver.until(lambda: app.conductor.screen == "need", 20, "an answer to a touch")
        tell("answers")
        tell("resident_mb", resident_mb)
        qt.quit()

    opening = Opening(Path(sys.argv[1]), Glass.panel("15.6"), prepare=prepare, ready=ready)
    opening.window.resize(1920, 1080)
    opening.window.painted.connect(lambda: tell("painted") if opening.app is None else None)
    opening.window.show()
    qt.exec()
    if opening.failure is not None:
        raise SystemExit(str(opening.failure))
    opening.close()


main()
