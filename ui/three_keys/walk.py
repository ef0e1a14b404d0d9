"""A spoken focus over the page: next moves it, choose presses, back goes back, held back says it again.

What it says and what it can do come from the very view that is on the screen; it knows nothing of pages.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from kiosk.flow.presenter import READ
from kiosk.flow.view import Event, Pressed, Typed, View
from kiosk.texts import Texts
from kiosk.voice.spoken import ERROR, Utterance
from kiosk.voice.stops import HEADING, Box, Lead, Stop, Write, stops_of, text_of
from ui.three_keys.spelling import Spelling


class Pages(Protocol):
    """What is shown, and where an event goes: the conductor."""

    @property
    def shown(self) -> View: ...

    def handle(self, event: Event) -> None: ...

    def working(self) -> bool: ...


class Voice(Protocol):
    """The kiosk's one voice."""

    @property
    def reads(self) -> int:
        """How many views it was asked to read so far."""
        ...

    def words(self, view: View) -> tuple[Utterance, ...]: ...

    def read(self, view: View) -> None: ...

    def say(self, words: tuple[Utterance, ...], next: tuple[Utterance, ...] = ()) -> None: ...

    def repeat(self) -> None: ...


class ThreeKeys:
    """Lives on the thread that shows pages. ``point`` is told the name of what the focus stands on."""

    def __init__(
        self,
        pages: Pages,
        voice: Voice,
        texts_for: Callable[[str], Texts],
        point: Callable[[str], None],
    ) -> None:
        self._pages = pages
        self._voice = voice
        self._texts_for = texts_for
        self._point = point
        self._page = ""
        self._at = ("", 0)
        """The name of the place, and which one of that name: a form may have a choice twice."""
        self._spelling: Spelling | None = None
        self._boxes: tuple[Box, ...] = ()

    # -- the keys

    def next(self) -> None:
        """On to the next place of the page, or of what is being written; from the last to the first."""
        self._catch_up()
        if self._spelling is not None:
            self._tell(self._spelling.next())
            return
        stops = self._stops()
        at = self._index(stops)
        self._stand(stops, stops[(at + 1) % len(stops)])

    def choose(self) -> None:
        """Presses what the focus stands on; where there is nothing to press, says it once more."""
        self._catch_up()
        if self._spelling is not None:
            self._write(self._spelling)
            return
        stops = self._stops()
        stop = stops[self._index(stops)]
        match stop.does:
            case None:
                self._stand(stops, stop)
            case Pressed(id=id) if id == READ:
                self._voice.read(self._pages.shown)
            case Write(boxes=boxes):
                self._begin(boxes)
            case Lead(field=field):
                self._stand(stops, next((each for each in stops if _answers(each.name, field)), stop))
            case event:
                self._do(event)

    def back(self) -> None:
        """Out of what is being written, else to the page before."""
        self._catch_up()
        if self._spelling is not None:
            said = self._spelling.back()
            if said is None:
                self._leave()
            else:
                self._tell(said)
            return
        back = self._pages.shown.back
        if back is None or not back.enabled:
            self._tell((self._texts.say("There is no way back from here."),))
        else:
            self._do(Pressed(back.id))

    def repeat(self) -> None:
        """What was said last, from its beginning."""
        self._voice.repeat()

    # -- moving

    def _stand(self, stops: tuple[Stop, ...], stop: Stop) -> None:
        alike = [each for each in stops if each.name == stop.name]
        self._at = (stop.name, next(nth for nth, each in enumerate(alike) if each is stop))
        self._point(stop.name)
        at = next(at for at, each in enumerate(stops) if each is stop)
        following = stops[(at + 1) % len(stops)]
        self._voice.say(stop.said, following.said)

    def _do(self, event: Event) -> None:
        page, reads = self._pages.shown, self._voice.reads
        self._pages.handle(event)
        shown = self._pages.shown
        if (shown.screen, shown.key) != (page.screen, page.key) or self._pages.working():
            return
        if shown.errors and shown.errors != page.errors:
            # They are being read; the next press goes through them one by one.
            self._at = (HEADING, 0)
            return
        if self._voice.reads != reads:
            # The page itself says something, such as how the voice now sounds: that is the answer.
            return
        stops = self._stops()
        self._stand(stops, stops[self._index(stops)])

    def _catch_up(self) -> None:
        """Another page has come since the last key: its heading is where the focus stands."""
        shown = self._pages.shown
        page = f"{shown.screen} {shown.key}"
        if page != self._page:
            self._page, self._at = page, (HEADING, 0)
            self._spelling, self._boxes = None, ()

    def _stops(self) -> tuple[Stop, ...]:
        view = self._pages.shown
        return stops_of(view, self._voice.words(view))

    def _index(self, stops: tuple[Stop, ...]) -> int:
        name, nth = self._at
        alike = [at for at, stop in enumerate(stops) if stop.name == name]
        return alike[min(nth, len(alike) - 1)] if alike else 0

    @property
    def _texts(self) -> Texts:
        return self._texts_for(self._pages.shown.language)

    # -- writing

    def _begin(self, boxes: tuple[Box, ...]) -> None:
        self._boxes = boxes
        self._spelling = Spelling(boxes[0], self._texts)
        self._tell(self._spelling.opening())

    def _write(self, spelling: Spelling) -> None:
        before = spelling.text
        said = spelling.choose()
        if spelling.text != before:
            self._boxes = tuple(
                replace(box, value=spelling.text) if box.box == spelling.box.box else box
                for box in self._boxes
            )
            self._pages.handle(Typed(spelling.box.field, text_of(self._boxes)))
        if not spelling.done:
            self._tell(said)
            return
        at = next(at for at, box in enumerate(self._boxes) if box.box == spelling.box.box)
        if at + 1 < len(self._boxes):
            self._spelling = Spelling(self._boxes[at + 1], self._texts)
            self._tell((*said, *self._spelling.opening()))
        else:
            self._leave()

    def _leave(self) -> None:
        """Back to the page, where what was written is heard as a whole."""
        self._spelling, self._boxes = None, ()
        stops = self._stops()
        self._stand(stops, stops[self._index(stops)])

    def _tell(self, sentences: tuple[str, ...]) -> None:
        language, spelling = self._pages.shown.language, self._spelling
        private = spelling is not None and spelling.box.private
        following = () if spelling is None else (Utterance(spelling.following.said, language, part="keys"),)
        said = tuple(Utterance(text, language, private, "keys") for text in sentences)
        self._voice.say(said, following)


def _answers(name: str, field: str) -> bool:
    return name == field or (name.startswith(f"{field}=") and not name.startswith(ERROR))
