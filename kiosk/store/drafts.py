"""Drafts as they are kept: the answers under a key of each draft's own, step by step as they were given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.errors import SealFault
from kiosk.ids import DraftId, FormId, OperatorId, new_id
from kiosk.store.centre_keys import CentreKey, CentreKeyId
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import AnswerRow, DraftRow
from kiosk.store.sealing import Sealer, open_with, seal_to

TABLE = "draft"


class DraftState(StrEnum):
    OPEN = "open"
    """Somebody is at it, or was when the power went."""
    WAITING = "waiting"
    """Put aside: opens with a volunteer's sign-in or its resume code."""
    SUBMITTED = "submitted"
    """Its answers are gone; the receipt may still have to be printed."""


@dataclass(frozen=True, slots=True)
class FormKey:
    """A form, exactly: ``digest`` is the SHA-256 of its XML, byte for byte, in lower-case hex."""

    id: FormId
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """What stands in the clear about a draft."""

    id: DraftId
    state: DraftState
    form: FormKey
    language: str
    operator_id: OperatorId | None
    made_at: datetime
    changed_at: datetime
    erase_at: datetime | None
    volunteer_may_continue: bool
    centre_key_id: CentreKeyId
    has_code: bool = False


# Stored with every answer, and therefore built once: building them cost as much as the sync to the disk.
_ANSWERS, _DRAFTS = cast(Table, AnswerRow.__table__), cast(Table, DraftRow.__table__)
_NEXT_NUMBER = select(func.coalesce(func.max(_ANSWERS.c.number), 0) + 1).where(
    _ANSWERS.c.draft_id == bindparam("draft")
)
_ADD_ANSWER = insert(_ANSWERS)
_MOVE = (
    update(_DRAFTS)
    .where(_DRAFTS.c.id == bindparam("draft"))
    .values(place=bindparam("place"), changed_at=bindparam("changed_at"))
)


