"""What is looked at when a centre opens, or when somebody calls for help: one sentence each.

Each check takes what it looks at, so that a test can hand it a machine in trouble. The sentences are fit to
be read over the telephone, and hold nothing that an applicant said.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from kiosk.errors import Fault
from kiosk.known_time import OLDEST_POSSIBLE
from kiosk.operators import Argon2Parameters, DeviceSecret, SecretPlace
from kiosk.operators.device_secret import FILE
from kiosk.operators.secrets import PIN_DIGITS, SALT_BYTES, stretched
from kiosk.receipts import Printer
from kiosk.receipts.fonts import find_fonts
from kiosk.store import Setting
from kiosk.store.sealing import KEY_BYTES
from kiosk.texts import Texts

ENOUGH_BYTES: Final = 1_000_000_000
HARDLY_ENOUGH_BYTES: Final = 200_000_000
CLOCK_TOLERANCE: Final = timedelta(days=1)
JUMP_MATTERS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """``ok`` is None where nothing is broken but somebody ought to look. ``advice`` may be blank."""

    name: str
    ok: bool | None
    sentence: str
    advice: str = ""


def check_disk(folder: Path, texts: Texts, free_bytes: Callable[[Path], int] | None = None) -> Check:
    """Space and permission where the data folder is, or will be."""
    name, place = texts.say("Disk"), folder
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        return Check(
            name,
            False,
            texts.say("This kiosk cannot write to its disk."),
            texts.say("Please have a technician look at the disk and at the folder's owner."),
        )
    free = (free_bytes or (lambda where: shutil.disk_usage(where).free))(place)
    megabytes = free // 1_000_000
    if free >= ENOUGH_BYTES:
        return Check(name, True, texts.say("{gigabytes} GB are free.", gigabytes=megabytes // 1000))
    sentence = texts.say("Only {megabytes} MB are free.", megabytes=megabytes)
    advice = texts.say("Please have some space freed soon: answers are stored here.")
    return Check(name, None if free >= HARDLY_ENOUGH_BYTES else False, sentence, advice)


def check_clock(folder: Path, now: datetime, texts: Texts) -> Check:
    """``now`` is aware. A clock that has gone back is noticed by the files that were written before."""
    name = texts.say("Clock")
    here = now.astimezone()
    day, time = (
        format_date(here, "full", locale=texts.language),
        format_time(here, "short", locale=texts.language),
    )
    moment = f"{day}, {time}"
    stamps = [path.stat().st_mtime for path in folder.glob("*")] if folder.is_dir() else []
    written = max((datetime.fromtimestamp(stamp, UTC) for stamp in stamps), default=OLDEST_POSSIBLE)
    if now < max(OLDEST_POSSIBLE, written - CLOCK_TOLERANCE):
        return Check(
            name,
            False,
            texts.say("The clock says {moment}. That cannot be right.", moment=moment),
            texts.say("Please have the date and the time set before anybody begins."),
        )
    return Check(
        name,
        True,
        texts.say("The clock says {moment}.", moment=moment),
        texts.say("Compare it with a watch, please."),
    )


def check_jump(jump: timedelta, texts: Texts) -> Check | None:
    """``jump`` is how far the clock has run away from a steady one while the kiosk ran; None for hardly."""
    if abs(jump) < JUMP_MATTERS:
        return None
    minutes = round(abs(jump).total_seconds() / 60)
    sentence = (
        texts.many(
            "The clock has jumped {count} minute ahead since the kiosk was switched on.",
            "The clock has jumped {count} minutes ahead since the kiosk was switched on.",
            minutes,
        )
        if jump > timedelta()
        else texts.many(
            "The clock has jumped {count} minute back since the kiosk was switched on.",
            "The clock has jumped {count} minutes back since the kiosk was switched on.",
            minutes,
        )
    )
    return Check(texts.say("Clock"), None, sentence, texts.say("Compare it with a watch, please."))


def check_glass(fits: bool | None, texts: Texts) -> Check:
    """``fits``: None where the screen was never measured, False where another one was."""
    name = texts.say("Screen")
    if fits:
        return Check(name, True, texts.say("Everything on the screen is as large as it should be."))
    advice = texts.say("A coordinator sets it up with a bank card, under “The centre”.")
    if fits is None:
        return Check(name, None, texts.say("Nobody has measured this screen yet."), advice)
    return Check(name, None, texts.say("This is another screen than the one that was measured."), advice)


def check_printer(printer: Printer, texts: Texts) -> Check:
    """A printer that is not ready breaks nothing: the receipt waits."""
    name, status = texts.say("Printer"), printer.status()
    if status.ready:
        return Check(name, True, texts.message(status.sentence))
    advice = texts.say("Look at its switch, its cable and its paper, please.")
    return Check(name, None, texts.message(status.sentence), advice)


def check_hub(url: str, reach: Callable[[str], None], texts: Texts) -> Check:
    """``url`` blank: the kiosk works alone. ``reach`` raises OSError where nobody answers there.

    No line breaks nothing either: a kiosk is made for that.
    """
    name = texts.say("Hub")
    if not url:
        return Check(
            name,
            None,
            texts.say("This kiosk knows no hub yet."),
            texts.say("What is stored waits here until the kiosk is enrolled at one."),
        )
    try:
        reach(url)
    except (OSError, ValueError):
        return Check(
            name,
            None,
            texts.say("{hub} does not answer.", hub=url),
            texts.say("Is the internet working? What is stored waits here safely and is sent later."),
        )
    return Check(name, True, texts.say("{hub} answers.", hub=url))


def check_fonts(texts: Texts, find: Callable[[], object] = find_fonts) -> Check:
    name = texts.say("Letters")
    try:
        find()
    except Fault as fault:
        return Check(name, False, texts.message(fault.title), texts.message(fault.advice))
    return Check(name, True, texts.say("The letters for all three languages are there."))


def check_secret(folder: Path, environment: Mapping[str, str], texts: Texts) -> Check:
    """Where the device's secret is kept, and what that is worth. Makes none where there is none yet.

    The kiosk writes down what it found, since a credential of its service is not there for others.
    """
    name = texts.say("Device secret")
    place = _place(setting_of(folder, Setting.SECRET_PLACE))
    if place is None:
        if not environment.get("CREDENTIALS_DIRECTORY") and not (folder / FILE).exists():
            none = texts.say("There is none yet: it is made when the kiosk is first opened.")
            return Check(name, None, none)
        try:
            place = DeviceSecret.load(folder, environment).place
        except Fault as fault:
            return Check(name, False, texts.message(fault.title), texts.message(fault.advice))
    worth = texts.message(place.worth)
    if place in (SecretPlace.TPM_CREDENTIAL, SecretPlace.KEYRING):
        return Check(name, True, worth)
    return Check(
        name, None, worth, texts.say("Encrypt the whole disk, or give the kiosk a system credential.")
    )


def _place(known: str) -> SecretPlace | None:
    try:
        return SecretPlace(known)
    except ValueError:
        return None


def check_pins(texts: Texts, parameters: Argon2Parameters = Argon2Parameters()) -> Check:  # noqa: B008 - frozen
    """What one guess at a PIN costs on this machine, measured, for whoever has disk and device secret."""
    seconds = min(_guess(parameters) for _ in range(3))
    days = seconds * 10**PIN_DIGITS / 86_400
    return Check(
        texts.say("PINs"),
        True,
        texts.say(
            "One guess takes {seconds} seconds here, all PINs of six digits take {days} days."
            " Without the device secret none can be guessed.",
            seconds=format_decimal(round(seconds, 2), locale=texts.language),
            days=format_decimal(round(days, 1), locale=texts.language),
        ),
    )


def _guess(parameters: Argon2Parameters) -> float:
    began = monotonic()
    stretched(bytes(KEY_BYTES), bytes(SALT_BYTES), parameters)
    return monotonic() - began


def check_swap(
    texts: Texts, swaps: Path = Path("/proc/swaps"), devices: Path = Path("/sys/class/block")
) -> Check:
    """Whether what is in memory may come to lie readable on the disk (proc(5), /proc/swaps)."""
    name = texts.say("Memory on disk")
    try:
        lines = swaps.read_text().splitlines()[1:]
    except OSError:
        return Check(name, None, texts.say("Whether memory is written to the disk could not be found out."))
    if all(_unreadable(line.split()[0], devices) for line in lines if line.strip()):
        return Check(name, True, texts.say("Nothing from memory lies readable on the disk."))
    return Check(
        name,
        None,
        texts.say("The machine may write what is in memory to the disk, unencrypted."),
        texts.say("Please have swap switched off or encrypted."),
    )


def check_hibernation(
    texts: Texts, state: Path = Path("/sys/power/state"), swap: Check | None = None
) -> Check:
    """Whether the machine may write all of its memory to the disk when it is put to sleep.

    ``swap`` is the answer of :func:`check_swap`: a picture of the memory goes to that same place.
    """
    name = texts.say("Hibernation")
    try:
        states = state.read_text().split()
    except OSError:
        states = []
    safe = (swap or check_swap(texts)).ok
    if "disk" not in states or safe:
        return Check(name, True, texts.say("Sleeping writes nothing readable to the disk."))
    return Check(
        name,
        None,
        texts.say("Hibernation would write all of this machine's memory to the disk, unencrypted."),
        texts.say("Please have hibernation switched off: systemctl mask hibernate.target"),
    )


def _unreadable(swap: str, devices: Path) -> bool:
    """zram never reaches the disk; a device-mapper target made by cryptsetup says so in its uuid."""
    device = Path(swap).resolve().name if swap.startswith("/dev/mapper/") else Path(swap).name
    if device.startswith("zram"):
        return True
    try:
        return (devices / device / "dm" / "uuid").read_text().startswith("CRYPT-")
    except OSError:
        return False


def setting_of(folder: Path, name: str) -> str:
    """One of the kiosk's own settings, read beside a kiosk that is running; blank where there is none."""
    try:
        beside = sqlite3.connect(f"{(folder / 'kiosk.db').as_uri()}?mode=ro", uri=True, timeout=2)
    except (sqlite3.Error, ValueError):
        return ""
    try:
        row = beside.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error:
        return ""
    finally:
        beside.close()
    return str(row[0]) if row else ""
