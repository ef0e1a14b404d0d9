"""Who did what and when, in a chain that shows tampering. Never an answer.

This room knows nothing of a database: :mod:`kiosk.store.journal` keeps what is decided here.
"""

from kiosk.journal.chain import BadEntry, Entry, first_bad, next_entry
from kiosk.journal.entry import APPLICANT, KIOSK, Action, Actor, operator_actor

__all__ = [
    "APPLICANT",
    "KIOSK",
    "Action",
    "Actor",
    "BadEntry",
    "Entry",
    "first_bad",
    "next_entry",
    "operator_actor",
]
