"""What a data folder still holds of what a screen promised: ``python -m tests.e2e.promises DATA MARKS``.

Opens the folder as a coordinator does, every draft and every sealed envelope, and compares.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from kiosk.applications import DraftState
from kiosk.catalogue.demo import IDENTITIES
from kiosk.flow.enclosing import ENCLOSED
from kiosk.forms import Answer, step_from_json
from kiosk.store import OutboxEntry
from sync.hub.opening import Opener, identities_in
from sync.kinds import PartKind
from ui.demonstration import PIN
from ui.house import House

META = "{https://opora.invalid/ns}reference"
STORED = "stored"


class Promise(NamedTuple):
    """An answer that the screen moved past; or STORED and the reference that the screen showed."""

    question: str
    value: str


def broken_promises(folder: Path, promises: Iterable[Promise]) -> list[str]:
    """Every promise that the folder does not keep, in words."""
    house = House(folder, clock=lambda: datetime.now(UTC), deliver=lambda call: call(), environment={})
    try:
        answers = dict(_drafted(house))
        records = list(_records(house))
    finally:
        house.close()
    for record in records:
        answers.update(_answers(record))
    references = {record.findtext(f".//{META}") for record in records}
    missing = []
    for ref, value in promises:
        if ref == STORED:
            if value not in references:
                missing.append(f"application {value}")
        elif value and answers.get(ref) != value:
            missing.append(f"{ref} is {answers.get(ref)!r}, not {value!r}")
    return missing


def _drafted(house: House) -> Iterator[tuple[str, str]]:
    """The answers of every draft, as a coordinator opens them."""
    house.drafts.open_after_crash().result()
    house.drafts.end_session().result()
    names = house.operators.names()
    if not names:
        return
    signed_in = house.operators.sign_in(names[0].id, PIN)
    for summary in house.drafts.list_for(signed_in):
        assert summary.state is DraftState.WAITING
        restored = house.drafts.open_as(signed_in, summary.id).result()
        for line in map(json.loads, restored.steps):
            if ENCLOSED not in line and isinstance(step := step_from_json(line), Answer):
                yield step.ref, step.value
        house.drafts.end_session().result()


def _records(house: House) -> Iterator[etree._Element]:
    """The submission of every envelope, opened with the agency's key."""
    forms = {form.sha256: form.source for form in house.pack().forms.values()}
    opener = Opener(identities_in(IDENTITIES), forms)
    with house.database.reader() as repositories:
        stored = repositories.applications.stored_since(datetime(2000, 1, 1, tzinfo=UTC))
        entries: list[OutboxEntry] = [
            entry
            for record in stored
            for fact in repositories.outbox.of(record.id)
            if (entry := repositories.outbox.get(fact.envelope_id))
        ]
    for entry in entries:
        digest = json.loads(entry.header)["form"]["digest"]
        body = entry.parts[0].body
        assert body is not None, "what was sent is kept sealed for 90 days"
        opened = opener.open(PartKind.ANSWERS, body, digest)
        assert opened.plain is not None, f"no demonstration agency opens this envelope: {opened.state}"
        yield etree.fromstring(opened.plain)


def _answers(record: etree._Element) -> Iterator[tuple[str, str]]:
    """Every leaf by its reference; members of a household carry their number."""

    def walk(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        children = [child for child in element if isinstance(child.tag, str)]
        if not children:
            yield path, element.text or ""
        for child in children:
            name = etree.QName(child).localname
            alike = [each for each in children if each.tag == child.tag]
            yield from walk(child, f"{path}/{name}")
            yield from walk(child, f"{path}/{name}[{alike.index(child) + 1}]")

    yield from walk(record, f"/{etree.QName(record).localname}")


def read_promises(marks: Path) -> list[Promise]:
    """Whole lines only: the last may have been cut."""
    whole = marks.read_text(encoding="utf-8").rpartition("\n")[0] if marks.exists() else ""
    return promises_in(whole.splitlines())


def promises_in(lines: Sequence[str]) -> list[Promise]:
    return [Promise(*json.loads(line)) for line in lines]


if __name__ == "__main__":
    broken = broken_promises(Path(sys.argv[1]), read_promises(Path(sys.argv[2])))
    print("\n".join(broken))
    sys.exit(1 if broken else 0)
