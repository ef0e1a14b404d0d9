"""A data folder that is ready for a tour: pack, coordinator, and a hub that knows the kiosk.

Made in a process of its own, so that whoever copies it finds every file closed:
``python -m tests.e2e.settled DATA``.
"""

import os
import sys
from pathlib import Path

from ui.demonstration import demonstration_hub, settle_in
from ui.house import House
from ui.opening import utc_now


def main() -> None:
    folder = Path(sys.argv[1])
    with demonstration_hub(folder, utc_now) as hub:
        house = House(folder, clock=utc_now, deliver=lambda call: call(), environment=os.environ)
        try:
            settle_in(house, hub)
        finally:
            house.close()


if __name__ == "__main__":
    main()
