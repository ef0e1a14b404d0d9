"""Leads a person from page to page: holds the page that is shown, the overlays on it, and the visit.

Any error that is not a :class:`~kiosk.errors.Fault` is a bug: it is reported, the screen falls back to
"out of order", and nothing is lost, because every answer was stored when it was given.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from kiosk.catalogue import Pack
from kiosk.errors import Fault
from kiosk.flow.comfort import Comfort
from kiosk.flow.desk import Centre, Desk
from kiosk.flow.presenter import READ, Presenter, PresenterType
from kiosk.flow.table import OVERLAYS, Outcome, Screen, after
from kiosk.flow.view import Event, Pressed, View
from kiosk.flow.visit import Farewell, Visit, farewell_of, is_handed_in

T = TypeVar("T")

IDLE_ALERT = timedelta(seconds=150)
"""ACCESS.md D3: an alert after 2 to 5 minutes."""
IDLE_ANSWER = timedelta(seconds=45)
NOT_IDLE_HERE = frozenset({Screen.MOMENT, Screen.WELCOME, Screen.FIRST_START, Screen.OUT_OF_ORDER})


class Conductor:
    """Implements :class:`~kiosk.flow.presenter.Stage`. Lives on the thread that shows pages."""

    def __init__(
        self,
        desk: Desk,
        pages: Mapping[Screen, PresenterType],
        show: Callable[[View], None],
        report: Callable[[BaseException], None],
    ) -> None:
        self._desk = desk
        self._pages = pages
        self._show = show
        self._report = report
        self._practice: Desk | None = None
        """Whose store a practice application is kept in, while one is going on."""
        self._visit = Visit(number=1, comfort=desk.comfort)
        self._stack: list[Presenter] = []
        self._waiting: object | None = None
        self._last_touch = self._elapsed()
        self._asked_at: timedelta | None = None
        self._read_key = ""
        self._shown: View | None = None

    # -- what the window and the clock tell

    def start(self, screen: Screen = Screen.MOMENT) -> None:
        self.desk.voice.comfort(self._visit.comfort)
        self._replace(screen)

    @property
    def shown(self) -> View:
        """The view on the screen."""
        assert self._shown is not None, "start() comes first"
        return self._shown

    @property
    def screen(self) -> Screen:
        return self._stack[-1].screen

    @property
    def base(self) -> Screen:
        """The page under whatever lies on it."""
        return self._stack[0].screen if self._stack else Screen.MOMENT

    def handle(self, event: Event) -> None:
        """Takes what the person did. Any action cuts old speech and dismisses the idle question."""
        if self._woke_up():
            # Whoever opens the lid of a sleeping machine is not the one who closed it.
            self._guard(self._end_idle)
            return
        self._last_touch = self._elapsed()
        voice = self._desk.voice
        if event == Pressed(READ):
            if voice.speaking:
                voice.stop()
            else:
                voice.read(self.shown)
            return
        voice.stop()
        if self._waiting is not None:
            return
        self._guard(lambda: self._stack[-1].handle(event))

    def tick(self) -> None:
        """About once a second: idleness, and pages that count down. Listening is not idleness."""
        now = self._elapsed()
        if self._woke_up():
            self._guard(self._end_idle)
            return
        if self._desk.voice.speaking or self._waiting is not None:
            self._last_touch = max(self._last_touch, now) if self._asked_at is None else self._last_touch
        if self._visit.errand.draft is not None:
            self.desk.drafts.keep_alive()
        if self._stack:
            self._guard(self._stack[-1].tick)
        if self._is_between_people and len(self._stack) == 1:
            return
        if self.screen is Screen.STILL_THERE:
            if self.seconds_left == 0:
                self._guard(self._end_idle)
            return
        if self.screen is Screen.LOCKED:
            # Whoever stepped away is away: the page behind the lock keeps its place for them.
            return
        if now - self._last_touch >= IDLE_ALERT:
            self._asked_at = now
            self._guard(lambda: self.open(Screen.STILL_THERE))

    # -- Stage

    @property
    def desk(self) -> Desk:
        return self._practice or self._desk

    @property
    def own_desk(self) -> Desk:
        """The kiosk's, also while somebody practises."""
        return self._desk

    def renew(
        self,
        *,
        salt: bytes | None = None,
        former_salts: tuple[bytes, ...] | None = None,
        centre: Centre | None = None,
        comfort: Comfort | None = None,
        pack: Pack | None = None,
    ) -> None:
        """The kiosk's own facts have changed: it has become part of a deployment, say. Services change only
        while :attr:`between_people`."""
        known = self._desk
        self._desk = replace(
            known,
            salt=known.salt if salt is None else salt,
            former_salts=known.former_salts if former_salts is None else former_salts,
            centre=known.centre if centre is None else centre,
            comfort=known.comfort if comfort is None else comfort,
            pack=known.pack if pack is None else pack,
        )

    def practise(self, desk: Desk) -> None:
        target, language, comfort = (
            after(self.screen, Outcome.PRACTISE),
            self._visit.language,
            self._visit.comfort,
        )
        self.begin_visit()
        self._practice = desk
        self._visit.language, self._visit.comfort = language, comfort
        self._replace(target)

    @property
    def between_people(self) -> bool:
        """Nobody has begun anything: what they would find may be changed under the first page."""
        visit = self._visit
        begun = visit.signed_in is not None or visit.errand.draft is not None or self.working()
        first_page = len(self._stack) == 1 and self._stack[0].screen is Screen.WELCOME
        return first_page and self._practice is None and not begun

    @property
    def untouched_for(self) -> timedelta:
        return self._elapsed() - self._last_touch

    @property
    def visit(self) -> Visit:
        return self._visit

    @property
    def below(self) -> Screen:
        return self._stack[-2 if len(self._stack) > 1 else -1].screen

    @property
    def seconds_left(self) -> int:
        if self._asked_at is None:
            return 0
        left = IDLE_ANSWER - (self._elapsed() - self._asked_at)
        return max(0, -(-left // timedelta(seconds=1)))

    def go(self, outcome: Outcome) -> None:
        target = after(self.screen, outcome)
        if outcome in (Outcome.FINISHED, Outcome.SIGNED_OUT, Outcome.SET_UP):
            self.begin_visit()
        self._replace(target)

    def open(self, overlay: Screen) -> None:
        assert overlay in OVERLAYS, overlay
        if self.screen is not overlay:
            self._stack.append(self._pages[overlay](self))
            self._stack[-1].entered()
            self.refresh()

    def close(self) -> None:
        assert len(self._stack) > 1, "only an overlay can be closed"
        self._stack.pop()
        self._asked_at = None
        self.refresh()

    def refresh(self) -> None:
        view, before = self._stack[-1].view(), self._shown
        self._shown = view
        self._show(view)
        voice = self._desk.voice
        aloud = self._visit.comfort.voice and voice.off_reason is None
        if view.key != self._read_key:
            self._read_key = view.key
            if aloud:
                voice.read(view)
        elif aloud and view.errors and before is not None and view.errors != before.errors:
            # Whoever cannot see them must hear why the page did not go on (ACCESS D8).
            voice.read_errors(view)

    def working(self) -> bool:
        return self._waiting is not None

    def wait_for(
        self, start: Callable[[Callable[[T | Exception], None]], None], done: Callable[[T], None]
    ) -> None:
        ticket = object()
        page, number = self._stack[-1], self._visit.number
        page.fault = None
        self._waiting = ticket

        def arrived(result: T | Exception) -> None:
            if self._waiting is not ticket:
                return
            self._waiting = None
            if self._visit.number != number or page not in self._stack:
                return
            if isinstance(result, Fault):
                page.fault = result
                self._guard(self.refresh)
            elif isinstance(result, Exception):
                self.broke(result)
            else:
                self._guard(lambda: done(result))

        try:
            start(arrived)
        except Exception:
            # Nothing was begun, so no callback will ever take this back.
            self._waiting = None
            raise

    def begin_visit(self) -> None:
        self.desk.voice.end_person()
        self._take_back_paper()
        if self._visit.signed_in is not None:
            self.desk.operators.signed_out(self._visit.signed_in)
        self.desk.drafts.end_session()
        if self._practice is not None:
            self._practice = None
            self._desk.practice.end(finished=is_handed_in(self._visit))
        self._waiting = None
        self._asked_at = None
        self._visit = Visit(number=self._visit.number + 1, comfort=self._desk.comfort)
        self._desk.voice.comfort(self._visit.comfort)

    def _take_back_paper(self) -> None:
        """A printer that was off must not print somebody's code once they are gone."""
        slip, printer, jobs = self._visit.slip, self._desk.printer, list(self._visit.slips)
        if slip is not None and slip.job is not None and not slip.copy:
            jobs.append(slip.job)
        for job in jobs:
            self._desk.background.run(partial(printer.withdraw, job), lambda _: None)

    def adopt(self, visit: Visit) -> None:
        self._visit = visit

    def broke(self, bug: BaseException) -> None:
        """Falls back to the safe page. The draft stays sealed for whoever may continue it."""
        self._report(bug)
        language = self._visit.language
        self.begin_visit()
        self._visit.language = language
        self._replace(Screen.OUT_OF_ORDER)

    # -- inside

    @property
    def _is_between_people(self) -> bool:
        return self.base in NOT_IDLE_HERE and self._visit.signed_in is None

    def _woke_up(self) -> bool:
        """Whether the machine slept for as long as somebody is asked and may answer, and nobody was.

        While it is awake the question comes long before that. Work that was under way is waited for.
        """
        if self._waiting is not None or self._asked_at is not None or self.screen is Screen.LOCKED:
            return False
        return not self._is_between_people and self._elapsed() - self._last_touch >= IDLE_ALERT + IDLE_ANSWER

    def _elapsed(self) -> timedelta:
        """Idleness is measured by this: a clock that is set while somebody sits here must neither send them
        away nor leave their page open for as long as it was set back."""
        return timedelta(seconds=self._desk.since_boot())

    def _end_idle(self) -> None:
        """Nobody answered. The first page then says what became of the answers, for whoever comes back."""
        farewell = Farewell.NOTHING if self.desk.practising else farewell_of(self._visit)
        language = self._visit.language
        self.begin_visit()
        self._visit.farewell, self._visit.language = farewell, language
        self._replace(after(self.screen, Outcome.FINISHED))

    def _replace(self, screen: Screen) -> None:
        self._asked_at = None
        self._stack = [self._pages[screen](self)]
        self._stack[0].entered()
        self.refresh()

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Fault as fault:
            self._stack[-1].fault = fault
            self.refresh()
        except Exception as bug:  # a bug anywhere in a page must not take the kiosk down
            self.broke(bug)
