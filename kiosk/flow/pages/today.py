"""Today's work, for whoever is signed in: what was taken, what waits, what needs somebody, and the line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from kiosk.applications import RestoredDraft, TodaysRow
from kiosk.checks import Check
from kiosk.errors import Message, StoreFault
from kiosk.flow.day import (
    AGAIN,
    APPROVE,
    CONTINUE,
    COPY,
    PRINT,
    Day,
    DayInWords,
    line_in_words,
    read_day,
)
from kiosk.flow.desk import Line, LineState
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.printing import print_content, receipt_of_row
from kiosk.flow.resuming import resume
from kiosk.flow.rounds import clock_check, printer_check
from kiosk.flow.setting_up.names import NAMES
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Event, Notice, Paragraph, Part, Pressed, Progress, Tone, View
from kiosk.flow.wording import shown_moment
from kiosk.ids import ApplicationId, DraftId, EnvelopeId
from kiosk.operators import Permission
from kiosk.receipts import PrintJob
from kiosk.store.backup import STICK_FOLDER, Backup
from kiosk.texts import N_

LOOK_AGAIN = timedelta(seconds=30)
"""So often the printer and the clock are looked at while the page is open."""


@dataclass(frozen=True, kw_only=True)
class TodayView(View):
    screen: ClassVar[str] = Screen.TODAY


class TodayPresenter(Presenter):
    """The lists, and after a receipt was printed for somebody the question whether it came out."""

    screen = Screen.TODAY

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.day: Day | None = None
        self.printed: TodaysRow | None = None
        self._trying = False
        self._tried = False
        self._line_read: Line | None = None
        self.backed_up: Backup | None = None
        self.troubles: tuple[Check, ...] = ()
        """What the machine has now, beside what is told of the line."""
        self._looked_at = self.desk.clock()
        self._left = False

    def entered(self) -> None:
        self._read()
        self._look_at_machine()

    def _look_at_machine(self) -> None:
        """Nothing waits for it: a spooler that hangs answers after many seconds."""
        desk, texts = self.desk, self.texts
        self._looked_at = desk.clock()

        def look() -> tuple[Check, ...]:
            found = (clock_check(desk, texts), printer_check(desk, texts))
            return tuple(check for check in found if check.ok is not True)

        def looked(troubles: tuple[Check, ...] | Exception) -> None:
            if isinstance(troubles, Exception):
                raise troubles
            if troubles != self.troubles and not self._left:
                self.troubles = troubles
                self.stage.refresh()

        desk.lookout.run(look, looked)

    def _read(self) -> None:
        desk, signed_in = self.desk, self.signed_in
        self._line_read = desk.courier.line

        def start(done: Callable[[Day | Exception], None]) -> None:
            desk.background.run(lambda: read_day(desk, signed_in), done)

        self.stage.wait_for(start, self._have_read)

    def _have_read(self, day: Day) -> None:
        self.day = day
        if self._tried:
            self._trying = False
        self.stage.refresh()

    # -- what is shown

    def view(self) -> TodayView:
        return self._lists() if self.printed is None else self._came_out()

    def _lists(self) -> TodayView:
        say, line = self.texts.say, self.desk.courier.line
        body: list[Part] = [line_in_words(line, self.desk, self.texts)]
        if self._tried and not self._trying:
            body.insert(0, self._result(line))
        if self.day is None:
            body.append(Progress(say("One moment")))
        else:
            body += DayInWords(self.day, self.desk, self.signed_in, self.texts).parts()
        body[:0] = self._about_the_machine()
        body += self._about_backups()
        body.append(Buttons(tuple(self._ways())))
        return self.page(
            TodayView,
            title=say("Today's work"),
            where=self.signed_in.operator.name,
            body=tuple(body),
            back=self.back_button(say("Sign out")),
            forward=self.forward_button(
                say("Trying now") if self._trying else say("Try to send now"),
                enabled=line.state is not LineState.NO_HUB and not self._trying,
            ),
            staff=True,
            private=True,
        )

    def _about_the_machine(self) -> Iterator[Part]:
        """What is wrong with it now, whether the opening check is due, and what was left at the set-up."""
        say = self.texts.say
        reason = self.desk.voice.off_reason
        if reason is not None:
            yield Notice(say("Voice is off"), self.texts.message(reason), Tone.WARNING)
        for check in self.troubles:
            yield Notice(check.sentence, check.advice, Tone.WARNING)
        if self.day is not None and self.day.opening_is_due:
            told = say("It takes a minute, and says what is missing before somebody waits for it.")
            yield Notice(say("The opening check was not done today"), told)
        if self.day is not None and self.day.sheet_wanted:
            told = say("Under “The centre” press “Make a new recovery sheet” and lock the paper away.")
            yield Notice(say("Nobody has said that they have the recovery sheet"), told, Tone.WARNING)
        if self.day is not None and self.day.left:
            names = ", ".join(say(NAMES[part]) for part in self.day.left if part in NAMES)
            yield Notice(
                say("Still to be set up: {names}", names=names), say("You find it under “The centre”.")
            )

    def _about_backups(self) -> Iterator[Part]:
        say = self.texts.say
        if self.backed_up is not None:
            text = say("It was read back and opens with the recovery sheet. Please keep it elsewhere.")
            yield Notice(say("The backup is on the stick"), text, Tone.GOOD)
        elif self.day is not None and self.day.backup is not None and self.day.backup.due:
            at = self.day.backup.at
            told = (
                say("There is no backup of this kiosk yet")
                if at is None
                else say(
                    "The last backup was made {moment}",
                    moment=self._moment(at),
                )
            )
            text = say("Please put a USB stick in and press “Back up to a stick”. What it holds is locked.")
            yield Notice(told, text)

    def _moment(self, moment: datetime) -> str:
        return shown_moment(moment, self.desk.zone, self.texts.language)

    def _ways(self) -> Iterator[Button]:
        """Further pages, as far as this operator may."""
        say, may = self.texts.say, self.signed_in.may
        yield Button("opening", say("Opening check"), icon="check")
        yield Button("closing", say("Closing check"), icon="lock")
        if may(Permission.REPLACE_RECEIPT):
            yield Button("lost_receipt", say("A receipt is lost"), icon="search")
        if may(Permission.CHANGE_OWN_PIN):
            yield Button("my_pin", say("My PIN"), icon="key")
        if may(Permission.EXCHANGE_BY_USB):
            yield Button("stick", say("Exchange by USB stick"), icon="stick")
        if may(Permission.MANAGE_OPERATORS):
            yield Button("people", say("People"), icon="people")
        if may(Permission.CHANGE_SETTINGS):
            yield Button("rules", say("The centre"), icon="settings")
        if may(Permission.READ_JOURNAL):
            yield Button("journal", say("Journal"), icon="write")
        if may(Permission.INSTALL_PACKS):
            yield Button("updates", say("Updates"), icon="down")
        if may(Permission.BACK_UP):
            yield Button("backup", say("Back up to a stick"), icon="stick")
        if may(Permission.CLOSE_KIOSK):
            yield Button("switch_off", say("Close the kiosk"), icon="power")

    def _result(self, line: Line) -> Notice:
        say = self.texts.say
        if line.state is LineState.FAILED:
            return Notice(
                say("It did not go through"),
                say("Nothing is lost: what waits is kept here."),
                Tone.WARNING,
            )
        counts = None if self.day is None else self.day.counts
        waiting = 0 if counts is None else counts.waiting
        if not waiting and counts is not None and counts.needs_attention:
            return Notice(
                say("The agency's side was reached"),
                self.texts.many(
                    "{count} application needs your attention.",
                    "{count} applications need your attention.",
                    counts.needs_attention,
                ),
                Tone.WARNING,
            )
        if waiting:
            return Notice(
                say("The agency's side was reached"),
                self.texts.many(
                    "{count} application still waits.", "{count} applications still wait.", waiting
                ),
            )
        return Notice(
            say("Nothing waits any more"), say("Everything that was stored here was sent."), Tone.GOOD
        )

    def _came_out(self) -> TodayView:
        say = self.texts.say
        return self.page(
            TodayView,
            title=say("Did the receipt come out?"),
            hint=say("Please look at the printer. It can take a moment."),
            where=self.signed_in.operator.name,
            body=(
                Paragraph(
                    say("Give it to the person it belongs to and to nobody else: it carries the code.")
                ),
                Buttons((Button("no", say("No, or it cannot be read"), icon="print"),)),
            ),
            forward=self.forward_button(say("Yes, it came out")),
            staff=True,
            key=f"{self.screen}:came_out:{self.visit.number}",
        )

    # -- what the operator does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="updates") if self.signed_in.may(Permission.INSTALL_PACKS):
                self.stage.go(Outcome.UPDATES)
            case Pressed(id="switch_off") if self.signed_in.may(Permission.CLOSE_KIOSK):
                self.stage.go(Outcome.SWITCH_OFF)
            case Pressed(id="stick") if self.signed_in.may(Permission.EXCHANGE_BY_USB):
                self.stage.go(Outcome.BY_STICK)
            case Pressed(id="opening"):
                self.stage.go(Outcome.OPENING_CHECK)
            case Pressed(id="closing"):
                self.stage.go(Outcome.CLOSING_CHECK)
            case Pressed(id="seen"):
                self._seen()
            case Pressed(id=id) if id.startswith(AGAIN):
                self._try_again(EnvelopeId(UUID(id.removeprefix(AGAIN))))
            case Pressed(id="no") if self.printed is not None:
                self._answer(self.printed, came_out=False)
            case Pressed(id=id) if id.startswith(APPROVE):
                self.visit.looked_at = ApplicationId(UUID(id.removeprefix(APPROVE)))
                self.stage.go(Outcome.APPROVAL)
            case Pressed(id="lost_receipt"):
                self.stage.go(Outcome.LOST_RECEIPT)
            case Pressed(id="journal"):
                self.stage.go(Outcome.JOURNAL)
            case Pressed(id="backup"):
                self._back_up()
            case Pressed(id="my_pin"):
                self.stage.go(Outcome.MY_PIN)
            case Pressed(id="people"):
                self.stage.go(Outcome.PEOPLE)
            case Pressed(id="rules"):
                self.stage.go(Outcome.RULES)
            case Pressed(id=id) if id.startswith(CONTINUE):
                self._continue(DraftId(UUID(id.removeprefix(CONTINUE))))
            case Pressed(id=id) if id.startswith(PRINT):
                self._print(ApplicationId(UUID(id.removeprefix(PRINT))))
            case Pressed(id=id) if id.startswith(COPY):
                self._copy(ApplicationId(UUID(id.removeprefix(COPY))))

    def back(self) -> None:
        if self.printed is not None:
            self._answer(self.printed, came_out=False)
            return
        self.stage.go(Outcome.SIGNED_OUT)

    def forward(self) -> None:
        if self.printed is not None:
            self._answer(self.printed, came_out=True)
        elif not self._trying:
            self._trying, self._tried = True, False
            self.stage.refresh()
            self.desk.courier.try_now(self._has_tried)

    def _has_tried(self, _: Line) -> None:
        # Another page may lie on top by now, so this one reads again at its next tick: what it then says
        # about the try is said from the store and not from hope.
        self._tried, self._line_read = True, None

    def tick(self) -> None:
        if not self.stage.working() and self._line_read != self.desk.courier.line:
            self._read()
        if abs(self.desk.clock() - self._looked_at) >= LOOK_AGAIN:
            self._look_at_machine()

    def _seen(self) -> None:
        def start(done: Callable[[Exception | None], None]) -> None:
            self.desk.backlog.seen(self.signed_in, done)

        self.stage.wait_for(start, lambda _: self._read())

    def _try_again(self, envelope: EnvelopeId) -> None:
        def start(done: Callable[[bool | Exception], None]) -> None:
            self.desk.backlog.try_again(self.signed_in, envelope, done)

        def waits(_: bool) -> None:
            self.desk.courier.nudge()
            self._read()

        self.stage.wait_for(start, waits)

    def _back_up(self) -> None:
        """Onto the first stick that is found, in a folder of its own."""
        backups, sticks, signed_in = self.desk.backups, self.desk.sticks, self.signed_in

        def make() -> Backup:
            stick = next(iter(sticks.find()), None)
            if stick is None:
                raise StoreFault(
                    Message(N_("There is no USB stick in this kiosk.")),
                    Message(N_("Please put one in, wait a moment, and press the button again.")),
                )
            return backups.make(signed_in, stick.folder / STICK_FOLDER)

        def start(done: Callable[[Backup | Exception], None]) -> None:
            self.desk.background.run(make, done)

        def made(backup: Backup) -> None:
            self.backed_up = backup
            self._read()

        self.stage.wait_for(start, made)

    def _continue(self, id: DraftId) -> None:
        desk, signed_in = self.desk, self.signed_in

        def start(done: Callable[[RestoredDraft | Exception], None]) -> None:
            desk.drafts.open_as(signed_in, id, done)

        self.stage.wait_for(start, lambda restored: resume(self.stage, restored))

    def _print(self, id: ApplicationId) -> None:
        row = self._row(id)
        if row is not None:
            secret = self.desk.receipts.unprinted(self.signed_in, id)
            print_content(self.stage, receipt_of_row(row, secret, self.visit, self.desk), self._ask(row))

    def _ask(self, row: TodaysRow) -> Callable[[PrintJob], None]:
        def ask(_: PrintJob) -> None:
            self.printed = row
            self.stage.refresh()

        return ask

    def _copy(self, id: ApplicationId) -> None:
        row = self._row(id)
        if row is not None:
            content = receipt_of_row(row, None, self.visit, self.desk)
            print_content(self.stage, content, lambda _: self._copied(id))

    def _copied(self, id: ApplicationId) -> None:
        self.desk.receipts.copied(id, self.signed_in.id)
        self._read()

    def _row(self, id: ApplicationId) -> TodaysRow | None:
        rows = () if self.day is None else (*self.day.unprinted, *self.day.taken)
        return next((row for row in rows if row.id == id), None)

    def _answer(self, row: TodaysRow, *, came_out: bool) -> None:
        receipts, operator = self.desk.receipts, self.signed_in.id

        def start(done: Callable[[Exception | None], None]) -> None:
            receipts.came_out(row.id, came_out, operator, done)

        def answered(_: None) -> None:
            self.printed = None
            self._read()

        self.stage.wait_for(start, answered)
