"""The kiosk as a check sees it: a computer, papers, and the one beside it that knows what it has to show."""

import base64
import io
import tarfile
from pathlib import Path
from typing import Final

import pypdf

from installers.agency import Agency
from installers.checking import Failed
from installers.lockstep import Twin
from installers.machine_image import TRAY
from installers.virtual_machine import Said, VirtualMachine, until
from kiosk.forms import parse_form
from ui.glass import Glass
from ui.tour.person import Person
from ui.tour.persona import Persona

UNIT: Final = "opora-kiosk.service"
SERVICE: Final = "heating-allowance"
SEED: Final = 12
"""Of the seeds tried the one with the fewest questions."""
BOOT_S: Final = 300.0
_PAGE: Final = Path(__file__).with_name("OPERATIONS.md")


class Applicant(Person):
    """Somebody who may be interrupted."""

    def answer_one(self) -> None:
        self._act()
        self.look()


class Machine:
    """The computer, the kiosk beside it that knows what it has to show, and what checks tell each other."""

    def __init__(self, place: Path, sockets: Path, package: Path) -> None:
        self.place, self.package = place, package
        self.computer = VirtualMachine(place, sockets)
        self.agency = Agency(place / "agency")
        self.agency_beside = Agency(place / "agency-beside")
        self.stick = place / "stick.img"
        self.code = ""
        """The last that somebody was given there: for the first start, then on a receipt."""
        self.reference = ""
        self._taken = 0
        self._twin: Twin | None = None
        self.applicant: Applicant | None = None

    # -- inside

    def must(self, *command: str, seconds: float = 120.0) -> Said:
        said = self.computer.run(*command, seconds=seconds)
        if said.status:
            raise Failed(
                f"{' '.join(command)} ended with {said.status}: {(said.err or said.out)[-800:].strip()}"
            )
        return said

    def orders(self, *command: str) -> None:
        """What ends this run of the system: nobody hears how it ends."""
        self.computer.order(*command)
        self.computer.starts_anew()

    def page_says(self, part: str, **places: str) -> Said:
        """The one command of the operations page's first part with ``part`` in it."""
        found = [line for line in page_commands() if part in line]
        if len(found) != 1:
            raise Failed(f"the page has {len(found)} commands with {part!r}")
        line = found[0].removeprefix("sudo ")
        for place, value in places.items():
            line = line.replace(place, value)
        return self.must("sh", "-c", line)

    def starts(self) -> float:
        """Waits until the system answers."""
        return until(self.computer.agent_answers, "the system to answer", BOOT_S)

    def kiosk(self, fact: str) -> str:
        return self.must("systemctl", "show", "--value", "-p", fact, UNIT).out.strip()

    def opens(self, after: str = "") -> float:
        """Waits until the kiosk stands, another process than ``after``."""
        return until(
            lambda: self.kiosk("StatusText") == "Open" and self.kiosk("MainPID") not in ("0", after),
            "the kiosk to stand",
            BOOT_S,
            every=0.5,
        )

    def papers(self) -> list[str]:
        """The text of each paper that lies in the printer's tray; it is taken out. The printer counts from
        one again when it is switched on anew."""
        names = set(self.must("ls", TRAY).out.splitlines())
        # The second file comes when the first is whole.
        whole = sorted(name for name in names if name.endswith(".pdf") and f"{name[:-4]}.prn" in names)
        return [self._text(name) for name in whole]

    def paper(self) -> str:
        """The text of one more paper, as soon as it is out."""
        came: list[str] = []

        def out() -> bool:
            came.extend(self.papers())
            return bool(came)

        until(out, "a paper", every=1.0)
        return came[-1]

    def _text(self, name: str) -> str:
        pdf = base64.b64decode(self.must("base64", f"{TRAY}/{name}").out)
        self.must("rm", f"{TRAY}/{name}", f"{TRAY}/{name[:-4]}.prn")
        self._taken += 1
        (self.place / "papers").mkdir(exist_ok=True)
        (self.place / "papers" / f"{self._taken}.pdf").write_bytes(pdf)
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)

    # -- beside it

    @property
    def twin(self) -> Twin:
        if self._twin is None:
            raise Failed("nobody knows what it has to show")
        return self._twin

    def begin_twin(self, data: bytes) -> None:
        folder = self.place / "twin"
        folder.mkdir()
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            packed.extractall(folder / "whole", filter="data")
        (folder / "whole/.local/share/opora").rename(folder / "data")
        wide, tall = self.must("sh", "-c", "od -An -tu1 -j21 -N2 /sys/class/drm/card0-*/edid").out.split()
        self._twin = Twin(self.computer, folder, Glass(1920, 1080, 10.0 * int(wide), 10.0 * int(tall)))

    def person(self) -> Applicant:
        """Somebody who asks for the shortest of the demonstration's applications."""
        conductor = self.twin.app.conductor
        pack = conductor.desk.pack
        form = next(each.form for each in pack.services if each.id == SERVICE)
        assert form is not None, "a service that is applied for has a form"
        persona = Persona.for_form(parse_form(pack.forms[form].source), "en", SEED)
        return Applicant(conductor, self.twin.hands, persona, SERVICE, None, lambda: None, lambda _view: None)

    def close(self) -> None:
        if self._twin is not None:
            self._twin.close()
        if self.computer.is_on():
            self.computer.cut_power()


def page_commands() -> list[str]:
    """Of the page's first part, up to the next heading of its kind."""
    first = _PAGE.read_text().split("\n# ")[0]
    return [line.strip() for line in first.splitlines() if line.startswith("    ")]
