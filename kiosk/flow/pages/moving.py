"""This machine takes another one's place: the stick with its backup, the recovery sheet, a new PIN."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, assert_never

from kiosk.errors import Fault
from kiosk.flow.moving import BroughtIn, FoundBackup
from kiosk.flow.new_pin import NewPin
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, refusal_of, wait_or_refuse
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Bullets,
    Choice,
    Choices,
    Chosen,
    Event,
    FieldError,
    FieldKind,
    Notice,
    Part,
    Picture,
    Progress,
    Row,
    Rows,
    TextField,
    Tone,
    Typed,
    View,
)
from kiosk.flow.wording import shown_moment
from kiosk.operators import Operator
from kiosk.operators.moving import STEPS
from kiosk.operators.secrets import RECOVERY_DIGITS, typed_code

CODE_GROUPS = (4,) * (RECOVERY_DIGITS // 4)


class At(Enum):
    STICK = auto()
    CODE = auto()
    OPENING = auto()
    WHO = auto()
    PIN = auto()
    DONE = auto()


@dataclass(frozen=True, kw_only=True)
class MovingView(View):
    screen: ClassVar[str] = Screen.MOVING


class MovingPresenter(Presenter):
    """Nothing is changed here before the last step; until then Back leads to the first start."""

    screen = Screen.MOVING

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.at = At.STICK
        self.code = ""
        self._found: tuple[FoundBackup, ...] = ()
        self._chosen: FoundBackup | None = None
        self._looking = False
        self._step = self._shown_step = 0
        self._brought: BroughtIn | None = None
        self._who: Operator | None = None
        self._new = NewPin()

    def entered(self) -> None:
        self._look()

    # -- what is shown

    def view(self) -> MovingView:
        match self.at:
            case At.STICK:
                return self._sticks() if self._found else self._without_stick()
            case At.CODE:
                return self._asks_code()
            case At.OPENING:
                return self._opens()
            case At.WHO:
                return self._asks_who()
            case At.PIN:
                return self._asks_pin()
            case At.DONE:
                return self._moves()
            case _ as never:
                assert_never(never)

    def _page(self, title: str, *body: Part, forward: str | None = None, **fields: object) -> MovingView:
        again = ":again" if self.at is At.PIN and self._new.again else ""
        return self.page(
            MovingView,
            title=title,
            where=self.texts.say("This machine replaces another one"),
            body=body,
            forward=None if forward is None else self.forward_button(forward),
            staff=True,
            key=f"{self.screen}:{self.at.name}{again}:{bool(self._found)}:{self.visit.number}",
            **fields,
        )

    def _without_stick(self) -> MovingView:
        say = self.texts.say
        return self._page(
            say("Please put in the stick with the backup"),
            Picture("stick", say("A USB stick")),
            Bullets(
                (
                    say("You need the stick with the other machine's backup."),
                    say("You need its recovery sheet, with a code of 28 digits."),
                    say("The other machine must not be used any more afterwards."),
                )
            ),
            hint=say("This page notices it by itself."),
            back=self.back_button(),
        )

    def _sticks(self) -> MovingView:
        say = self.texts.say
        cards = tuple(
            Choice(
                str(each.file),
                shown_moment(each.made_at, self.desk.zone, self.texts.language),
                say("{centre}, on the stick {stick}", centre=each.centre or "Opora", stick=each.stick),
                "stick",
                chosen=each == self._chosen,
            )
            for each in self._found
        )
        return self._page(
            say("Which backup shall be opened?"),
            Choices("backup", cards, label=say("The newest stands first")),
            back=self.back_button(),
            forward="",
        )

    def _asks_code(self) -> MovingView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "code"), "")
        return self._page(
            say("Please type the code of the recovery sheet"),
            TextField(
                "code",
                say("Code of the recovery sheet"),
                self.code,
                FieldKind.CODE,
                CODE_GROUPS,
                error=error,
                private=True,
            ),
            hint=say("28 digits in seven groups of four."),
            back=self.back_button(),
            forward=say("Open the backup"),
            private=True,
        )

    def _opens(self) -> MovingView:
        say = self.texts.say
        steps = (
            say("Making room"),
            say("Opening the backup. This takes a moment."),
            say("Looking at what is in it"),
        )
        label = steps[max(0, self._shown_step - 1)]
        return self._page(
            say("Please leave the stick where it is"), Progress(label, max(0, self._shown_step - 1), STEPS)
        )

    def _holds(self) -> Rows:
        say, brought = self.texts.say, self._brought
        assert brought is not None, "shown once a backup was opened"
        content = brought.content
        return Rows(
            (
                Row("applications", say("Applications"), str(content.applications)),
                Row("waiting", say("Waiting to be sent"), str(content.waiting)),
                Row("drafts", say("Not finished yet"), str(content.drafts)),
            ),
            say("In this backup"),
        )

    def _asks_who(self) -> MovingView:
        say, brought = self.texts.say, self._brought
        assert brought is not None, "shown once a backup was opened"
        cards = tuple(
            Choice(str(each.id), each.name, icon="person", chosen=each == self._who)
            for each in brought.coordinators
        )
        return self._page(
            say("Who are you?"),
            self._holds(),
            Choices("who", cards, label=say("Coordinators of this centre")),
            hint=say("PINs belong to a machine: you choose a new one for this one."),
            back=self.back_button(),
            forward="",
        )

    def _asks_pin(self) -> MovingView:
        self.errors = self._new.errors or self.errors
        assert self._who is not None, "the page before asks who"
        return self._page(
            self._new.title(self.texts),
            self._new.field(self.texts),
            hint=self._new.hint(self.texts),
            back=self.back_button(),
            forward=self.texts.say("Take over") if self._new.again else "",
        )

    def _moves(self) -> MovingView:
        say = self.texts.say
        return self._page(
            say("This machine takes the other one's place"),
            Notice(
                say("Everything is here"),
                say("Sign in with your new PIN, and give the others a new one under “People”."),
                Tone.GOOD,
            ),
            forward=say("Begin"),
        )

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="backup", value=value):
                self._chosen = next((each for each in self._found if str(each.file) == value), None)
            case Chosen(field="who", value=value) if self._brought is not None:
                people = self._brought.coordinators
                self._who = next((each for each in people if str(each.id) == value), None)
            case Typed(field="code", text=text):
                self.code = text
            case _ if self.at is At.PIN and self._new.take(event):
                pass
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        match self.at:
            case At.STICK:
                self.stage.go(Outcome.BACK)
            case At.CODE:
                self._to(At.STICK)
            case At.WHO:
                self._to(At.CODE)
            case At.PIN:
                if not self._new.back():
                    self._to(At.WHO)
                else:
                    self.stage.refresh()
            case At.OPENING | At.DONE:
                pass
            case _ as never:
                assert_never(never)

    def forward(self) -> None:
        match self.at:
            case At.STICK:
                self._to_if(self._chosen is not None, At.CODE, "backup", self.texts.say("Please choose one."))
            case At.CODE:
                self._open()
            case At.WHO:
                self._to_if(self._who is not None, At.PIN, "who", self.texts.say("Please choose one."))
            case At.PIN:
                if self._new.forward(self.texts):
                    self._take_over()
                else:
                    self.errors = ()
                    self.stage.refresh()
            case At.DONE:
                self.desk.moving.take_over()
            case At.OPENING:
                pass
            case _ as never:
                assert_never(never)

    def _to(self, at: At) -> None:
        self.at, self.errors, self.fault = at, (), None
        self.stage.refresh()

    def _to_if(self, may: bool, at: At, field: str, else_: str) -> None:
        if may:
            self._to(at)
        else:
            self.errors = (FieldError(field, else_),)
            self.stage.refresh()

    def tick(self) -> None:
        if self.at is At.OPENING and self._shown_step != self._step:
            self._shown_step = self._step
            self.stage.refresh()
        elif self.at is At.STICK and not self.stage.working():
            self._look()

    def _look(self) -> None:
        moving = self.desk.moving

        def looked(found: tuple[FoundBackup, ...] | Exception) -> None:
            self._looking = False
            if isinstance(found, Exception):
                if not isinstance(found, Fault):
                    raise found
                self.fault = found
                self.stage.refresh()
            elif self.at is At.STICK and found != self._found:
                self._found = found
                if self._chosen not in found:
                    # The newest is nearly always the one that is meant.
                    self._chosen = found[0] if found else None
                self.stage.refresh()

        if not self._looking:
            self._looking = True
            self.desk.background.run(moving.find, looked)

    def _open(self) -> None:
        refused = refusal_of(lambda: typed_code(self.code, RECOVERY_DIGITS))
        if refused is not None:
            self.errors = refused.errors("code", self.texts)
            self.stage.refresh()
            return
        moving, backup, code = self.desk.moving, self._chosen, self.code
        assert backup is not None, "the page before asks which"

        def progress(step: int) -> None:
            self._step = step

        def start(done: Callable[[BroughtIn | Exception], None]) -> None:
            def arrived(result: BroughtIn | Exception) -> None:
                if isinstance(result, Exception):
                    self.at = At.CODE
                done(result)

            self.desk.background.run(lambda: moving.bring_in(backup, code, progress), arrived)

        self.at, self._step, self._shown_step = At.OPENING, 0, 0
        wait_or_refuse(self.stage, start, self._opened, self._code_refused)
        self.stage.refresh()

    def _opened(self, brought: BroughtIn) -> None:
        self._brought = brought
        self._who = brought.coordinators[0] if len(brought.coordinators) == 1 else None
        self._to(At.WHO)

    def _code_refused(self, refused: Refused) -> None:
        self.at, self.errors = At.CODE, refused.errors("code", self.texts)
        self.stage.refresh()

    def _take_over(self) -> None:
        moving, who, code, pin = self.desk.moving, self._who, self.code, self._new.pin
        assert who is not None, "the page before asks who"
        self._new = NewPin()

        def start(done: Callable[[bool | Exception], None]) -> None:
            def work() -> bool:
                moving.give_pin(who, code, pin)
                return True

            self.desk.background.run(work, done)

        def given(_: bool) -> None:
            self.code = ""
            self._to(At.DONE)

        wait_or_refuse(self.stage, start, given, self._code_refused)
