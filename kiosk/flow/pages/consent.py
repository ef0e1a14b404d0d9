"""What to have ready, and what happens to what a person says here. Agreeing opens the draft."""

import secrets
from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import OpenDraft
from kiosk.flow import walk
from kiosk.flow.handing_in import CONSENT_VERSION
from kiosk.flow.opening import begin_draft
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bullets, Choice, Choices, Chosen, Event, Notice, Paragraph, Part, Tone, View


@dataclass(frozen=True, kw_only=True)
class ConsentView(View):
    screen: ClassVar[str] = Screen.CONSENT


class ConsentPresenter(Presenter):
    screen = Screen.CONSENT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.months = self.desk.operators.rules().copy_months

    def view(self) -> ConsentView:
        say, language, errand = self.texts.say, self.visit.language, self.visit.errand
        service = errand.service
        assert service is not None, "a service was chosen on the page before"
        agency = self.desk.pack.agencies[service.agency].name.text(language)
        body: list[Part] = []
        if service.required_documents:
            body.append(Paragraph(say("Good to have with you"), tone=Tone.STRONG))
            body.append(Bullets(tuple(each.text(language) for each in service.required_documents)))
            body.append(Paragraph(say("You can also bring these later.")))
        body += [
            Paragraph(say("What happens to your answers"), tone=Tone.STRONG),
            Bullets(
                (
                    say("Each answer is kept on this machine, locked away."),
                    say("Only {agency} can read the finished application.", agency=agency),
                    say("If you stop before the end, nothing is sent."),
                )
            ),
            Choices(
                "volunteer",
                (
                    Choice("yes", say("Yes, they may"), chosen=errand.volunteer_may_continue),
                    Choice("no", say("No, only me"), chosen=not errand.volunteer_may_continue),
                ),
                label=say("If you do not finish today, may a volunteer of this centre go on with you later?"),
            ),
        ]
        if not errand.volunteer_may_continue:
            body.append(
                Notice(
                    say("Then you will need a code"),
                    say(
                        "If you leave without asking for a code under “Help”, your answers are erased "
                        "and we cannot bring them back."
                    ),
                    Tone.WARNING,
                )
            )
        if self.months:
            body += self._copy()
        return self.page(
            ConsentView,
            title=say("Before we begin"),
            where=service.plain_name.text(language),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("I agree, begin")),
        )

    def _copy(self) -> tuple[Part, ...]:
        """A question of its own; nothing is kept unless somebody says yes."""
        say, keeps = self.texts.say, self.visit.errand.keep_copy
        question = Choices(
            "copy",
            (
                Choice("no", say("No, keep nothing"), chosen=not keeps),
                Choice("yes", say("Yes, keep a copy"), chosen=keeps),
            ),
            label=self.texts.many(
                "May this centre keep a locked copy of your application for {count} month?",
                "May this centre keep a locked copy of your application for {count} months?",
                self.months,
            ),
        )
        if keeps:
            told = Notice(
                say("Then the centre can help you later"),
                say(
                    "It can correct the application, fill in the next one from it, replace a lost receipt, "
                    "and call you when something is due. Then the copy is erased."
                ),
            )
        else:
            told = Notice(
                say("Then nothing of it stays here"),
                say(
                    "The centre cannot correct it later, cannot fill in the next one from it, "
                    "and cannot call you when something is due. Your receipt still opens the answer."
                ),
            )
        return (question, told)

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="copy", value=value):
                self.visit.errand.keep_copy = value == "yes"
                self.stage.refresh()
            case Chosen(field="volunteer", value=value):
                self.visit.errand.volunteer_may_continue = value == "yes"
                self.stage.refresh()

    def forward(self) -> None:
        seed = secrets.randbits(63)
        self.stage.wait_for(
            lambda done: begin_draft(self.desk, self.visit, seed, CONSENT_VERSION, done), self._begun
        )

    def _begun(self, draft: OpenDraft) -> None:
        self.visit.errand.draft = draft
        outcome = walk.start(self.visit.errand)
        self.stage.go(Outcome.AGREED if outcome is Outcome.TO_QUESTION else outcome)
