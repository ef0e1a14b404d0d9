"""What is being said, and what cuts it (H2, H7, H9)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.voice.earcons import Earcon, earcon
from kiosk.voice.port import Rate, Words
from kiosk.voice.speech import LONGEST_WAIT_S, TRY_AGAIN_S, SpeechState
from kiosk.voice.spoken import Utterance
from kiosk.voice.wave_form import level_of, read_wav, samples_of
from tests.voice.stage import Stage, sentences


def test_sentences_are_said_one_after_the_other_and_then_the_end_is_told() -> None:
    stage, ended = Stage(), []
    stage.speech.say(sentences("one", "two", "three"), then=lambda: ended.append(True))
    assert stage.speech.state is SpeechState.PREPARING
    stage.run()
    assert stage.player.sounded == ["one", "two", "three"]
    assert [utterance.text for utterance in stage.heard] == ["one", "two", "three"]
    assert (stage.speech.state, ended) == (SpeechState.QUIET, [True])


def test_a_recording_is_played_and_nothing_is_rendered_for_it() -> None:
    stage = Stage()
    own = stage.renderer.render(Words("somebody's own voice", "en"))
    stage.renderer.asked.clear()
    question, answer = sentences("question", "answer")
    stage.speech.say((replace(question, recording=own.wav), answer))
    assert stage.speech.state is SpeechState.SPEAKING, "it waits for no renderer"
    stage.run()
    assert stage.player.sounded == ["somebody's own voice", "answer"]
    assert [words.text for words in stage.renderer.asked] == ["answer"]


def test_a_damaged_recording_leaves_its_words_to_the_voice() -> None:
    stage = Stage()
    (question,) = sentences("question")
    stage.speech.say((replace(question, recording=b"RIFF"),))
    stage.run()
    assert stage.player.sounded == ["question"]
    assert stage.speech.off_reason is None


def test_following_sentences_are_rendered_one_at_a_time_while_this_one_sounds() -> None:
    stage = Stage()
    stage.speech.say(sentences("one", "two", "three"))
    stage.render_all()
    assert [words.text for words in stage.renderer.asked] == ["one", "two", "three"]


def test_new_words_cut_the_old_ones_and_their_end_is_never_told() -> None:
    stage, ended = Stage(), []
    stage.speech.say(sentences("old", "older"), then=lambda: ended.append("old"))
    stage.render_all()
    stage.speech.say(sentences("new"), then=lambda: ended.append("new"))
    stage.run()
    assert stage.player.sounded == ["old", "new"]
    assert ended == ["new"]


def test_clip_that_comes_late_is_dropped() -> None:
    stage = Stage()
    stage.speech.say(sentences("late"))
    finish_late = stage.executor.begin()
    stage.speech.say(sentences("now"))
    finish_late()
    stage.run()
    assert stage.player.sounded == ["now"]


def test_end_of_a_clip_that_was_cut_meanwhile_moves_nothing() -> None:
    stage = Stage()
    stage.speech.say(sentences("one", "two"))
    stage.render_all()
    assert stage.player.ends is not None
    stage.watch.now = stage.player.ends
    stage.player.tick()  # its end is in the post …
    stage.speech.stop()  # … when the person presses stop
    stage.run()
    assert stage.player.sounded == ["one"]
    assert stage.speech.state is SpeechState.QUIET


def test_words_waiting_to_be_rendered_are_given_up_when_cut() -> None:
    stage = Stage()
    stage.speech.say(sentences("one"))
    stage.speech.stop()
    assert stage.executor.waiting == 0


def test_stop_is_silence_at_once() -> None:
    stage = Stage()
    stage.speech.say(sentences("one"))
    stage.render_all()
    stage.speech.stop()
    assert stage.player.sounding is None
    assert stage.speech.state is SpeechState.QUIET


def test_repeat_says_all_of_it_again_without_rendering_it_again() -> None:
    stage = Stage()
    stage.speech.say(sentences("one", "two"))
    stage.run()
    stage.speech.repeat()
    stage.run()
    assert stage.player.sounded == ["one", "two", "one", "two"]
    assert len(stage.renderer.asked) == 2


def test_pause_resumes_with_the_sentence_that_it_cut() -> None:
    stage, ended = Stage(), []
    stage.speech.say(sentences("one", "two", "three"), then=lambda: ended.append(True))
    stage.render_all()
    stage.finish_clip()
    stage.speech.pause()
    assert (stage.player.sounding, stage.speech.state) == (None, SpeechState.PAUSED)
    stage.run()
    assert stage.player.sounded == ["one", "two"]
    stage.speech.resume()
    stage.run()
    assert stage.player.sounded == ["one", "two", "two", "three"]
    assert ended == [True]


def test_faster_begins_the_sentence_again_at_the_next_rate() -> None:
    stage = Stage()
    stage.speech.say(sentences("one", "two"))
    stage.render_all()
    stage.speech.faster()
    stage.run()
    assert stage.player.sounded == ["one", "one", "two"]
    assert [words.rate for words in stage.renderer.asked[-2:]] == [Rate.PERCENT_126] * 2


def test_rate_stops_at_either_end() -> None:
    stage = Stage()
    for _ in range(9):
        stage.speech.faster()
    assert int(stage.speech.rate) == 200
    for _ in range(9):
        stage.speech.slower()
    assert int(stage.speech.rate) == 50


def test_private_clips_are_rendered_anew_each_time() -> None:
    stage = Stage()
    stage.speech.say(sentences("secret", "plain") + sentences("hidden thing", private=True))
    stage.run()
    stage.speech.say(sentences("hidden thing", private=True))
    stage.run()
    assert [words.text for words in stage.renderer.asked].count("hidden thing") == 2


def test_next_person_finds_no_clip_and_no_rate_of_the_last_one() -> None:
    stage = Stage()
    stage.speech.faster()
    stage.speech.say(sentences("one", "two"))
    finish = stage.executor.begin()
    stage.speech.end_person()
    finish()
    stage.run()
    assert stage.player.sounded == []
    assert stage.speech.rate is Rate.PERCENT_100
    stage.speech.repeat()
    stage.run()
    assert stage.player.sounded == []
    stage.speech.say(sentences("one"))
    stage.run()
    assert [words.text for words in stage.renderer.asked] == ["one", "one"]


def test_same_words_for_the_next_person_do_not_wait_for_the_clip_of_the_last_one() -> None:
    stage = Stage()
    stage.speech.say(sentences("one"))
    stage.executor.begin()  # and never finished
    stage.speech.end_person()
    stage.speech.say(sentences("one"))
    stage.run()
    assert stage.player.sounded == ["one"]


def test_voice_that_fails_is_off_and_work_that_waits_for_it_goes_on() -> None:
    stage, ended = Stage(), []
    stage.renderer.broken.add("one")
    stage.speech.say(sentences("one", "two"), then=lambda: ended.append(True))
    stage.run()
    assert stage.speech.state is SpeechState.OFF
    assert stage.speech.off_reason is not None
    assert stage.speech.off_reason.msgid == "The voice is off."
    assert ended == [True]


def test_voice_that_is_off_reports_itself_and_blocks_nothing() -> None:
    stage, ended = Stage(), []
    told: list[SpeechState] = []
    stage.renderer.broken.add("one")
    stage.speech.say(sentences("one"))
    stage.run()
    stage.speech.subscribe(told.append)
    stage.speech.say(sentences("two"), then=lambda: ended.append(True))
    assert ended == [True]
    assert told == [SpeechState.OFF]
    assert stage.executor.waiting == 0


def test_sound_device_that_fails_switches_the_voice_off() -> None:
    stage, ended = Stage(), []
    stage.speech.say(sentences("one", "two"), then=lambda: ended.append(True))
    stage.render_all()
    stage.player.lose_device()
    stage.run()
    assert stage.speech.state is SpeechState.OFF
    assert stage.speech.fault is not None
    assert stage.speech.fault.detail == "no sound device"
    assert (stage.player.sounded, ended) == (["one"], [True])


def test_a_voice_that_was_off_for_want_of_a_clip_comes_back_by_itself_and_says_the_present_page() -> None:
    stage, ended = Stage(), []
    told: list[SpeechState] = []
    stage.renderer.broken |= {"one", "two", "three"}
    stage.speech.say(sentences("one"))
    stage.run()
    stage.speech.subscribe(told.append)
    for text in ("two", "three"):
        stage.watch.pass_time(TRY_AGAIN_S)
        stage.speech.say(sentences(text), then=lambda: ended.append(True))
        stage.run()
    assert ended == [True, True], "nobody waits for it"
    assert set(told) == {SpeechState.OFF}, "and nothing flickers"
    assert [words.text for words in stage.renderer.asked] == ["one", "two"], "each time twice as long"
    stage.watch.pass_time(TRY_AGAIN_S)
    stage.speech.say(sentences("four", "five"))
    stage.run()
    assert stage.player.sounded == ["four", "five"]
    assert stage.speech.off_reason is None


def test_words_that_were_left_meanwhile_are_not_said_but_the_voice_is_back() -> None:
    stage = Stage()
    stage.renderer.broken.add("one")
    stage.speech.say(sentences("one"))
    stage.run()
    stage.watch.pass_time(TRY_AGAIN_S)
    stage.speech.say(sentences("left"))
    stage.speech.stop()
    stage.run()
    assert stage.player.sounded == []
    assert stage.speech.state is SpeechState.QUIET


def test_a_device_that_is_gone_is_not_tried_again_and_again() -> None:
    stage = Stage()
    stage.speech.say(sentences("one"))
    stage.render_all()
    stage.player.lose_device()
    stage.run()
    stage.watch.pass_time(LONGEST_WAIT_S)
    stage.speech.say(sentences("two"))
    assert stage.executor.waiting == 0


def test_voice_gets_another_try_with_the_next_person() -> None:
    stage = Stage()
    stage.renderer.broken.add("no voice")
    stage.speech.say(sentences("no voice"))
    stage.run()
    assert stage.speech.off_reason is not None
    stage.speech.end_person()
    assert not stage.speech.off_reason
    stage.speech.say(sentences("two"))
    stage.run()
    assert stage.player.sounded == ["two"]


def test_listener_that_stops_the_voice_as_it_begins_is_obeyed() -> None:
    stage = Stage()

    def hush(state: SpeechState) -> None:
        if state is SpeechState.SPEAKING:
            stage.speech.stop()

    end = stage.speech.subscribe(hush)
    stage.speech.say(sentences("one", "two"))
    stage.run()
    assert stage.player.sounded == []
    end()
    stage.speech.say(sentences("one"))
    stage.run()
    assert stage.player.sounded == ["one"]


def test_clips_leave_memory_when_there_are_too_many() -> None:
    stage = Stage(kept_bytes=300_000)
    many = sentences(*(f"sentence number {number}" for number in range(20)))
    stage.speech.say(many)
    stage.run()
    stage.speech.say(many[:1])
    stage.run()
    assert len(stage.renderer.asked) > 20
    assert stage.renderer.asked[-1].text == many[0].text, "it is made anew"


texts = st.lists(st.sampled_from(["a", "b", "c", "dd", "a", "b", "c", "broken"]), min_size=1, max_size=4)


class AnyOrder(RuleBasedStateMachine):
    """Whatever people press and in whatever order threads answer."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(kept_bytes=5000)
        self.stage.renderer.broken.add("broken")
        self.script: list[str] = []
        self.finishing: list[Callable[[], None]] = []
        self.mark = 0

    @rule(script=texts, private=st.booleans())
    def say(self, script: list[str], private: bool) -> None:
        self.script = script
        self.mark = len(self.stage.player.sounded)
        self.stage.speech.say(sentences(*script, private=private))

    @rule(
        action=st.sampled_from(
            ["stop", "end_person", "pause", "pause", "resume", "resume", "faster", "slower"]
        )
    )
    def press(self, action: str) -> None:
        getattr(self.stage.speech, action)()
        if action in ("stop", "end_person"):
            self.script = []
            self.mark = len(self.stage.player.sounded)
        if action in ("stop", "end_person", "pause"):
            assert self.stage.player.sounding is None

    @precondition(lambda self: self.stage.executor.waiting)
    @rule()
    def threads_answer(self) -> None:
        self.stage.render_all()

    @precondition(lambda self: self.stage.executor.waiting)
    @rule(data=st.data())
    def begin_rendering(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, self.stage.executor.waiting - 1))
        self.finishing.append(self.stage.executor.begin(index))

    @precondition(lambda self: self.finishing)
    @rule(data=st.data())
    def finish_rendering(self, data: st.DataObject) -> None:
        self.finishing.pop(data.draw(st.integers(0, len(self.finishing) - 1)))()

    @precondition(lambda self: self.stage.post)
    @rule()
    def deliver_one(self) -> None:
        self.stage.post.pop(0)()

    @precondition(lambda self: self.stage.player.ends is not None)
    @rule()
    def clip_ends(self) -> None:
        assert self.stage.player.ends is not None
        self.stage.watch.now = self.stage.player.ends
        self.stage.player.tick()

    @invariant()
    def clips_never_overlap(self) -> None:
        assert not self.stage.player.overlapped

    @invariant()
    def only_words_of_the_last_saying_sound_and_in_their_order(self) -> None:
        since = self.stage.player.sounded[self.mark :]
        steps = [text for index, text in enumerate(since) if index == 0 or text != since[index - 1]]
        plain = [
            text for index, text in enumerate(self.script) if index == 0 or text != self.script[index - 1]
        ]
        assert steps == plain[: len(steps)]

    @invariant()
    def state_is_true(self) -> None:
        speech = self.stage.speech
        assert (speech.off_reason is not None) == (speech.state is SpeechState.OFF)
        if self.stage.player.sounding is not None:
            assert speech.state is SpeechState.SPEAKING

    def teardown(self) -> None:
        """Once all threads have answered, nothing is left hanging."""
        while self.finishing:
            self.finishing.pop()()
        self.stage.run()
        assert self.stage.speech.state in (SpeechState.QUIET, SpeechState.PAUSED, SpeechState.OFF)


