"""A page that looks at one thing after the other and shows each as it is known: opening, closing."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TypeVar

from kiosk.checks import Check
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.printing import JOB_TITLE
from kiosk.flow.rounds import Look, Seen, notice_of, row_of, sheet_of, verdicts_of
from kiosk.flow.table import Outcome
from kiosk.flow.view import Button, Buttons, Event, Notice, Part, Pressed, Progress, Rows, Tone, View
from kiosk.flow.wording import shown_moment
from kiosk.operators import SignedIn
from kiosk.receipts import PrintJob, plain_sheet_pdf

V = TypeVar("V", bound=View)


class LookingRound(Presenter):
    """Nothing waits for the looks: the page takes presses all the time, and can be left."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.seen: tuple[Seen, ...] = ()
        self.printed = False
        self._looks: tuple[tuple[str, Look], ...] = ()
        self._left = False
        self.is_over = False
        """Everything was looked at, and it is written down that it was."""

    @abstractmethod
    def looks(self) -> tuple[tuple[str, Look], ...]: ...

    @abstractmethod
    def keep(self, signed_in: SignedIn, verdicts: Mapping[str, str]) -> None:
        """Writes down that it was done; called in the background."""

    @abstractmethod
    def heading(self) -> str: ...

    @abstractmethod
    def to_do(self) -> tuple[str, ...]:
        """What no machine can look at."""

    @abstractmethod
    def all_well(self) -> str: ...

    # -- what is shown

    def round_view(self, kind: type[V]) -> V:
        say = self.texts.say
        body: list[Part] = []
        if not self.is_over:
            body.append(Progress(say("Looking at everything"), len(self.seen), len(self._looks)))
        else:
            body.append(self._result())
        # What needs somebody stands first, each in a frame of its own; what is fine is a list.
        body += [notice_of(each) for each in self.seen if each.check.ok is not True]
        fine = tuple(row_of(each) for each in self.seen if each.check.ok)
        if fine:
            body.append(Rows(fine, say("In order")))
        body += self.further()
        if self.printed:
            body.append(Notice(say("The sheet was sent to the printer"), tone=Tone.GOOD))
        if self.is_over:
            body.append(
                Buttons(
                    (
                        Button("print", say("Print this page"), icon="print"),
                        Button("again", say("Look again"), icon="repeat"),
                    )
                )
            )
        return self.page(
            kind,
            title=self.heading(),
            where=self.signed_in.operator.name,
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("Done")),
            staff=True,
            # Read again when the last thing is known: whoever only listens then hears the whole.
            key=f"{self.screen}:{'over' if self.is_over else 'looking'}:{self.visit.number}",
        )

    def further(self) -> tuple[Part, ...]:
        return ()

    def _result(self) -> Notice:
        trouble = sum(each.check.ok is not True for each in self.seen)
        if not trouble:
            return Notice(self.all_well(), tone=Tone.GOOD)
        title = self.texts.many("{count} thing needs a look", "{count} things need a look", trouble)
        return Notice(title, self.texts.say("Applications can be taken all the same."), Tone.WARNING)

    # -- what is done

    def entered(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.seen, self.printed, self.is_over = (), False, False
        self._looks = self.looks()
        self._look_at(self._looks, 0)

    def _look_at(self, looks: tuple[tuple[str, Look], ...], at: int) -> None:
        id, look = looks[at]

        def looked(check: Check | Exception) -> None:
            if self._left or looks is not self._looks:
                return
            if isinstance(check, Exception):
                raise check
            self.seen = (*self.seen, Seen(id, check))
            if len(self.seen) == len(looks):
                self._over(looks)
            else:
                self._look_at(looks, at + 1)
            self.stage.refresh()

        self.desk.lookout.run(look, looked)

    def _over(self, looks: tuple[tuple[str, Look], ...]) -> None:
        signed_in, verdicts = self.signed_in, verdicts_of(self.seen)

        def kept(result: Exception | None) -> None:
            if result is not None:
                raise result
            if looks is self._looks and not self._left:
                self.is_over = True
                self.stage.refresh()

        self.desk.background.run(lambda: self.keep(signed_in, verdicts), kept)

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="again") if self.is_over:
                self._begin()
                self.stage.refresh()
            case Pressed(id="print") if self.is_over:
                self._print()

    def _print(self) -> None:
        desk, printer = self.desk, self.desk.printer
        moment = shown_moment(desk.clock(), desk.zone, self.texts.language)
        sheet = sheet_of(self.seen, self.heading(), moment, self.to_do(), desk.centre, self.texts)

        def start(done: Callable[[PrintJob | Exception], None]) -> None:
            desk.background.run(lambda: printer.print_pdf(plain_sheet_pdf(sheet), JOB_TITLE), done)

        def printed(_: PrintJob) -> None:
            self.printed = True
            self.stage.refresh()

        self.stage.wait_for(start, printed)

    def back(self) -> None:
        self._left = True
        self.stage.go(Outcome.BACK)

    def forward(self) -> None:
        self.back()
