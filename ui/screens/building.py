"""From the parts of a view to the blocks that show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.flow.view import (
    Buttons,
    Choices,
    DateField,
    Paragraph,
    Part,
    Rows,
    SignaturePad,
    TextField,
    TimeField,
    Tone,
    View,
)
from ui.theme import Face, Look
from ui.widgets.block import Block
from ui.widgets.boxes import DateBlock, TimeBlock
from ui.widgets.buttons import ButtonsBlock
from ui.widgets.choices import ChoicesBlock
from ui.widgets.errors import ErrorsBlock, ErrorSummary
from ui.widgets.fields import TextBlock
from ui.widgets.press import PressGuard
from ui.widgets.reading import Words, only_read
from ui.widgets.rows import RowsBlock
from ui.widgets.signature import SignatureBlock

WHERE, ERRORS, TITLE, HINT, BODY = "where", "errors", "title", "hint", "body"


@dataclass(frozen=True, slots=True)
class Slot:
    """One part's place on the page. A block is kept as long as its slot keeps its name."""

    name: str
    part: Part | ErrorSummary


def slots(view: View) -> Iterator[Slot]:
    """The parts of a page in reading order."""
    if view.where:
        yield Slot(WHERE, Paragraph(view.where, Tone.QUIET))
    if view.errors:
        once = {error.text: error for error in reversed(view.errors)}
        lines = tuple(error for error in view.errors if once[error.text] is error)
        yield Slot(ERRORS, ErrorSummary(view.error_title, lines))
    if view.title:
        yield Slot(TITLE, Paragraph(view.title, emphasis=view.title_emphasis))
    if view.hint:
        yield Slot(HINT, Paragraph(view.hint))
    for index, part in enumerate(view.body):
        yield Slot(f"{BODY}:{index}", part)


def build(slot: Slot, view: View, look: Look, guard: PressGuard) -> Block:
    part = slot.part
    if slot.name == TITLE:
        return Words(look, guard, view.title, face=Face.HEADING, weights=view.title_emphasis)
    match part:
        case ErrorSummary():
            return ErrorsBlock(look, guard, part)
        case Choices():
            return ChoicesBlock(look, guard, part)
        case Buttons():
            return ButtonsBlock(look, guard, part.buttons)
        case Rows():
            return RowsBlock(look, guard, part)
        case TextField():
            # A question's own words are the heading already; nothing is written twice.
            return TextBlock(look, guard, part, label=part.label != view.title)
        case DateField():
            return DateBlock(look, guard, part, label=part.label != view.title)
        case TimeField():
            return TimeBlock(look, guard, part, label=part.label != view.title)
        case SignaturePad():
            return SignatureBlock(look, guard, part, label=part.label != view.title)
        case _:
            block = only_read(look, guard, part)
            assert block is not None, part
            if isinstance(block, Words):
                block.leads = slot.name == WHERE
            return block
