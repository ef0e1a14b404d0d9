"""`opora doctor`: a line each, to be read over the telephone."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from kiosk.texts import LANGUAGES, Texts, texts_for
from ui.commands.folders import data_option

if TYPE_CHECKING:
    from kiosk.checks import Check

REACH_SECONDS = 5.0


@click.command()
@data_option
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--first-start", is_flag=True, help="Print the one-time code of the first coordinator.")
@click.option(
    "--support",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file for whoever helps from afar, without anything about a person.",
)
def doctor(data: Path, language: str, first_start: bool, support: Path | None) -> None:
    """One line each: disk, clock, voice, printer, hub, fonts. Ends with 1 when something does not work."""
    texts = texts_for(language)
    if support is not None:
        tell_and_write(support, data.absolute(), texts)
        return
    if first_start:
        click.echo(first_start_words(data, texts))
        return
    broken = False
    for check in checks(data.absolute(), texts):
        click.echo(line_of(check, texts))
        broken |= check.ok is False
    sys.exit(1 if broken else 0)


def tell_and_write(file: Path, data: Path, texts: Texts) -> None:
    """What will be in the file, and then the file."""
    from kiosk.support import CONTENTS
    from ui.support import write_support

    click.echo(texts.say("This is what will be in the file:"))
    for each in CONTENTS:
        click.echo(f"- {texts.say(each)}")
    click.echo(texts.say("Nothing about any person is in it"))
    written = write_support(file, data, tuple(checks(data, texts_for("en"))), datetime.now(UTC))
    click.echo(f"{written}: {written.stat().st_size}")


def first_start_words(data: Path, texts: Texts, first_start_code: Callable[[Path], str] | None = None) -> str:
    """The code of the first coordinator. Raises ``StoreFault`` while the kiosk has the folder open."""
    code = (first_start_code or _first_start_code)(data)
    return texts.say("The code for the first coordinator is {code}. It works once.", code=code)


def checks(data: Path, texts: Texts) -> Iterator["Check"]:
    """Each as soon as it is known: the slow ones come last."""
    from kiosk import checks as look
    from kiosk.receipts import system_printer
    from kiosk.store import Setting
    from kiosk.voice.render import ChildRenderer
    from kiosk.voice.trying import check_voice

    yield look.check_disk(data, texts)
    yield look.check_clock(data, datetime.now(UTC), texts)
    yield look.check_fonts(texts)
    yield look.check_secret(data, os.environ, texts)
    swap = look.check_swap(texts)
    yield swap
    yield look.check_hibernation(texts, swap=swap)
    yield look.check_pins(texts)
    renderer = ChildRenderer(spare=0)
    try:
        yield check_voice(renderer, texts)
    finally:
        renderer.close()
    yield check_screen(texts)
    yield look.check_printer(system_printer(look.setting_of(data, Setting.PRINTER)), texts)
    yield look.check_hub(look.setting_of(data, Setting.HUB_URL), reach, texts)


def check_screen(texts: Texts) -> "Check":
    """Qt, and the sound device that it finds."""
    from kiosk.checks import Check

    name = texts.say("Screen and sound")
    try:
        from PySide6.QtCore import QCoreApplication, QLibraryInfo, qInstallMessageHandler
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError:
        return Check(
            name,
            False,
            texts.say("Qt, which draws the screen, cannot be loaded."),
            texts.say("Please have Opora installed anew."),
        )
    # What Qt says about libraries that it tried is no line for the telephone.
    earlier = qInstallMessageHandler(lambda *_said: None)
    made = None if QCoreApplication.instance() else QCoreApplication([])
    try:
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return Check(
                name,
                None,
                texts.say("The screen works. No loudspeaker was found, so the voice is off."),
                texts.say("Please look whether it is plugged in and switched on."),
            )
        version = QLibraryInfo.version().toString()
        speaker = device.description()
        return Check(
            name, True, texts.say("Qt {version}; sound goes to: {device}", version=version, device=speaker)
        )
    finally:
        del made
        qInstallMessageHandler(earlier)


def line_of(check: "Check", texts: Texts) -> str:
    """``[fine] Disk: 12 GB are free.``: the state in words, since colours cannot be told by telephone."""
    states = {True: texts.say("fine"), None: texts.say("look"), False: texts.say("broken")}
    return f"[{states[check.ok]}] {check.name}: {check.sentence} {check.advice}".rstrip()


def reach(url: str) -> None:
    """Whether somebody listens there at all; OSError where nobody does, ValueError for what is no address."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    socket.create_connection((parts.hostname, port), timeout=REACH_SECONDS).close()


def _first_start_code(data: Path) -> str:
    from kiosk.operators import first_start_code

    return first_start_code(data, clock=lambda: datetime.now(UTC))
