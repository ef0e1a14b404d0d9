"""The composition root: the one place where the kiosk's rooms, its window, voice and courier are wired.

Imported only once the first paint is on the glass; see :mod:`ui.opening`.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer

from kiosk.catalogue import Pack
from kiosk.errors import Message, StoreFault
from kiosk.flow.book import BOOK
from kiosk.flow.comfort import Comfort, kept_comfort
from kiosk.flow.conductor import NOT_IDLE_HERE, Conductor
from kiosk.flow.desk import Desk
from kiosk.flow.table import Screen
from kiosk.flow.view import Event, View
from kiosk.receipts import Printer
from kiosk.store.session_key import since_boot
from kiosk.texts import N_, texts_for
from kiosk.voice.as_said import letter_said, load_numbers
from kiosk.voice.port import Outputs, Player, WarmRenderer
from kiosk.voice.reader import Reader
from kiosk.voice.render import ChildRenderer
from kiosk.voice.speech import Speech, SpeechState
from kiosk.voice.spoken import Utterance
from ui.between_people import BetweenPeople
from ui.bugs import BugReports
from ui.collecting import GuiCollector, give_back_memory
from ui.computer import ThisComputer, in_own_session
from ui.daily_backup import DailyBackup
from ui.glass import Glass
from ui.house import House
from ui.line import CourierLine
from ui.machine import KioskMachine, Speaker
from ui.moving import UsbMoving
from ui.network import watch_network
from ui.pane import WindowPane
from ui.practice import PracticeRoom
from ui.sound_server import SoundServer, SoundServerWatch
from ui.sticks import UsbSticks, Volume, removable_volumes
from ui.theme import Look
from ui.threads import Workers
from ui.three_keys.keypad import Keypad
from ui.three_keys.walk import ThreeKeys
from ui.window import KioskWindow

if TYPE_CHECKING:
    from sync.courier import Courier, CourierState

TICK_MS = 1000
SETTLED_MS = 400
"""By then the first page is painted, and nobody has touched it yet."""
SECOND_PRESS_MS = 500
"""ACCESS T4: a second press within half a second can be left out."""
COURIER_ENDS_S = 130.0
"""A request that is under way may take as long as the carrier waits for an answer."""
JUST_NOW = timedelta(minutes=1)
"""An answer that came longer ago tells nothing about the time that it is."""
NOBODY_THERE = timedelta(seconds=15)
"""The first page was not touched for so long."""
FORGET_MS = 1000
"""After the last touch of a person's visit."""


