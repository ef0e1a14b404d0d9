"""Any order of storing, sending, losing, repeating, restoring and cloning: exactly once, and nothing deleted.

The store, the courier, the carrier and the hub are the real ones; hypothesis decides what happens.
"""

import shutil
import tempfile
from enum import StrEnum, auto
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from kiosk.errors import LineFault, Message
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel
from sync.hub.rows import ApplicationRow, EnvelopeRow
from sync.protocol import ExchangeAnswer
from tests.sync.parties import Hub, Kiosk

TRIES = 12


class Way(StrEnum):
    """What happens to one exchange on its way."""

    WELL = auto()
    QUESTION_LOST = auto()
    ANSWER_LOST = auto()
    QUESTION_REPEATED = auto()
    ANSWER_OF_THE_REPEAT = auto()


class Unsure(HttpsCarrier):
    """The real carrier, over a way that is :attr:`way`; ``sent`` are all parcels that ever left."""

    way = Way.WELL

    def __init__(self, real: HttpsCarrier, kiosk: Kiosk) -> None:
        super().__init__(real.trusted, kiosk.device, kiosk.clock)
        self.sent: list[Parcel] = []

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        if self.way is Way.QUESTION_LOST:
            raise _gone()
        self.sent.append(parcel)
        answer = super().exchange(parcel)
        if self.way is Way.ANSWER_LOST:
            raise _gone()
        if self.way in (Way.QUESTION_REPEATED, Way.ANSWER_OF_THE_REPEAT):
            again = super().exchange(parcel)
            return again if self.way is Way.ANSWER_OF_THE_REPEAT else answer
        return answer

    def late(self, number: int) -> None:
        """A question that left long ago arrives once more; nobody waits for its answer."""
        super().exchange(self.sent[number % len(self.sent)])


def _gone() -> LineFault:
    return LineFault(Message("gone"), Message("gone"), "")


class Conversation(RuleBasedStateMachine):
    """One hub, one kiosk and its clones."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="opora-machine-"))
        self.hub = Hub(self.folder / "hub")
        self.kiosks: list[tuple[Kiosk, Unsure]] = []
        self.promised: set[str] = set()
        self.most_envelopes: dict[Path, int] = {}
        self.backups = 0

    @initialize()
    def enrolled(self) -> None:
        kiosk = Kiosk(self.folder / "kiosk-0")
        self.kiosks.append((kiosk, Unsure(kiosk.enrolled(self.hub), kiosk)))

    @rule(which=st.integers(0, 9), count=st.integers(1, 3))
    def store(self, which: int, count: int) -> None:
        kiosk, _ = self._one(which)
        self.promised |= {kiosk.store().reference for _ in range(count)}

    @rule(which=st.integers(0, 9), way=st.sampled_from(Way))
    def send(self, which: int, way: Way) -> None:
        kiosk, carrier = self._one(which)
        carrier.way = way
        kiosk.tried(carrier)

    @rule(which=st.integers(0, 9), number=st.integers(0, 99))
    def arrive_late(self, which: int, number: int) -> None:
        _, carrier = self._one(which)
        if carrier.sent:
            carrier.late(number)

    @rule()
    def back_up_the_hub(self) -> None:
        self.hub.stop()
        shutil.rmtree(self.folder / "hub-backup", ignore_errors=True)
        shutil.copytree(self.folder / "hub", self.folder / "hub-backup")
        self.hub.start()

    @precondition(lambda self: (self.folder / "hub-backup").exists())
    @rule()
    def restore_the_hub(self) -> None:
        self.hub.stop()
        shutil.rmtree(self.folder / "hub")
        shutil.copytree(self.folder / "hub-backup", self.folder / "hub")
        self.hub.start()

    @precondition(lambda self: len(self.kiosks) < 3)
    @rule(which=st.integers(0, 9))
    def clone(self, which: int) -> None:
        kiosk, carrier = self._one(which)
        kiosk.close()
        folder = self.folder / f"kiosk-{len(self.kiosks)}"
        shutil.copytree(kiosk.folder, folder)
        kiosk.open()
        other = Kiosk(folder, kiosk.clock, kiosk.device)
        self.kiosks.append((other, Unsure(carrier, other)))

    @rule(which=st.integers(0, 9))
    def restore_a_kiosk(self, which: int) -> None:
        """From a backup of before three applications, which have all been sent."""
        kiosk, carrier = self._one(which)
        kiosk.close()
        backup = self.folder / "kiosk-backup"
        shutil.copytree(kiosk.folder, backup)
        kiosk.open()
        self.promised |= {kiosk.store().reference for _ in range(3)}
        self._through(kiosk, carrier)
        kiosk.close()
        shutil.rmtree(kiosk.folder)
        backup.rename(kiosk.folder)
        self.most_envelopes.pop(kiosk.folder, None)
        # What that kiosk alone could send again to a hub from before is gone with it.
        shutil.rmtree(self.folder / "hub-backup", ignore_errors=True)
        kiosk.open()

    @invariant()
    def a_kiosk_deletes_nothing(self) -> None:
        for kiosk, _ in self.kiosks:
            with kiosk.database.writer.connect() as connection:
                count = connection.exec_driver_sql(
                    "SELECT count(*) FROM outbox JOIN part USING (envelope_id) WHERE body IS NOT NULL"
                ).scalar_one()
            assert count >= self.most_envelopes.get(kiosk.folder, 0)
            self.most_envelopes[kiosk.folder] = count

    @invariant()
    def the_hub_doubles_nothing(self) -> None:
        with self.hub.database.transaction() as session:
            references = session.scalars(select(ApplicationRow.reference)).all()
            envelopes = session.scalar(select(func.count()).select_from(EnvelopeRow))
        assert len(references) == len(set(references)) == envelopes

    def teardown(self) -> None:
        try:
            for kiosk, carrier in self.kiosks:
                self._through(kiosk, carrier)
            with self.hub.database.transaction() as session:
                arrived = set(session.scalars(select(ApplicationRow.reference)))
            assert arrived == self.promised
            self.the_hub_doubles_nothing()
        finally:
            for kiosk, carrier in self.kiosks:
                carrier.close()
                kiosk.close()
            self.hub.stop()
            shutil.rmtree(self.folder)

    def _one(self, which: int) -> tuple[Kiosk, Unsure]:
        return self.kiosks[which % len(self.kiosks)]

    def _through(self, kiosk: Kiosk, carrier: Unsure) -> None:
        carrier.way = Way.WELL
        for _ in range(TRIES):
            state = kiosk.tried(carrier)
            if state.fault is None and state.waiting == 0:
                return
        raise AssertionError(f"stuck: {state}")


def machine(examples: int, steps: int) -> type:
    case = type("Case", (Conversation,), {}).TestCase  # type: ignore[attr-defined]
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case  # type: ignore[no-any-return]


class TestShort(machine(8, 10)):  # type: ignore[misc]
    """In every run of the tests, always the same."""


@pytest.mark.proof
class TestLong(machine(60, 20)):  # type: ignore[misc]
    """More and longer ones."""
