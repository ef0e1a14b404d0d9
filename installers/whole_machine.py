"""`make test-machine`: a whole computer, from a fresh Debian with the package to a decision that came home.

It is switched on, made a kiosk by the commands of OPERATIONS.md, set up by touch, used, killed, cut off from
its power, renewed and switched off; a line for each thing that holds. Nothing outside build/test-machine is
touched. Pictures, papers and the table lie there afterwards. Ends with 1 where a check failed.
"""

import argparse
import base64
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from installers import deb
from installers.checking import Checks, Failed, held
from installers.kiosk_machine import UNIT, Machine
from installers.machine_image import NEWER, PRINTER, ImageFailed, make_image
from installers.stick_image import copy_to, make_stick
from installers.virtual_machine import MachineFailed, until
from installers.walking import PIN, at, plug_in, receipt, sign_in, taken_out
from kiosk.flow.table import Screen
from kiosk.flow.view import Notice, Paragraph
from kiosk.operators import Part
from kiosk.updates.spool import SPOOLED
from kiosk.voice.wave_form import level_of
from sync.stick import FOLDER
from ui.display import paint_without_display
from ui.driver import NotOnThePage
from ui.house import PRACTICE
from ui.tour.person import TourFailed

ROOT: Final = Path(__file__).resolve().parents[1]
PLACE: Final = ROOT / "build" / "test-machine"
PAGE: Final = ROOT / "installers" / "OPERATIONS.md"
USER: Final = "opora-kiosk"
DATA: Final = "/var/lib/opora"
FOR_ROOT: Final = f"{DATA}/for-root"
RENEWED_S: Final = 900.0
"""To copy, check and unpack 200 MB, after those before were packed again."""
AMOUNT: Final = "120 € a month"
_MAIN: Final = f"$(systemctl show --value -p MainPID {UNIT})"
KILLS: Final = {
    "the kiosk killed": f"kill -KILL {_MAIN}",
    "its display server killed": "pkill -KILL -x cage",
    "the kiosk stopped, and killed by the watchdog": f"kill -STOP {_MAIN}",
}
AWAY: Final = (
    ("ctrl", "alt", "f2"),
    ("ctrl", "alt", "f3"),
    ("ctrl", "alt", "backspace"),
    ("ctrl", "alt", "delete"),
    ("alt", "f4"),
    ("alt", "tab"),
    ("meta_l",),
    ("alt", "sysrq", "b"),
)
"""Keys that lead to another terminal, to a desktop, out of a program, or to a new start elsewhere."""


CHECKS = Checks[Machine](MachineFailed, ImageFailed, TourFailed, NotOnThePage)
check = CHECKS.check


@check("a fresh Debian with the package on it starts as a computer like any other")
def begins(machine: Machine) -> str:
    make_image(machine.place, machine.package)
    machine.computer.switch_on()
    took = machine.starts()
    if machine.kiosk("ActiveState") != "inactive":
        raise Failed(f"the kiosk is {machine.kiosk('ActiveState')}")
    return f"it answers after {took:.0f} s"


@check("the commands of the operations page make it a kiosk")
def becomes(machine: Machine) -> str:
    machine.must("sh", "-c", "cd /root && opora doctor")
    machine.page_says("lpinfo")
    machine.page_says("lpadmin", ADDRESS=PRINTER)
    code = re.search(r"(?:\d{4} ){3}\d{4}", machine.page_says("runuser -u opora-kiosk -- opora doctor").out)
    if code is None:
        raise Failed("there is no code for the first start")
    machine.code = code[0].replace(" ", "")
    machine.must("runuser", "-u", USER, "--", "opora", "pack", "install")
    machine.page_says("opora-kiosk-session on")
    machine.begin_twin(base64.b64decode(machine.must("sh", "-c", f"tar -C {DATA} -c . | base64").out))
    machine.orders("systemctl", "reboot")
    return "doctor, printer, one-time code, services, session, a new start"


@check("it opens by itself, and its first page is the right one to the pixel")
def opens(machine: Machine) -> str:
    time.sleep(10)
    machine.starts()
    took = machine.opens()
    machine.twin.rests_at(Screen.FIRST_START)
    machine.computer.picture().save(machine.place / "first-page.png")
    return (
        f"{took:.0f} s after the system; {machine.twin.shares[Screen.FIRST_START]:.2%} of the pixels differ"
    )


@check("it reads its first page aloud")
def speaks(machine: Machine) -> str:
    def heard() -> float:
        return _spoken_s(machine.computer.folder / "sound.wav")

    until(lambda: heard() > 3, "a voice", every=1.0)
    return f"{heard():.0f} s of sound so far"


def _spoken_s(recorded: Path) -> float:
    """Of what the sound card has played; 16 bits, two channels (QEMU's default)."""
    rate, frame = 44100, 4
    samples = recorded.read_bytes()[44:]
    step = rate * frame // 10
    pieces = (samples[at : at + step] for at in range(0, len(samples) - step, step))
    return 0.1 * sum(level_of(piece) > -45 for piece in pieces)


