"""Words and numbers that are typed."""

from collections.abc import Iterator

from kiosk.flow.answering.base import Answering
from kiosk.flow.view import (
    Button,
    Buttons,
    Event,
    FieldKind,
    Paragraph,
    Part,
    Pressed,
    TextField,
    Tone,
    Typed,
)
from kiosk.flow.wording import THOUSANDS, heading, money_sign
from kiosk.forms import Question, QuestionKind

SHOW = "show-written"
_KINDS = {QuestionKind.INTEGER: FieldKind.INTEGER, QuestionKind.DECIMAL: FieldKind.DECIMAL}


class Writing(Answering):
    """``masked``: a dot a letter, until the person asks to see what they wrote."""

    _seen = False

    def parts(self, error: str) -> Iterator[Part]:
        question, say = self.question, self.around.texts.say
        masked = "masked" in question.appearance
        if question.kind is QuestionKind.BARCODE:
            yield Paragraph(say("Hold the code under the scanner, or type what stands below it."))
        yield TextField(
            question.ref,
            heading(question),
            self.value,
            kind=_field_kind(question),
            error=error,
            private=question.private,
            covered=masked and not self._seen,
            unit=money_sign(question.currency, self.around.texts.language),
            thousands=THOUSANDS[self.around.texts.language] if "thousands-sep" in question.appearance else "",
        )
        if masked:
            label = say("Hide what I wrote") if self._seen else say("Show what I wrote")
            yield Buttons((Button(SHOW, label, icon="lock", tone=Tone.QUIET),))

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field=field, text=text) if field == self.question.ref:
                self.value = text
                return True
            case Pressed(id="show-written"):
                self._seen = not self._seen
                return True
        return False


def _field_kind(question: Question) -> FieldKind:
    if question.number_kind is not None:
        return FieldKind.NATIONAL_ID
    if question.kind is QuestionKind.TEXT and "multiline" in question.appearance:
        return FieldKind.MULTILINE
    if question.kind is QuestionKind.TEXT and "numbers" in question.appearance:
        # A telephone number is no quantity: it is said digit by digit.
        return FieldKind.CODE
    return _KINDS.get(question.kind, FieldKind.TEXT)
