"""The couriers of ``sync`` as pages see them: how the line stands, and a try whose result is true.

There is one to the hub, and one to each OpenRosa server that an agency has. A page sees them as one line,
which is as good as its worst part.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kiosk.flow.desk import Line, LineState
from kiosk.ids import EnvelopeId

if TYPE_CHECKING:
    from sync.courier import Courier, CourierState

STATES = {"resting": LineState.IDLE, "trying": LineState.TRYING, "failed": LineState.FAILED}
"""By the courier's phase."""

_WORST_FIRST = (LineState.TRYING, LineState.FAILED, LineState.IDLE)


def line_of(state: "CourierState") -> Line:
    return Line(
        STATES[state.phase],
        state.done,
        state.total,
        state.fault,
        state.last_success_at,
        state.bytes_up,
        state.clock_error,
        state.on_its_way,
    )


def one_line(lines: Sequence[Line]) -> Line:
    """What is under way counts first, then what failed; ``heard_at`` is the longest ago."""
    if not lines:
        return Line(LineState.NO_HUB)
    state = next(each for each in _WORST_FIRST if any(line.state is each for line in lines))
    counted = [line for line in lines if line.state is state]
    heard = [line.heard_at for line in lines]
    return Line(
        state,
        sum(line.done for line in counted),
        # Each courier counts everything that waits, whichever way it goes.
        max(line.total for line in counted),
        next((line.fault for line in counted if line.fault is not None), None),
        None if None in heard else min(at for at in heard if at is not None),
        sum(line.bytes_up for line in counted),
        next((line.clock_error for line in lines if line.clock_error is not None), None),
        frozenset[EnvelopeId]().union(*(line.on_its_way for line in lines)),
    )


class CourierLine:
    """Implements :class:`kiosk.flow.desk.Courier`; without a courier there is no hub to try."""

    def __init__(self) -> None:
        self._couriers: tuple[Courier, ...] = ()

    def connect(self, *couriers: "Courier") -> None:
        self._couriers = couriers

    @property
    def line(self) -> Line:
        return one_line([line_of(each.state) for each in self._couriers])

    def nudge(self) -> None:
        for each in self._couriers:
            each.nudge()

    def network_up(self) -> None:
        for each in self._couriers:
            each.network_up()

    def try_now(self, done: Callable[[Line], None]) -> None:
        """``done`` is called once, when every way has been tried."""
        states: list[CourierState] = []

        def heard(state: "CourierState") -> None:
            states.append(state)
            if len(states) == len(self._couriers):
                done(one_line([line_of(each) for each in states]))

        if not self._couriers:
            done(self.line)
        for each in self._couriers:
            each.try_now(heard)
