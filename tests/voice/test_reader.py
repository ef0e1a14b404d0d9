"""The voice as pages know it."""

from itertools import pairwise

from kiosk.flow.comfort import Comfort, Output
from kiosk.flow.view import TextField, View
from kiosk.texts import texts_for
from kiosk.voice.port import Rate
from kiosk.voice.reader import GAINS_DB, Reader
from kiosk.voice.speech import SpeechState
from tests.voice.stage import Stage

PAGE = View(language="en", title="Title", body=(TextField("f", "Label", "Secret", private=True),))


def test_page_is_read_and_can_be_stopped() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.read(PAGE)
    before = reader.speaking
    stage.render_all()
    stage.finish_clip()
    reader.stop()
    assert (before, reader.speaking) == (True, False)
    assert stage.player.sounded == ["", "Title"], "a short sound, then the words"


def test_comfort_sets_rate_loudness_and_who_listens() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.comfort(Comfort(rate=7, volume=5, headphones=True))
    assert stage.speech.rate is Rate.PERCENT_200
    assert stage.player.gain == 0.0
    reader.read(PAGE)
    stage.run()
    assert "Secret" in stage.player.sounded


def test_voice_that_is_switched_off_falls_silent() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.read(PAGE)
    stage.render_all()
    reader.comfort(Comfort(voice=False))
    assert stage.player.sounding is None


def test_next_person_starts_with_the_defaults() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.comfort(Comfort(rate=1, volume=1, headphones=True))
    reader.end_person()
    assert stage.speech.rate is Rate.PERCENT_100
    assert stage.player.gain == GAINS_DB[Comfort().volume - 1]
    reader.read(PAGE)
    stage.run()
    assert "Secret" not in stage.player.sounded


def test_loudness_steps_are_at_most_ten_decibels() -> None:
    steps = [upper - lower for lower, upper in pairwise(GAINS_DB)]
    assert all(0 < step <= 10 for step in steps)


class TwoDevices:
    def __init__(self) -> None:
        self.used: list[str] = []

    def all(self) -> tuple[Output, ...]:
        return Output("a", "Built-in Audio"), Output("b", "USB Headset")

    def use(self, id: str) -> None:
        self.used.append(id)


def test_other_headphones_are_used_from_the_next_words_on_and_given_back_with_the_person() -> None:
    stage, devices = Stage(), TwoDevices()
    reader = Reader(stage.speech, texts_for, devices)
    assert [each.name for each in reader.outputs] == ["Built-in Audio", "USB Headset"]
    reader.comfort(Comfort(headphones=True, output="b"))
    reader.comfort(Comfort(headphones=True, output="b", rate=5))
    reader.end_person()
    assert devices.used == ["b", ""]


def test_voice_that_lost_its_headphones_speaks_again_through_the_loudspeaker() -> None:
    stage, devices = Stage(), TwoDevices()
    reader = Reader(stage.speech, texts_for, devices)
    reader.comfort(Comfort(headphones=True, output="b"))
    reader.read(PAGE)
    stage.render_all()
    stage.player.lose_device()
    stage.deliver()
    assert stage.speech.state is SpeechState.OFF
    reader.comfort(Comfort())
    assert reader.off_reason is None
    reader.read(PAGE)
    stage.run()
    assert stage.player.sounded[-1] != "Secret"


def test_one_device_is_no_choice() -> None:
    assert Reader(Stage().speech, texts_for).outputs == ()


def test_touch_sounds_where_it_is_wanted_and_nothing_else_is_heard() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.tick()
    assert stage.player.sounded == [], "silent at first"
    reader.comfort(Comfort(tick=True))
    reader.tick()
    assert len(stage.player.sounded) == 1
    assert not reader.speaking
    stage.finish_clip()
    reader.read(PAGE)
    stage.render_all()
    reader.tick()
    assert len(stage.player.sounded) == 2, "the page's own short sound has answered the touch"
    assert not stage.player.overlapped
    reader.end_person()
    reader.tick()
    assert len(stage.player.sounded) == 2, "the next person has not asked for it"


def test_words_cut_the_sound_of_a_touch() -> None:
    stage = Stage()
    reader = Reader(stage.speech, texts_for)
    reader.comfort(Comfort(tick=True))
    reader.tick()
    reader.read(PAGE)
    assert not stage.player.overlapped
    stage.run()
    assert "Title" in stage.player.sounded
