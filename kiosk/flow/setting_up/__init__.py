"""What is set up at a kiosk, one file a page: used by the first start and by the coordinator's page later."""

from kiosk.flow.setting_up.centre import CentrePage
from kiosk.flow.setting_up.coordinator import CoordinatorPage
from kiosk.flow.setting_up.hub import HubPage
from kiosk.flow.setting_up.language import LanguagePage
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.setting_up.practice import PracticePage
from kiosk.flow.setting_up.printer import PrinterPage
from kiosk.flow.setting_up.size import SizePage
from kiosk.flow.setting_up.sound import SoundPage
from kiosk.operators import Part

PAGES: dict[Part, type[SetUpPage]] = {
    Part.LANGUAGE: LanguagePage,
    Part.SIZE: SizePage,
    Part.SOUND: SoundPage,
    Part.PRINTER: PrinterPage,
    Part.CENTRE: CentrePage,
    Part.COORDINATOR: CoordinatorPage,
    Part.HUB: HubPage,
    Part.PRACTICE: PracticePage,
}

__all__ = ["PAGES", "Host", "SetUpPage"]