@check("no key leads out of it")
def stays(machine: Machine) -> str:
    before = machine.kiosk("MainPID")
    for keys in AWAY:
        machine.computer.press_keys(*keys)
        time.sleep(1)
    machine.twin.in_step()
    terminal = machine.must("cat", "/sys/class/tty/tty0/active").out.strip()
    if machine.kiosk("MainPID") != before or terminal != "tty1":
        raise Failed(f"process {machine.kiosk('MainPID')} for {before}, terminal {terminal}")
    return ", ".join("+".join(keys) for keys in AWAY)


@check("somebody who touches its glass sets it up, page by page, and prints")
def sets_up(machine: Machine) -> str:
    twin = machine.twin
    hands = twin.hands
    hands.choose("language", "en")
    hands.press("forward")
    at(machine, Part.SIZE)
    hands.press("forward")
    at(machine, Part.SOUND)
    hands.press("hear")
    hands.press("forward")
    at(machine, Part.PRINTER)
    hands.press("forward")
    trial = machine.paper()
    hands.press("forward")
    at(machine, Part.CENTRE)
    hands.type("name", "Park House")
    hands.press("forward")
    at(machine, Part.COORDINATOR)
    hands.type("code", machine.code)
    hands.press("forward")
    hands.type("name", "Maria")
    hands.press("forward")
    hands.type("pin", PIN)
    hands.press("forward")
    hands.type("pin_again", PIN)
    with twin.own_words():
        hands.press("forward")
        at(machine, Part.COORDINATOR, offers="print")
        hands.press("print")
        sheet = machine.paper()
        hands.press("forward")
    at(machine, Part.HUB, offers="later")
    hands.press("later")
    at(machine, Part.PRACTICE)
    if not re.search(r"(?:\d{4}\s+){6}\d{4}", sheet):
        raise Failed(f"the recovery sheet says {sheet[:200]!r}")
    return f"test page with {len(trial.split())} words, recovery sheet with its 28 digits"


@check("the first receipt is that of a practice application, which is not kept")
def practises(machine: Machine) -> str:
    conductor = machine.twin.app.conductor
    machine.twin.hands.press("forward")
    person = machine.person()
    paper = receipt(machine, person)
    if conductor.desk.practising:
        raise Failed("the practice goes on")
    machine.twin.rests_at(Screen.WELCOME)
    kept = f"{DATA}/.local/share/opora/{PRACTICE}"
    until(
        lambda: machine.computer.run("test", "-e", kept).status != 0, "the practice to be erased", every=1.0
    )
    if "PRACTICE" not in paper:
        raise Failed(f"the receipt says {paper[:200]!r}")
    return f"{person.questions} questions, {len(person.screens)} pages"


@check("killed in the middle of an application, it comes back on the same question")
def survives(machine: Machine) -> str:
    machine.applicant = person = machine.person()
    person.walk_to(Screen.QUESTION)
    person.answer_one()
    told = []
    for how, command in KILLS.items():
        before = machine.kiosk("MainPID")
        began = time.monotonic()
        machine.must("sh", "-c", command)
        machine.opens(after=before)
        machine.twin.in_step()
        told.append(f"{how}: {time.monotonic() - began:.0f} s")
        person.answer_one()
    return "; ".join(told)


@check("after a power cut in the middle the application goes on where it was, and is handed in")
def power(machine: Machine) -> str:
    twin, person = machine.twin, machine.applicant
    assert person is not None, "the check before began it"
    question = twin.app.conductor.shown.key
    machine.computer.cut_power()
    twin.lose_power()
    machine.computer.switch_on()
    machine.starts()
    took = machine.opens()
    twin.rests_at(Screen.WELCOME)
    sign_in(machine)
    (waiting,) = (id for id, _ in twin.window.page.all_targets() if id.startswith("continue:"))
    twin.hands.press(waiting)
    if twin.app.conductor.shown.key.split(":")[1] != question.split(":")[1]:
        raise Failed(f"it stands at {twin.app.conductor.shown.key}, not at {question}")
    paper = receipt(machine, machine.person())
    twin.rests_at(Screen.WELCOME)
    code = re.search(r"(?:\d{4}\s+){4}\d{4}", paper)
    reference = re.search(r"(?:\d{5}\s+){2}\d{5}", paper)
    if code is None or reference is None or "PRACTICE" in paper:
        raise Failed(f"the receipt says {paper[:300]!r}")
    machine.code = re.sub(r"\s", "", code[0])
    machine.reference = re.sub(r"\s", "", reference[0])
    return f"open again {took:.0f} s after the system; the receipt has its 20 digits"


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir()) // 1024


