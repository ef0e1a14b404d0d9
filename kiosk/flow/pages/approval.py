"""A coordinator reads what waits for approval, and lets it go to the agency."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import Awaiting
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Notice, Part, Progress, Row, Rows, Tone, View
from kiosk.flow.wording import shown_moment


@dataclass(frozen=True, kw_only=True)
class ApprovalView(View):
    screen: ClassVar[str] = Screen.APPROVAL


class ApprovalPresenter(Presenter):
    """Opened by the row of one application; nobody but a coordinator's key opens its answers."""

    screen = Screen.APPROVAL

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.awaiting: Awaiting | None = None

    def entered(self) -> None:
        approvals, signed_in, id = self.desk.approvals, self.signed_in, self.visit.looked_at
        assert id is not None, "the list of the day says which"

        def read(done: Callable[[Awaiting | Exception], None]) -> None:
            self.desk.background.run(lambda: approvals.read(signed_in, id), done)

        self.stage.wait_for(read, self._read)

    def _read(self, awaiting: Awaiting) -> None:
        self.awaiting = awaiting
        self.stage.refresh()

    def view(self) -> ApprovalView:
        say, awaiting = self.texts.say, self.awaiting
        body: list[Part] = []
        if awaiting is None:
            body.append(Progress(say("One moment")))
        elif awaiting.answers is None:
            text = say("Nothing was kept that could be read. The agency alone can open it.")
            body.append(Notice(say("The answers cannot be shown"), text, Tone.WARNING))
        else:
            moment = shown_moment(awaiting.stored_at, self.desk.zone, self.texts.language)
            body.append(
                Rows(
                    tuple(
                        Row(f"answer:{number}", each.label, each.value, private=True)
                        for number, each in enumerate(awaiting.answers)
                    ),
                    say("Stored {moment}", moment=moment),
                )
            )
        return self.page(
            ApprovalView,
            title=say("May this application go to the agency?"),
            where=self.signed_in.operator.name,
            hint=say("Your look at it stands in the journal. Afterwards nobody here can read it any more."),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("Yes, send it"), enabled=awaiting is not None),
            staff=True,
            private=True,
        )

    def forward(self) -> None:
        awaiting = self.awaiting
        if awaiting is None:
            return
        approvals, signed_in = self.desk.approvals, self.signed_in

        def approve(done: Callable[[Exception | None], None]) -> None:
            self.desk.background.run(lambda: approvals.approve(signed_in, awaiting.id), done)

        self.stage.wait_for(approve, lambda _: self._approved())

    def _approved(self) -> None:
        self.desk.courier.nudge()
        self.stage.go(Outcome.BACK)
