"""What a hub has opened, for an agency's own programs: ODK submission XML, JSON lines, CSV.

Only answers that this hub could open; what is still sealed is counted. CSV has the shape of ODK Central's
export: a file a form, ``group-question`` for a question within a group, and a further file for each repeat,
whose ``PARENT_KEY`` is the ``KEY`` of the row it belongs to.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from lxml import etree
from sqlalchemy import select, tuple_

from sync.hub.database import HubDatabase, moment
from sync.hub.opening import PartState
from sync.hub.rows import ApplicationRow, EnvelopeRow, PartRow
from sync.kinds import PartKind

_AT_ONCE = 200
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d\s().,:/-]+")


@dataclass(frozen=True, slots=True)
class Submission:
    """One opened submission and what the hub knows of it. ``xml`` as the kiosk wrote it, byte for byte."""

    application: UUID
    kiosk: UUID
    agency: str
    form: str
    form_version: str
    reference: str
    state: str
    arrived_at: datetime
    xml: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exported:
    """``sealed`` applications were left out: their key or their form is missing here."""

    written: int
    sealed: int


Progress = Callable[[int], None]


def submissions(
    database: HubDatabase, *, agency: str | None = None, form: str | None = None
) -> Iterator[Submission]:
    """In the order of kiosk and arrival; a page of them in memory at a time."""
    wanted = (
        select(EnvelopeRow, ApplicationRow, PartRow.opened)
        .join(ApplicationRow, ApplicationRow.id == EnvelopeRow.application_id)
        .join(
            PartRow,
            (PartRow.kiosk_id == EnvelopeRow.kiosk_id) & (PartRow.envelope_id == EnvelopeRow.envelope_id),
        )
        .where(PartRow.kind == PartKind.ANSWERS, PartRow.state == PartState.OPENED)
        .order_by(EnvelopeRow.kiosk_id, EnvelopeRow.envelope_id)
        .limit(_AT_ONCE)
    )
    if agency is not None:
        wanted = wanted.where(EnvelopeRow.agency == agency)
    if form is not None:
        wanted = wanted.where(ApplicationRow.form == form)
    after: tuple[UUID, UUID] | None = None
    place = tuple_(EnvelopeRow.kiosk_id, EnvelopeRow.envelope_id)
    while True:
        with database.transaction() as session:
            page = session.execute(wanted if after is None else wanted.where(place > after)).all()
        for envelope, application, opened in page:
            yield Submission(
                application=application.id,
                kiosk=envelope.kiosk_id,
                agency=envelope.agency,
                form=application.form,
                form_version=application.form_version,
                reference=application.reference or "",
                state=application.state,
                arrived_at=moment(envelope.arrived_at),
                xml=opened or b"",
            )
        if len(page) < _AT_ONCE:
            return
        after = (page[-1][0].kiosk_id, page[-1][0].envelope_id)


def sealed_count(database: HubDatabase) -> int:
    """Applications whose answers are not open here."""
    with database.transaction() as session:
        rows = session.execute(
            select(PartRow.envelope_id).where(
                PartRow.kind == PartKind.ANSWERS, PartRow.state != PartState.OPENED
            )
        ).all()
    return len(rows)


def export_xml(found: Iterator[Submission], folder: Path, progress: Progress) -> int:
    """``FORM/INSTANCE/submission.xml``, as ODK's own tools lay submissions out."""
    count = 0
    for count, one in enumerate(found, start=1):
        place = folder / _safe(one.form) / str(one.application)
        place.mkdir(parents=True, exist_ok=True)
        (place / "submission.xml").write_bytes(one.xml)
        progress(count)
    return count


def export_json_lines(found: Iterator[Submission], file: Path, progress: Progress) -> int:
    """One object a line: what the hub knows, and ``answers`` nested as the form nests them."""
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for count, one in enumerate(found, start=1):
            line = _facts(one) | {"answers": _nested(_parsed(one.xml))}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            progress(count)
    return count


