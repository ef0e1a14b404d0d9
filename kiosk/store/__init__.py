"""SQLite: engine, the one writer lane, rows, repositories, migrations, sealing."""

from kiosk.store.applications import ApplicationState, PrintState
from kiosk.store.centre_keys import CentreKey, CentreKeyId
from kiosk.store.drafts import DraftState, FormKey
from kiosk.store.engine import Clock, Database, open_database
from kiosk.store.lane import Deliver, Done, Outcome, WriterLane
from kiosk.store.outbox import OutboxCounts, OutboxEntry, OutboxState, PartBody
from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from kiosk.store.statuses import ArrivedNotice, ArrivedStatus

__all__ = [
    "ApplicationState",
    "ArrivedNotice",
    "ArrivedStatus",
    "CentreKey",
    "CentreKeyId",
    "Clock",
    "Database",
    "Deliver",
    "Done",
    "DraftState",
    "FormKey",
    "OutboxCounts",
    "OutboxEntry",
    "OutboxState",
    "Outcome",
    "PartBody",
    "PrintState",
    "Repositories",
    "Setting",
    "WriterLane",
    "open_database",
]