class Drafts:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._listed: Sequence[DraftRow] = ()

    def add(self, draft: DraftRecord, opening: bytes, key: bytes, centre_recipient: str) -> None:
        """The key is wrapped to the centre only where the person let a volunteer continue."""
        wrapped = (
            seal_to(centre_recipient, key, TABLE, "key_for_centre", draft.id)
            if draft.volunteer_may_continue
            else None
        )
        self._session.execute(
            insert(DraftRow).values(
                id=draft.id,
                state=draft.state,
                form=draft.form.id,
                form_version=draft.form.version,
                form_digest=draft.form.digest,
                language=draft.language,
                operator_id=draft.operator_id,
                made_at=to_us(draft.made_at),
                changed_at=to_us(draft.changed_at),
                erase_at=to_us(draft.erase_at),
                volunteer_may_continue=draft.volunteer_may_continue,
                centre_key_id=draft.centre_key_id,
                key_for_centre=wrapped,
                opening=Sealer(key).seal(opening, TABLE, "opening", draft.id),
            )
        )

    def get(self, id: DraftId) -> DraftRecord | None:
        row = self._session.get(DraftRow, id)
        return None if row is None else _record(row)

    def by_code(self, tag: bytes) -> DraftRecord | None:
        row = self._session.scalars(select(DraftRow).where(DraftRow.code_tag == tag)).one_or_none()
        return None if row is None else _record(row)

    def in_state(self, *states: DraftState) -> tuple[DraftRecord, ...]:
        """The most recently changed first."""
        rows = self._session.scalars(
            select(DraftRow).where(DraftRow.state.in_(states)).order_by(DraftRow.changed_at.desc())
        ).all()
        # Held, so that opening what is sealed in each does not read each row again.
        self._listed = rows
        return tuple(map(_record, rows))

    def count(self, *states: DraftState) -> int:
        """In one of ``states``; none given: in any."""
        query = select(func.count()).select_from(DraftRow)
        return self._session.scalar(query.where(DraftRow.state.in_(states)) if states else query) or 0

    def forms_in_use(self) -> frozenset[str]:
        """The digests of the forms of every draft that may be gone on with."""
        states = (DraftState.OPEN, DraftState.WAITING)
        return frozenset(
            self._session.scalars(select(DraftRow.form_digest).where(DraftRow.state.in_(states)).distinct())
        )

    def append(self, id: DraftId, step: str, place: str, sealer: Sealer, at: datetime) -> int:
        """Seals a step and the place it leads to; returns the step's number, counted from 1."""
        number = self._session.execute(_NEXT_NUMBER, {"draft": id}).scalar_one()
        answer_id = new_id()
        self._session.execute(
            _ADD_ANSWER,
            {
                "id": answer_id,
                "draft_id": id,
                "number": number,
                "step": sealer.seal(step.encode(), "answer", "step", answer_id),
            },
        )
        self.move(id, place, sealer, at)
        return int(number)

    def move(self, id: DraftId, place: str, sealer: Sealer, at: datetime) -> None:
        sealed = sealer.seal(place.encode(), TABLE, "place", id)
        self._session.execute(_MOVE, {"draft": id, "place": sealed, "changed_at": to_us(at)})
        # The statement goes past the session's own copies.
        self._session.expire_all()

    def steps(self, id: DraftId, sealer: Sealer) -> tuple[str, ...]:
        """In the order in which they were given."""
        rows = self._session.execute(
            select(AnswerRow.id, AnswerRow.step).where(AnswerRow.draft_id == id).order_by(AnswerRow.number)
        )
        return tuple(sealer.open(row.step, "answer", "step", row.id).decode() for row in rows)

    def opening(self, id: DraftId, sealer: Sealer) -> bytes:
        return sealer.open(self._row(id).opening, TABLE, "opening", id)

    def place(self, id: DraftId, sealer: Sealer) -> str | None:
        sealed = self._row(id).place
        return None if sealed is None else sealer.open(sealed, TABLE, "place", id).decode()

    def receipt_secret(self, id: DraftId, sealer: Sealer) -> str | None:
        sealed = self._row(id).receipt_secret
        return None if sealed is None else sealer.open(sealed, TABLE, "receipt_secret", id).decode()

    def set_state(self, id: DraftId, state: DraftState, erase_at: datetime | None) -> None:
        self._update(id, state=state, erase_at=to_us(erase_at))

    def set_code(self, id: DraftId, recipient: str, tag: bytes, key: bytes) -> None:
        """Wraps the draft's key to a resume code's public half; a code given earlier opens no more."""
        self._update(id, key_for_code=seal_to(recipient, key, TABLE, "key_for_code", id), code_tag=tag)

    def key_with_centre(self, id: DraftId, identity: str) -> bytes | None:
        """The draft's key, opened by the centre; None where it was not wrapped to the centre."""
        sealed = self._row(id).key_for_centre
        return None if sealed is None else open_with(identity, sealed, TABLE, "key_for_centre", id)

    def key_with_code(self, id: DraftId, identity: str) -> bytes | None:
        sealed = self._row(id).key_for_code
        return None if sealed is None else open_with(identity, sealed, TABLE, "key_for_code", id)

    def can_be_opened(self, id: DraftId) -> bool:
        """Whether anybody but the running session holds the key."""
        row = self._row(id)
        return row.key_for_centre is not None or row.key_for_code is not None

    def submitted(self, id: DraftId, receipt_secret: str, sealer: Sealer, at: datetime) -> None:
        """Erases everything readable; what is left is the receipt that may still have to be printed."""
        self._session.execute(delete(AnswerRow).where(AnswerRow.draft_id == id))
        self._update(
            id,
            state=DraftState.SUBMITTED,
            changed_at=to_us(at),
            erase_at=None,
            opening=sealer.seal(b"", TABLE, "opening", id),
            place=None,
            key_for_centre=None,
            key_for_code=None,
            code_tag=None,
            receipt_secret=sealer.seal(receipt_secret.encode(), TABLE, "receipt_secret", id),
        )

    def forget_receipt(self, id: DraftId) -> None:
        """The receipt is in somebody's hand."""
        self._update(id, receipt_secret=None)

    def reseal(self, old: CentreKeyId, identity: str, new: CentreKey) -> tuple[int, int]:
        """Wraps the keys of drafts to ``new`` that were wrapped to ``old``, which ``identity`` opens.

        Returns how many were, and how many did not open: those stay as they are.
        """
        done = failed = 0
        for row in self._session.scalars(select(DraftRow).where(DraftRow.centre_key_id == old)).all():
            id, wrapped = DraftId(row.id), row.key_for_centre
            if wrapped is not None:
                try:
                    key = open_with(identity, wrapped, TABLE, "key_for_centre", id)
                except SealFault:
                    failed += 1
                    continue
                wrapped = seal_to(new.recipient, key, TABLE, "key_for_centre", id)
            self._update(id, key_for_centre=wrapped, centre_key_id=new.id)
            done += 1
        return done, failed

    def erase(self, id: DraftId) -> None:
        self._session.execute(delete(AnswerRow).where(AnswerRow.draft_id == id))
        self._session.execute(delete(DraftRow).where(DraftRow.id == id))

    def _row(self, id: DraftId) -> DraftRow:
        return self._session.get_one(DraftRow, id)

    def _update(self, id: DraftId, **values: object) -> None:
        self._session.execute(update(DraftRow).where(DraftRow.id == id).values(**values))


def _record(row: DraftRow) -> DraftRecord:
    return DraftRecord(
        id=DraftId(row.id),
        state=DraftState(row.state),
        form=FormKey(FormId(row.form), row.form_version, row.form_digest),
        language=row.language,
        operator_id=None if row.operator_id is None else OperatorId(row.operator_id),
        made_at=from_us(row.made_at),
        changed_at=from_us(row.changed_at),
        erase_at=from_us(row.erase_at),
        volunteer_may_continue=row.volunteer_may_continue,
        centre_key_id=CentreKeyId(row.centre_key_id),
        has_code=row.code_tag is not None,
    )
