"""The coordinator's exchange by USB stick: put it in, press once, take it out, told what came and went."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from kiosk.errors import Fault
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.sticks import Stick, StickDone, UpdateCame, Writing, homecoming
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
from kiosk.operators import Permission

CODE_DIGITS = 12
CODE_GROUPS = (4, 4, 4)


@dataclass(frozen=True, kw_only=True)
class StickView(View):
    screen: ClassVar[str] = Screen.STICK


class Step(Enum):
    LOOKING = auto()
    READY = auto()
    WORKING = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class _Found:
    sticks: tuple[Stick, ...]
    waiting: int | None
    """None until it was read."""
    enrolled: bool


class StickPresenter(Presenter):
    screen = Screen.STICK

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.step = Step.LOOKING
        self.code = ""
        self._found = _Found((), None, True)
        self._chosen: Stick | None = None
        self._looking = False
        self._writing = Writing()
        self._shown = Writing()
        self._done: StickDone | None = None

    def entered(self) -> None:
        self.signed_in.require(Permission.EXCHANGE_BY_USB)
        self._look()

    # -- what is shown

    def view(self) -> StickView:
        match self.step:
            case Step.LOOKING:
                return self._without_stick()
            case Step.READY:
                return self._ready()
            case Step.WORKING:
                return self._working()
            case Step.DONE:
                return self._report()

    def _page(self, title: str, body: tuple[Part, ...], **fields: object) -> StickView:
        where = self.texts.say("Exchange by USB stick")
        key = f"{self.screen}:{self.step.name}:{self.visit.number}"
        return self.page(StickView, title=title, where=where, body=body, staff=True, key=key, **fields)

    def _without_stick(self) -> StickView:
        say = self.texts.say
        return self._page(
            say("Please put a USB stick into the kiosk"),
            (
                Picture("stick", say("A USB stick")),
                *self._facts(),
                Notice(
                    say("Any stick will do"),
                    say("What else lies on it is left alone. What is written on it nobody can read."),
                ),
            ),
            hint=say("This page notices it by itself."),
            back=self.back_button(),
        )

    def _ready(self) -> StickView:
        say, stick = self.texts.say, self._stick
        body: list[Part] = []
        if len(self._found.sticks) > 1:
            cards = tuple(
                Choice(str(each.folder), each.name, chosen=each == stick) for each in self._found.sticks
            )
            body.append(Choices("stick", cards, label=say("Which stick?")))
        if stick is not None and stick.answered:
            body.append(
                Notice(
                    say("The agency's answer is on this stick"),
                    say("It is brought home first. Then what waits here is written."),
                    Tone.GOOD,
                )
            )
        wants_code = not self._found.enrolled and not (stick is not None and stick.answered)
        if wants_code:
            error = next((each.text for each in self.errors if each.field == "code"), "")
            body.append(
                TextField(
                    "code",
                    say("One-time code from the agency"),
                    self.code,
                    FieldKind.CODE,
                    CODE_GROUPS,
                    error=error,
                    private=True,
                )
            )
        body += self._facts(stick)
        return self._page(
            say("Exchange with the agency by this stick?"),
            tuple(body),
            hint=""
            if not wants_code
            else say(
                "This kiosk is not connected yet. The agency tells you the code by telephone or letter."
            ),
            back=self.back_button(),
            forward=self.forward_button(say("Exchange now")),
        )

    def _facts(self, stick: Stick | None = None) -> tuple[Rows, ...]:
        say, waiting = self.texts.say, self._found.waiting
        rows = []
        if stick is not None:
            rows.append(Row("stick", say("USB stick"), stick.name))
        if waiting is not None:
            rows.append(Row("waiting", say("Waiting to be sent"), str(waiting)))
        return (Rows(tuple(rows)),) if rows else ()

    def _working(self) -> StickView:
        say, writing = self.texts.say, self._shown
        label = (
            say("Written: {size} KB", size=(writing.bytes_done + 1023) // 1024)
            if writing.total
            else say("One moment")
        )
        return self._page(
            say("Please leave the stick where it is"), (Progress(label, writing.done, writing.total),)
        )

    def _report(self) -> StickView:
        say, done = self.texts.say, self._done
        assert done is not None, "shown when it is done"
        body: list[Part] = []
        if done.home is not None:
            refused = bool(done.home.refusal) or bool(done.home.set_aside)
            lines = homecoming(done.home, self.texts)
            tone = Tone.WARNING if refused else Tone.GOOD
            body.append(Notice(say("Brought home"), " ".join(lines), tone))
        if done.fault is not None:
            body.append(
                Notice(
                    self.texts.message(done.fault.title), self.texts.message(done.fault.advice), Tone.WARNING
                )
            )
        if done.update is not None:
            body.append(self._update(done.update))
        if done.written is not None:
            body.append(Notice(say("Written on the stick"), self._written(done, done.written)))
            steps = (
                say("Take the stick to the agency."),
                say("The agency reads it and writes its answer on it."),
                say("Put it in here again. Only then does “received” count."),
            )
            body.append(Bullets(steps, numbered=True))
        return self._page(
            say("You can take the stick out now"),
            tuple(body),
            forward=self.forward_button("" if self.visit.sets_up else say("Back to today's work")),
        )

    def _update(self, came: UpdateCame) -> Notice:
        if came.fault is not None:
            return Notice(
                self.texts.message(came.fault.title), self.texts.message(came.fault.advice), Tone.WARNING
            )
        say = self.texts.say
        return Notice(
            say("An update was on the stick"),
            say("It is taken up by itself when nobody is at the screen."),
            Tone.GOOD,
        )

    def _written(self, done: StickDone, written: int) -> str:
        many = self.texts.many
        size = (done.bytes_written + 1023) // 1024
        lines = [
            many("{count} application, {size} KB.", "{count} applications, {size} KB.", written, size=size)
            if written
            else self.texts.say("No application waits; the stick asks the agency for its answers.")
        ]
        if done.left:
            lines.append(
                many(
                    "{count} more waits for the next stick.",
                    "{count} more wait for the next stick.",
                    done.left,
                )
            )
        return " ".join(lines)

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="stick", value=value):
                found = self._found.sticks
                self._chosen = next((each for each in found if str(each.folder) == value), None)
                self.errors = ()
            case Typed(field="code", text=text):
                self.code, self.errors = text, ()
            case _:
                return
        self.stage.refresh()

    def back(self) -> None:
        if self.visit.sets_up:
            self.stage.go(Outcome.SETTING_UP)
        else:
            self.stage.go(Outcome.BACK)

    def forward(self) -> None:
        stick = self._stick
        if self.step is Step.DONE:
            self.back()
        elif self.step is Step.READY:
            self.errors = self._missing(stick)
            if stick is not None and not self.errors:
                self._exchange(stick)
            else:
                self.stage.refresh()

    def tick(self) -> None:
        if self.step is Step.WORKING and self._shown != self._writing:
            self._shown = self._writing
            self.stage.refresh()
        elif self.step in (Step.LOOKING, Step.READY) and not self.stage.working():
            self._look()

    @property
    def _stick(self) -> Stick | None:
        sticks = self._found.sticks
        return self._chosen if self._chosen in sticks else (sticks[0] if len(sticks) == 1 else None)

    def _missing(self, stick: Stick | None) -> tuple[FieldError, ...]:
        say = self.texts.say
        if stick is None:
            return (FieldError("stick", say("Please choose a stick.")),)
        typed = sum(character.isdecimal() for character in self.code)
        if self._found.enrolled or stick.answered or typed == CODE_DIGITS:
            return ()
        return (FieldError("code", say("Please type all {count} digits of the code.", count=CODE_DIGITS)),)

    def _look(self) -> None:
        sticks = self.desk.sticks

        def looked(found: _Found | Exception) -> None:
            # Nothing waits for this: the page takes presses while disks are looked at.
            self._looking = False
            if isinstance(found, Exception):
                if not isinstance(found, Fault):
                    raise found
                self.fault = found
                self.stage.refresh()
            elif self.step in (Step.LOOKING, Step.READY):
                step = Step.READY if found.sticks else Step.LOOKING
                if (step, found) != (self.step, self._found):
                    self.step, self._found = step, found
                    self.stage.refresh()

        if not self._looking:
            self._looking = True
            self.desk.background.run(lambda: _Found(sticks.find(), sticks.waiting(), sticks.enrolled), looked)

    def _exchange(self, stick: Stick) -> None:
        sticks, operator = self.desk.sticks, self.signed_in.id
        code = "" if self._found.enrolled else self.code

        def progress(writing: Writing) -> None:
            self._writing = writing

        def start(done: Callable[[StickDone | Exception], None]) -> None:
            def arrived(result: StickDone | Exception) -> None:
                if isinstance(result, Exception):
                    self.step = Step.READY
                done(result)

            self.desk.background.run(lambda: sticks.exchange(stick, code, operator, progress), arrived)

        self.step, self._writing, self._shown = Step.WORKING, Writing(), Writing()
        self.stage.wait_for(start, self._exchanged)
        self.stage.refresh()

    def _exchanged(self, done: StickDone) -> None:
        self.step, self._done, self.code = Step.DONE, done, ""
        self.stage.refresh()
