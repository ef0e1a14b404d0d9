"""From a question of a form to the parts of its page."""

from collections.abc import Iterator

from kiosk.flow.view import (
    Choice,
    Choices,
    DateField,
    FieldError,
    FieldKind,
    Notice,
    Paragraph,
    Part,
    SignaturePad,
    Stroke,
    TextField,
)
from kiosk.flow.wording import DATE_ORDER
from kiosk.forms import Question, QuestionKind
from kiosk.texts import Texts

TYPED = {
    QuestionKind.TEXT: FieldKind.TEXT,
    QuestionKind.BARCODE: FieldKind.TEXT,
    QuestionKind.INTEGER: FieldKind.INTEGER,
    QuestionKind.DECIMAL: FieldKind.DECIMAL,
    QuestionKind.RANGE: FieldKind.DECIMAL,
    QuestionKind.TIME: FieldKind.TEXT,
    QuestionKind.DATETIME: FieldKind.TEXT,
}
ASKED = frozenset(
    {
        *TYPED,
        QuestionKind.DATE,
        QuestionKind.SELECT_ONE,
        QuestionKind.SELECT_MULTIPLE,
        QuestionKind.ACKNOWLEDGE,
        QuestionKind.SIGNATURE,
    }
)
"""What a kiosk asks; every other type shows a sentence and is left blank."""


def can_be_asked(question: Question) -> bool:
    return question.kind in ASKED


def answer_parts(
    question: Question,
    value: str,
    texts: Texts,
    errors: tuple[FieldError, ...],
    strokes: tuple[Stroke, ...],
) -> Iterator[Part]:
    """The parts under the heading: what can be chosen, typed or drawn, with the present value."""
    error = next((each.text for each in errors if each.field == question.ref), "")
    if question.guidance:
        yield Paragraph(question.guidance)
    kind = question.kind
    if kind is QuestionKind.NOTE or question.readonly:
        if question.value and kind is not QuestionKind.NOTE:
            yield Paragraph(question.value)
    elif kind in (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE):
        many = kind is QuestionKind.SELECT_MULTIPLE
        chosen = set(value.split()) if many else {value}
        yield Choices(
            question.ref,
            tuple(Choice(c.value, c.label, chosen=c.value in chosen) for c in question.choices),
            many=many,
            label=texts.say("You can choose more than one") if many else "",
        )
    elif kind is QuestionKind.ACKNOWLEDGE:
        yield Choices(
            question.ref,
            (Choice("OK", texts.say("Yes, I have read this and understood it"), chosen=bool(value)),),
            many=True,
        )
    elif kind is QuestionKind.DATE:
        yield DateField(
            question.ref,
            question.label,
            value,
            order=DATE_ORDER[texts.language],
            day_label=texts.say("Day"),
            month_label=texts.say("Month"),
            year_label=texts.say("Year"),
            error=error,
            private=question.private,
        )
    elif kind is QuestionKind.SIGNATURE:
        yield SignaturePad(question.ref, question.label, strokes, texts.say("Clear and sign again"))
    elif kind in TYPED:
        yield TextField(
            question.ref,
            question.label,
            value,
            kind=_field_kind(question),
            error=error,
            private=question.private,
        )
    else:
        yield Notice(
            texts.say("This cannot be asked at this kiosk"),
            texts.say("It stays open. The agency will ask you if they need it."),
        )


def _field_kind(question: Question) -> FieldKind:
    if question.number_kind is not None:
        return FieldKind.NATIONAL_ID
    if question.kind is QuestionKind.TEXT and "multiline" in question.appearance:
        return FieldKind.MULTILINE
    if question.kind is QuestionKind.TEXT and "numbers" in question.appearance:
        return FieldKind.INTEGER
    return TYPED[question.kind]