class KioskApp:
    """A house, a window and a voice, led by one conductor. Lives on Qt's own thread."""

    def __init__(
        self,
        house: House,
        pack: Pack,
        window: KioskWindow,
        player: Player,
        printer: Printer,
        *,
        heard: Callable[[Utterance], None] | None = None,
        renderer: WarmRenderer | None = None,
        outputs: Outputs | None = None,
        sound: SoundServer | None = None,
        reopen: Callable[[], None] = lambda: None,
        since_boot: Callable[[], float] = since_boot,
    ) -> None:
        self.house = house
        self.window = window
        self._collector = GuiCollector(window)
        self._workers = Workers(house.deliver)
        self._lookout = Workers(house.deliver)
        self._renderers = ThreadPoolExecutor(2, thread_name_prefix="voice")
        self._renderer: WarmRenderer = renderer or ChildRenderer()
        self.speech = Speech(self._renderer, player, house.deliver, self._renderers, heard=heard)
        self.bugs = BugReports(house.lane, house.clock)
        self.couriers: tuple[Courier, ...] = ()
        self.line = CourierLine()
        self._reader = reader = Reader(self.speech, texts_for, outputs)
        facts, pane = house.facts, WindowPane(window)
        self._pane = pane
        pane.use(facts.glass)
        self._speaker = Speaker(window)
        self._sound = sound or SoundServer()
        self._practice = PracticeRoom(
            house.folder,
            house.clock,
            house.deliver,
            self._workers,
            lambda: self.conductor.own_desk,
            # Its keys go with its folder: no credential and no keyring of the kiosk's own.
            {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", "")},
        )
        desk = Desk(
            clock=house.clock,
            since_boot=since_boot,
            day_is_doubtful=lambda: house.known_time.doubtful,
            zone=facts.zone,
            centre=facts.centre,
            pack=pack,
            salt=facts.salt,
            former_salts=facts.former_salts,
            drafts=house.drafts,
            submissions=house.submissions,
            lookups=house.lookups,
            receipts=house.receipts,
            today=house.today,
            approvals=house.approvals,
            likenesses=house.likenesses,
            replacements=house.replacements,
            backlog=house.backlog,
            operators=house.operators,
            vault=house.vault,
            backups=house.backups,
            journal=house.journal,
            printer=printer,
            background=self._workers,
            lookout=self._lookout,
            voice=reader,
            courier=self.line,
            sticks=UsbSticks(house, volumes_here, self._came_home),
            updates=house.updates,
            pane=pane,
            computer=ThisComputer(os.environ, lambda: house.deliver(leave)),
            setting_up=house.setting_up,
            rounds=house.rounds,
            machine=KioskMachine(
                house,
                self._renderer,
                speaker=lambda: self._speaker.name,
                glass_fits=pane.fits,
                enrolled=self._enrolled,
            ),
            moving=UsbMoving(house.moving_in, volumes_here, reopen),
            practice=self._practice,
            comfort=kept_comfort(facts.sound),
            kiosk_name=str(facts.kiosk),
        )
        self.conductor = Conductor(desk, BOOK, self._show, self.bugs)
        self._keypad = Keypad(window, ThreeKeys(self.conductor, reader, texts_for, window.point_at))
        self._visit = 1
        self._wiping = False
        self._heard_at: datetime | None = None
        self._erased_for: datetime | None = None
        self._closed = False
        self._bar_is_due = False
        self.speech.subscribe(self._voice_changed)
        window.happened.connect(self._happened)
        window.key_named.connect(self._say_key)
        # Queued: what the press sets off comes first, and where that sounds the touch needs no sound.
        window.touched.connect(reader.tick, Qt.ConnectionType.QueuedConnection)
        self._ticker = QTimer(window)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self.conductor.tick)
        daily = DailyBackup(house.backups, facts.kiosk, house.clock, volumes_here, os.environ)
        self._between = BetweenPeople(
            self.conductor, house, self._workers, self.bugs, self._servers_changed, daily.make
        )
        self._ticker.timeout.connect(self._between.tick)
        self._ticker.timeout.connect(self._begin_anew_for_sound)

    def stand_on(self, glass: Glass) -> None:
        """The screen is another one, or has another size: the page is drawn anew and nothing else changes."""
        if self._pane.stand_on(glass) and not self._closed:
            self.conductor.refresh()

    @property
    def may_close(self) -> bool:
        """Whether a window manager may close the window: while there is nobody who could sign in for it."""
        return self._closed or self.conductor.base is Screen.FIRST_START

    def start(self) -> None:
        self._ticker.start()
        self.conductor.start()
        self._renderer.start()
        QTimer.singleShot(SETTLED_MS, self.window, self._prepare_the_rest)

    def _prepare_the_rest(self) -> None:
        """What the first page need not wait for: the courier, the other pages, the grammar of numbers."""
        if not self._closed:
            self._speaker.watch(self._speakers_changed)
            SoundServerWatch(self.window, self._sound, self._speakers_changed)
            self._workers.run(self.house.make_couriers, self._connect)
            self._workers.run(BOOK.read_through, lambda _: self._settle())
            self._workers.run(load_numbers, lambda _: self._settle())

    def _settle(self) -> None:
        """As long as nobody has begun: nothing of theirs may be frozen."""
        nobody_yet = self.conductor.visit.number == 1 and self.conductor.screen in NOT_IDLE_HERE
        if not self._closed and nobody_yet:
            self._collector.settle()

    def _connect(self, couriers: "tuple[Courier, ...] | Exception") -> None:
        if isinstance(couriers, Exception):
            self.bugs(couriers)
        elif not self._closed:
            self.couriers = couriers
            for courier in couriers:
                courier.subscribe(self._line_changed)
                courier.start()
            self.line.connect(*couriers)
            watch_network(self.line.network_up)
        self._settle()

    def _servers_changed(self) -> None:
        """Agencies have other ways now: new couriers take them, once the old ones have let go."""
        old, self.couriers = self.couriers, ()

        def replaced() -> "tuple[Courier, ...]":
            for courier in old:
                courier.stop(COURIER_ENDS_S)
            return self.house.make_couriers()

        self._workers.run(replaced, self._connect)

    def _enrolled(self) -> None:
        """On a worker's thread: a hub is known now, and what waits can go there at once."""
        for courier in self.couriers:
            courier.stop()
        couriers, facts = self.house.make_couriers(), self.house.facts

        def told() -> None:
            self.conductor.renew(salt=facts.salt, former_salts=facts.former_salts)
            self._connect(couriers)

        self.house.deliver(told)

    def _came_home(self) -> None:
        """On a worker's thread: a stick has brought something, perhaps the hub's facts, perhaps an order."""
        facts = self.house.facts

        def told() -> None:
            self.conductor.renew(salt=facts.salt, former_salts=facts.former_salts)
            self._workers.run(self.house.wipe_ordered, self._heard_orders)

        self.house.deliver(told)

    def close(self) -> None:
        """Ends threads and children; what was handed to the store is done first."""
        if self._closed:
            return
        self._closed = True
        self._ticker.stop()
        # The window may go on, with another kiosk behind it.
        self.window.happened.disconnect(self._happened)
        self.window.key_named.disconnect(self._say_key)
        self._keypad.let_go()
        self.speech.stop()
        self._workers.close()
        self._lookout.close()
        self._practice.close()
        for courier in self.couriers:
            courier.stop()
        self._renderers.shutdown(wait=True, cancel_futures=True)
        self._renderer.close()
        self.house.close()
        self._collector.end()

    def _happened(self, event: Event) -> None:
        self._collector.touched()
        self.conductor.handle(event)

    def _say_key(self, name: str) -> None:
        """A key on the glass by its name, for whoever is read to; private ones into headphones alone."""
        view, comfort = self.conductor.shown, self.conductor.visit.comfort
        private = view.private or any(getattr(part, "private", False) for part in view.body)
        if comfort.voice and self.speech.off_reason is None and (comfort.headphones or not private):
            said = letter_said(name, view.language) if len(name) == 1 else name
            self._reader.say((Utterance(said, view.language, private, "keys"),))

    def _show(self, view: View) -> None:
        if self.conductor.visit.number != self._visit:
            self._visit = self.conductor.visit.number
            self.window.forget_person()
            # Behind the old page, which Qt deletes with the next turn of its loop.
            QTimer.singleShot(FORGET_MS, self.window, give_back_memory)
        self.window.show_view(view, look_of(self.window.look, self.conductor.visit.comfort, view))

    def _line_changed(self, state: "CourierState") -> None:
        """Once a day, when a hub has answered and agrees about the time, what is overdue is erased."""
        at = state.last_success_at
        if at is None or self._closed:
            return
        if at != self._heard_at:
            self._heard_at = at
            self._workers.run(self.house.wipe_ordered, self._heard_orders)
            if abs(self.house.clock() - at) < JUST_NOW:
                self.house.hear_time(at - (state.clock_error or timedelta()))
        if state.clock_error is not None:
            return
        if self._erased_for is None or at - self._erased_for >= timedelta(days=1):
            self._erased_for = at
            self.house.erase_overdue(at)

    def _heard_orders(self, ordered: bool | Exception) -> None:
        if ordered is True and not self._closed and not self._wiping:
            self._wiping = True
            self._workers.run(self.house.note_wipe, lambda _: self._tell_then_wipe())

    def _tell_then_wipe(self) -> None:
        """The hub hears of it once more, in the journal's last head, whatever becomes of that try."""
        if self.couriers:
            self.couriers[0].try_now(lambda _: self._wipe())
        else:
            self._wipe()

    def _wipe(self) -> None:
        from kiosk.flow.pages.trouble import trouble_view

        self.close()
        self.house.wipe()
        self.window.forget_person()
        fault = StoreFault(
            Message(N_("This kiosk has been erased by order of the agency.")),
            Message(N_("Nothing is kept here any more. Please tell the coordinator.")),
        )
        self.window.show_view(trouble_view(fault), self.window.look)

    def _speakers_changed(self) -> None:
        """A loudspeaker that was plugged in again speaks at the next word: nobody need restart it."""
        if not self._closed:
            self._reader.try_again()

    def _begin_anew_for_sound(self) -> None:
        """Qt finds a sound server that came back late no more. Where systemd starts this program again
        at once, it ends while nobody is there; elsewhere the opening check tells of the silence."""
        nobody = self.conductor.between_people and self.conductor.untouched_for >= NOBODY_THERE
        if nobody and in_own_session(os.environ) and self._sound.given_up():
            leave()

    def _voice_changed(self, _state: SpeechState) -> None:
        # Several states may follow each other within one touch; the page shows where they end.
        if not self._closed and not self._bar_is_due:
            self._bar_is_due = True
            QTimer.singleShot(0, self.window, self._show_voice)

    def _show_voice(self) -> None:
        self._bar_is_due = False
        if not self._closed:
            self.conductor.refresh()


def volumes_here() -> tuple[Volume, ...]:
    return removable_volumes(os.environ)


def leave() -> None:
    """Ends the program from within, without asking the window, which refuses."""
    QCoreApplication.exit(0)


def look_of(look: Look, comfort: Comfort, view: View) -> Look:
    """The look that a person set, for this page's language and readers."""
    return replace(
        look,
        size=comfort.size,
        theme=comfort.theme,
        spaced=comfort.spaced,
        second_press_ms=SECOND_PRESS_MS if comfort.once else 0,
        staff=view.staff,
        language=view.language,
    )
