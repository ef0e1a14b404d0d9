"""Faults of the line: what is asked and answered is lost, cut, said twice, late, or not the hub's at all."""

import time
from collections.abc import Callable

from sync.carriers.https import READ_S
from tests.faults.ground import Ground
from tests.faults.line import Line
from tests.faults.meddling import Forward, Meddler, Meddling, passing
from tests.sync.way import page

LATE_S = 1.0
"""How long a kiosk waits for an answer where the line is slow on purpose: an answer that is not, takes a
tenth of it, and on a busy machine longer."""


def _meddled(
    ground: Ground,
    runs: int,
    meddle: Callable[[int], Meddling],
    *,
    defect: str = "",
    read_s: float = READ_S,
) -> None:
    """In each run one try, or a few, meet with ``meddle(number of the run)``; then the line is well."""
    hub = ground.hub()
    between = ground.closing.enter_context(Meddler(hub.url))
    kiosk = ground.kiosk(hub, hub_url=between.url, defect=defect, read_s=read_s)
    for number in range(runs):
        kiosk.store(ground.rng.randrange(1, 6))
        between.does = meddle(number)
        for _ in range(ground.rng.randrange(1, 4)):
            kiosk.send()
            if ground.rng.random() < 0.5:
                kiosk.store(1)
        between.does = passing
        ground.recover(kiosk)
        ground.count.runs += 1
    kiosk.close()
    ground.finish(hub)


def answer_lost(ground: Ground, runs: int, defect: str = "") -> None:
    """The hub has committed, and nobody hears of it."""

    def lost(request: bytes, forward: Forward) -> tuple[bytes, bool]:
        forward(request)
        return b"", False

    _meddled(ground, runs, lambda _: lost, defect=defect)


def request_cut(ground: Ground, runs: int, defect: str = "") -> None:
    """At every tenth of its bytes."""

    def at(number: int) -> Meddling:
        def cut(request: bytes, forward: Forward) -> tuple[bytes, bool]:
            forward(request[: len(request) * (number % 10) // 10])
            return b"", False

        return cut

    _meddled(ground, runs, at, defect=defect)


def answer_truncated(ground: Ground, runs: int) -> None:
    def truncated(request: bytes, forward: Forward) -> tuple[bytes, bool]:
        answer = forward(request)
        return answer[: ground.rng.randrange(1, len(answer))], False

    _meddled(ground, runs, lambda _: truncated)


def said_twice(ground: Ground, runs: int) -> None:
    """The answer comes twice, so that the second lies in wait for the next question; or the question goes
    up twice, and its second answer comes down."""

    def answer(request: bytes, forward: Forward) -> tuple[bytes, bool]:
        return forward(request) * 2, True

    def question(request: bytes, forward: Forward) -> tuple[bytes, bool]:
        forward(request)
        return forward(request), True

    _meddled(ground, runs, lambda number: answer if number % 2 else question)


def answers_reordered(ground: Ground, runs: int) -> None:
    """Each question gets the answer of the one before."""

    def one_behind(_: int) -> Meddling:
        before: list[bytes] = []

        def behind(request: bytes, forward: Forward) -> tuple[bytes, bool]:
            before.append(forward(request))
            return (before[-2], True) if len(before) > 1 else (b"", False)

        return behind

    _meddled(ground, runs, one_behind)


def answer_delayed(ground: Ground, runs: int) -> None:
    """Until after the kiosk has given up; it comes then all the same."""

    def late(request: bytes, forward: Forward) -> tuple[bytes, bool]:
        answer = forward(request)
        time.sleep(LATE_S * ground.rng.uniform(1.1, 1.6))
        return answer, True

    _meddled(ground, runs, lambda _: late, read_s=LATE_S)


def answered_by_another(ground: Ground, runs: int, status: str) -> None:
    """A proxy's page instead of the hub's answer: the hub has taken everything, or has not been asked."""
    body = b"<html><body><h1>It works!</h1></body></html>"

    def told(asked: bool) -> Meddling:
        def page_instead(request: bytes, forward: Forward) -> tuple[bytes, bool]:
            if asked:
                forward(request)
            return page(status, body), False

        return page_instead

    _meddled(ground, runs, lambda number: told(number % 2 == 1))


def line_cut_every_20_kb(ground: Ground, runs: int) -> None:
    """A day's applications over a line that breaks after every 20 KB, whichever way they went."""
    hub = ground.hub()
    line = ground.closing.enter_context(Line(hub.port, cut_every=20_000))
    kiosk = ground.kiosk(hub, hub_url=line.url)
    for _ in range(runs):
        kiosk.store(60)
        ground.recover(kiosk)
        ground.count.runs += 1
    kiosk.close()
    ground.finish(hub)
