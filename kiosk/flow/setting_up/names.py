"""What can be set up again, by the name that people know it by."""

from collections.abc import Mapping
from typing import Final

from kiosk.operators import Part
from kiosk.texts import N_

NAMES: Final[Mapping[Part, str]] = {
    Part.SIZE: N_("Size of the screen"),
    Part.SOUND: N_("Sound"),
    Part.PRINTER: N_("Printer"),
    Part.CENTRE: N_("Name and address of the centre"),
    Part.HUB: N_("Connection to the agency"),
    Part.PRACTICE: N_("A practice application"),
}
"""What can be done again; language and coordinator have pages of their own."""
