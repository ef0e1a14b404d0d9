"""What every player promises, on the silent one and on the real one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtMultimedia import QAudioDevice

from kiosk.errors import VoiceFault
from kiosk.voice.port import Clip, Player
from kiosk.voice.timed import TimedPlayer
from tests.voice.sound import Recording, until
from tests.voice.stage import Watch
from ui.player import QtPlayer

SHORT = Clip.silent(0.2)


class Room(Protocol):
    """A player, and a way to let time go by for it."""

    @property
    def player(self) -> Player: ...

    def turn(self) -> None: ...


@dataclass
class TimedRoom:
    player: TimedPlayer
    watch: Watch

    def turn(self) -> None:
        self.watch.pass_time(0.05)
        self.player.tick()


@dataclass
class QtRoom:
    player: QtPlayer
    application: QCoreApplication

    def turn(self) -> None:
        self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


@pytest.fixture(params=["timed", "qt"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    if request.param == "timed":
        watch = Watch()
        yield TimedRoom(TimedPlayer(watch), watch)
        return
    application: QCoreApplication = request.getfixturevalue("application")
    assert request.getfixturevalue("recording").running
    player = QtPlayer()
    yield QtRoom(player, application)
    player.close()


def test_end_of_a_clip_is_told_once_and_not_from_inside_play(room: Room) -> None:
    told: list[VoiceFault | None] = []
    room.player.play(SHORT, told.append)
    assert told == []
    until(lambda: bool(told), room.turn)
    ended: list[VoiceFault | None] = []
    room.player.play(SHORT, ended.append)
    until(lambda: bool(ended), room.turn)
    assert (told, ended) == ([None], [None])


def test_end_of_a_clip_that_was_stopped_is_never_told(room: Room) -> None:
    told: list[str] = []
    room.player.play(SHORT, lambda _fault: told.append("stopped"))
    room.player.stop()
    room.player.play(Clip.silent(0.4), lambda _fault: told.append("later"))
    until(lambda: bool(told), room.turn)
    assert told == ["later"]


def test_new_clip_cuts_the_old_one(room: Room) -> None:
    told: list[str] = []
    room.player.play(SHORT, lambda _fault: told.append("old"))
    room.player.play(Clip.silent(0.4), lambda _fault: told.append("new"))
    until(lambda: bool(told), room.turn)
    assert told == ["new"]


def test_stopping_and_setting_loudness_are_harmless_when_nothing_sounds(room: Room) -> None:
    room.player.stop()
    room.player.set_gain(-12.0)
    room.player.stop()
    told: list[VoiceFault | None] = []
    room.player.play(SHORT, told.append)
    until(lambda: bool(told), room.turn)
    assert told == [None]


def test_clip_may_be_played_from_the_end_of_another(room: Room) -> None:
    told: list[str] = []

    def first_ended(_fault: VoiceFault | None) -> None:
        told.append("first")
        room.player.play(SHORT, lambda _fault: told.append("second"))

    room.player.play(SHORT, first_ended)
    until(lambda: len(told) == 2, room.turn)
    assert told == ["first", "second"]


def test_empty_clip_ends_too(room: Room) -> None:
    told: list[VoiceFault | None] = []
    room.player.play(Clip.silent(0.0), told.append)
    until(lambda: bool(told), room.turn)
    assert told == [None]


def test_machine_without_a_sound_device_says_so(application: QCoreApplication) -> None:
    player = QtPlayer(output=QAudioDevice)
    told: list[VoiceFault | None] = []
    player.play(SHORT, told.append)
    assert told == []
    until(lambda: bool(told), QtRoom(player, application).turn)
    assert told[0] is not None
    assert told[0].title.msgid == "The voice is off."
    assert told[0].detail == "no sound device"
    player.close()


def test_device_that_is_plugged_in_later_is_found(
    application: QCoreApplication, recording: Recording
) -> None:
    from PySide6.QtMultimedia import QMediaDevices

    devices = [QAudioDevice()]
    player = QtPlayer(output=lambda: devices[-1])
    told: list[VoiceFault | None] = []
    room = QtRoom(player, application)
    player.play(SHORT, told.append)
    until(lambda: len(told) == 1, room.turn)
    devices.append(QMediaDevices.defaultAudioOutput())
    player.play(SHORT, told.append)
    until(lambda: len(told) == 2, room.turn)
    assert told[0] is not None
    assert told[1] is None
    player.close()


def test_device_that_is_chosen_is_used_and_one_that_is_gone_is_silence(
    application: QCoreApplication, recording: Recording
) -> None:
    room = QtRoom(QtPlayer(), application)
    (device,) = (each for each in room.player.all() if each.name)
    ended: list[VoiceFault | None] = []
    room.player.use(device.id)
    room.player.play(SHORT, ended.append)
    until(lambda: len(ended) == 1, room.turn)
    assert ended == [None]
    room.player.use("00")
    room.player.play(SHORT, ended.append)
    until(lambda: len(ended) == 2, room.turn)
    assert isinstance(ended[1], VoiceFault), "and never the loudspeaker instead"
    room.player.close()
