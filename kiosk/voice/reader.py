"""The kiosk's one voice as pages and the conductor see it (``kiosk.flow.desk.Voice``)."""

from collections.abc import Callable
from typing import Final

from kiosk.errors import Message
from kiosk.flow.comfort import Comfort, Output
from kiosk.flow.table import Screen
from kiosk.flow.view import View
from kiosk.texts import Texts
from kiosk.voice.earcons import Earcon, earcon
from kiosk.voice.port import Outputs, Rate
from kiosk.voice.speech import Speech, SpeechState
from kiosk.voice.spoken import Utterance, errors_of, words_of

_RATES: Final = tuple(Rate)
GAINS_DB: Final = (-18.0, -12.0, -6.0, -3.0, 0.0)
"""Five steps of at most 10 dB (H4); the clip's own level is the loudest, so that nothing is clipped."""


class Reader:
    """Reads views aloud, private answers only to somebody who listens alone."""

    def __init__(
        self, speech: Speech, texts_for: Callable[[str], Texts], outputs: Outputs | None = None
    ) -> None:
        self._speech = speech
        self._texts_for = texts_for
        self._outputs = outputs
        self._headphones = False
        self._output = ""
        self._reads = 0
        self._ticks = False

    @property
    def speaking(self) -> bool:
        return self._speech.state in (SpeechState.PREPARING, SpeechState.SPEAKING)

    @property
    def off_reason(self) -> Message | None:
        return self._speech.off_reason

    @property
    def outputs(self) -> tuple[Output, ...]:
        found = self._outputs.all() if self._outputs is not None else ()
        return found if len(found) > 1 else ()

    def words(self, view: View) -> tuple[Utterance, ...]:
        """All that the page says to whoever listens now."""
        return words_of(view, self._texts_for(view.language), headphones=self._headphones)

    @property
    def reads(self) -> int:
        """How many views it was asked to read so far."""
        return self._reads

    def read(self, view: View) -> None:
        self._reads += 1
        sound = Earcon.DONE if view.screen == Screen.STORED else Earcon.PAGE
        self._speech.say(self.words(view), before=earcon(sound))

    def read_errors(self, view: View) -> None:
        self._speech.say(errors_of(self.words(view)), before=earcon(Earcon.ERROR))

    def say(self, words: tuple[Utterance, ...], next: tuple[Utterance, ...] = ()) -> None:
        """Cuts what is being said and says this; ``next`` is what the next key will probably say."""
        self._speech.say(words, next=next)

    def tick(self) -> None:
        """A touch was taken: a short sound where the person wants one and nothing else is heard."""
        if self._ticks:
            self._speech.tick(earcon(Earcon.TICK))

    def repeat(self) -> None:
        """What was said last, from its beginning."""
        self._speech.repeat()

    def stop(self) -> None:
        self._speech.stop()

    def try_again(self) -> None:
        self._speech.try_again()

    def comfort(self, comfort: Comfort) -> None:
        self._headphones = comfort.headphones
        self._ticks = comfort.tick
        if comfort.output != self._output and self._outputs is not None:
            self._speech.stop()
            self._output = comfort.output
            self._outputs.use(comfort.output)
            self._speech.try_again()
        self._speech.set_rate(_RATES[comfort.rate - 1])
        self._speech.set_gain(GAINS_DB[comfort.volume - 1])
        if not comfort.voice:
            self._speech.stop()

    def end_person(self) -> None:
        self._speech.end_person()
        self.comfort(Comfort())
