"""Wrong tries slow down and never lock out for good.

The first wrong try costs a second, each further one twice as long, up to a quarter of an hour. A try is
written down before it is made: pulling the plug in the middle of one forgives nothing.
"""

from datetime import datetime, timedelta

from kiosk.errors import Message, SignInFault
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.store.throttles import Tries
from kiosk.texts import N_

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(failures: int) -> timedelta:
    """How long after that many wrong tries in a row."""
    if failures <= 0:
        return timedelta(0)
    doublings = 1 << min(failures - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


class Throttle:
    """``subject`` names what is tried, in the clear: ``pin:…``, ``receipt``, ``resume``, ``first-start``.

    Both methods wait for the lane, so a GUI calls them from another thread.
    """

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def begin(self, subject: str) -> None:
        """Counts a try as failed until :meth:`forgive` says otherwise.

        Raises :class:`SignInFault` with the time left to wait while it is too soon.
        """
        now = self._clock()
        self._lane.submit(lambda repositories: begin_try(repositories, subject, now)).result()

    def forgive(self, subject: str) -> None:
        """The try was right."""
        self._lane.submit(lambda repositories: repositories.throttles.clear(subject)).result()


def begin_try(repositories: Repositories, subject: str, now: datetime) -> None:
    """As :meth:`Throttle.begin`, inside a piece of lane work that goes on with more."""
    tries = repositories.throttles.get(subject)
    failures = 0 if tries is None else tries.failures
    if tries is not None:
        left = time_left(tries, now)
        if left > timedelta(0):
            raise too_soon(left)
    repositories.throttles.put(subject, Tries(failures + 1, now + wait_after(failures + 1)))


def time_left(tries: Tries, now: datetime) -> timedelta:
    """A clock that was set back by years must not lock anybody out: no wait is longer than its step."""
    since = tries.next_try_at - wait_after(tries.failures)
    if now < since:
        return timedelta(0)
    return max(tries.next_try_at - now, timedelta(0))


def too_soon(left: timedelta) -> SignInFault:
    seconds = -(-left // timedelta(seconds=1))
    if seconds <= 90:
        advice = Message(N_("Please wait {seconds} s, then try again."), {"seconds": seconds})
    else:
        advice = Message(N_("Please wait {minutes} min, then try again."), {"minutes": -(-seconds // 60)})
    return SignInFault(Message(N_("There were several wrong tries.")), advice)
