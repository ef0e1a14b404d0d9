"""Tells the couriers that a network has come up, as far as the system tells us."""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtNetwork import QNetworkInformation

Reachability = QNetworkInformation.Reachability


def watch_network(came_up: Callable[[], None]) -> bool:
    """Calls ``came_up`` on Qt's thread whenever the machine comes online. False where the system has no way
    to tell (no NetworkManager, say): the couriers then keep to their own pauses."""
    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
        return False
    call_when_reachable(QNetworkInformation.instance().reachabilityChanged, came_up)
    return True


def call_when_reachable(changed: SignalInstance, came_up: Callable[[], None]) -> None:
    """``changed`` is Qt's ``reachabilityChanged``."""

    def heard(now: Reachability) -> None:
        # A captive portal too: only an answer that is the hub's counts, and trying costs little.
        if now in (Reachability.Online, Reachability.Site):
            came_up()

    changed.connect(heard)
