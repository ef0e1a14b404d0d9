"""Kiosks and hubs that are wrong in one way each: a harness that does not find them proves nothing.

Each defect is a real one, put in from outside by a subclass or by configuration; none is in the product.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kiosk.applications.envelope import envelope_digest
from kiosk.errors import Fault
from kiosk.ids import new_id
from kiosk.store import Database
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel
from sync.hub.database import HubDatabase
from sync.hub.rows import EnvelopeRow
from sync.kinds import Outcome
from sync.protocol import PROTOCOL, Acknowledgement, ExchangeAnswer
from tests.faults.windowless import Windowless


class _Unsynced(Windowless):
    """Does not wait for the disk."""

    def opened(self, database: Database) -> None:
        connection = database.writer.raw_connection()
        connection.cursor().execute("PRAGMA synchronous = OFF").close()
        connection.close()


class _NewKeys(HttpsCarrier):
    """Gives an envelope a new id each time it is sent, so that a repeat is not known for one."""

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        names: dict[UUID, UUID] = {}
        renamed = []
        for text in parcel.envelopes:
            envelope = json.loads(text)
            fresh = new_id()
            names[fresh] = UUID(envelope["id"])
            envelope["id"] = str(fresh)
            envelope["digest"] = envelope_digest(envelope)
            renamed.append(json.dumps(envelope))
        answer = super().exchange(replace(parcel, envelopes=tuple(renamed)))
        acknowledged = tuple(
            one.model_copy(update={"envelope": names[one.envelope], "outcome": Outcome.STORED})
            for one in answer.acknowledgements
        )
        return answer.model_copy(update={"acknowledgements": acknowledged})


class _Hasty(HttpsCarrier):
    """Takes whatever comes, and nothing at all, for the hub's word."""

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        try:
            return super().exchange(parcel)
        except Fault:
            at = datetime.now(UTC)
            names = [UUID(json.loads(text)["id"]) for text in parcel.envelopes]
            return ExchangeAnswer(
                protocol=PROTOCOL,
                hub=UUID(self.hub),
                at=at,
                acknowledgements=tuple(
                    Acknowledgement(envelope=name, outcome=Outcome.STORED, at=at) for name in names
                ),
                cursor=parcel.request.cursor,
                high_water=parcel.request.high_water,
            )


class _Deaf(HttpsCarrier):
    """Does not hear that the hub has lost what it acknowledged."""

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        answer = super().exchange(parcel)
        high_water = max(answer.high_water, parcel.request.high_water)
        return answer.model_copy(update={"resend_after": None, "high_water": high_water})


class _HardOfHearing(Windowless):
    carrier_class = _Deaf


class _WithNewKeys(Windowless):
    carrier_class = _NewKeys


class _InHaste(Windowless):
    carrier_class = _Hasty


class EarlyAnswers(HubDatabase):
    """Commits a second after its answer went out. A kiosk that hears well sends again what is lost so."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        session = Session(self.engine, expire_on_commit=False)
        before = _envelopes(session)
        try:
            yield session
            session.flush()
        except BaseException:
            session.close()
            raise

        def commit() -> None:
            session.commit()
            session.close()

        if _envelopes(session) > before:
            threading.Timer(1.0, commit).start()
        else:
            commit()


def _envelopes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(EnvelopeRow)) or 0


KIOSKS: Mapping[str, type[Windowless]] = {
    "": Windowless,
    "unsynced": _Unsynced,
    "new-keys": _WithNewKeys,
    "hasty": _InHaste,
    "deaf": _HardOfHearing,
}
HUBS: Mapping[str, type[HubDatabase]] = {"": HubDatabase, "early-answers": EarlyAnswers}