AnyOrder.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def test_short_sound_is_over_before_words_begin_and_hides_their_making() -> None:
    stage = Stage()
    stage.speech.say(sentences("words"), before=earcon(Earcon.ERROR))
    stage.deliver()
    assert stage.player.ends is not None, "it sounds at once"
    assert stage.executor.waiting == 1, "while the words are being made"
    stage.render_all()
    assert len(stage.player.sounded) == 1
    stage.finish_clip()
    assert stage.player.sounded[1:] == ["words"]
    assert not stage.player.overlapped


def test_short_sound_that_is_cut_brings_no_words() -> None:
    stage = Stage()
    stage.speech.say(sentences("words"), before=earcon(Earcon.PAGE))
    stage.speech.stop()
    stage.run()
    assert stage.player.sounding is None
    assert stage.heard == []


def test_what_is_likely_next_is_made_ready_and_nothing_private_of_it() -> None:
    stage = Stage()
    likely = (Utterance("secret", "en", private=True), Utterance("next", "en"))
    stage.speech.say(sentences("this"), next=likely)
    stage.render_all()
    assert [words.text for words in stage.renderer.asked] == ["this", "next"]
    stage.speech.say((likely[1],))
    assert stage.player.sounding == "next", "no time was lost in making it"


@pytest.mark.parametrize("which", list(Earcon))
def test_short_sounds_are_short_and_softer_than_speech(which: Earcon) -> None:
    clip = earcon(which)
    # A touch is over before the next one can begin; the others are to be recognised.
    assert (0.02 if which is Earcon.TICK else 0.05) < clip.seconds < 0.4
    pcm, _ = read_wav(clip.wav)
    assert -26 < level_of(pcm) < -15
    samples = samples_of(pcm)
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50, "it does not click"
