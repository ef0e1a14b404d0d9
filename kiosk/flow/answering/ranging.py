"""A number within bounds. Never a slider, which needs a steady finger: a card a number where they are few,
else a number to type, with one step less and one step more.
"""

from collections.abc import Iterator
from decimal import Decimal

from kiosk.flow.answering.base import Answering
from kiosk.flow.view import (
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    FieldKind,
    Paragraph,
    Part,
    Pressed,
    TextField,
    Typed,
)
from kiosk.flow.wording import heading
from kiosk.forms import Range

MOST_CARDS = 11
"""From 0 to 10 is the longest scale that people are asked to choose on."""
LESS, MORE = "step-less", "step-more"


class AnsweringRange(Answering):
    def parts(self, error: str) -> Iterator[Part]:
        steps = self._steps()
        if steps <= MOST_CARDS:
            yield self._cards(steps)
        else:
            yield from self._written(error)

    def _bounds(self) -> Range:
        assert self.question.range is not None, "a range has bounds"
        return self.question.range

    def _low_high(self) -> tuple[Decimal, Decimal, Decimal]:
        bounds = self._bounds()
        low, high = sorted((_decimal(bounds.start), _decimal(bounds.end)))
        return low, high, _decimal(bounds.step)

    def _steps(self) -> int:
        """How many numbers there are to choose from."""
        low, high, step = self._low_high()
        return int((high - low) / step) + 1

    def _cards(self, steps: int) -> Choices:
        low, _, step = self._low_high()
        values = [low + step * number for number in range(steps)]
        if self._bounds().start > self._bounds().end:
            values.reverse()
        present = _number(self.value)
        rating = "rating" in self.question.appearance
        return Choices(
            self.question.ref,
            tuple(
                Choice(_text(each), _text(each), icon="star" if rating else "", chosen=each == present)
                for each in values
            ),
            columns=1 if "vertical" in self.question.appearance else len(values),
        )

    def _written(self, error: str) -> Iterator[Part]:
        question, say = self.question, self.around.texts.say
        low, high, step = self._low_high()
        gaps = {"low": _text(low), "high": _text(high)}
        if step == 1:
            yield Paragraph(say("A number from {low} to {high}", **gaps))
        else:
            yield Paragraph(
                say("A number from {low} to {high}, in steps of {step}", step=_text(step), **gaps)
            )
        whole = all(each == each.to_integral_value() for each in (low, high, step))
        yield TextField(
            question.ref,
            heading(question),
            self.value,
            kind=FieldKind.INTEGER if whole else FieldKind.DECIMAL,
            error=error,
            private=question.private,
        )
        present = _number(self.value)
        yield Buttons(
            (
                Button(LESS, say("One step less"), icon="minus", enabled=present is None or present > low),
                Button(MORE, say("One step more"), icon="plus", enabled=present is None or present < high),
            )
        )

    def take(self, event: Event) -> bool:
        ref = self.question.ref
        match event:
            case Chosen(field=field, value=value) if field == ref:
                present, chosen = _number(self.value), _number(value)
                self.value = "" if present == chosen and not self.question.required else value
            case Typed(field=field, text=text) if field == ref:
                self.value = text
            case Pressed(id="step-less"):
                self._step(-1)
            case Pressed(id="step-more"):
                self._step(1)
            case _:
                return False
        return True

    def _step(self, by: int) -> None:
        low, high, step = self._low_high()
        present = _number(self.value)
        if present is None:
            # Begins in the middle, which is the shortest way to most answers.
            self.value = _text(low + step * ((self._steps() - 1) // 2))
        else:
            self.value = _text(min(max(present + by * step, low), high))

    def refusal(self) -> str:
        low, high, step = self._low_high()
        present = _number(self.value)
        if present is None or (low <= present <= high and (present - low) % step == 0):
            return ""
        say = self.around.texts.say
        gaps = {"low": _text(low), "high": _text(high)}
        if step == 1:
            return say("Please write a number from {low} to {high}.", **gaps)
        return say(
            "Please write a number from {low} to {high}, in steps of {step}.", step=_text(step), **gaps
        )


def _decimal(number: float) -> Decimal:
    return Decimal(repr(number))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _text(number: Decimal) -> str:
    whole = number.to_integral_value()
    return str(whole) if number == whole else str(number.normalize())
