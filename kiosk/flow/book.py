"""Every page by the name of its screen, as the conductor takes them."""

from collections.abc import Mapping

from kiosk.flow.pages.came_out import CameOutPresenter
from kiosk.flow.pages.check import CheckPresenter
from kiosk.flow.pages.consent import ConsentPresenter
from kiosk.flow.pages.enter_code import EnterCodePresenter
from kiosk.flow.pages.finish_later import FinishLaterPresenter
from kiosk.flow.pages.first_start import FirstStartPresenter
from kiosk.flow.pages.found import FoundPresenter
from kiosk.flow.pages.help import HelpPresenter
from kiosk.flow.pages.leave import LeavePresenter
from kiosk.flow.pages.locked import LockedPresenter
from kiosk.flow.pages.lookup import LookupPresenter
from kiosk.flow.pages.member import MemberPresenter
from kiosk.flow.pages.need import NeedPresenter
from kiosk.flow.pages.out_of_order import OutOfOrderPresenter
from kiosk.flow.pages.question import QuestionPresenter
from kiosk.flow.pages.service import ServicePresenter
from kiosk.flow.pages.settings import SettingsPresenter
from kiosk.flow.pages.sign import SignPresenter
from kiosk.flow.pages.sign_in import SignInPresenter
from kiosk.flow.pages.start import StartPresenter
from kiosk.flow.pages.still_there import StillTherePresenter
from kiosk.flow.pages.stored import StoredPresenter
from kiosk.flow.pages.today import TodayPresenter
from kiosk.flow.pages.welcome import WelcomePresenter
from kiosk.flow.pages.who import WhoPresenter
from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Screen

BOOK: Mapping[Screen, type[Presenter]] = {
    presenter.screen: presenter
    for presenter in (
        StartPresenter,
        WelcomePresenter,
        NeedPresenter,
        WhoPresenter,
        ServicePresenter,
        ConsentPresenter,
        QuestionPresenter,
        MemberPresenter,
        CheckPresenter,
        SignPresenter,
        StoredPresenter,
        LookupPresenter,
        FoundPresenter,
        SignInPresenter,
        TodayPresenter,
        OutOfOrderPresenter,
        SettingsPresenter,
        HelpPresenter,
        StillTherePresenter,
        FinishLaterPresenter,
        EnterCodePresenter,
        LeavePresenter,
        CameOutPresenter,
        LockedPresenter,
        FirstStartPresenter,
    )
}
"""Every screen has its presenter."""
