"""A kiosk that is used until it is stopped: answers, submissions, one person after another.

Every promise goes to the file named on the command line, one line each, after the store gave its word:
``begun DRAFT``, ``answer DRAFT NUMBER``, ``stored DRAFT``.

    python -m tests.faults.applicant FOLDER MARKS AGENCY_RECIPIENT PEOPLE
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from kiosk.applications import Drafts, Submissions
from kiosk.errors import Fault
from kiosk.ids import DraftId
from kiosk.operators import SignedIn
from kiosk.store import CentreKey, Outcome, WriterLane, open_database
from kiosk.store.sealing import age_open
from kiosk.store.session_key import SessionKeyFile
from tests.applications.people import FORM, opening, paper
from tests.applications.people import submit as submit_one
from tests.store.opened import Opened

ANSWERS = 8


def step(draft: DraftId, number: int) -> str:
    return f'{{"ref": "/data/q{number}", "value": "{draft} says {number}"}}'


def main(arguments: Sequence[str]) -> int:
    folder, marks, agency, people = arguments
    promises = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def promise(text: str) -> None:
        os.write(promises, f"{text}\n".encode())

    def kept(text: str, outcome: Outcome[object]) -> None:
        if not isinstance(outcome, Exception):
            promise(text)

    def clock() -> datetime:
        return datetime.now(UTC)

    database = open_database(Path(folder), clock=clock)
    lane = WriterLane(database, lambda call: call())
    with database.reader() as repositories:
        centre = repositories.centre_keys.current()
    assert isinstance(centre, CentreKey)
    drafts = Drafts(lane, centre, clock, SessionKeyFile(Path(folder), None, "", float))
    submissions = Submissions(lane, centre, clock)
    for person in range(int(people)):
        draft = drafts.begin(FORM, "ru", opening(), None).result()
        promise(f"begun {draft.id}")
        for number in range(1, ANSWERS + 1):
            heard = partial(kept, f"answer {draft.id} {number}")
            drafts.record(draft, step(draft.id, number), f"/data/q{number}", heard)
        if person % 2:
            submit_one(submissions, draft, agency, paper(os.urandom(16)))
            promise(f"stored {draft.id}")
        drafts.end_session()
    lane.close()
    database.close()
    return 0


def broken_promises(
    store: Opened, coordinator: SignedIn, centre: CentreKey, agency_identity: str, promises: Sequence[str]
) -> list[str]:
    """What was promised and is not there. Opens every draft and every envelope."""
    missing: list[str] = []
    drafts = Drafts(store.lane, centre, store.clock, SessionKeyFile(store.folder, None, "", float))
    drafts.open_after_crash().result()
    stored = {line.split()[1] for line in promises if line.startswith("stored")}
    with store.database.reader() as repositories:
        entries = repositories.outbox.waiting(0, 1 << 30, 1 << 20, store.clock())
        if repositories.journal.verify() is not None:
            missing.append("the journal's chain")
    sent = {str(entry.application_id): entry for entry in entries}
    if [entry.sequence for entry in entries] != list(range(1, len(entries) + 1)):
        missing.append("a sequence number")
    missing += [f"stored {id}" for id in stored if id not in sent]
    for entry in entries:
        age_open(agency_identity, entry.parts[0].body or b"")
    answered: dict[str, int] = {}
    for line in promises:
        match line.split():
            case ["begun", draft]:
                answered.setdefault(draft, 0)
            case ["answer", draft, number]:
                answered[draft] = int(number)
            case _:
                pass
    for id, count in answered.items():
        if id in sent:
            continue
        draft_id = DraftId(UUID(id))
        try:
            steps = drafts.open_as(coordinator, draft_id).result().steps
        except Fault as fault:
            missing.append(f"draft {id}: {fault}")
            continue
        expected = tuple(step(draft_id, number) for number in range(1, len(steps) + 1))
        if steps != expected or len(steps) < count:
            missing.append(f"draft {id}: {len(steps)} of {count} answers")
        drafts.end_session().result()
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