def export_csv(
    found: Iterator[Submission], folder: Path, forms: Mapping[str, bytes], progress: Progress
) -> int:
    """A file a form and one for each of its repeats. ``forms`` are known forms' XML by digest: they tell a
    repeat that was answered once from a group."""
    folder.mkdir(parents=True, exist_ok=True)
    repeats = _repeats(forms.values())
    tables: dict[str, _Table] = {}
    count = 0
    for count, one in enumerate(found, start=1):
        key = str(one.application)
        form = tables.setdefault(one.form, _Table())
        row: dict[str, str] = {name: str(value) for name, value in _facts(one).items()}
        _flatten(_parsed(one.xml), (), row, key, one.form, repeats, tables)
        form.add(row | {"KEY": key})
        progress(count)
    for name, table in tables.items():
        table.write(folder / f"{_safe(name)}.csv")
    return count


class _Table:
    def __init__(self) -> None:
        self._columns: dict[str, None] = {}
        self._rows: list[dict[str, str]] = []

    def add(self, row: dict[str, str]) -> None:
        self._columns |= dict.fromkeys(row)
        self._rows.append(row)

    def write(self, file: Path) -> None:
        last = [name for name in ("PARENT_KEY", "KEY") if name in self._columns]
        columns = [name for name in self._columns if name not in last] + last
        # With a byte order mark, since spreadsheets otherwise take Cyrillic and Hangul for Latin-1.
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in self._rows)


def _flatten(
    element: etree._Element,
    path: tuple[str, ...],
    row: dict[str, str],
    key: str,
    form: str,
    repeats: frozenset[tuple[str, ...]],
    tables: dict[str, _Table],
) -> None:
    seen: dict[str, int] = {}
    names = [_name(child) for child in element]
    for child, name in zip(element, names, strict=True):
        where = (*path, name)
        if len(child) and (where in repeats or names.count(name) > 1):
            seen[name] = seen.get(name, 0) + 1
            own, inner = f"{key}/{name}[{seen[name]}]", dict[str, str]()
            table = f"{form}-{'-'.join(where)}"
            tables.setdefault(table, _Table())
            _flatten(child, where, inner, own, form, repeats, tables)
            # Columns are named from the repeat on, as in ODK Central.
            named = {column.removeprefix("-".join(where) + "-"): value for column, value in inner.items()}
            tables[table].add(named | {"PARENT_KEY": key, "KEY": own})
        elif len(child):
            _flatten(child, where, row, key, form, repeats, tables)
        else:
            column = "-".join(where)
            row[column] = " ".join(filter(None, (row.get(column), child.text or "")))


def _nested(element: etree._Element) -> object:
    if not len(element):
        return element.text or ""
    found: dict[str, object] = {}
    for child in element:
        name, value = _name(child), _nested(child)
        if name not in found:
            found[name] = value
        else:
            earlier = found[name]
            found[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
    return found


def _facts(one: Submission) -> dict[str, str]:
    return {
        "application": str(one.application),
        "reference": one.reference,
        "agency": one.agency,
        "form": one.form,
        "form_version": one.form_version,
        "state": one.state,
        "arrived_at": one.arrived_at.isoformat(),
        "kiosk": str(one.kiosk),
    }


def _parsed(xml: bytes) -> etree._Element:
    return etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    )


def _repeats(forms: Iterable[bytes]) -> frozenset[tuple[str, ...]]:
    found = set()
    for xml in forms:
        for repeat in _parsed(xml).iter("{*}repeat"):
            steps = (repeat.get("nodeset") or "").strip("/").split("/")
            found.add(tuple(step.rpartition(":")[2] for step in steps[1:]))
    return frozenset(found)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _cell(value: str) -> str:
    """An answer that a spreadsheet would run as a formula gets an apostrophe before it (CWE-1236)."""
    return f"'{value}" if _FORMULA.match(value) and not _NUMBER.fullmatch(value) else value


def _safe(name: str) -> str:
    """A form's id as a file's name: no path comes out of it."""
    return re.sub(r"[^\w.-]+", "_", name).lstrip(".") or "form"
