"""Several ways out are one line to a page, as good as its worst part; the system's network wakes them."""

from datetime import timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

from kiosk.errors import LineFault, Message
from kiosk.flow.desk import Line, LineState
from tests.sync.parties import now
from ui.line import one_line
from ui.network import Reachability, call_when_reachable

FAULT = LineFault(Message("There is no connection to the agency just now."), Message("Everything is kept."))


def test_no_way_out_is_no_hub() -> None:
    assert one_line([]) == Line(LineState.NO_HUB)


def test_what_failed_is_told_before_what_works() -> None:
    at = now()
    line = one_line([Line(LineState.IDLE, heard_at=at), Line(LineState.FAILED, fault=FAULT, heard_at=None)])
    assert (line.state, line.fault, line.heard_at) == (LineState.FAILED, FAULT, None)


def test_what_is_under_way_is_counted_together() -> None:
    ways = [Line(LineState.TRYING, 2, 10, bytes_up=100), Line(LineState.TRYING, 3, 10, bytes_up=50)]
    line = one_line([*ways, Line(LineState.FAILED, fault=FAULT)])
    assert (line.state, line.done, line.total, line.bytes_up) == (LineState.TRYING, 5, 10, 150)


def test_line_was_heard_when_its_longest_silent_part_was() -> None:
    at = now()
    ways = [Line(LineState.IDLE, heard_at=at), Line(LineState.IDLE, heard_at=at - timedelta(days=2))]
    assert one_line(ways).heard_at == at - timedelta(days=2)


def test_couriers_are_woken_when_the_machine_comes_online_and_not_when_it_goes() -> None:
    class System(QObject):
        reachabilityChanged = Signal(QNetworkInformation.Reachability)  # noqa: N815 - Qt's own name

    system, woken = System(), []
    call_when_reachable(system.reachabilityChanged, lambda: woken.append(True))
    for state in (Reachability.Disconnected, Reachability.Local, Reachability.Online, Reachability.Site):
        system.reachabilityChanged.emit(state)
    assert len(woken) == 2
