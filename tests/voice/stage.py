"""What the tests of the state machine stand on: small, real parts that move only when they are told to."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.voice.port import Clip, Done, Words
from kiosk.voice.speech import Speech
from kiosk.voice.spoken import Utterance
from kiosk.voice.timed import TimedPlayer
from kiosk.voice.wave_form import read_wav, voice_fault

SAMPLE_RATE = 8000


class PlainRenderer:
    """Makes clips that carry their own words as samples, so that a test can tell which one sounds."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        """Texts that this renderer has no voice for."""
        self.asked: list[Words] = []

    def render(self, words: Words) -> Clip:
        self.asked.append(words)
        if words.language not in ("en", "ru", "ko") or words.text in self.broken:
            raise voice_fault("no voice for these words")
        letters = words.text.encode("utf-16-le")
        length = round(SAMPLE_RATE * (0.2 + 0.05 * len(words.text)) * 100 / words.rate)
        return Clip.of_pcm(letters.ljust(2 * max(length, len(letters) // 2), b"\0"), SAMPLE_RATE)


def text_of(clip: Clip) -> str:
    pcm, sample_rate = read_wav(clip.wav)
    if sample_rate != SAMPLE_RATE:
        return ""  # a sound without words
    return pcm.decode("utf-16-le").rstrip("\0")


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class ListeningPlayer(TimedPlayer):
    """Also writes down what sounded, and whether one clip was ever put over another."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.sounded: list[str] = []
        self.overlapped = False

    @property
    def sounding(self) -> str | None:
        return self.sounded[-1] if self.ends is not None else None

    def lose_device(self) -> None:
        """The clip that sounds ends with the fault of a device that is gone."""
        done = self._done
        assert done is not None
        self.stop()
        done(voice_fault("no sound device"))

    def play(self, clip: Clip, done: Done) -> None:
        self.overlapped |= self.ends is not None
        self.sounded.append(text_of(clip))
        super().play(clip, done)


class HeldExecutor(Executor):
    """Keeps what is submitted until a test lets it happen, in any order."""

    def __init__(self) -> None:
        self._held: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._held.append((future, lambda: fn(*args, **kwargs)))
        return future

    @property
    def waiting(self) -> int:
        self._held = [(future, work) for future, work in self._held if not future.cancelled()]
        return len(self._held)

    def begin(self, index: int = 0) -> Callable[[], None]:
        """Takes one job up, which can no longer be cancelled then; call what is returned to finish it."""
        assert self.waiting
        future, work = self._held.pop(index)
        assert future.set_running_or_notify_cancel()

        def finish() -> None:
            try:
                future.set_result(work())
            except Exception as trouble:
                future.set_exception(trouble)

        return finish


class Stage:
    """A ``Speech`` whose threads, time and post are in the test's hand."""

    def __init__(self, *, kept_bytes: int = 1_000_000) -> None:
        self.watch = Watch()
        self.player = ListeningPlayer(self.watch)
        self.renderer = PlainRenderer()
        self.executor = HeldExecutor()
        self.post: list[Callable[[], None]] = []
        self.heard: list[Utterance] = []
        self.speech = Speech(
            self.renderer,
            self.player,
            self.post.append,
            self.executor,
            heard=self.heard.append,
            kept_bytes=kept_bytes,
            steady=lambda: self.watch.now.timestamp(),
        )

    def deliver(self) -> None:
        while self.post:
            self.post.pop(0)()

    def render_all(self) -> None:
        while self.executor.waiting:
            self.executor.begin()()
            self.deliver()

    def finish_clip(self) -> None:
        """Lets the clip that sounds come to its end."""
        assert self.player.ends is not None
        self.watch.now = self.player.ends
        self.player.tick()
        self.deliver()

    def run(self) -> None:
        """Until nothing more happens by itself."""
        while self.executor.waiting or self.post or self.player.ends is not None:
            self.deliver()
            self.render_all()
            if self.player.ends is not None:
                self.finish_clip()


def sentences(*texts: str, private: bool = False) -> tuple[Utterance, ...]:
    return tuple(Utterance(text, "en", private) for text in texts)
