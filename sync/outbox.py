"""Between the store and a carrier: what goes into one request, and what an answer means for the store."""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.ids import ApplicationId, EnvelopeId, KioskId
from kiosk.store.outbox import Agencies, OutboxEntry, OutboxState
from kiosk.store.repositories import Repositories
from kiosk.store.statuses import ArrivedNotice, ArrivedStatus
from sync.journal_head import head_to_send
from sync.kinds import Outcome, ReasonCode
from sync.known_release import known_release, note_release
from sync.mending import whole_body, whole_header
from sync.protocol import (
    APART_OVER,
    Acknowledgement,
    Counts,
    ExchangeAnswer,
    ExchangeRequest,
    Notice,
    PackVersion,
    Question,
    Reason,
    Status,
)

KEPT_FOR = timedelta(days=90)
"""How long a sealed copy stays after its acknowledgement, for a hub that loses what it acknowledged."""

ENVELOPE_COST = 85
PART_SAVES = 84
"""Bytes of an envelope on the line besides its sealed parts, most of it ids and the receipt's key; and how
many fewer a sealed part takes there than where it is kept (``sync.compact``). Measured."""

_HEADER_ROOM = 6
"""The store counts headers uncompressed: so many times the limit is read, then cut by the true cost."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes up in one request. ``envelopes`` are JSON, verbatim, one for each entry."""

    entries: tuple[OutboxEntry, ...]
    envelopes: tuple[str, ...]
    damaged: tuple[OutboxEntry, ...]
    """Not what was stored, by their own digests: never sent, to be set aside."""
    last_sequence: int
    """Where the next batch begins; the number asked for when nothing waits."""
    cost: int

    @property
    def ids(self) -> tuple[EnvelopeId, ...]:
        return tuple(entry.envelope_id for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer changed."""

    acknowledged: int = 0
    set_aside: int = 0
    unsettled: int = 0
    """Still waiting although they were sent: asked again later."""
    wanted: int = 0
    """Of those: the hub wants parts of them first."""
    statuses: int = 0
    resent: int = 0
    """Acknowledged once, lost by a restored hub, waiting again."""
    retry_after: timedelta | None = None


def next_batch(
    repositories: Repositories,
    after_sequence: int,
    max_bytes: int,
    max_count: int,
    now: datetime,
    agencies: Agencies | None = None,
    but: Collection[EnvelopeId] = (),
) -> Batch:
    """The next envelopes behind ``after_sequence``, at most ``max_bytes`` on the line, at least one; without
    those of ``but``."""
    room = max_bytes * _HEADER_ROOM
    found = repositories.outbox.waiting(after_sequence, room, max_count, now, agencies, but)
    entries: list[OutboxEntry] = []
    envelopes: list[str] = []
    damaged: list[OutboxEntry] = []
    cost = 0
    last = after_sequence
    for entry in found:
        envelope = _envelope(entry)
        if envelope is None:
            damaged.append(entry)
        else:
            own = ENVELOPE_COST + sum(len(part.body or b"") - PART_SAVES for part in entry.parts)
            if entries and cost + own > max_bytes:
                break
            cost += own
            entries.append(entry)
            envelopes.append(envelope)
        last = entry.sequence
    return Batch(tuple(entries), tuple(envelopes), tuple(damaged), last, cost)


def single(repositories: Repositories, id: EnvelopeId) -> Batch | None:
    """One envelope by itself, its large parts left out: they travel ahead of it. None where it no longer
    waits."""
    entry = repositories.outbox.get(id)
    if entry is None or entry.state != OutboxState.WAITING:
        return None
    envelope = _envelope(entry, APART_OVER)
    if envelope is None:
        return Batch((), (), (entry,), entry.sequence, 0)
    return Batch((entry,), (envelope,), (), entry.sequence, len(envelope))


def make_request(
    repositories: Repositories,
    kiosk: KioskId,
    hub: str,
    *,
    now: datetime,
    app_version: str,
    disk_free_bytes: int,
    key: Ed25519PrivateKey | None = None,
) -> ExchangeRequest:
    """The request without its envelopes: how the kiosk is, and what it has heard so far. With the device
    ``key`` it carries the journal's head."""
    counts = repositories.outbox.counts()
    cursor = repositories.cursors.get(hub)
    return ExchangeRequest(
        kiosk=kiosk,
        at=now,
        counts=Counts(
            waiting=counts.waiting,
            oldest_waiting_at=counts.oldest_waiting_at,
            disk_free_bytes=disk_free_bytes,
            app_version=app_version,
            attention=counts.attention,
        ),
        cursor=cursor.cursor,
        high_water=cursor.high_water,
        questions=tuple(Question(tag=tag.hex()) for tag in repositories.questions.open()),
        journal=head_to_send(repositories, str(kiosk), key),
        release=known_release(repositories),
    )


def settle(
    repositories: Repositories,
    batch: Batch,
    answer: ExchangeAnswer,
    *,
    carrier: str,
    hub: str,
    now: datetime,
    moves_on: bool = True,
) -> Settled:
    """Writes down an answer, in the caller's transaction: acknowledgements, what came down, the cursor.

    Without ``moves_on`` the conversation stays where it is: the answer is to an older question.

    Only envelopes of ``batch`` are settled. An outcome that this version does not know leaves its envelope
    waiting: whatever it means, nothing is lost.
    """
    known = {acknowledgement.envelope: acknowledgement for acknowledgement in answer.acknowledgements}
    for entry in batch.entries:
        for run in answer.stored:
            if run.first <= entry.sequence <= run.last and entry.envelope_id not in known:
                known[entry.envelope_id] = Acknowledgement(
                    envelope=entry.envelope_id, outcome=Outcome.STORED, at=run.at, sequence=entry.sequence
                )
    set_aside = wanted = 0
    taken: dict[EnvelopeId, datetime] = {}
    unsettled: list[EnvelopeId] = []
    retries: list[int] = []
    for entry in batch.entries:
        acknowledgement = known.get(entry.envelope_id)
        match acknowledgement.outcome if acknowledgement else None:
            case Outcome.STORED if acknowledgement is not None:
                taken[entry.envelope_id] = acknowledgement.at
            case (Outcome.REJECTED | Outcome.CONFLICT) as outcome if acknowledgement is not None:
                reason = acknowledgement.reason or Reason(code="", text="")
                conflict = outcome == Outcome.CONFLICT
                repositories.outbox.reject(entry.envelope_id, now, reason.code, reason.text, conflict)
                set_aside += 1
            case _:
                unsettled.append(entry.envelope_id)
                wanted += acknowledgement is not None and acknowledgement.outcome == Outcome.PARTS_WANTED
                if acknowledgement is not None and acknowledgement.retry_after_s is not None:
                    retries.append(acknowledgement.retry_after_s)
    if taken:
        repositories.outbox.acknowledge_all(taken, carrier, answer.at + KEPT_FOR)
    if unsettled:
        repositories.outbox.tried(unsettled, now, None)
    new = sum(repositories.statuses.take(arrived, now) for arrived in map(_status, answer.statuses))
    packs = [pack for pack in answer.packs if not note_release(repositories, pack)]
    for notice in (*answer.notices, *(_pack_notice(pack, answer.at) for pack in packs)):
        text = notice.model_dump_json(exclude_unset=True)
        repositories.notices.take(ArrivedNotice(notice.id, notice.kind, notice.at, text), now)
    resent = _resend(repositories, answer, hub) if moves_on else 0
    if moves_on:
        repositories.cursors.put(hub, answer.cursor, answer.high_water, now)
    # The hub's time, not ours: a clock that is years ahead must not clear the archive.
    repositories.outbox.clear_archive(answer.at)
    return Settled(
        acknowledged=len(taken),
        set_aside=set_aside,
        unsettled=len(unsettled),
        wanted=wanted,
        statuses=new,
        resent=resent,
        retry_after=timedelta(seconds=min(retries)) if retries else None,
    )


def set_aside(
    repositories: Repositories, entries: tuple[OutboxEntry, ...], code: ReasonCode, text: str, now: datetime
) -> int:
    """Sets envelopes aside on the kiosk's own finding; the others go on."""
    return sum(
        repositories.outbox.reject(entry.envelope_id, now, code, text, conflict=False) for entry in entries
    )


def _envelope(entry: OutboxEntry, apart_over: int | None = None) -> str | None:
    """Header and bodies as one JSON text; None where they are not what their digests say. Without the bodies
    that are larger than ``apart_over``."""
    try:
        header = whole_header(entry.header, entry.digest)
        if header is None:
            return None
        parts = [dict(part) for part in header.get("parts", ())]
        for part, stored in zip(parts, entry.parts, strict=True):
            if stored.body is None:
                continue
            body = whole_body(stored.body, part["digest"])
            if body is None:
                return None
            if apart_over is None or len(body) <= apart_over:
                part["body"] = base64.urlsafe_b64encode(body).decode("ascii")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return json.dumps({**header, "parts": parts}, separators=(",", ":"))


def _status(status: Status) -> ArrivedStatus:
    return ArrivedStatus(
        id=status.id,
        application=ApplicationId(status.application),
        tag=_tag(status.tag),
        kind=status.kind,
        number=status.order,
        at=status.at,
        sealed=status.sealed,
        message_json=status.model_dump_json(exclude={"sealed"}, exclude_unset=True),
    )


def _tag(tag: str | None) -> bytes | None:
    try:
        return None if tag is None else bytes.fromhex(tag)
    except ValueError:
        return None


_PACKS = UUID("6f1d2a8e-6f0e-5a3c-9a64-0c1f5d2b7e11")


def _pack_notice(pack: PackVersion, at: datetime) -> Notice:
    """A new pack is told to the staff like any notice; fetching it is another matter."""
    return Notice(
        id=uuid5(_PACKS, f"{pack.id} {pack.version} {pack.digest}"),
        kind="pack",
        at=at,
        body={"id": pack.id, "version": pack.version, "digest": pack.digest, "path": pack.path},
    )


def _resend(repositories: Repositories, answer: ExchangeAnswer, hub: str) -> int:
    if answer.resend_after is not None:
        return repositories.outbox.resend_from(answer.resend_after)
    if answer.high_water < repositories.cursors.get(hub).high_water:
        return repositories.outbox.resend_from(answer.high_water)
    return 0
