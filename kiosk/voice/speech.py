"""The one state machine of the voice: what is being said, and what cuts it.

All methods, listeners and ``then`` run on the thread that shows pages; ``deliver`` brings what other threads
report onto it. A new action cancels what was being said: nothing queues and nothing overlaps, because each
saying has its own turn and a clip that comes late for its turn is dropped.
"""

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from enum import StrEnum
from typing import Final

from kiosk.errors import Message, VoiceFault
from kiosk.voice.cache import ClipCache, Piece
from kiosk.voice.port import Clip, Player, Rate, Renderer, Words
from kiosk.voice.spoken import Utterance
from kiosk.voice.wave_form import read_wav, voice_fault

Deliver = Callable[[Callable[[], None]], None]
"""Runs something soon on the thread that shows pages; may be called from any thread."""

KEPT_BYTES: Final = 24 * 1024 * 1024
"""About nine minutes of fixed words."""


FAR_ENOUGH: Final = 12
"""So many sentences are made ahead of the one that sounds."""

TRY_AGAIN_S: Final = 10.0
"""After a clip that could not be made; each further time twice as long, up to LONGEST_WAIT_S."""
LONGEST_WAIT_S: Final = 300.0


class SpeechState(StrEnum):
    QUIET = "quiet"
    PREPARING = "preparing"
    """Something is to be said, and its clip is being made."""
    SPEAKING = "speaking"
    PAUSED = "paused"
    OFF = "off"
    """There is no voice: see ``off_reason``."""