@check("without any line it is enrolled, and its application reaches the agency, by a stick alone")
def by_stick(machine: Machine) -> str:
    twin, agency = machine.twin, machine.agency
    make_stick(machine.stick)
    sign_in(machine)
    twin.hands.press("stick")
    plug_in(machine)
    twin.type_each("code", agency.new_code(), machine.agency_beside.new_code())
    twin.hands.press("forward")
    at_agency = taken_out(machine, "first")
    machine.agency_beside.take(twin.stick)
    said = agency.take(at_agency)
    held_there = agency.list()
    if machine.reference not in held_there or "1 applications, 0 set aside" not in held_there:
        raise Failed(f"{said}; {held_there}")
    return f"{_size(at_agency)} KB on the stick; the agency has {machine.reference}"


@check("its decision comes home on the stick, and the receipt's code opens it")
def decided(machine: Machine) -> str:
    twin, agency = machine.twin, machine.agency
    for each, reference, folder in (
        (agency, machine.reference, machine.place / "first"),
        (machine.agency_beside, twin.reference, twin.stick),
    ):
        each.grant(reference, AMOUNT)
        each.take(folder)
    copy_to(machine.stick, machine.place / "first", FOLDER)
    twin.hands.press("stick")
    plug_in(machine)
    twin.hands.press("forward")
    taken_out(machine, "second")
    twin.hands.press("back")
    twin.rests_at(Screen.WELCOME)
    twin.hands.choose("language", "en")
    twin.hands.choose("need", "look_up")
    twin.type_each("code", machine.code, twin.code)
    twin.hands.press("forward")
    twin.rests_at(Screen.FOUND)
    machine.computer.picture().save(machine.place / "decision.png")
    body = twin.app.conductor.shown.body
    said = [part.title for part in body if isinstance(part, Notice)]
    said += [part.text for part in body if isinstance(part, Paragraph)]
    if not any(AMOUNT in sentence for sentence in said):
        raise Failed(f"the page says {said}")
    return f"{twin.shares[Screen.FOUND]:.2%} of the pixels differ; {'; '.join(said[:3])}"


@check("a signed release of its program takes its place while nobody is there, and it keeps what it had")
def renewed(machine: Machine) -> str:
    twin, before = machine.twin, machine.kiosk("MainPID")
    twin.hands.press("forward")
    twin.rests_at(Screen.WELCOME)
    for words in (
        "keys keys",
        f"make {SPOOLED} --keys keys --application {NEWER}",
        f"trust-application {SPOOLED}",
    ):
        machine.must("sh", "-c", f"cd /root && echo y | opora update {words}", seconds=300)
    machine.must("systemctl", "enable", "--now", "opora-update.path", "opora-update.service")
    began = time.monotonic()
    own = f"-o {USER} -g {USER}"
    machine.must(
        "sh", "-c", f"install {own} -m 700 -d {FOR_ROOT} && install {own} /root/{SPOOLED} {FOR_ROOT}"
    )

    def taken_up() -> bool:
        known = machine.must("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", "opora").out
        return known.startswith("ii") and known.strip().endswith("+next")

    until(taken_up, "the newer version", RENEWED_S, every=2.0)
    machine.opens(after=before)
    took = time.monotonic() - began
    twin.in_step()
    ended = machine.must("systemctl", "show", "--value", "-p", "Result", "opora-update.service").out.strip()
    if ended != "success":
        raise Failed(f"opora-update.service: {ended}")
    return f"{took:.0f} s with the new start"


@check("its power button switches it off in good order")
def button(machine: Machine) -> str:
    machine.computer.press_power_button()
    took = machine.computer.off(120)
    return f"{took:.0f} s"


@check("it opens again as before, and its coordinator switches it off")
def switched_off(machine: Machine) -> str:
    machine.computer.switch_on()
    machine.starts()
    machine.opens()
    twin = machine.twin
    twin.in_step()
    whole = machine.must("runuser", "-u", USER, "--", "opora", "journal", "verify").out.strip()
    sign_in(machine)
    twin.hands.press("switch_off")
    twin.rests_at(Screen.SWITCH_OFF)
    machine.computer.touch(*twin.where("forward"))
    took = machine.computer.off(120)
    return f"{took:.0f} s; {whole}"


def main() -> None:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--package", type=Path, help="this one, instead of what `make deb` makes")
    options = chosen.parse_args()
    if os.geteuid() != 0:
        sys.exit("A root with namespaces of its own is for root to make: sudo make test-machine")
    package = options.package or deb.build()
    PLACE.mkdir(parents=True, exist_ok=True)
    for old in ("twin", "papers", "agency", "agency-beside", "first", "second"):
        shutil.rmtree(PLACE / old, ignore_errors=True)
    paint_without_display()
    with tempfile.TemporaryDirectory(prefix="opora-") as sockets:
        machine = Machine(PLACE, Path(sockets), package.resolve())
        try:
            lines = list(CHECKS.table(machine, to_the_end=False))
            if not held(lines) and machine.computer.is_on():
                machine.twin.keep(PLACE, "last")
                (PLACE / "journal.txt").write_text(machine.must("journalctl", "-b", "--no-pager").out)
        finally:
            machine.close()
    (PLACE / "table.txt").write_text("\n".join(lines) + "\n")
    sys.exit(0 if held(lines) else 1)


if __name__ == "__main__":
    main()
