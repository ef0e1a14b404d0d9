"""A kiosk whose clock is dead goes on from the last time that anybody confirmed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.known_time import OLDEST_POSSIBLE, KnownTime

TODAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DEAD = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Machine:
    """``clock`` is what it shows; ``passed`` what has truly gone by."""

    clock: datetime
    passed: float = 0.0

    def __call__(self) -> datetime:
        return self.clock

    def since_boot(self) -> float:
        return self.passed

    def run(self, **by: float) -> None:
        self.clock += timedelta(**by)
        self.passed += timedelta(**by).total_seconds()

    def known(self) -> KnownTime:
        return KnownTime(self, self.since_boot)


def test_a_clock_that_is_right_is_believed() -> None:
    machine = Machine(TODAY)
    known = machine.known()
    known.at_least(TODAY - timedelta(days=3))
    machine.run(hours=1)
    assert known() == TODAY + timedelta(hours=1)
    assert not known.wrong


def test_a_dead_clock_goes_on_from_the_last_confirmed_time_and_counts() -> None:
    machine = Machine(DEAD)
    known = machine.known()
    known.at_least(TODAY)
    assert known.wrong
    machine.run(minutes=30)
    assert known() == TODAY + timedelta(minutes=30)


def test_a_dead_clock_of_a_kiosk_that_never_had_a_line_is_not_before_its_program() -> None:
    machine = Machine(DEAD)
    known = machine.known()
    machine.run(minutes=1)
    assert known() == OLDEST_POSSIBLE + timedelta(minutes=1)
    assert known.wrong


def test_a_day_is_doubtful_until_somebody_says_what_time_it_is() -> None:
    machine = Machine(DEAD)
    known = machine.known()
    assert known.doubtful
    known.hear(TODAY)
    assert (known.wrong, known.doubtful) == (True, False)
    machine.clock = TODAY
    assert (known.wrong, known.doubtful) == (False, False)


def test_a_clock_that_is_set_meanwhile_is_believed_at_once() -> None:
    machine = Machine(DEAD)
    known = machine.known()
    known.at_least(TODAY - timedelta(days=1))
    machine.clock = TODAY
    assert known() == TODAY
    assert not known.wrong


def test_what_the_hub_says_counts_for_more_than_a_clock_that_is_years_ahead_or_back() -> None:
    for years in (-10, 10):
        machine = Machine(TODAY + timedelta(days=365 * years))
        known = machine.known()
        known.hear(TODAY)
        machine.run(minutes=90)
        assert known() == TODAY + timedelta(minutes=90)
        assert known.wrong
        machine.clock = TODAY + timedelta(minutes=91)
        assert not known.wrong, "somebody has set it"


def test_a_clock_that_was_years_ahead_once_does_not_become_the_least_that_is_believed() -> None:
    machine = Machine(TODAY + timedelta(days=3650))
    known = machine.known()
    assert known() == machine.clock, "alone, nothing says that it is wrong"
    machine.clock = TODAY
    assert known() == TODAY


def test_a_clock_that_falls_back_while_the_kiosk_runs_is_not_followed() -> None:
    machine = Machine(TODAY)
    known = machine.known()
    known.hear(TODAY)
    machine.run(hours=2)
    machine.clock = DEAD
    assert known() == TODAY + timedelta(hours=2)
