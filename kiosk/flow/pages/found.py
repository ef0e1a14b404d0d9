"""What became of an application: what the agency answered, opened by the paper alone."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import AgencyAnswer
from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Code, Notice, Paragraph, Part, Row, Rows, Tone, View
from kiosk.flow.wording import REFERENCE_GROUPS, in_groups, in_words, shown_moment
from kiosk.ids import ServiceId
from kiosk.texts import N_, Texts

WORDS = {
    "received": N_("Received by {agency}"),
    "in-work": N_("{agency} is working on it"),
    "evidence-wanted": N_("{agency} needs another paper from you"),
    "granted": N_("Granted"),
    "granted-in-part": N_("Granted in part"),
    "refused": N_("Refused"),
    "appeal-possible": N_("You can appeal"),
    "paid": N_("Paid out"),
    "withdrawn": N_("Withdrawn"),
    "message": N_("A message from {agency}"),
}
TONES = {
    "granted": Tone.GOOD,
    "granted-in-part": Tone.GOOD,
    "paid": Tone.GOOD,
    "refused": Tone.WARNING,
    "evidence-wanted": Tone.WARNING,
}


@dataclass(frozen=True, kw_only=True)
class FoundView(View):
    screen: ClassVar[str] = Screen.FOUND


class FoundPresenter(Presenter):
    screen = Screen.FOUND

    def view(self) -> FoundView:
        texts, found, language = self.texts, self.visit.found, self.visit.language
        assert found is not None, "the page before found it"
        say, zone = texts.say, self.desk.zone
        service = self.desk.pack.service(ServiceId(found.service))
        name = service.plain_name.text(language) if service else found.service_name
        body: list[Part] = []
        if found.answers:
            newest = found.answers[-1]
            body += self._answer(newest, texts)
        else:
            body.append(
                Notice(
                    say("Kept at this centre, not yet sent"),
                    say("It goes out as soon as there is a line. You need do nothing."),
                )
            )
        history = [
            Row(f"status:{n}", self._title(each, texts), shown_moment(each.at, zone, language))
            for n, each in enumerate(found.answers)
        ]
        stored = Row(
            "stored",
            say("Stored at {centre}", centre=found.centre),
            shown_moment(found.stored_at, zone, language),
        )
        body.append(Rows((stored, *history), say("What happened so far")))
        body.append(Code(say("Your reference"), in_groups(found.reference, REFERENCE_GROUPS)))
        return self.page(
            FoundView,
            title=name,
            where=say("Your application"),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("Finish")),
            private=True,
        )

    def _title(self, answer: AgencyAnswer, texts: Texts) -> str:
        words = WORDS.get(answer.kind, N_("News from {agency}"))
        return texts.say(words, agency=answer.by or texts.say("the agency"))

    def _answer(self, answer: AgencyAnswer, texts: Texts) -> list[Part]:
        """The newest answer, large, with its reason, sum and date in plain words."""
        parts: list[Part] = [
            Notice(self._title(answer, texts), answer.text, TONES.get(answer.kind, Tone.PLAIN))
        ]
        if answer.reason:
            parts.append(Paragraph(texts.say("The reason: {reason}", reason=answer.reason)))
        if answer.amount:
            parts.append(Paragraph(texts.say("The amount: {amount}", amount=answer.amount)))
        if answer.until is not None:
            day = in_words(answer.until.astimezone(self.desk.zone).date(), texts.language)
            parts.append(Paragraph(texts.say("Until: {day}", day=day), tone=Tone.STRONG))
        return parts

    def forward(self) -> None:
        self.stage.go(Outcome.FINISHED)
