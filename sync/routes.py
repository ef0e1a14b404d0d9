"""Which way each agency's envelopes go: most to the hub, some to an OpenRosa server of the agency's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.ids import AgencyId
from kiosk.store.engine import Database
from kiosk.store.outbox import Agencies
from sync.carriers.https import Device
from sync.carriers.openrosa import OpenRosaCarrier
from sync.carriers.port import Carrier
from sync.enrolment import carrier_of


@dataclass(frozen=True, slots=True)
class Route:
    """A way out, and whose envelopes take it. None: everybody's."""

    carrier: Carrier
    agencies: Agencies | None
    to_hub: bool = False


def hub_agencies(servers: Mapping[AgencyId, str]) -> Agencies | None:
    """Those that have no server of their own."""
    return Agencies(frozenset(servers), all_but=True) if servers else None


def routes_of(
    database: Database, device: Device, clock: Callable[[], datetime], servers: Mapping[AgencyId, str]
) -> tuple[Route, ...]:
    """``servers`` are OpenRosa addresses by agency, as the pack names them. No route to a hub as long as
    none is known."""
    found: list[Route] = []
    hub = carrier_of(database, device, clock)
    if hub is not None:
        found.append(Route(hub, hub_agencies(servers), to_hub=True))
    for server in sorted(set(servers.values())):
        theirs = frozenset(agency for agency, address in servers.items() if address == server)
        found.append(Route(OpenRosaCarrier(server, clock), Agencies(theirs)))
    return tuple(found)
