"""Putting choices in an order: touched one after the other, the most important first.

Arrows beside each row were the alternative; they need a press for each place that a card moves, and two
small targets in a row, where this needs one press a card and the whole card.
"""

from collections.abc import Iterator

from kiosk.flow.answering.base import Answering, Around
from kiosk.flow.view import Button, Buttons, Choice, Choices, Chosen, Event, Part, Pressed, Tone
from kiosk.flow.wording import card_label
from kiosk.forms import Question

AGAIN = "rank-again"


class Ranking(Answering):
    def __init__(self, question: Question, around: Around) -> None:
        super().__init__(question, around)
        self._order = question.value.split()

    def parts(self, error: str) -> Iterator[Part]:
        say = self.around.texts.say
        cards = tuple(
            Choice(
                each.value,
                card_label(each),
                chosen=each.value in self._order,
                picture=self.around.file(each.image),
                place=self._order.index(each.value) + 1 if each.value in self._order else 0,
            )
            for each in self.question.choices
        )
        label = say("Touch the most important one first, then the next, until each has its number.")
        yield Choices(self.question.ref, cards, many=True, label=label, ranked=True)
        if self._order:
            yield Buttons((Button(AGAIN, say("Begin the order again"), icon="repeat", tone=Tone.QUIET),))

    def take(self, event: Event) -> bool:
        match event:
            case Chosen(field=field, value=value) if field == self.question.ref:
                if value in self._order:
                    self._order.remove(value)
                else:
                    self._order.append(value)
            case Pressed(id="rank-again"):
                self._order = []
            case _:
                return False
        self.value = "" if self._left() else " ".join(self._order)
        return True

    def _left(self) -> int:
        return len(self.question.choices) - len(self._order)

    def refusal(self) -> str:
        if not self._order or not self._left():
            return ""
        return self.around.texts.many(
            "{count} answer has no number yet. Please touch it too.",
            "{count} answers have no number yet. Please touch them too.",
            self._left(),
        )
