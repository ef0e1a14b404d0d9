"""First start: at most eight pages from an empty machine to a kiosk that works, each but one can wait.

How far it has come is written down at every page, so that a power cut loses no more than the present one.
There is no password from the factory: a one-time code makes the first coordinator, and whoever goes on after
that shows the PIN.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.setting_up import PAGES, SetUpPage
from kiosk.flow.showing_who import ShowingWho
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bar, Button, Buttons, Event, Pressed, Progress, Tone, View
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part, Role, SetUp, SignedIn
from kiosk.operators.setting_up import PARTS

LATER = "later"


@dataclass(frozen=True, kw_only=True)
class FirstStartView(View):
    screen: ClassVar[str] = Screen.FIRST_START


class FirstStartPresenter(Presenter):
    screen = Screen.FIRST_START

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.page_shown: SetUpPage | None = None
        self.showing: ShowingWho | None = None
        """Who has to show the PIN before the set-up goes on."""

    def entered(self) -> None:
        setting_up = self.desk.setting_up
        self.visit.sets_up = True

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(setting_up.progress, done)

        def read(set_up: SetUp) -> None:
            if set_up.language:
                self.visit.language = set_up.language
            self.settled(set_up)

        self.stage.wait_for(begin, read)

    # -- what is shown

    def view(self) -> FirstStartView:
        if self.showing is not None:
            return self._asks_pin(self.showing)
        page = self.page_shown
        if page is None:
            return self.page(
                FirstStartView,
                title=self.texts.say("Let us set up this kiosk"),
                body=(Progress(self.texts.say("One moment")),),
                staff=True,
            )
        later = Button(LATER, page.later_label(), icon="clock", tone=Tone.QUIET)
        body = with_button(page.body(), later) if page.can_wait else page.body()
        return self.page(
            FirstStartView,
            title=page.title(),
            where=self._where(page.part),
            hint=page.hint(),
            body=body,
            # Settings and help would show another page over what is shown only once.
            bar=Bar(self.bar().buttons[1:2], self.bar().note) if page.bare else self.bar(),
            back=None if page.bare or self._before(page) is None else self.back_button(),
            forward=self.forward_button(page.forward_label(), enabled=page.forward_enabled()),
            staff=True,
            private=page.private,
            key=f"{self.screen}:{page.part}:{page.step}:{self.visit.language}",
        )

    def _where(self, part: Part) -> str:
        step = PARTS.index(part) + 1
        return self.texts.say("Setting up: step {step} of {steps}", step=step, steps=len(PARTS))

    def _asks_pin(self, showing: ShowingWho) -> FirstStartView:
        say, later = self.texts.say, Button(LATER, self.texts.say("Later"), icon="clock", tone=Tone.QUIET)
        return self.page(
            FirstStartView,
            title=showing.title(self.texts),
            where=showing.operator.name,
            hint=say("The set-up goes on where it stopped."),
            body=(*showing.parts(self.texts), Buttons((later,))),
            forward=self.forward_button(),
            staff=True,
            key=f"{self.screen}:goes-on:{showing.step.name}:{self.visit.language}",
        )

    def _before(self, page: SetUpPage) -> Part | None:
        """The page that Back leads to from the first step of ``page``; its steps lead back by themselves."""
        if page.part is Part.COORDINATOR and page.step not in ("", "code"):
            return page.part
        place = PARTS.index(page.part) - 1
        # Nobody can be made coordinator twice.
        return None if place < 0 or PARTS[place] is Part.COORDINATOR else PARTS[place]

    # -- what is done

    def settled(self, set_up: SetUp) -> None:
        """Turns to the page that is due; over, where none is."""
        self.errors, self.fault, self.showing = (), None, None
        if set_up.at is None:
            self.stage.go(Outcome.SET_UP)
            return
        has_coordinator = set_up.sheet_wanted or PARTS.index(set_up.at) > PARTS.index(Part.COORDINATOR)
        if has_coordinator and self.visit.signed_in is None:
            self._ask_pin()
            return
        self.page_shown = PAGES[set_up.at](self)
        self.page_shown.entered()
        self.stage.refresh()

    def _ask_pin(self) -> None:
        coordinators = [each for each in self.desk.operators.names() if each.role is Role.COORDINATOR]
        self.showing = ShowingWho(coordinators[0])
        self.stage.refresh()

    def take(self, event: Event) -> None:
        page = self.page_shown
        if self.showing is not None:
            if event == Pressed(LATER):
                self._go(self.desk.setting_up.put_off)
            elif self.showing.take(event):
                self.errors = ()
                self.stage.refresh()
        elif page is not None and event == Pressed(LATER) and page.can_wait:
            self._postpone(page.part)
        elif page is not None:
            page.take(event)

    def back(self) -> None:
        page = self.page_shown
        if self.showing is not None or page is None or page.bare or page.back():
            return
        before = self._before(page)
        if before is not None:
            setting_up, by = self.desk.setting_up, self.visit.signed_in
            self._go(lambda: setting_up.go_back_to(by, before))

    def forward(self) -> None:
        if self.showing is not None:
            self._sign_in(self.showing)
        elif self.page_shown is not None:
            self.page_shown.forward()

    def tick(self) -> None:
        if self.page_shown is not None and self.showing is None:
            self.page_shown.tick()

    def _postpone(self, part: Part) -> None:
        setting_up, by = self.desk.setting_up, self.visit.signed_in
        self._go(lambda: setting_up.postpone(by, part))

    def _go(self, work: Callable[[], SetUp]) -> None:
        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(work, done)

        self.stage.wait_for(begin, self.settled)

    def _sign_in(self, showing: ShowingWho) -> None:
        if not showing.forward(self.texts):
            self.errors = showing.errors
            self.stage.refresh()
            return
        operators, chosen, pin, proof = self.desk.operators, showing.operator.id, showing.pin, showing.proof
        showing.start_again()

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(chosen, pin, proof), done)

        def signed_in(who: SignedIn) -> None:
            self.visit.signed_in = who
            self.entered()

        def refused(refused: Refused) -> None:
            self.errors = showing.errors = refused.errors("pin", self.texts)
            self.stage.refresh()

        wait_or_refuse(self.stage, sign_in, signed_in, refused)


def with_button(body: tuple[ViewPart, ...], button: Button) -> tuple[ViewPart, ...]:
    """Beside the last buttons where there are some, or on a line of its own."""
    *before, last = body
    if isinstance(last, Buttons):
        return (*before, Buttons((*last.buttons, button)))
    return (*body, Buttons((button,)))