class Speech:
    """Says utterances one after the other.

    ``heard`` is told of each utterance as it begins to sound. ``executor`` renders; two workers are enough
    (this clip and the next). ``steady`` gives seconds.
    """

    def __init__(
        self,
        renderer: Renderer,
        player: Player,
        deliver: Deliver,
        executor: Executor,
        *,
        heard: Callable[[Utterance], None] | None = None,
        kept_bytes: int = KEPT_BYTES,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._renderer = renderer
        self._player = player
        self._deliver = deliver
        self._executor = executor
        self._heard = heard
        self._listeners: list[Callable[[SpeechState], None]] = []
        self._cache = ClipCache(kept_bytes)
        self._rate = Rate.PERCENT_100
        self._state = SpeechState.QUIET
        self._off: VoiceFault | None = None
        self._steady = steady
        self._tries_at: float | None = None
        """Off for want of a clip: from then on words may be tried. None where it is off otherwise."""
        self._wait_s = TRY_AGAIN_S
        self._script: tuple[Utterance, ...] = ()
        self._at = 0
        self._then: Callable[[], None] | None = None
        self._before: Clip | None = None
        self._next: tuple[Utterance, ...] = ()
        self._made_ahead: set[Piece] = set()
        """Of this turn: what a full cache has dropped again is not made for ever."""
        self._turn = 0
        """Changes with every action: what was started under another turn is too late."""
        self._person = 0
        self._rendering: dict[tuple[Piece, int], Future[Clip]] = {}
        self._ahead: dict[Piece, Clip] = {}
        """Private clips of this turn that are ready before their time."""

    # -- what can be seen

    @property
    def state(self) -> SpeechState:
        return self._state

    @property
    def off_reason(self) -> Message | None:
        """What to tell the person about there being no voice, or None while there is one."""
        return self._off.title if self._off else None

    @property
    def fault(self) -> VoiceFault | None:
        """The same with advice, and with a detail for staff."""
        return self._off

    @property
    def rate(self) -> Rate:
        return self._rate

    def subscribe(self, listener: Callable[[SpeechState], None]) -> Callable[[], None]:
        """Calls ``listener`` with each new state; returns what ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- what a person does

    def say(
        self,
        utterances: tuple[Utterance, ...],
        *,
        then: Callable[[], None] | None = None,
        before: Clip | None = None,
        next: tuple[Utterance, ...] = (),
    ) -> None:
        """Cuts what is being said and says this. ``before`` is a short sound that is heard first, while the
        words are still being made; ``next`` is what will probably be said after this, and is made ready.

        ``then`` is called when all has been said, or at once when there is no voice, so that work which waits
        for the voice never waits for ever; it is not called when something else cuts in.
        """
        self._cancel()
        self._script, self._at, self._then = utterances, 0, then
        self._before, self._next = before, next
        if self._state is SpeechState.OFF:
            self._try_unheard()
            self._tell()
            self._over(SpeechState.OFF)
        else:
            self._go_on()

    def tick(self, clip: Clip) -> None:
        """A short sound that is no saying: heard only where nothing else is, and cut by what comes."""
        if self._state in (SpeechState.QUIET, SpeechState.PAUSED):
            self._player.play(clip, lambda _fault: None)

    def repeat(self) -> None:
        """The same again from its beginning."""
        self.say(self._script, then=self._then)

    def stop(self) -> None:
        """Silence, now."""
        self._cancel()
        self._then = None
        self._become(SpeechState.QUIET)

    def pause(self) -> None:
        """Silence that ``resume`` ends: with the sentence that was cut, from its beginning."""
        if self._state in (SpeechState.SPEAKING, SpeechState.PREPARING):
            self._cancel()
            self._become(SpeechState.PAUSED)

    def resume(self) -> None:
        if self._state is SpeechState.PAUSED:
            self._go_on()

    def faster(self) -> None:
        self.set_rate(self._rate.faster)

    def slower(self) -> None:
        self.set_rate(self._rate.slower)

    def set_rate(self, rate: Rate) -> None:
        """A sentence that is being said begins again at the new rate."""
        if rate is self._rate:
            return
        self._rate = rate
        if self._state in (SpeechState.SPEAKING, SpeechState.PREPARING):
            self._cancel()
            self._go_on()

    def set_gain(self, decibels: float) -> None:
        """Loudness against the voice's own, at most 0 dB."""
        self._player.set_gain(decibels)

    def try_again(self) -> None:
        """A voice that was off is given another chance: something has changed."""
        if self._state is SpeechState.OFF:
            self._off = None
            self._become(SpeechState.QUIET, even_off=True)

    def end_person(self) -> None:
        """Forgets every clip and every word, goes back to the first rate, and gives the voice another try."""
        self._cancel()
        self._person += 1
        self._script, self._at, self._then = (), 0, None
        self._rendering.clear()
        self._cache.clear()
        self._rate = Rate.PERCENT_100
        self._off, self._wait_s = None, TRY_AGAIN_S
        self._become(SpeechState.QUIET, even_off=True)

    # -- one utterance after the other

    def _go_on(self) -> None:
        if self._before is not None:
            self._sound(self._before)
            return
        if self._at >= len(self._script):
            self._over(SpeechState.QUIET)
            return
        utterance, turn = self._script[self._at], self._turn
        clip = self._ready(utterance)
        self._become(SpeechState.SPEAKING if clip else SpeechState.PREPARING)
        if turn != self._turn:  # a listener cut in
            return
        if clip is None:
            self._request(utterance)
            return
        self._player.play(clip, lambda fault: self._deliver(lambda: self._played(turn, fault)))
        self._make_the_next()
        if self._heard is not None:
            self._heard(utterance)

    def _sound(self, clip: Clip) -> None:
        turn, self._before = self._turn, None
        self._become(SpeechState.SPEAKING)
        if turn != self._turn:  # a listener cut in
            return
        self._player.play(clip, lambda fault: self._deliver(lambda: self._sounded(turn, fault)))
        if self._script:
            self._request(self._script[self._at])

    def _sounded(self, turn: int, fault: VoiceFault | None) -> None:
        if turn != self._turn:
            return
        if fault is not None:
            self._switch_off(fault)
        else:
            self._go_on()

    def _played(self, turn: int, fault: VoiceFault | None) -> None:
        if turn != self._turn:
            return
        if fault is not None:
            self._switch_off(fault)
            return
        self._at += 1
        self._go_on()

    def _over(self, state: SpeechState) -> None:
        then, self._then = self._then, None
        self._become(state)
        if then is not None:
            then()

    # -- clips

    def _piece(self, utterance: Utterance) -> Piece:
        return Piece(Words(utterance.text, utterance.language, self._rate), utterance.pause_after_ms)

    def _make_the_next(self) -> None:
        """While something sounds, what follows is made, one at a time, so that a worker is always free."""
        if self._rendering:
            return
        coming = self._script[self._at + 1 : self._at + 1 + FAR_ENOUGH]
        # What is private is made in its own turn alone.
        likely = (utterance for utterance in self._next if not utterance.private)
        for utterance in (*coming, *likely):
            piece = self._piece(utterance)
            if piece not in self._made_ahead and self._ready(utterance) is None:
                self._made_ahead.add(piece)
                self._request(utterance)
                return

    def _ready(self, utterance: Utterance) -> Clip | None:
        if utterance.recording:
            # Somebody's own voice, at the rate at which they spoke; a damaged file leaves the words to ours.
            with suppress(VoiceFault):
                return Clip.of_wav(utterance.recording)
        piece = self._piece(utterance)
        return self._ahead.get(piece) if utterance.private else self._cache.get(piece)

    def _request(self, utterance: Utterance) -> None:
        """Has the clip made, unless it is there already or on its way."""
        piece, private = self._piece(utterance), utterance.private
        person, turn = self._person, self._turn
        key = (piece, turn if private else 0)
        if key in self._rendering or self._ready(utterance) is not None:
            return
        future = self._executor.submit(_rendered, self._renderer, piece)
        self._rendering[key] = future

        def arrived() -> None:
            if self._rendering.get(key) is future:
                del self._rendering[key]
            if person == self._person and (turn == self._turn or not private):
                self._arrived(piece, future, private=private)

        future.add_done_callback(lambda _done: None if future.cancelled() else self._deliver(arrived))

    def _arrived(self, piece: Piece, future: "Future[Clip]", *, private: bool) -> None:
        waited_for = self._state is SpeechState.PREPARING and piece == self._piece(self._script[self._at])
        bug = future.exception()
        if bug is None:
            clip = future.result()
            if private:
                self._ahead[piece] = clip
            else:
                self._cache.put(piece, clip)
            if waited_for:
                self._go_on()
            elif self._state is SpeechState.SPEAKING:
                self._make_the_next()
        elif waited_for:
            self._switch_off(
                bug if isinstance(bug, VoiceFault) else voice_fault(type(bug).__name__),
                for_want_of_a_clip=True,
            )

    def _try_unheard(self) -> None:
        """A machine that was busy for a moment has a voice again: the present words are made now and then,
        and said once they could be. Until then nothing on the page changes."""
        if not self._script or self._tries_at is None or self._steady() < self._tries_at:
            return
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        self._tries_at = self._steady() + self._wait_s
        person, turn = self._person, self._turn
        future = self._executor.submit(_rendered, self._renderer, self._piece(self._script[0]))

        def arrived() -> None:
            if person != self._person or self._state is not SpeechState.OFF or future.exception():
                return
            self.try_again()
            if turn == self._turn:
                self.say(self._script)

        future.add_done_callback(lambda _done: self._deliver(arrived))

    # -- from one state to another

    def _cancel(self) -> None:
        self._turn += 1
        self._before = None
        self._made_ahead.clear()
        self._player.stop()
        self._ahead.clear()
        for key, future in list(self._rendering.items()):
            if future.cancel():
                del self._rendering[key]

    def _switch_off(self, fault: VoiceFault, *, for_want_of_a_clip: bool = False) -> None:
        self._cancel()
        self._off = fault
        self._tries_at = self._steady() + self._wait_s if for_want_of_a_clip else None
        self._over(SpeechState.OFF)

    def _become(self, state: SpeechState, *, even_off: bool = False) -> None:
        if state is self._state or (self._state is SpeechState.OFF and not even_off):
            return
        self._state = state
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener(self._state)


def _rendered(renderer: Renderer, piece: Piece) -> Clip:
    """The pause after a sentence is played with it, so that it needs no timer and is cut with it."""
    clip = renderer.render(piece.words)
    if not piece.pause_ms:
        return clip
    pcm, sample_rate = read_wav(clip.wav)
    return Clip.of_pcm(pcm + bytes(2 * (sample_rate * piece.pause_ms // 1000)), sample_rate)
