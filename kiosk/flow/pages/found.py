"""What became of an application: what the agency answered, opened by the paper alone."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import AgencyAnswer, agency_answers, holder_view
from kiosk.flow.looking_up import opener
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Code, Notice, Paragraph, Part, Row, Rows, Tone, View
from kiosk.flow.wording import REFERENCE_GROUPS, in_groups, in_words, shown_moment, whom_to_ask
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

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        found, keys = self.visit.found, self.visit.found_keys
        assert found is not None, "the page before found it"
        assert keys is not None, "it was found with the paper's keys"
        self.holder = holder_view(found)
        self.answers = agency_answers(found, opener(keys))

    def view(self) -> FoundView:
        texts, language = self.texts, self.visit.language
        say, zone, holder = texts.say, self.desk.zone, self.holder
        body: list[Part] = []
        if self.answers:
            body += self._answer(self.answers[-1], texts)
        else:
            body.append(
                Notice(
                    say("Kept at this centre, not yet sent"),
                    say("It goes out as soon as there is a line. You need do nothing."),
                )
            )
        elsewhere = self._answered_elsewhere()
        if elsewhere is not None:
            body.append(Notice(say("Where the answer comes from"), elsewhere))
        history = [
            Row(f"status:{n}", self._title(each, texts), shown_moment(each.at, zone, language))
            for n, each in enumerate(self.answers)
        ]
        if holder is not None:
            stored_at = shown_moment(holder.stored_at, zone, language)
            history.insert(0, Row("stored", say("Stored at {centre}", centre=holder.centre), stored_at))
        body.append(Rows(tuple(history), say("What happened so far")))
        reference = holder.reference if holder is not None else self.answers[-1].reference
        if reference:
            body.append(Code(say("Your reference"), in_groups(reference, REFERENCE_GROUPS)))
        return self.page(
            FoundView,
            title=self._service_name() or say("Your application"),
            where=say("Your application"),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("Finish")),
            private=True,
        )

    def _answered_elsewhere(self) -> str | None:
        service = None if self.holder is None else self.desk.pack.service(self.holder.service)
        if service is None:
            return None
        return whom_to_ask(self.desk.pack.agencies[service.agency], self.texts)

    def _service_name(self) -> str:
        """In the language of the screen where the pack still has it, else as it was when stored."""
        if self.holder is None:
            return ""
        service = self.desk.pack.service(self.holder.service)
        return self.holder.service_name if service is None else service.plain_name.text(self.visit.language)

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
