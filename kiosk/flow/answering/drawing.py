"""A signature or a drawing made with a finger; for who cannot, words said aloud to a volunteer instead.

A drawing that the form does not require is simply left out.
"""

from collections.abc import Iterator

from kiosk.flow.answering.base import Answering, Around
from kiosk.flow.enclosing import Enclosure, free_name
from kiosk.flow.view import (
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    Notice,
    Part,
    Pressed,
    SignaturePad,
    Signed,
    Tone,
)
from kiosk.flow.wording import heading
from kiosk.forms import Question, QuestionKind

ALOUD, BY_HAND = "consent-aloud", "sign-by-hand"
SAID, HEARD = "said", "heard"


class Drawing(Answering):
    """``name`` is what the form keeps; the strokes lie in ``around.enclosures`` under it."""

    def __init__(self, question: Question, around: Around, name: str = "") -> None:
        super().__init__(question, around)
        self.name = name or question.value or free_name(around.enclosures)
        present = self.enclosure
        self._aloud = bool(present.spoken)
        self._marks = {SAID, HEARD} if present.spoken else set[str]()

    @property
    def enclosure(self) -> Enclosure:
        return self.around.enclosures.get(self.name, Enclosure())

    @property
    def _signs(self) -> bool:
        return self.question.kind is QuestionKind.SIGNATURE

    def parts(self, error: str) -> Iterator[Part]:
        question, say = self.question, self.around.texts.say
        if self._aloud:
            yield Notice(say("Please say this aloud, so that the volunteer hears it:"), self._words())
            yield Choices(
                self._witness,
                (
                    Choice(SAID, say("I have said it aloud"), chosen=SAID in self._marks),
                    Choice(HEARD, say("I am the volunteer, and I heard it"), chosen=HEARD in self._marks),
                ),
                many=True,
            )
            by_hand = say("Sign with a finger instead") if self._signs else say("Draw with a finger instead")
            yield Buttons((Button(BY_HAND, by_hand, icon="write", tone=Tone.QUIET),))
            return
        clear = say("Clear and sign again") if self._signs else say("Clear and draw again")
        strokes = self.enclosure.strokes
        yield SignaturePad(question.ref, heading(question), strokes, clear, draws=not self._signs)
        if self._signs or question.required:
            aloud = (
                say("I cannot sign: I will say it aloud")
                if self._signs
                else say("I cannot draw: I will say it aloud")
            )
            yield Buttons((Button(ALOUD, aloud, icon="speak", tone=Tone.QUIET),))

    @property
    def _witness(self) -> str:
        return f"{self.question.ref}:witness"

    def _words(self) -> str:
        say = self.around.texts.say
        if self._signs:
            return say("“All that I said is true, and I want my application to be handed in.”")
        return say("“I cannot draw this. Please take my application without the drawing.”")

    def take(self, event: Event) -> bool:
        match event:
            case Signed(field=field, strokes=strokes) if field == self.question.ref:
                self._enclose(Enclosure(strokes))
            case Chosen(field=field, value=value) if field == self._witness:
                self._marks ^= {value}
                self._enclose(self._consent() if self._marks == {SAID, HEARD} else Enclosure())
            case Pressed(id="consent-aloud"):
                self._aloud = True
                self._enclose(Enclosure())
            case Pressed(id="sign-by-hand"):
                self._aloud = False
                self._marks = set()
                self._enclose(Enclosure())
            case _:
                return False
        return True

    def _consent(self) -> Enclosure:
        around = self.around
        at = around.now.astimezone(around.zone).isoformat(timespec="seconds")
        return Enclosure(spoken=self._words(), language=around.texts.language, at=at)

    def _enclose(self, enclosure: Enclosure) -> None:
        self.around.enclosures[self.name] = enclosure
        self.value = "" if enclosure.is_blank else self.name

    def refusal(self) -> str:
        if self._aloud and self._marks and self._marks != {SAID, HEARD}:
            return self.around.texts.say(
                "Both are needed: the person says it aloud, and the volunteer hears it."
            )
        return ""

    @property
    def inner(self) -> str:
        return "aloud" if self._aloud else ""

    @property
    def inner_title(self) -> str:
        if not self._aloud:
            return ""
        say = self.around.texts.say
        return (
            say("Agree aloud instead of signing") if self._signs else say("Say it aloud instead of drawing")
        )
