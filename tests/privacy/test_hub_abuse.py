"""What an enrolled kiosk in the wrong hands can do at a hub: nothing to anybody else's applications.

Requests that are mis-signed, replayed, too old or too large are held off in ``tests/hub/test_refusals.py``.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync.carriers.https import enrol
from sync.hub.rows import ApplicationRow, DeliveryRow, EnvelopeRow, KioskRow, SetAsideRow
from sync.hub.statuses import Decision
from tests.hub.test_refusals import Caller, fresh_device
from tests.sync.parties import Hub, Kiosk, Stored, now

INJECTIONS = (
    "'; drop table envelope; --",
    '" or "1"="1',
    "%' union select identity from kiosk --",
    "../../../../etc/passwd",
    "\x00\u202e\ud7ff",
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with Hub(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def victim(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        yield kiosk


@pytest.fixture
def thief(hub: Hub) -> Caller:
    device = fresh_device()
    enrol(hub.url, hub.server.kiosks.new_code(), device, "Elsewhere", now)
    return Caller(hub, device)


def travelling(kiosk: Kiosk, stored: Stored) -> dict[str, object]:
    """The envelope as it goes over the line."""
    entry = kiosk.entry(stored.envelope)
    header: dict[str, object] = json.loads(entry.header)
    bodies = [base64.urlsafe_b64encode(part.body).decode() for part in entry.parts if part.body is not None]
    parts = header["parts"]
    assert isinstance(parts, list)
    return header | {"parts": [part | {"body": body} for part, body in zip(parts, bodies, strict=True)]}


def count(hub: Hub, row: type[EnvelopeRow | ApplicationRow | SetAsideRow | DeliveryRow | KioskRow]) -> int:
    with hub.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_another_kiosk_s_envelope_sent_first_takes_nothing_from_its_owner(
    hub: Hub, victim: Kiosk, thief: Caller
) -> None:
    carrier = victim.enrolled(hub)
    stored = victim.store()
    thief.taken(envelopes=[travelling(victim, stored)])
    assert victim.tried(carrier).waiting == 0
    assert count(hub, ApplicationRow) == 1
    hub.server.caseworker.decide(stored.reference, Decision("granted"))
    victim.tried(carrier)
    assert [status.kind for status in victim.statuses(stored)][-1] == "granted"


def test_another_kiosk_s_envelope_sent_afterwards_doubles_nothing(
    hub: Hub, victim: Kiosk, thief: Caller
) -> None:
    carrier = victim.enrolled(hub)
    stored = victim.store()
    victim.tried(carrier)
    thief.taken(envelopes=[travelling(victim, stored)])
    assert count(hub, ApplicationRow) == 1
    with hub.database.transaction() as session:
        owner = session.scalars(select(ApplicationRow.kiosk_id)).one()
    assert owner == victim.device.kiosk


def test_another_kiosk_s_cursor_brings_none_of_its_statuses(hub: Hub, victim: Kiosk, thief: Caller) -> None:
    carrier = victim.enrolled(hub)
    stored = victim.store()
    victim.tried(carrier)
    hub.server.caseworker.decide(stored.reference, Decision("granted"))
    for cursor in ("", "0..0", "1..0", f"1.{stored.application.hex}.1", "9" * 30, "-1..-1", "'; --"):
        answer = thief.taken(cursor=cursor)
        assert answer.statuses == ()
        assert answer.acknowledgements == ()


def test_guessed_tags_bring_nothing(hub: Hub, victim: Kiosk, thief: Caller) -> None:
    victim.store()
    victim.tried(victim.enrolled(hub))
    tags = ["00" * 16, "%", "", "' or 1=1 --", "f" * 4000]
    assert thief.taken(questions=[{"tag": tag} for tag in tags]).statuses == ()


def strings_in(message: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every string, keys of objects excepted."""
    if isinstance(message, str):
        yield way
    elif isinstance(message, dict):
        for key, inner in message.items():
            yield from strings_in(inner, (*way, key))
    elif isinstance(message, list):
        for place, inner in enumerate(message):
            yield from strings_in(inner, (*way, place))


def changed(message: object, way: tuple[str | int, ...], value: str) -> object:
    if not way:
        return value
    first, *rest = way
    if isinstance(message, dict):
        return {k: changed(v, tuple(rest), value) if k == first else v for k, v in message.items()}
    assert isinstance(message, list)
    return [changed(v, tuple(rest), value) if k == first else v for k, v in enumerate(message)]


def test_sql_and_paths_in_every_string_are_words_like_any_other(
    hub: Hub, victim: Kiosk, thief: Caller
) -> None:
    carrier = victim.enrolled(hub)
    victim.tried(carrier)
    kiosks = count(hub, KioskRow)
    message: object = thief.exchange(
        cursor="0..0",
        envelopes=[travelling(victim, victim.store())],
        questions=[{"tag": "ab" * 16}],
        high_water=0,
    )
    ways = list(strings_in(message))
    assert len(ways) > 20
    statuses = {
        thief.say(changed(message, way, injection))[0]
        for number, way in enumerate(ways)
        for injection in INJECTIONS[number % 2 :: 2]
    }
    assert statuses <= {200, 401, 422}
    assert count(hub, KioskRow) == kiosks
    held = count(hub, EnvelopeRow)
    assert victim.tried(carrier).waiting == 0
    assert count(hub, EnvelopeRow) == held + 1
