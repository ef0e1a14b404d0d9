"""Days, months, years and hours, each part typed in a box of its own and read back in words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from kiosk.flow.answering.base import Answering, Around
from kiosk.flow.view import DateField, Event, Part, TimeField, Typed
from kiosk.flow.wording import DATE_ORDER, heading, shown_month, shown_time, shown_year, written_date
from kiosk.forms import Question


def asked_parts(question: Question) -> str:
    """Which of day, month and year a date question asks for, in no order: "dmy", "my" or "y"."""
    if "year" in question.appearance:
        return "y"
    return "my" if "month-year" in question.appearance else "dmy"


class AnsweringDate(Answering):
    def parts(self, error: str) -> Iterator[Part]:
        yield self._field(self.question.ref, self.value, error)

    def _field(self, ref: str, value: str, error: str) -> DateField:
        question, texts = self.question, self.around.texts
        say, language = texts.say, texts.language
        asked = asked_parts(question)
        in_words = {"dmy": written_date, "my": shown_month, "y": shown_year}[asked]
        return DateField(
            ref,
            heading(question),
            value,
            order="".join(letter for letter in DATE_ORDER[language] if letter in asked),
            day_label=say("Day") if "d" in asked else "",
            month_label=say("Month") if "m" in asked else "",
            year_label=say("Year"),
            error=error,
            private=question.private,
            in_words=in_words(value, language),
        )

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field=field, text=text) if field == self.question.ref:
                self.value = text
                return True
        return False


class AnsweringTime(Answering):
    """Hours of the day as a 24-hour clock has them; the form keeps them with the place's own offset."""

    def __init__(self, question: Question, around: Around) -> None:
        super().__init__(question, around)
        self._typed = question.value[:5]

    def parts(self, error: str) -> Iterator[Part]:
        yield time_field(self.question, self.question.ref, self._typed, error, self.around)

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field=field, text=text) if field == self.question.ref:
                self._typed = text
                offset = self.around.now.astimezone(self.around.zone).isoformat()[-6:]
                self.value = f"{text}:00.000{offset}" if _is_clock(text) else text
                return True
        return False


class AnsweringMoment(AnsweringDate):
    """A day and an hour, on one page."""

    def __init__(self, question: Question, around: Around) -> None:
        super().__init__(question, around)
        self._day, _, clock = question.value.partition("T")
        self._clock = clock[:5]

    def parts(self, error: str) -> Iterator[Part]:
        ref = self.question.ref
        # The hour is read back with its day, in one line for both.
        day = self._field(f"{ref}:date", self._day, error)
        clock = time_field(self.question, f"{ref}:time", self._clock, "", self.around)
        yield replace(day, in_words="", reads_back=False)
        yield replace(clock, in_words=", ".join(filter(None, (day.in_words, clock.in_words))))

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field=field, text=text) if field == f"{self.question.ref}:date":
                self._day = text
            case Typed(field=field, text=text) if field == f"{self.question.ref}:time":
                self._clock = text
            case _:
                return False
        self.value = self._joined()
        return True

    def _joined(self) -> str:
        if not self._day and not self._clock:
            return ""
        try:
            moment = datetime.fromisoformat(f"{self._day}T{self._clock}" if _is_clock(self._clock) else "")
        except ValueError:
            # Not whole yet: the form says so when the person goes on.
            return f"{self._day}T{self._clock}"
        return moment.replace(tzinfo=self.around.zone).isoformat(timespec="milliseconds")


def time_field(question: Question, field: str, typed: str, error: str, around: Around) -> TimeField:
    say = around.texts.say
    return TimeField(
        field,
        heading(question),
        typed,
        hour_label=say("Hour"),
        minute_label=say("Minutes"),
        error=error,
        private=question.private,
        in_words=shown_time(typed, around.texts.language) if _is_clock(typed) else "",
    )


def _is_clock(text: str) -> bool:
    """Whether it is HH:MM of a day."""
    hour, _, minute = text.partition(":")
    return len(text) == 5 and (hour + minute).isdecimal() and int(hour) < 24 and int(minute) < 60
