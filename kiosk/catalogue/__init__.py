"""The services that the centre can help with, read from packs."""

from kiosk.catalogue.model import (
    LIFE_STAGE_ICONS,
    LIFE_STAGE_NAMES,
    Agency,
    FormFile,
    LifeEvent,
    LifeStage,
    Location,
    LocationId,
    Pack,
    Phone,
    Schedule,
    Service,
    TargetGroup,
    Weekday,
)
from kiosk.catalogue.pack import load_pack
from kiosk.localized import Localized

__all__ = [
    "LIFE_STAGE_ICONS",
    "LIFE_STAGE_NAMES",
    "Agency",
    "FormFile",
    "LifeEvent",
    "LifeStage",
    "Localized",
    "Location",
    "LocationId",
    "Pack",
    "Phone",
    "Schedule",
    "Service",
    "TargetGroup",
    "Weekday",
    "load_pack",
]
