"""What the kiosk finds out about its clock by itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.texts import texts_for
from kiosk.voice.port import Clip, Words
from ui.house import House
from ui.machine import KioskMachine

EN = texts_for("en")


class Clocks:
    """A wall clock that anybody may set, and one that only counts."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.steady = 1000.0

    def wall(self) -> datetime:
        return self.now

    def passes(self, by: timedelta) -> None:
        self.now += by
        self.steady += by.total_seconds()


class Silent:
    def render(self, words: Words) -> Clip:
        return Clip.silent(0.1)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def machine(tmp_path: Path, clocks: Clocks) -> Iterator[Callable[..., KioskMachine]]:
    house = House(tmp_path / "data", clock=clocks.wall, deliver=lambda call: call(), environment={})

    def made(speaker: str | None = "Loudspeaker") -> KioskMachine:
        return KioskMachine(
            house,
            Silent(),
            speaker=lambda: speaker,
            glass_fits=lambda: None,
            steady=lambda: clocks.steady,
        )

    yield made
    house.close()


@pytest.mark.parametrize(
    ("jump", "told"),
    [
        (timedelta(hours=5), "The clock has jumped 300 minutes ahead since the kiosk was switched on."),
        (timedelta(hours=-2), "The clock has jumped 120 minutes back since the kiosk was switched on."),
        (timedelta(minutes=3), ""),
    ],
)
def test_a_clock_that_runs_away_from_a_steady_one_is_noticed(
    machine: Callable[..., KioskMachine], clocks: Clocks, jump: timedelta, told: str
) -> None:
    kiosk = machine()
    clocks.passes(timedelta(hours=9))
    assert kiosk.clock(EN).ok is True, "a long day is no jump"
    clocks.now += jump
    check = kiosk.clock(EN)
    assert (check.ok is not True) is bool(told)
    assert not told or check.sentence == told


def test_sleep_and_daylight_saving_are_no_jumps(
    machine: Callable[..., KioskMachine], clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = machine()
    clocks.passes(timedelta(days=3))
    assert kiosk.clock(EN).ok is True
    # Times are kept in UTC: what the region does to its clocks changes no count.
    monkeypatch.setenv("TZ", "America/New_York")
    assert kiosk.clock(EN).ok is True


def test_a_dead_battery_is_told_whatever_the_steady_clock_says(
    machine: Callable[..., KioskMachine], clocks: Clocks
) -> None:
    clocks.now = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    check = machine().clock(EN)
    assert check.ok is False
    assert "1970" in check.sentence


@pytest.mark.parametrize(("speaker", "verdict"), [("Loudspeaker", True), ("", None), (None, True)])
def test_a_missing_loudspeaker_is_looked_at_and_one_not_yet_looked_for_is_not_missed(
    machine: Callable[..., KioskMachine], speaker: str | None, verdict: bool | None
) -> None:
    assert machine(speaker).voice(EN).ok is verdict
