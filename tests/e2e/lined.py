"""A whole kiosk without a screen that has a line: a real hub, a real courier, and whatever lies between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyrage import x25519
from sqlalchemy import select

from kiosk.flow.book import BOOK
from kiosk.flow.conductor import Conductor
from kiosk.flow.desk import Desk, Line
from kiosk.flow.view import Code
from kiosk.receipts import NoPrinter
from sync.courier import Courier
from sync.hub.rows import ApplicationRow
from tests.flow.booth import (
    Bench,
    Booth,
    Clock,
    DrawnPane,
    Pump,
    Reader,
    SwitchedComputer,
    Wire,
    sentences,
)
from tests.flow.conftest import PIN
from tests.flow.sample_form import AGENCY, sample_pack
from tests.sync.parties import Hub
from ui.house import House
from ui.line import CourierLine
from ui.moving import UsbMoving
from ui.practice import PracticeRoom
from ui.sticks import UsbSticks, volumes_in
from ui.threads import Workers


class RunningClock(Clock):
    """The time, and how wrong this kiosk has it."""

    def __init__(self, wrong: timedelta) -> None:
        super().__init__()
        self.now = datetime.now(UTC)
        self._wrong = wrong

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._wrong


@dataclass
class LinedKiosk:
    """``house`` belongs to the kiosk; ``hub`` is at the other end, behind whatever ``way`` is."""

    booth: Booth
    house: House
    hub: Hub
    couriers: tuple[Courier, ...]

    def tried(self) -> Line:
        """What truly came of one whole try."""
        results: list[Line] = []
        self.booth.desk.courier.try_now(results.append)
        self.booth.pump.until(lambda: bool(results))
        return results[0]

    def apply(self, language: str) -> tuple[str, str]:
        """Somebody's whole application; the code and the reference of their receipt."""
        booth = self.booth
        booth.reach_question(language)
        booth.answer_all()
        booth.hand_in()
        code, reference = ("".join(part.groups) for part in booth.view.body if isinstance(part, Code))
        booth.press("forward")
        booth.press("forward")
        return code, reference

    def look_up(self, language: str, code: str) -> None:
        self.booth.reach_need(language)
        self.booth.choose("need", "look_up")
        self.booth.type("code", code)
        self.booth.press("forward")

    def sign_in(self, language: str) -> None:
        booth = self.booth
        booth.reach_need(language)
        booth.choose("need", "staff")
        booth.choose("operator", str(booth.desk.operators.names()[0].id))
        booth.type("pin", PIN)
        booth.press("forward")
        # The page reads the day anew at each tick after the line has changed.
        booth.tick()

    def until_page_says(self, sentence: str) -> None:
        def said() -> bool:
            self.booth.conductor.tick()
            return sentence in sentences(self.booth.view)

        self.booth.pump.until(said)

    def arrivals(self) -> list[str]:
        """The references of the applications at the hub, one for each time that it holds one."""
        with self.hub.database.transaction() as session:
            return [found or "" for found in session.scalars(select(ApplicationRow.reference))]

    def waiting(self) -> int:
        with self.house.database.reader() as repositories:
            return repositories.outbox.counts().waiting


@contextmanager
def lined_kiosk(
    folder: Path, *, by_way_of: str = "", wrong: timedelta = timedelta(), alone: bool = False
) -> Iterator[LinedKiosk]:
    """Enrolled at a hub that opens its agency's envelopes; then it speaks to ``by_way_of``, if any.

    With ``alone`` the kiosk knows no hub. A folder in ``folder/sticks`` is a USB stick in the machine.
    """
    identity = x25519.Identity.generate()
    pack = sample_pack()
    agency = replace(pack.agencies[AGENCY], recipient=str(identity.to_public()))
    pack = replace(pack, agencies={AGENCY: agency})
    forms = {form.sha256: form.source for form in pack.forms.values()}
    pump, clock = Pump(), RunningClock(wrong)
    with Hub(folder / "hub", identities=[str(identity)], forms=forms) as hub:
        house = House(folder / "kiosk", clock=clock, deliver=pump, environment={})
        house.operators.make_first_coordinator(house.operators.first_start_code(), "Maria", PIN, "en")
        house.renew_keys()
        if not alone:
            house.enrol(hub.url, hub.server.kiosks.new_code())
        if by_way_of:
            house.change(HUB_URL=by_way_of)
        couriers, line, workers = house.make_couriers(), CourierLine(), Workers(pump)
        line.connect(*couriers)
        for courier in couriers:
            courier.start()
        bugs: list[BaseException] = []

        def enrolled() -> None:
            facts = house.facts
            pump(lambda: conductor.renew(salt=facts.salt, former_salts=facts.former_salts))

        desk = Desk(
            clock=clock,
            since_boot=clock.since_boot,
            day_is_doubtful=lambda: house.known_time.doubtful,
            zone=house.facts.zone,
            centre=house.facts.centre,
            pack=pack,
            salt=house.facts.salt,
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
            printer=NoPrinter(),
            background=workers,
            lookout=workers,
            voice=Reader(),
            courier=line,
            sticks=UsbSticks(house, lambda: volumes_in(folder / "sticks"), enrolled),
            updates=house.updates,
            pane=DrawnPane(),
            setting_up=house.setting_up,
            rounds=house.rounds,
            machine=Bench(house.folder, clock),
            moving=UsbMoving(house.moving_in, lambda: volumes_in(folder / "sticks"), lambda: None),
            practice=PracticeRoom(house.folder, clock, pump, workers, lambda: conductor.own_desk, {}),
            computer=SwitchedComputer(),
            kiosk_name=str(house.facts.kiosk),
        )
        conductor = Conductor(desk, BOOK, lambda _: None, bugs.append)
        conductor.start()
        booth = Booth(conductor, pump, clock, Reader(), Wire(pump), bugs)
        booth.settle()
        try:
            yield LinedKiosk(booth, house, hub, couriers)
        finally:
            stopped = [courier.stop(20) for courier in couriers]
            assert all(stopped)
            workers.close()
            house.close()
