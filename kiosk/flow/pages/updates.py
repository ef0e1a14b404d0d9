"""The coordinator's page of updates: what is in use, what waits, what came when, and the way back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from kiosk.errors import Fault, Message, StoreFault
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.sticks import Stick
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Code,
    Event,
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
from kiosk.flow.wording import shown_moment
from kiosk.journal.wording import in_words
from kiosk.operators import Permission
from kiosk.texts import N_
from kiosk.updates.wording import arrived_in_words, in_use_in_words, news_in_words

if TYPE_CHECKING:
    from kiosk.updates.standing import Standing

READ_EVERY = 3
"""Ticks, of about a second each, while something is coming."""


@dataclass(frozen=True, kw_only=True)
class UpdatesView(View):
    screen: ClassVar[str] = Screen.UPDATES


class Step(Enum):
    STANDING = auto()
    COMPARING = auto()
    """Nobody is trusted yet: a coordinator compares the number of the keys on the stick."""
    READING = auto()


@dataclass(frozen=True, slots=True)
class _Unknown:
    """An update on a stick whose keys nobody has vouched for; ``number`` is for comparing."""

    stick: Stick
    head: bytes
    number: str


class UpdatesPresenter(Presenter):
    screen = Screen.UPDATES

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.step = Step.STANDING
        self.standing: Standing | None = None
        self._unknown: _Unknown | None = None
        self._told: Notice | None = None
        self._read = (0, 0)
        self._shown = (0, 0)
        self._ticks = 0
        self._looking = False

    def entered(self) -> None:
        self.signed_in.require(Permission.INSTALL_PACKS)
        self._look()

    # -- what is shown

    def view(self) -> UpdatesView:
        match self.step:
            case Step.STANDING:
                return self._standing()
            case Step.COMPARING:
                return self._comparing()
            case Step.READING:
                return self._reading()

    def _page(self, title: str, body: tuple[Part, ...], **fields: object) -> UpdatesView:
        where = self.texts.say("Updates")
        key = f"{self.screen}:{self.step.name}:{self.visit.number}"
        return self.page(UpdatesView, title=title, where=where, body=body, staff=True, key=key, **fields)

    def _standing(self) -> UpdatesView:
        say, standing = self.texts.say, self.standing
        if standing is None:
            return self._page(
                say("Updates"), (Progress(say("One moment")),), back=self.back_button(say("Back"))
            )
        return self._page(
            in_use_in_words(standing, self.texts).rstrip("."),
            tuple(self._parts(standing)),
            back=self.back_button(),
            forward=self.forward_button(say("Look on a USB stick")),
        )

    def _parts(self, standing: "Standing") -> Iterator[Part]:
        from kiosk.updates.standing import State

        say, desk = self.texts.say, self.desk
        if self._told is not None:
            yield self._told
        trouble = desk.updates.trouble
        refused = standing.state is State.REFUSED
        yield Paragraph(news_in_words(standing, self.texts), Tone.WARNING if refused else Tone.PLAIN)
        if standing.state is State.COMING:
            yield Progress(arrived_in_words(standing, self.texts), standing.arrived, standing.total)
            if trouble is not None:
                title, advice = self.texts.message(trouble.title), self.texts.message(trouble.advice)
                yield Notice(title, advice, Tone.WARNING)
        if standing.expires is not None and standing.expires < desk.clock():
            yield Notice(
                say("The agency meant to sign anew by {date}", date=self._moment(standing.expires)),
                say("What is here stays valid. If this clock is right, please tell the agency."),
            )
        buttons = []
        if standing.state is State.READY:
            buttons.append(Button("begin", say("Begin with it now"), icon="forward"))
        if standing.before:
            label = say("Go back to version {version}", version=standing.before)
            buttons.append(Button("before", label, icon="repeat"))
        if buttons:
            yield Buttons(tuple(buttons))
        rows = []
        if standing.installed_at is not None:
            rows.append(Row("since", say("In use since"), self._moment(standing.installed_at)))
        if standing.trusts:
            rows.append(Row("trusts", say("Number of the trusted keys"), standing.trusts, digits=True))
        if rows:
            yield Rows(tuple(rows))
        history = tuple(
            Row(f"history:{entry.number}", in_words(entry, self.texts, {}), self._moment(entry.at))
            for entry in standing.history
        )
        if history:
            yield Rows(history, say("What came when"))

    def _comparing(self) -> UpdatesView:
        say, unknown = self.texts.say, self._unknown
        assert unknown is not None, "found on a stick"
        return self._page(
            say("Is this the number in your agency's letter?"),
            (
                Code(say("Number of the keys"), tuple(unknown.number.split())),
                Paragraph(
                    say("Compare every digit. From then on this kiosk takes whatever these keys have signed.")
                ),
            ),
            hint=say("This kiosk does not know yet whose updates it may trust."),
            back=self.back_button(say("No, or I am not sure")),
            forward=self.forward_button(say("Yes, it is the same")),
        )

    def _reading(self) -> UpdatesView:
        say, (done, total) = self.texts.say, self._shown
        return self._page(
            say("Please leave the stick where it is"), (Progress(say("Reading the update"), done, total),)
        )

    def _moment(self, moment: object) -> str:
        return shown_moment(moment, self.desk.zone, self.texts.language)  # type: ignore[arg-type]

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="before"):
                self._go_back()
            case Pressed(id="begin"):
                self._begin()

    def back(self) -> None:
        if self.step is Step.COMPARING:
            self.step, self._unknown = Step.STANDING, None
            self.stage.refresh()
        else:
            self.stage.go(Outcome.BACK)

    def forward(self) -> None:
        if self.step is Step.COMPARING:
            self._trust()
        elif self.step is Step.STANDING and self.standing is not None:
            self._told = None
            self._search()

    def tick(self) -> None:
        self._ticks += 1
        if self.step is Step.READING and self._shown != self._read:
            self._shown = self._read
            self.stage.refresh()
        elif self.step is Step.STANDING and self._ticks % READ_EVERY == 0 and not self.stage.working():
            self._look()

    def _look(self) -> None:
        """Nothing waits for it: the page takes presses meanwhile."""
        updates = self.desk.updates

        def looked(found: "Standing | Exception") -> None:
            self._looking = False
            if isinstance(found, Exception):
                if not isinstance(found, Fault):
                    raise found
                self.fault = found
                self.stage.refresh()
            elif found != self.standing:
                self.standing = found
                self.stage.refresh()

        if not self._looking:
            self._looking = True
            self.desk.background.run(updates.standing, looked)

    def _stand(self, work: Callable[[], Notice | None]) -> None:
        """Does ``work`` in the background, then shows what it told and how it stands after it."""
        updates = self.desk.updates

        def both() -> "tuple[Notice | None, Standing]":
            return work(), updates.standing()

        def start(done: "Callable[[tuple[Notice | None, Standing] | Exception], None]") -> None:
            def arrived(result: "tuple[Notice | None, Standing] | Exception") -> None:
                self.step = Step.STANDING
                done(result)

            self.desk.background.run(both, arrived)

        def stands(result: "tuple[Notice | None, Standing]") -> None:
            self._told, self.standing = result
            self.stage.refresh()

        self.stage.wait_for(start, stands)
        self.stage.refresh()

    def _go_back(self) -> None:
        updates, signed_in, say = self.desk.updates, self.signed_in, self.texts.say

        def back() -> Notice:
            version = updates.back(signed_in)
            return Notice(
                say("The kiosk works with version {version} again.", version=version),
                say("What came after it is kept: the same button leads there."),
                Tone.GOOD,
            )

        self._stand(back)

    def _begin(self) -> None:
        updates = self.desk.updates

        def begin() -> None:
            updates.apply()

        self._stand(begin)

    def _search(self) -> None:
        sticks, updates = self.desk.sticks, self.desk.updates

        def look() -> _Unknown | Stick | None:
            for stick in sticks.find():
                head = sticks.update_on(stick)
                if head is not None:
                    if updates.trusts_anybody:
                        return stick
                    return _Unknown(stick, head, updates.number_of(head))
            if not sticks.find():
                raise StoreFault(
                    Message(N_("There is no USB stick in this kiosk.")),
                    Message(N_("Please put one in, wait a moment, and press the button again.")),
                )
            return None

        def start(done: Callable[[_Unknown | Stick | Exception | None], None]) -> None:
            self.desk.background.run(look, done)

        def found(what: _Unknown | Stick | None) -> None:
            if isinstance(what, _Unknown):
                self.step, self._unknown = Step.COMPARING, what
                self.stage.refresh()
            elif what is None:
                say = self.texts.say
                self._told = Notice(
                    say("There is nothing new on the stick"), say("What this kiosk has is as new.")
                )
                self.stage.refresh()
            else:
                self._take(what)

        self.stage.wait_for(start, found)

    def _trust(self) -> None:
        unknown, updates, signed_in = self._unknown, self.desk.updates, self.signed_in
        assert unknown is not None, "shown beside the button"

        def start(done: Callable[[str | Exception], None]) -> None:
            self.desk.background.run(lambda: updates.trust_head_as(signed_in, unknown.head), done)

        self.stage.wait_for(start, lambda _: self._take(unknown.stick))

    def _take(self, stick: Stick) -> None:
        sticks, operator, say = self.desk.sticks, self.signed_in.id, self.texts.say

        def progress(done: int, total: int) -> None:
            self._read = (done, total)

        def take() -> Notice:
            sticks.take_update(stick, operator, progress)
            return Notice(say("The update is here"), say("You can take the stick out now."), Tone.GOOD)

        self.step, self._unknown, self._read, self._shown = Step.READING, None, (0, 0), (0, 0)
        self._stand(take)
