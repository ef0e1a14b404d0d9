"""Somebody has lost their receipt: the volunteer checks who they are, and the agency seals to a new one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from kiosk.applications import HolderView, NewReceipt, TodaysRow
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Button,
    Choice,
    Choices,
    Chosen,
    Event,
    FieldError,
    Notice,
    Paragraph,
    Part,
    Pressed,
    Progress,
    Row,
    Rows,
    Tone,
    View,
)
from kiosk.flow.wording import REFERENCE_GROUPS, in_groups, shown_moment
from kiosk.ids import ApplicationId, Reference, ServiceId
from kiosk.receipts import ReceiptKeys, new_receipt_code

LOOK_BACK = timedelta(days=400)
MOST = 60
THIS = "this:"


class Checked(StrEnum):
    """How it was made sure who the person is; the word stands in the journal."""

    DOCUMENT = "document"
    KNOWN = "known-in-person"
    QUESTIONS = "answered-questions"


@dataclass(frozen=True, kw_only=True)
class LostReceiptView(View):
    screen: ClassVar[str] = Screen.LOST_RECEIPT


class LostReceiptPresenter(Presenter):
    """Which application, how the person was known, done."""

    screen = Screen.LOST_RECEIPT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.rows: tuple[TodaysRow, ...] | None = None
        self.chosen: TodaysRow | None = None
        self.checked: Checked | None = None
        self.done = False

    def entered(self) -> None:
        today, signed_in, since = self.desk.today, self.signed_in, self.desk.clock() - LOOK_BACK

        def read(done: Callable[[tuple[TodaysRow, ...] | Exception], None]) -> None:
            self.desk.background.run(lambda: today.applications(signed_in, since)[:MOST], done)

        self.stage.wait_for(read, self._have_read)

    def _have_read(self, rows: tuple[TodaysRow, ...]) -> None:
        self.rows = rows
        self.stage.refresh()

    # -- what is shown

    def view(self) -> LostReceiptView:
        say = self.texts.say
        if self.done:
            text = say(
                "It waits on the page of the day under “Receipts that nobody has yet”. What the agency has "
                "said so far comes again with the next exchange. The old paper opens nothing here any more."
            )
            body: tuple[Part, ...] = (Notice(say("The new receipt can be printed"), text, Tone.GOOD),)
            return self._page(say("A new receipt"), body, "done", forward=say("To today's work"), back=False)
        if self.chosen is None:
            return self._page(say("Whose receipt is lost?"), self._list(), "which", forward=None)
        return self._check(self.chosen)

    def _list(self) -> tuple[Part, ...]:
        say = self.texts.say
        if self.rows is None:
            return (Progress(say("One moment")),)
        if not self.rows:
            return (Paragraph(say("No application was taken at this kiosk lately.")),)
        button = say("This one")
        return (
            Rows(
                tuple(
                    Row(
                        f"row:{each.id}",
                        self._service(each),
                        self._which(each),
                        (Button(f"{THIS}{each.id}", button, icon="forward"),),
                    )
                    for each in self.rows
                )
            ),
        )

    def _which(self, row: TodaysRow) -> str:
        moment = shown_moment(row.stored_at, self.desk.zone, self.texts.language)
        reference = " ".join(in_groups(row.reference, REFERENCE_GROUPS))
        told = self.texts.say("Reference {reference}, stored {moment}", reference=reference, moment=moment)
        return f"{row.initials} {told}" if row.initials else told

    def _check(self, row: TodaysRow) -> LostReceiptView:
        say = self.texts.say
        ways = (
            (Checked.DOCUMENT, say("By an identity document")),
            (Checked.KNOWN, say("I know this person")),
            (Checked.QUESTIONS, say("By what only they can know")),
        )
        body = (
            Choices("checked", tuple(Choice(way, words, chosen=way is self.checked) for way, words in ways)),
            Notice(
                say("Only for the person themselves"),
                say("Whoever has the new receipt reads the answer. Your name stands in the journal."),
                Tone.WARNING,
            ),
        )
        title = say("How did you make sure who this is?")
        where = self._which(row)
        return self._page(title, body, "check", forward=say("Make a new receipt"), where=where)

    def _page(
        self,
        title: str,
        body: tuple[Part, ...],
        step: str,
        *,
        forward: str | None,
        back: bool = True,
        where: str = "",
    ) -> LostReceiptView:
        return self.page(
            LostReceiptView,
            title=title,
            where=where or self.signed_in.operator.name,
            body=body,
            back=self.back_button() if back else None,
            forward=None if forward is None else self.forward_button(forward),
            staff=True,
            private=True,
            key=f"{self.screen}:{step}:{self.visit.number}",
        )

    def _service(self, row: TodaysRow) -> str:
        service = self.desk.pack.service(ServiceId(row.service))
        if service is None:
            return self.texts.say("A service that is no longer offered")
        return service.plain_name.text(self.texts.language)

    # -- what the volunteer does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id=id) if id.startswith(THIS) and self.rows is not None:
                wanted = ApplicationId(UUID(id.removeprefix(THIS)))
                self.chosen = next((each for each in self.rows if each.id == wanted), None)
            case Chosen(field="checked", value=value):
                self.checked = Checked(value)
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        if self.chosen is None:
            self.stage.go(Outcome.BACK)
            return
        self.chosen, self.checked, self.errors, self.fault = None, None, (), None
        self.stage.refresh()

    def forward(self) -> None:
        if self.done:
            self.stage.go(Outcome.BACK)
        elif self.chosen is not None and self.checked is None:
            self.errors = (FieldError("checked", self.texts.say("Please choose one of these.")),)
            self.stage.refresh()
        elif self.chosen is not None and self.checked is not None:
            self._replace(self.chosen, self.checked)

    def _replace(self, row: TodaysRow, checked: Checked) -> None:
        desk, signed_in, language = self.desk, self.signed_in, self.visit.language
        service = desk.pack.service(ServiceId(row.service))
        view = HolderView(
            reference=Reference(row.reference),
            service=ServiceId(row.service),
            service_name="" if service is None else service.plain_name.text(language),
            language=language,
            centre=desk.centre.name,
            stored_at=row.stored_at,
            copy_until=row.copy_until,
        )

        def replace() -> None:
            code = new_receipt_code()
            new = NewReceipt(row.id, Reference(row.reference), code, view.to_json())
            desk.replacements.replace(signed_in, new, ReceiptKeys.derive(code, desk.salt), checked)

        def begin(done: Callable[[Exception | None], None]) -> None:
            desk.background.run(replace, done)

        self.stage.wait_for(begin, lambda _: self._replaced())

    def _replaced(self) -> None:
        self.done = True
        self.desk.courier.nudge()
        self.stage.refresh()
