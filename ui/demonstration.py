"""The demonstration: pack, coordinator and a hub on loopback, all in one data folder of its own."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.catalogue.demo import IDENTITIES, ensure_demo_pack
from kiosk.catalogue.pack import load_pack
from kiosk.updates.installed import PACK_FILE
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener, identities_in
from sync.hub.server import HubServer
from ui.house import House

COORDINATOR = "Vera Lindgren"
PIN = "482913"
CENTRE = {
    "CENTRE_NAME": "Linden District Centre",
    "CENTRE_ADDRESS": "Market Square 3, Linden",
    "CENTRE_PHONE": "+1 202 555 0143",
    "TIME_ZONE": "Europe/Berlin",
}


def demonstration_hub(folder: Path, clock: Callable[[], datetime]) -> HubServer:
    """A hub that can open what the demonstration's agencies are sent; not yet serving."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pack = load_pack(ensure_demo_pack(folder / PACK_FILE))
    forms = {form.sha256: form.source for form in pack.forms.values()}
    hub_folder = folder / "hub"
    opener = Opener(identities_in(IDENTITIES), forms)
    return HubServer(HubDatabase.in_folder(hub_folder), HubIdentity.of_folder(hub_folder), opener, clock)


def settle_in_alone(house: House) -> None:
    """A coordinator with the demonstration's PIN, and the centre's name."""
    if not house.operators.names():
        code = house.operators.first_start_code()
        house.operators.make_first_coordinator(code, COORDINATOR, PIN, "en")
        house.renew_keys()
        house.change(**CENTRE)


def settle_in(house: House, hub: HubServer) -> None:
    """The same, and this hub at its present port."""
    settle_in_alone(house)
    if house.facts.hub_id == str(hub.identity.hub):
        house.change(HUB_URL=hub.url)
    else:
        house.enrol(hub.url, hub.kiosks.new_code())
