"""Kiosks and hubs that are wrong in one way each: a harness that does not find them proves nothing.

Each defect is a real one, put in from outside by a subclass or by configuration; none is in the product.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from kiosk.applications.envelope import envelope_digest
from kiosk.errors import Fault
from kiosk.ids import new_id
from kiosk.store import Database
from sync.carriers.https import HttpsCarrier
from sync.carriers.port import Parcel
from sync.hub.database import HubDatabase
from sync.protocol import PROTOCOL, Acknowledgement, ExchangeAnswer, Outcome
from tests.faults.windowless import Windowless


class _Unsynced(Windowless):
    """Does not wait for the disk."""

    def opened(self, database: Database) -> None:
        with database.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous = OFF")


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


class _WithNewKeys(Windowless):
    carrier_class = _NewKeys


class _InHaste(Windowless):
    carrier_class = _Hasty


class EarlyAnswers(HubDatabase):
    """Commits a moment after its answer went out."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        session = Session(self.engine, expire_on_commit=False)
        try:
            yield session
            session.flush()
        except BaseException:
            session.close()
            raise

        def commit() -> None:
            time.sleep(1.0)
            session.commit()
            session.close()

        threading.Thread(target=commit).start()


KIOSKS: Mapping[str, type[Windowless]] = {
    "": Windowless,
    "unsynced": _Unsynced,
    "new-keys": _WithNewKeys,
    "hasty": _InHaste,
}
HUBS: Mapping[str, type[HubDatabase]] = {"": HubDatabase, "early-answers": EarlyAnswers}
