"""What people do at the machine that takes more than one touch."""

from pathlib import Path
from typing import Final

from installers.kiosk_machine import Machine
from installers.stick_image import copy_from
from installers.virtual_machine import until
from kiosk.flow.table import Screen
from kiosk.flow.view import Code
from kiosk.operators import Part
from sync.stick import FOLDER
from ui.tour.person import Person

PIN: Final = "408317"


def at(machine: Machine, part: Part, *, offers: str = "forward") -> None:
    window, conductor = machine.twin.window, machine.twin.app.conductor

    def there() -> bool:
        offered = any(id == offers for id, _ in window.page.all_targets())
        return offered and not conductor.working() and conductor.shown.key.split(":")[1:2] == [part]

    machine.twin.hands.until(there, 60.0, f"the page of {part}")
    machine.twin.in_step()


def receipt(machine: Machine, person: Person) -> str:
    """Walks to the end of the application, takes the receipt and leaves; what stands on it."""
    twin = machine.twin
    person.walk_to(Screen.STORED)
    twin.code, twin.reference = (
        "".join(part.groups) for part in twin.app.conductor.shown.body if isinstance(part, Code)
    )
    person.press("forward")
    receipt = machine.paper()
    while twin.screen != Screen.WELCOME:
        person.press("forward")
    return receipt


def sign_in(machine: Machine) -> None:
    twin = machine.twin
    twin.hands.choose("language", "en")
    twin.hands.choose("need", "staff")
    twin.hands.choose("operator", str(twin.app.conductor.desk.operators.names()[0].id))
    twin.hands.type("pin", PIN)
    twin.hands.press("forward")
    twin.rests_at(Screen.TODAY)


def plug_in(machine: Machine) -> None:
    twin = machine.twin
    machine.computer.plug_in(machine.stick)
    twin.plug_in()
    twin.hands.until(lambda: twin.offers("forward"), 60.0, "the page to see its stick")
    until(lambda: machine.computer.run("sh", "-c", "mount | grep /media/opora").out != "", "a mounted stick")
    twin.in_step()


def taken_out(machine: Machine, name: str) -> Path:
    """What the stick holds that was pulled out when its page said so; nobody unmounted it."""
    twin = machine.twin
    twin.hands.until(lambda: "DONE" in twin.app.conductor.shown.key, 60.0, "the exchange to end")
    twin.in_step()
    machine.computer.pull_out()
    twin.pull_out()
    twin.hands.press("forward")
    twin.rests_at(Screen.TODAY)
    target = machine.place / name
    copy_from(machine.stick, FOLDER, target)
    return target
