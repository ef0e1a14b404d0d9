"""Cards to hang beside the kiosk: what to do when something happens, one to a page, with a picture.

The words stand here, for printing and for whoever asks; the pictures are handed in as PNG, because drawing
them is the screen's craft.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.receipts.fonts import PaperFonts, find_fonts
from kiosk.receipts.sheet import INK, LEADING, MILLIMETRE, PAGE_HEIGHT, QUIET, SMALLEST, Sheet
from kiosk.texts import N_, Texts

TITLE: Final = 40.0
STEP: Final = 24.0
PICTURE: Final = 62 * MILLIMETRE


@dataclass(frozen=True, slots=True)
class Card:
    """``picture`` names one of ``assets/icons``; words are message ids."""

    picture: str
    title: str
    steps: tuple[str, ...]
    comfort: str
    """What is not lost, and what goes on working."""


CARDS: Final = (
    Card(
        "no-sound",
        N_("No sound"),
        (
            N_("Is the loudspeaker switched on? Turn its knob up."),
            N_("Are its cables plugged in at both ends?"),
            N_("Press “Settings” on the screen, then “Louder”."),
            N_("Are headphones still plugged in? Pull them out."),
        ),
        N_("Everything works without sound too: read the page to the person."),
    ),
    Card(
        "print",
        N_("No printer"),
        (
            N_("Is the printer on, and is its lid closed?"),
            N_("Put paper in, and take out what is stuck."),
            N_("Switch it off, wait ten seconds, and switch it on."),
            N_("Sign in and print the receipt on the page of the day."),
        ),
        N_("Nothing is lost. Write the code down for the person until it prints."),
    ),
    Card(
        "no-line",
        N_("No line"),
        (
            N_("Go on as always: the kiosk works without a line."),
            N_("Is the little box for the internet switched on? Switch it off and on."),
            N_("On the page of the day press “Try to send now”."),
            N_("After three days take what waits to the agency on a USB stick."),
        ),
        N_("Everything is kept here, locked away, and goes out by itself."),
    ),
    Card(
        "clock",
        N_("The clock is wrong"),
        (
            N_("Compare the opening check with a watch."),
            N_("Switch the machine off and on once."),
            N_("If the date is years off, its battery is empty: call the technician."),
            N_("Write the true date on the receipts by hand until then."),
        ),
        N_("Applications can be taken all the same. The order in which they came is kept."),
    ),
    Card(
        "frozen",
        N_("The screen does not move"),
        (
            N_("Wait one minute: the kiosk starts itself anew."),
            N_("Wipe the screen dry, and touch it with one finger."),
            N_("Hold the machine's own button until it is dark. Count to ten. Press it again."),
            N_("The kiosk opens where it stopped, or the answers wait for the volunteer."),
        ),
        N_("Every answer was stored when it was given."),
    ),
)


@dataclass(frozen=True, slots=True)
class _Titled:
    language: str
    title: str
    copy_mark: str = ""


def cards_pdf(
    texts: Texts, pictures: Mapping[str, bytes], phone: str, fonts: PaperFonts | None = None
) -> bytes:
    """A PDF of A4 pages, a card each. ``phone``: whom to call if nothing helps, or blank.

    :raises PrintFault: the letters for the paper are missing.
    """
    sheet = Sheet(_Titled(texts.language, texts.say("Help cards")), fonts or find_fonts())
    for number, card in enumerate(CARDS):
        if number:
            sheet.new_page()
        _draw(sheet, card, texts, pictures[card.picture], phone)
    return sheet.finished()


def _draw(sheet: Sheet, card: Card, texts: Texts, picture: bytes, phone: str) -> None:
    from reportlab.lib.utils import ImageReader

    canvas = sheet.canvas
    top = sheet.y
    canvas.drawImage(
        ImageReader(io.BytesIO(picture)), sheet.left, top - PICTURE, PICTURE, PICTURE, mask="auto"
    )
    x, width = sheet.left + PICTURE + 24, sheet.width - PICTURE - 24
    lines = sheet.bold.wrapped(texts.say(card.title), TITLE, width)
    sheet.y = top - (PICTURE - len(lines) * TITLE * LEADING) / 2
    for line in lines:
        sheet.line(line, sheet.bold, TITLE, x=x)
    sheet.y = top - PICTURE - 22
    for number, step in enumerate(card.steps, start=1):
        _step(sheet, number, texts.say(step))
    sheet.down(4)
    canvas.setStrokeColorRGB(*INK)
    canvas.setLineWidth(1.2)
    canvas.line(sheet.left, sheet.y, sheet.left + sheet.width, sheet.y)
    sheet.down(8)
    sheet.paragraph(texts.say(card.comfort), sheet.bold, STEP)
    sheet.down(14)
    call = texts.say("If nothing helps, call: {phone}", phone=phone or "______________")
    sheet.paragraph(call, sheet.plain, SMALLEST + 5, colour=QUIET)


def _step(sheet: Sheet, number: int, text: str) -> None:
    radius = 18.0
    x = sheet.left + 2 * radius + 16
    width = sheet.width - 2 * radius - 16
    top, canvas = sheet.y, sheet.canvas
    canvas.saveState()
    canvas.setFillColorRGB(*INK)
    canvas.circle(sheet.left + radius, top - radius, radius, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont(sheet.bold.name, STEP)
    canvas.drawCentredString(sheet.left + radius, top - radius - STEP * 0.35, str(number))
    canvas.restoreState()
    sheet.paragraph(text, sheet.plain, STEP, x=x, width=width)
    sheet.y = min(sheet.y, top - 2 * radius) - 17
    assert sheet.y < PAGE_HEIGHT, "the pen moves down"
