"""The courier of ``sync`` as pages see it: how the line stands, and a try whose result is true."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.flow.desk import Line, LineState

if TYPE_CHECKING:
    from sync.courier import Courier, CourierState

STATES = {"resting": LineState.IDLE, "trying": LineState.TRYING, "failed": LineState.FAILED}
"""By the courier's phase."""


def line_of(state: "CourierState") -> Line:
    return Line(
        STATES[state.phase], state.done, state.total, state.fault, state.last_success_at, state.bytes_up
    )


class CourierLine:
    """Implements :class:`kiosk.flow.desk.Courier`; without a courier there is no hub to try."""

    def __init__(self) -> None:
        self._courier: Courier | None = None

    def connect(self, courier: "Courier") -> None:
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
