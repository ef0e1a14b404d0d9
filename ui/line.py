"""The courier of ``sync`` as pages see it: how the line stands, and a try whose result is true."""

from collections.abc import Callable

from kiosk.flow.desk import Line, LineState
from sync.courier import Courier, CourierState, Phase

STATES = {
    Phase.RESTING: LineState.IDLE,
    Phase.TRYING: LineState.TRYING,
    Phase.FAILED: LineState.FAILED,
}


def line_of(state: CourierState) -> Line:
    return Line(STATES[state.phase], state.done, state.total, state.fault, state.last_success_at)


class CourierLine:
    """Implements :class:`kiosk.flow.desk.Courier`; without a courier there is no hub to try."""

    def __init__(self, courier: Courier | None) -> None:
        self._courier = courier

    @property
    def line(self) -> Line:
        return Line(LineState.NO_HUB) if self._courier is None else line_of(self._courier.state)

    def nudge(self) -> None:
        if self._courier is not None:
            self._courier.nudge()

    def try_now(self, done: Callable[[Line], None]) -> None:
        if self._courier is None:
            done(self.line)
        else:
            self._courier.try_now(lambda state: done(line_of(state)))
