"""Drafts: every answer kept, sealed, as it is given.

Calls return at once. The future they return and ``done`` have the same outcome, after the commit.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Protocol

from kiosk.applications.draft import DraftOpening, DraftSummary, OpenDraft, ReceiptSecret, RestoredDraft
from kiosk.errors import Fault, Message, SealFault, SignInFault
from kiosk.ids import DraftId, OperatorId, new_id
from kiosk.journal import KIOSK, Action, Actor, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.operators.throttle import begin_try
from kiosk.store import CentreKey, Clock, Done, DraftState, FormKey, Repositories, Setting, WriterLane
from kiosk.store.drafts import DraftRecord
from kiosk.store.lane import Refused
from kiosk.store.sealing import Sealer, new_key
from kiosk.store.session_key import SessionKey, SessionKeyFile
from kiosk.store.settings import YES
from kiosk.texts import N_

KEEP_WAITING = timedelta(days=30)
"""How long a draft that was put aside is kept, unless the centre sets another time."""

RESUME = "resume"
"""What wrong resume codes are counted under."""


class PublicKeys(Protocol):
    """The public side of a code on paper: its age recipient and the tag it is found by."""

    @property
    def recipient(self) -> str: ...
    @property
    def tag(self) -> bytes: ...


class Drafts:
    """One session at a time: beginning or opening a draft makes it the current one."""

    def __init__(
        self,
        lane: WriterLane,
        centre: CentreKey,
        clock: Clock,
        session_key: SessionKeyFile,
        *,
        keep_waiting: timedelta = KEEP_WAITING,
    ) -> None:
        self._lane = lane
        self._centre = centre
        self._clock = clock
        self._session_key = session_key
        self._keep_waiting = keep_waiting
        self._current: OpenDraft | None = None

    @property
    def current(self) -> OpenDraft | None:
        return self._current

    def begin(
        self,
        form: FormKey,
        language: str,
        opening: DraftOpening,
        operator_id: OperatorId | None,
        done: Done[OpenDraft] = None,
    ) -> Future[OpenDraft]:
        draft = OpenDraft(DraftId(new_id()), form, language, operator_id, new_key())
        now = self._clock()
        self._current = draft

        def work(repositories: Repositories) -> OpenDraft:
            # The key of this moment: a coordinator may have changed it since the kiosk was opened.
            centre = repositories.centre_keys.current() or self._centre
            record = DraftRecord(
                id=draft.id,
                state=DraftState.OPEN,
                form=form,
                language=language,
                operator_id=operator_id,
                made_at=now,
                changed_at=now,
                erase_at=None,
                volunteer_may_continue=opening.volunteer_may_continue,
                centre_key_id=centre.id,
            )
            repositories.drafts.add(record, opening.to_json().encode(), draft.key, centre.recipient)
            repositories.journal.append(now, operator_actor(operator_id), Action.DRAFT_BEGUN, str(draft.id))
            self._session_key.write(SessionKey(draft.id, draft.key))
            return draft

        return self._lane.submit(work, done)

    def record(self, draft: OpenDraft, step_json: str, place: str, done: Done[int] = None) -> Future[int]:
        """Keeps one step and the place it leads to, together. The outcome is the step's number."""
        now = self._clock()

        def work(repositories: Repositories) -> int:
            number = repositories.drafts.append(draft.id, step_json, place, draft.sealer, now)
            self._session_key.keep_alive()
            return number

        return self._lane.submit(work, done)

    def record_all(
        self, draft: OpenDraft, steps: Sequence[str], place: str, done: Done[None] = None
    ) -> Future[None]:
        """Keeps several steps and the place they lead to in one transaction; without steps, the place."""
        now = self._clock()

        def work(repositories: Repositories) -> None:
            for step in steps:
                repositories.drafts.append(draft.id, step, place, draft.sealer, now)
            if not steps:
                repositories.drafts.move(draft.id, place, draft.sealer, now)
            self._session_key.keep_alive()

        return self._lane.submit(work, done)

    def move(self, draft: OpenDraft, place: str, done: Done[None] = None) -> Future[None]:
        """Keeps the place alone: Back, or a look at an earlier answer."""
        now = self._clock()

        def work(repositories: Repositories) -> None:
            repositories.drafts.move(draft.id, place, draft.sealer, now)
            self._session_key.keep_alive()

        return self._lane.submit(work, done)

    def keep_alive(self) -> None:
        """The person is still there, without having answered anything."""
        self._session_key.keep_alive()

    def set_resume_code(self, draft: OpenDraft, keys: PublicKeys, done: Done[None] = None) -> Future[None]:
        """From now on this code opens the draft too, and an earlier one no more."""
        recipient, tag = keys.recipient, keys.tag
        return self._lane.submit(
            lambda repositories: repositories.drafts.set_code(draft.id, recipient, tag, draft.key), done
        )

    def list_for(self, signed_in: SignedIn) -> tuple[DraftSummary, ...]:
        """Waiting drafts, the most recently changed first: the centre's, or the operator's own alone where
        the centre has chosen so."""
        signed_in.require(Permission.SEE_TODAY)
        with self._lane.database.reader() as repositories:
            return tuple(
                _summary(repositories, record, signed_in)
                for record in repositories.drafts.in_state(DraftState.WAITING)
                if _may_see(repositories, record, signed_in)
            )

    def open_as(
        self, signed_in: SignedIn, id: DraftId, done: Done[RestoredDraft] = None
    ) -> Future[RestoredDraft]:
        """Faults: :class:`SignInFault` where this operator may not or only the resume code opens it."""
        signed_in.require(Permission.CONTINUE_DRAFT)

        def work(repositories: Repositories) -> RestoredDraft:
            record = _known(repositories.drafts.get(id))
            if not _may_see(repositories, record, signed_in):
                raise SignInFault(
                    Message(N_("Somebody else helped with this one.")),
                    Message(N_("Please ask them, or the coordinator.")),
                )
            identity = signed_in.centre.for_key(record.centre_key_id)
            key = repositories.drafts.key_with_centre(id, identity)
            if key is None:
                raise SignInFault(
                    Message(N_("Only the person's own code opens this one.")),
                    Message(N_("Please ask for the paper with the code.")),
                )
            return self._take_up(repositories, record, key, operator_actor(signed_in.id))

        return self._lane.submit(work, done)

    def open_with_code(
        self, identity: str, tag: bytes, done: Done[RestoredDraft] = None
    ) -> Future[RestoredDraft]:
        """Faults: :class:`SignInFault` where the code belongs to no draft of this kiosk, or too soon after
        wrong ones."""
        now = self._clock()

        def work(repositories: Repositories) -> RestoredDraft:
            begin_try(repositories, RESUME, now)
            record = repositories.drafts.by_code(tag)
            key = None if record is None else repositories.drafts.key_with_code(record.id, identity)
            if record is None or key is None:
                raise Refused(
                    SignInFault(
                        Message(N_("Nothing was found for this code.")),
                        Message(
                            N_("Please compare it with the paper. It opens only at the kiosk that gave it.")
                        ),
                    )
                )
            repositories.throttles.clear(RESUME)
            return self._take_up(repositories, record, key, operator_actor(None))

        return self._lane.submit(work, done)

    def open_after_crash(self, done: Done[RestoredDraft | None] = None) -> Future[RestoredDraft | None]:
        """Called once at start. Gives the draft whose session broke off just now, if any; every other
        draft that was open is put aside, or erased where nobody could open it any more."""
        key = self._session_key.read()
        now = self._clock()

        def work(repositories: Repositories) -> RestoredDraft | None:
            restored: RestoredDraft | None = None
            for record in repositories.drafts.in_state(DraftState.OPEN, DraftState.SUBMITTED):
                if key is not None and record.id == key.draft_id:
                    restored = self._restore(repositories, record, key.key)
                else:
                    self._put_aside(repositories, record, now, KIOSK)
            if restored is None:
                self._session_key.erase()
            return restored

        return self._lane.submit(work, done)

    def erase(self, draft: OpenDraft, done: Done[None] = None) -> Future[None]:
        """The person left without sending and wants nothing kept."""
        now = self._clock()
        self._forget(draft)

        def work(repositories: Repositories) -> None:
            repositories.drafts.erase(draft.id)
            self._session_key.erase()
            repositories.journal.append(
                now, operator_actor(draft.operator_id), Action.DRAFT_ERASED, str(draft.id)
            )

        future = self._lane.submit(work, done)
        self._lane.empty_log()
        return future

    def end_session(self, done: Done[DraftState | None] = None) -> Future[DraftState | None]:
        """The session is over: the draft waits as its person chose (outcome *waiting*), is done with
        (*submitted*), or is erased, since nobody could open it any more (None)."""
        draft, self._current = self._current, None
        now = self._clock()

        def work(repositories: Repositories) -> DraftState | None:
            self._session_key.erase()
            record = None if draft is None else repositories.drafts.get(draft.id)
            if draft is None or record is None:
                return None
            return self._put_aside(repositories, record, now, operator_actor(draft.operator_id))

        future = self._lane.submit(work, done)
        self._lane.empty_log()
        return future

    def erase_overdue(self, confirmed_now: datetime) -> Future[int]:
        """Erases drafts that waited too long. The time must be one that a hub confirmed: a kiosk's own
        clock may be years off, and nothing may be lost to that. The outcome is how many."""

        def work(repositories: Repositories) -> int:
            overdue = [
                record
                for record in repositories.drafts.in_state(DraftState.WAITING)
                if record.erase_at is not None and record.erase_at <= confirmed_now
            ]
            for record in overdue:
                repositories.drafts.erase(record.id)
                repositories.journal.append(confirmed_now, KIOSK, Action.DRAFT_ERASED, str(record.id))
            return len(overdue)

        return self._lane.submit(work)

    def _take_up(
        self, repositories: Repositories, record: DraftRecord, key: bytes, actor: Actor
    ) -> RestoredDraft:
        restored = self._restore(repositories, record, key)
        repositories.drafts.set_state(record.id, DraftState.OPEN, None)
        repositories.journal.append(self._clock(), actor, Action.DRAFT_OPENED, str(record.id))
        self._session_key.write(SessionKey(record.id, key))
        return restored

    def _restore(self, repositories: Repositories, record: DraftRecord, key: bytes) -> RestoredDraft:
        sealer = Sealer(key)
        drafts = repositories.drafts
        submitted = record.state is DraftState.SUBMITTED
        secret = drafts.receipt_secret(record.id, sealer)
        draft = OpenDraft(record.id, record.form, record.language, record.operator_id, key)
        restored = RestoredDraft(
            draft=draft,
            state=record.state if submitted else DraftState.OPEN,
            opening=None if submitted else DraftOpening.from_json(drafts.opening(record.id, sealer)),
            steps=drafts.steps(record.id, sealer),
            place=drafts.place(record.id, sealer),
            receipt=None if secret is None else ReceiptSecret.from_json(secret),
        )
        self._current = draft
        return restored

    def _put_aside(
        self, repositories: Repositories, record: DraftRecord, now: datetime, actor: Actor
    ) -> DraftState | None:
        if record.state is DraftState.SUBMITTED:
            # What is still to be printed lies with the application, under the centre's key.
            repositories.drafts.erase(record.id)
            return DraftState.SUBMITTED
        if repositories.drafts.can_be_opened(record.id):
            repositories.drafts.set_state(record.id, DraftState.WAITING, now + self._keep_waiting)
            repositories.journal.append(now, actor, Action.DRAFT_PARKED, str(record.id))
            return DraftState.WAITING
        repositories.drafts.erase(record.id)
        repositories.journal.append(now, actor, Action.DRAFT_ERASED, str(record.id))
        return None

    def _forget(self, draft: OpenDraft) -> None:
        if self._current is not None and self._current.id == draft.id:
            self._current = None


def _summary(repositories: Repositories, record: DraftRecord, signed_in: SignedIn) -> DraftSummary:
    opening: DraftOpening | None = None
    try:
        identity = signed_in.centre.for_key(record.centre_key_id)
        key = repositories.drafts.key_with_centre(record.id, identity)
        if key is not None:
            opening = DraftOpening.from_json(repositories.drafts.opening(record.id, Sealer(key)))
    except SealFault:
        # One draft that does not open must not hide the others.
        opening = None
    return DraftSummary(
        record.id,
        record.state,
        record.form,
        record.language,
        record.operator_id,
        record.made_at,
        record.changed_at,
        opening,
    )


def _may_see(repositories: Repositories, record: DraftRecord, signed_in: SignedIn) -> bool:
    if signed_in.may(Permission.SEE_EVERY_DRAFT) or record.operator_id == signed_in.id:
        return True
    return repositories.settings.get(Setting.OWN_DRAFTS_ONLY) != YES


def _known(record: DraftRecord | None) -> DraftRecord:
    if record is None:
        raise Fault(
            Message(N_("This application is no longer here.")),
            Message(N_("It may have been sent or erased in the meantime. Please look at the list again.")),
        )
    return record
