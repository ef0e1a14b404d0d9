"""The volunteer's page: what was taken, what left, what waits, and what needs somebody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from kiosk.applications.likeness import groups_of
from kiosk.errors import SealFault
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId
from kiosk.operators import Permission, SignedIn
from kiosk.store import ApplicationState, Database, DraftState, OutboxEntry, PrintState, Repositories
from kiosk.store.applications import ApplicationRecord


@dataclass(frozen=True, slots=True)
class TodaysCounts:
    """Needs no key. ``stored``, ``printed`` and ``received`` since the day began; the others as they are."""

    drafts: int
    stored: int
    printed: int
    received: int
    unprinted: int
    waiting: int
    needs_attention: int
    oldest_waiting_at: datetime | None


@dataclass(frozen=True, slots=True)
class TodaysRow:
    """One application, as far as the centre may know it; blank where its record does not open."""

    id: ApplicationId
    reference: str
    service: str
    initials: str = field(repr=False)
    agency: AgencyId
    state: ApplicationState
    stored_at: datetime
    received_at: datetime | None
    print_state: PrintState
    can_print_with_code: bool
    copy_until: datetime | None = None
    """Until when a sealed copy is kept here with the person's consent; None where none is."""
    applied_before: tuple[datetime, ...] = ()
    """When else the same person seems to have applied here, the oldest first."""


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """An envelope that was set aside, with the hub's reason in its own words."""

    envelope_id: EnvelopeId
    application_id: ApplicationId | None
    reference: str
    since: datetime
    reason_code: str
    reason: str


class TodaysWork:
    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, day_began_at: datetime) -> TodaysCounts:
        with self._database.reader() as repositories:
            outbox = repositories.outbox.counts()
            applications = repositories.applications
            return TodaysCounts(
                drafts=repositories.drafts.count(DraftState.WAITING),
                stored=applications.count_since(day_began_at),
                printed=applications.printed_since(day_began_at),
                received=applications.count_since(
                    day_began_at, ApplicationState.RECEIVED, ApplicationState.DECIDED
                ),
                unprinted=applications.unprinted_count(),
                waiting=outbox.waiting,
                needs_attention=outbox.attention,
                oldest_waiting_at=outbox.oldest_waiting_at,
            )

    def applications(self, signed_in: SignedIn, since: datetime) -> tuple[TodaysRow, ...]:
        """Stored since then, the newest first."""
        signed_in.require(Permission.SEE_TODAY)
        with self._database.reader() as repositories:
            like = groups_of(repositories.applications.indexes())
            return tuple(
                _row(repositories, record, signed_in, like)
                for record in repositories.applications.stored_since(since)
            )

    def awaiting_approval(self, signed_in: SignedIn) -> tuple[TodaysRow, ...]:
        """What a coordinator has to look at before it is sent."""
        signed_in.require(Permission.SEE_TODAY)
        with self._database.reader() as repositories:
            return tuple(
                _row(repositories, record, signed_in)
                for record in repositories.applications.awaiting_approval()
            )

    def unprinted(self, signed_in: SignedIn) -> tuple[TodaysRow, ...]:
        """Receipts that are in nobody's hand yet."""
        signed_in.require(Permission.SEE_TODAY)
        with self._database.reader() as repositories:
            return tuple(
                _row(repositories, record, signed_in) for record in repositories.applications.unprinted()
            )

    def attention(self, signed_in: SignedIn) -> tuple[AttentionRow, ...]:
        signed_in.require(Permission.SEE_TODAY)
        with self._database.reader() as repositories:
            return tuple(
                _attention(repositories, entry, signed_in) for entry in repositories.outbox.attention()
            )


def _attention(repositories: Repositories, entry: OutboxEntry, signed_in: SignedIn) -> AttentionRow:
    record = None if entry.application_id is None else repositories.applications.get(entry.application_id)
    facts = {} if record is None else _for_centre(repositories, record, signed_in)
    return AttentionRow(
        entry.envelope_id,
        entry.application_id,
        facts.get("reference", ""),
        entry.settled_at or entry.made_at,
        entry.reason_code,
        entry.reason,
    )


def _row(
    repositories: Repositories,
    record: ApplicationRecord,
    signed_in: SignedIn,
    like: Mapping[ApplicationId, set[ApplicationId]] = MappingProxyType({}),
) -> TodaysRow:
    others = map(repositories.applications.get, like.get(record.id, ()))
    facts = _for_centre(repositories, record, signed_in)
    return TodaysRow(
        record.id,
        facts.get("reference", ""),
        facts.get("service", ""),
        facts.get("initials", ""),
        record.agency,
        record.state,
        record.stored_at,
        record.received_at,
        record.print_state,
        record.unprinted_until is not None,
        record.copy_until if record.has_copy else None,
        tuple(sorted(other.stored_at for other in others if other is not None)),
    )


def _for_centre(repositories: Repositories, record: ApplicationRecord, signed_in: SignedIn) -> dict[str, str]:
    try:
        identity = signed_in.centre.for_key(record.centre_key_id)
        facts = json.loads(repositories.applications.for_centre(record.id, identity))
    except SealFault:
        # One record that does not open must not hide the others.
        return {}
    return {str(name): str(value) for name, value in facts.items()}
