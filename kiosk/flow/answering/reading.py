"""Questions that take no answer: notes, what is worked out and only shown, what a kiosk cannot ask."""

from collections.abc import Iterator

from kiosk.flow.answering.base import Answering
from kiosk.flow.view import Code, Notice, Paragraph, Part
from kiosk.flow.wording import written_value
from kiosk.forms import QuestionKind

ADDRESS = "url"


class Reading(Answering):
    def parts(self, error: str) -> Iterator[Part]:
        question, say = self.question, self.around.texts.say
        if not question.value:
            return
        if ADDRESS in question.appearance:
            yield Code(
                say("To open this page, point your telephone's camera at the square."),
                (question.value,),
                qr=question.value,
            )
        elif question.kind is not QuestionKind.NOTE:
            yield Paragraph(written_value(question, self.around.texts))


class LeftOpen(Answering):
    """A picture, a file, a place on the map, a recording: said plainly, and left blank."""

    def parts(self, error: str) -> Iterator[Part]:
        say = self.around.texts.say
        if self.question.kind in (QuestionKind.IMAGE, QuestionKind.FILE):
            yield Notice(
                say("This kiosk cannot take in papers or pictures yet"),
                say("Please keep the paper ready: the agency will ask for it. You can go on without it."),
            )
        else:
            yield Notice(
                say("This cannot be asked at this kiosk"),
                say("It stays open. The agency will ask you if they need it."),
            )
