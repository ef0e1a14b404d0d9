"""A page in words, made from the very view that is shown, in reading order (508 §402.2, H1).

Each string of the view is said once, as its own sentence or inside one that tells role, position and state:
the bar last, since nobody wants to hear it before every question. ``part`` names what the words belong to, so
that a focus moving over the page can say one thing alone (:func:`said_of`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, assert_never

from kiosk.flow.view import (
    Bullets,
    Button,
    Buttons,
    Choice,
    Choices,
    Code,
    DateField,
    FieldKind,
    Notice,
    Paragraph,
    Part,
    Picture,
    Progress,
    Rows,
    SignaturePad,
    TextField,
    TimeField,
    Tone,
    View,
)
from kiosk.texts import Texts, texts_for
from kiosk.voice.as_said import (
    amount_said,
    date_said,
    digits_said,
    in_groups,
    is_amount,
    number_said,
    place_said,
)

SENTENCE_MS: Final = 0
HEADING_MS: Final = 250
GROUP_MS: Final = 300
"""Besides the half second with which espeak-ng ends whatever it says."""

ERROR: Final = "error:"
"""Before the field that an error is about: the part's name of its line."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence. ``private``: it holds what a person keeps to themselves, so its clip is never kept.

    ``recording``: a sound file in which somebody says it already; it is played instead of a made voice.
    """

    text: str
    language: str
    private: bool = False
    part: str = ""
    pause_after_ms: int = SENTENCE_MS
    recording: bytes = field(default=b"", repr=False)


def words_of(view: View, texts: Texts, *, headphones: bool) -> tuple[Utterance, ...]:
    """All that the page says. ``headphones``: one person alone hears it, private answers too (H7)."""
    words = _Page(view, texts, headphones).words()
    return tuple(words if view.private and not headphones else _recorded(words, view))


def errors_of(words: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    """What is wrong with the answers, of all that a page says."""
    return tuple(each for each in words if each.part == "errors" or each.part.startswith(ERROR))


def said_of(part: str, words: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    """What belongs to one part: a field's name, "field=value" for a choice, a button's id, "title", …"""
    return tuple(utterance for utterance in words if utterance.part == part)


def _recorded(words: Iterator[Utterance], view: View) -> Iterator[Utterance]:
    """The first sentence of each part that the pack brings a recording of is that recording."""
    waiting = {each.part: each.data for each in view.recordings}
    for utterance in words:
        recording = waiting.pop(utterance.part, b"")
        yield replace(utterance, recording=recording) if recording else utterance


class _Page:
    def __init__(self, view: View, texts: Texts, headphones: bool) -> None:
        self._view = view
        self._texts = texts
        self._headphones = headphones
        self._told_how = False

    def words(self) -> Iterator[Utterance]:
        view = self._view
        if view.private and not self._headphones:
            yield from self._withheld()
        else:
            yield from self._plain("where", view.where, HEADING_MS)
            yield from self._plain("title", view.title, HEADING_MS)
            yield from self._plain("hint", view.hint)
            yield from self._plain("errors", view.error_title, HEADING_MS)
            for error in view.errors:
                yield from self._plain(f"{ERROR}{error.field}", error.text)
            for index, part in enumerate(view.body):
                yield from self._part(part, f"part-{index}")
        for button in (view.back, view.forward):
            if button is not None:
                yield from self._button(button)
        yield from self._plain("note", view.bar.note)
        for button in view.bar.buttons:
            yield from self._button(button)

    def _part(self, part: Part, name: str) -> Iterator[Utterance]:
        match part:
            case Paragraph():
                yield from self._weighed(name, part.text, part.tone)
            case Notice():
                yield from self._weighed(name, part.title, part.tone)
                yield from self._plain(name, part.text)
            case Bullets():
                yield from self._bullets(part, name)
            case Choices():
                yield from self._choices(part)
            case TextField():
                yield from self._text_field(part)
            case DateField():
                yield from self._date_field(part)
            case TimeField():
                yield from self._time_field(part)
            case Rows():
                yield from self._rows(part, name)
            case Code():
                yield from self._code(part, name)
            case SignaturePad():
                yield from self._signature(part)
            case Progress():
                yield from self._progress(part, name)
            case Picture():
                yield from self._plain(name, part.alt and self._texts.say("Picture: {what}", what=part.alt))
            case Buttons():
                for button in part.buttons:
                    yield from self._button(button)
            case _:
                assert_never(part)

    def _withheld(self) -> Iterator[Utterance]:
        """A private page to somebody who may not be alone: what leads away from it is all that is said."""
        language = self._view.language
        yield Utterance(
            self._texts.say("This page is private and is not read aloud."), language, part="title"
        )
        yield Utterance(self._texts.say("To hear it, choose headphones in Settings."), language, part="title")

    # -- parts

    def _weighed(self, name: str, text: str, tone: Tone) -> Iterator[Utterance]:
        if text and tone in (Tone.WARNING, Tone.ERROR):
            text = self._texts.say("Important: {sentence}", sentence=text)
        yield from self._plain(name, text)

    def _bullets(self, part: Bullets, name: str) -> Iterator[Utterance]:
        for position, item in enumerate(part.items, 1):
            yield from self._plain(
                name, self._placed(item, position, len(part.items)) if part.numbered else item
            )

    def _choices(self, part: Choices) -> Iterator[Utterance]:
        say = self._texts.say
        yield from self._label(part.field, part.label)
        if part.acts:
            how = say("Press the one you want.")
        elif part.ranked:
            how = say("Press them one after the other, in your order.")
        else:
            how = say("You may choose more than one.") if part.many else say("Choose one.")
        yield from self._plain(part.field, how)
        for position, choice in enumerate(part.choices, 1):
            yield from self._choice(part, choice, position)

    def _choice(self, part: Choices, choice: Choice, position: int) -> Iterator[Utterance]:
        language = choice.language or self._view.language
        texts = self._texts if language == self._view.language else texts_for(language)
        nth, of = place_said(position, len(part.choices), language)
        said = [texts.say("{position} of {total}: {what}", position=nth, total=of, what=choice.label)]
        hidden = part.private and not self._headphones
        if part.ranked and not hidden:
            place = number_said(choice.place, language)
            said.append(
                texts.say("Number {place}.", place=place)
                if choice.place
                else texts.say("It has no number yet.")
            )
        elif (choice.chosen or part.many) and not hidden:
            said.append(texts.say("Chosen.") if choice.chosen else texts.say("Not chosen."))
        said.append(choice.hint)
        for sentence in said:
            if sentence:
                yield Utterance(sentence, language, self._view.private, f"{part.field}={choice.value}")
        if part.ranked and hidden:
            yield from self._hidden(f"{part.field}={choice.value}")

    def _text_field(self, part: TextField) -> Iterator[Utterance]:
        say = self._texts.say
        match part.kind:
            case FieldKind.INTEGER | FieldKind.DECIMAL:
                role = say("A number is written here.")
            case FieldKind.CODE | FieldKind.PIN | FieldKind.NATIONAL_ID:
                role = say("Digits are written here.")
            case FieldKind.TEXT | FieldKind.MULTILINE:
                role = say("Words are written here.")
            case _:
                assert_never(part.kind)
        if part.search:
            role = say("Letters are written here, and the list gets shorter.")
        yield from self._label(part.field, part.label)
        yield from self._plain(part.field, role)
        yield from self._error(part.field, part.error)
        yield from self._value(part)

    def _value(self, part: TextField) -> Iterator[Utterance]:
        say, language = self._texts.say, self._view.language
        if not part.value:
            yield from self._plain(part.field, say("Still empty."))
            yield from self._plain(part.field, part.unit)
        elif part.kind is FieldKind.PIN:
            count = len(part.value)
            typed = self._texts.many(
                "{number} digit entered.", "{number} digits entered.", count, number=count
            )
            yield from self._plain(part.field, typed)
        elif part.private and not self._headphones:
            yield from self._hidden(part.field)
        elif part.kind in (FieldKind.CODE, FieldKind.NATIONAL_ID):
            digits = part.value.replace(" ", "")
            yield from self._digits(part.field, _in_groups(digits, part.groups), part.private)
        else:
            value = f"{part.value} {part.unit}" if part.unit else part.value
            if part.kind in (FieldKind.INTEGER, FieldKind.DECIMAL):
                value = amount_said(value, language) or value
            yield Utterance(value, language, part.private or self._view.private, part.field)

    def _date_field(self, part: DateField) -> Iterator[Utterance]:
        say, language = self._texts.say, self._view.language
        yield from self._label(part.field, part.label)
        yield from self._plain(part.field, say("A date is written here."))
        yield from self._error(part.field, part.error)
        boxes = {"d": part.day_label, "m": part.month_label, "y": part.year_label}
        for box in part.order:
            yield from self._plain(part.field, boxes[box])
        if not part.value:
            yield from self._plain(part.field, say("Still empty."))
        elif part.private and not self._headphones:
            yield from self._hidden(part.field)
        else:
            # A month or a year alone is said as it is written: "November 1948".
            said = _date_or_digits(part.value, language) if "d" in part.order else part.in_words
            said = said or digits_said(re.sub(r"\D", "", part.value), language)
            yield Utterance(said, language, part.private or self._view.private, part.field)

    def _time_field(self, part: TimeField) -> Iterator[Utterance]:
        say, language = self._texts.say, self._view.language
        yield from self._label(part.field, part.label)
        yield from self._plain(part.field, say("A time of day is written here."))
        yield from self._error(part.field, part.error)
        for box in (part.hour_label, part.minute_label):
            yield from self._plain(part.field, box)
        if not part.value:
            yield from self._plain(part.field, say("Still empty."))
        elif part.private and not self._headphones:
            yield from self._hidden(part.field)
        else:
            said = part.in_words or digits_said(re.sub(r"\D", "", part.value), language)
            yield Utterance(said, language, part.private or self._view.private, part.field)

    def _rows(self, part: Rows, name: str) -> Iterator[Utterance]:
        yield from self._plain(name, part.title, HEADING_MS)
        for position, row in enumerate(part.rows, 1):
            placed = self._placed(row.label, position, len(part.rows))
            if row.tone in (Tone.WARNING, Tone.ERROR):
                placed = self._texts.say("Important: {sentence}", sentence=placed)
            yield from self._plain(row.id, placed)
            if row.value and row.private and not self._headphones:
                yield from self._hidden(row.id)
            elif row.digits and row.value[:1].isdecimal():
                yield from self._digits(row.id, _in_groups(row.value.replace(" ", "")), row.private)
            elif row.value:
                private = row.private or self._view.private
                said = amount_said(row.value, self._view.language) if is_amount(row.value) else None
                yield Utterance(said or row.value, self._view.language, private, row.id)
            for button in row.actions:
                yield from self._button(button)

    def _code(self, part: Code, name: str) -> Iterator[Utterance]:
        yield from self._plain(name, part.label)
        yield from self._digits(name, part.groups, private=True)
        yield from self._plain(name, part.caption)

    def _signature(self, part: SignaturePad) -> Iterator[Utterance]:
        say = self._texts.say
        yield from self._label(part.field, part.label)
        if part.draws:
            how, state = say("Here you draw with your finger."), say("Drawn.")
            state = state if part.strokes else say("Nothing is drawn yet.")
        else:
            how = say("Here you sign with your finger.")
            state = say("Signed.") if part.strokes else say("Not signed yet.")
        yield from self._plain(part.field, how)
        yield from self._plain(part.field, state)
        yield from self._plain(f"{part.field}:clear", part.clear_label and self._role(part.clear_label))

    def _progress(self, part: Progress, name: str) -> Iterator[Utterance]:
        yield from self._plain(name, part.label)
        if part.total:
            done, total = place_said(part.done, part.total, self._view.language)
            yield from self._plain(name, self._texts.say("{done} of {total} done.", done=done, total=total))

    # -- what parts are made of

    def _label(self, part: str, label: str) -> Iterator[Utterance]:
        """A label; where it is the question itself, that has just been said."""
        if label != self._view.title:
            yield from self._plain(part, label)

    def _plain(self, part: str, text: str, pause_ms: int = SENTENCE_MS) -> Iterator[Utterance]:
        if text:
            yield Utterance(text, self._view.language, self._view.private, part, pause_ms)

    def _error(self, part: str, error: str) -> Iterator[Utterance]:
        yield from self._plain(part, error and self._texts.say("Please look: {error}", error=error))

    def _hidden(self, part: str) -> Iterator[Utterance]:
        yield from self._plain(part, self._texts.say("The answer is hidden."))
        if not self._told_how:
            self._told_how = True
            yield from self._plain(part, self._texts.say("To hear it, choose headphones in Settings."))

    def _digits(self, part: str, groups: tuple[str, ...], private: bool) -> Iterator[Utterance]:
        language = self._view.language
        for group in groups:
            secret = private or self._view.private
            yield Utterance(digits_said(group, language), language, secret, part, GROUP_MS)

    def _placed(self, what: str, position: int, total: int) -> str:
        nth, of = place_said(position, total, self._view.language)
        return self._texts.say("{position} of {total}: {what}", position=nth, total=of, what=what)

    def _role(self, label: str) -> str:
        return self._texts.say("Button: {label}", label=label)

    def _button(self, button: Button) -> Iterator[Utterance]:
        yield from self._plain(button.id, self._role(button.label))
        if not button.enabled:
            yield from self._plain(button.id, self._texts.say("Not available now."))
        yield from self._plain(button.id, button.hint)


def _date_or_digits(value: str, language: str) -> str:
    """A whole date in words; one that is still being typed as the digits there are."""
    try:
        return date_said(date.fromisoformat(value), language)
    except ValueError:
        return digits_said(re.sub(r"\D", "", value), language)


def _in_groups(digits: str, lengths: tuple[int, ...] = ()) -> tuple[str, ...]:
    """In groups of their own kind; in fours where nobody said any."""
    return in_groups(digits, lengths or (4,) * (len(digits) // 4))
