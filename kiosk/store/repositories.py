"""The repositories over one session: what a piece of work may read and write, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from kiosk.store.applications import Applications
from kiosk.store.centre_keys import CentreKeys
from kiosk.store.cursors import Cursors
from kiosk.store.drafts import Drafts
from kiosk.store.journal import Journal
from kiosk.store.operators import Operators
from kiosk.store.outbox import Outbox
from kiosk.store.packs import Packs
from kiosk.store.settings import Settings
from kiosk.store.statuses import Notices, Questions, Statuses
from kiosk.store.throttles import Throttles


class Repositories:
    """``clock`` is the database's own, for work that has to know when it is being done."""

    __slots__ = (
        "applications",
        "centre_keys",
        "clock",
        "cursors",
        "drafts",
        "journal",
        "notices",
        "operators",
        "outbox",
        "packs",
        "questions",
        "settings",
        "statuses",
        "throttles",
    )

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.applications = Applications(session)
        self.centre_keys = CentreKeys(session)
        self.cursors = Cursors(session)
        self.drafts = Drafts(session)
        self.journal = Journal(session)
        self.notices = Notices(session)
        self.operators = Operators(session)
        self.outbox = Outbox(session)
        self.packs = Packs(session)
        self.questions = Questions(session)
        self.settings = Settings(session)
        self.statuses = Statuses(session)
        self.throttles = Throttles(session)
