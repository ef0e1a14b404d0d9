"""The sentences of a receipt, in reading order: the paper prints them, the voice says them.

Both take them from here, so that every line of the paper can be heard (508 §402.2.2).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import assert_never

from kiosk.dates import day_in_words, time_in_words
from kiosk.receipts.code import groups, qr_content, reference_groups
from kiosk.receipts.content import ReceiptContent, ReceiptHelper, ReceiptState, SecondLanguage
from kiosk.texts import Texts, texts_for

COPY_MARK = "COPY / КОПИЯ / 사본"
"""In all languages at once: whoever is shown the paper must see it."""
PRACTICE_MARK = "PRACTICE / ТРЕНИРОВКА / 연습"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodePart:
    """The part that belongs to the applicant alone. ``fold`` stands at the line where it is cut off."""

    fold: str
    title: str
    groups: tuple[str, ...]
    sentences: tuple[str, ...]
    qr: str


@dataclass(frozen=True, slots=True)
class ShortPart:
    """The same in brief, in the language of the one who helps."""

    language: str
    title: str
    sentences: tuple[str, ...]
    reference: Fact


@dataclass(frozen=True, slots=True)
class AnswersPart:
    """The completed form; it begins on a new sheet and so names the reference again."""

    title: str
    reference: Fact
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """Everything that is printed, from top to bottom."""

    language: str
    copy_mark: str
    """Blank on a first receipt. On paper it runs across every page."""
    centre: tuple[str, ...]
    title: str
    copy_note: str
    state: ReceiptState
    state_title: str
    state_text: str
    facts: tuple[Fact, ...]
    reference: Fact
    next_title: str
    next_steps: tuple[str, ...]
    notes: tuple[str, ...]
    code: CodePart | None
    second: ShortPart | None
    answers: AnswersPart | None

    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in self._lines() if line)

    def _lines(self) -> Iterator[str]:
        yield self.copy_mark
        yield from self.centre
        yield self.title
        yield self.copy_note
        yield self.state_title
        yield self.state_text
        for fact in (*self.facts, self.reference):
            yield from _said(fact)
        yield self.next_title
        yield from self.next_steps
        yield from self.notes
        if self.code:
            yield self.code.fold
            yield self.code.title
            yield " ".join(self.code.groups)
            yield from self.code.sentences
        if self.second:
            yield self.second.title
            yield from self.second.sentences
            yield from _said(self.second.reference)
        if self.answers:
            yield self.answers.title
            yield from _said(self.answers.reference)
            for row in self.answers.rows:
                yield from _said(row)


def receipt_lines(content: ReceiptContent) -> tuple[str, ...]:
    """Every line of the paper as it is spoken, in reading order, each in its own language.

    One of them is the secret code: say it only where private answers may be said.
    """
    return receipt_text(content).lines()


def receipt_text(content: ReceiptContent) -> ReceiptText:
    texts = texts_for(content.language)
    steps = () if content.practice else _present(*content.next_steps)
    if len(steps) > 1:
        steps = tuple(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return ReceiptText(
        language=content.language,
        copy_mark=PRACTICE_MARK if content.practice else COPY_MARK if content.copy else "",
        centre=_present(content.centre_name, content.centre_address, content.centre_phone),
        title=texts.say("Practice receipt") if content.practice else texts.say("Your receipt"),
        copy_note=texts.say("This is a copy, printed later.") if content.copy else "",
        state=content.state,
        state_title=_state_title(texts, content),
        state_text=_state_text(texts, content),
        facts=(
            Fact(
                texts.say("What you applied for"),
                _present(
                    content.service, content.form_title if content.form_title != content.service else ""
                ),
            ),
            Fact(texts.say("Who decides"), _present(content.agency_name, content.agency_phone)),
            Fact(texts.say("When"), (_moment(texts, content.stored_at, content.zone),)),
        ),
        reference=_reference(texts, content),
        next_title=texts.say("What happens next") if steps else "",
        next_steps=steps,
        notes=_notes(texts, content),
        code=_code(texts, content),
        second=_second(content.second, content) if content.second else None,
        answers=_answers(texts, content) if content.answers else None,
    )


def _said(fact: Fact) -> Iterator[str]:
    yield fact.label
    yield from fact.lines


def _clean(text: str) -> str:
    # Composed, because the fonts hold syllables, not loose jamo; on one line, because the paper breaks lines.
    line = " ".join(unicodedata.normalize("NFC", text).split())
    # Marks without a shape (zero-width blanks, soft hyphens, control characters) would print as empty boxes.
    return "".join(letter for letter in line if unicodedata.category(letter)[0] != "C")


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(cleaned for text in texts if (cleaned := _clean(text)))


def _day(texts: Texts, day: date) -> str:
    return day_in_words(day, texts.language)


def _moment(texts: Texts, moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    return texts.say(
        "{day}, {time}", day=_day(texts, there.date()), time=time_in_words(there, texts.language)
    )


def _state_title(texts: Texts, content: ReceiptContent) -> str:
    if content.practice:
        return texts.say("Practice: this is no application")
    if content.received_at is None:
        return texts.say("Stored here, not yet sent")
    return texts.say(
        "Received by the agency on {date}",
        date=_day(texts, content.received_at.astimezone(content.zone).date()),
    )


def _state_text(texts: Texts, content: ReceiptContent) -> str:
    if content.practice:
        return texts.say("Nothing was sent and nothing was kept. You can throw this paper away.")
    match content.state:
        case ReceiptState.STORED_HERE:
            return texts.say(
                "Your application is safe on this machine. It will be sent by itself as soon as there is "
                "a connection. You don't need to do anything."
            )
        case ReceiptState.RECEIVED:
            return texts.say("Your application has arrived: {agency}.", agency=_clean(content.agency_name))
        case _:
            assert_never(content.state)


def _reference(texts: Texts, content: ReceiptContent) -> Fact:
    return Fact(texts.say("Reference number"), (" ".join(reference_groups(content.reference)),))


def _notes(texts: Texts, content: ReceiptContent) -> tuple[str, ...]:
    if content.practice:
        return ()
    kept = (
        texts.say("The centre keeps no copy of your answers.")
        if content.copy_kept_until is None
        else texts.say(
            "With your consent, the centre keeps a sealed copy of your application until {date}.",
            date=_day(texts, content.copy_kept_until),
        )
    )
    helpers = tuple(_helper(texts, helper) for helper in content.helped_by)
    no_code = (
        texts.say(
            "There is no code on a copy. If your first receipt is lost, "
            "the centre can ask the agency for a new one."
        )
        if content.copy
        else ""
    )
    return _present(*helpers, kept, no_code)


def _helper(texts: Texts, helper: ReceiptHelper) -> str:
    match helper:
        case ReceiptHelper.VOLUNTEER:
            return texts.say("A volunteer of the centre helped with this application.")
        case ReceiptHelper.COORDINATOR:
            return texts.say("The centre's coordinator helped with this application.")
        case ReceiptHelper.RELATIVE:
            return texts.say("A relative spoke for the person who applies.")
        case ReceiptHelper.CARER:
            return texts.say("A carer spoke for the person who applies.")
        case ReceiptHelper.GUARDIAN:
            return texts.say("A guardian spoke for the person who applies.")
        case ReceiptHelper.ATTORNEY:
            return texts.say("Someone with a power of attorney spoke for the person who applies.")
        case _:
            assert_never(helper)


def _code(texts: Texts, content: ReceiptContent) -> CodePart | None:
    if content.code is None:
        return None
    return CodePart(
        fold=texts.say("You can cut this part off. It is for you alone."),
        title=texts.say("Your secret code"),
        groups=groups(content.code),
        sentences=(texts.say("This code is for practice. It opens nothing."),)
        if content.practice
        else (
            texts.say("It opens the agency's answer at this kiosk. Whoever has it can read the answer."),
            texts.say("Keep it safe, and show it to nobody whom you don't trust."),
        ),
        qr=qr_content(content.code),
    )


def _second(second: SecondLanguage, content: ReceiptContent) -> ShortPart:
    texts = texts_for(second.language)
    private = texts.say("The secret code belongs to the applicant alone.") if content.code else ""
    return ShortPart(
        language=second.language,
        title=texts.say("In short, for whoever helps"),
        sentences=_present(
            _state_title(texts, content),
            texts.say("What was applied for: {service}", service=_clean(second.service)),
            texts.say("Who decides: {agency}", agency=_clean(second.agency_name)),
            texts.say("When: {moment}", moment=_moment(texts, content.stored_at, content.zone)),
            private,
        ),
        reference=_reference(texts, content),
    )


def _answers(texts: Texts, content: ReceiptContent) -> AnswersPart:
    return AnswersPart(
        title=texts.say("Your answers"),
        reference=_reference(texts, content),
        rows=tuple(Fact(_clean(answer.label), _present(answer.value)) for answer in content.answers),
    )
