"""Where an agency wants it, a coordinator looks at each application before it is sent; and kept copies."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.errors import Fault, Message
from kiosk.ids import ApplicationId
from kiosk.journal import Action, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.texts import N_


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A question and its answer, in the applicant's words."""

    label: str
    value: str = field(repr=False)


def to_be_read(answers: Sequence[ReadAnswer]) -> bytes:
    return json.dumps([[each.label, each.value] for each in answers], ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Awaiting:
    """``answers`` is None where nothing was kept that could be read."""

    id: ApplicationId
    stored_at: datetime
    answers: tuple[ReadAnswer, ...] | None


class Approvals:
    """For coordinators: the domain asks for the permission each time. Both calls wait for the lane."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def read(self, signed_in: SignedIn, id: ApplicationId) -> Awaiting:
        """Raises :class:`~kiosk.errors.SignInFault` (not a coordinator) or a fault where it no longer
        waits. The journal says who read it."""
        signed_in.require(Permission.APPROVE)
        now = self._clock()

        def work(repositories: Repositories) -> Awaiting:
            record = repositories.applications.get(id)
            if record is None:
                raise _gone()
            kept = (
                None
                if record.approval_key_id is None
                else repositories.applications.for_approval(
                    id, signed_in.centre.for_key(record.approval_key_id)
                )
            )
            repositories.journal.append(now, operator_actor(signed_in.id), Action.COPY_OPENED, str(id))
            answers = None if kept is None else tuple(ReadAnswer(*pair) for pair in json.loads(kept))
            return Awaiting(id, record.stored_at, answers)

        return self._lane.submit(work).result()

    def approve(self, signed_in: SignedIn, id: ApplicationId) -> None:
        """It waits to be sent from now on, and nobody here can read it any more."""
        signed_in.require(Permission.APPROVE)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            if not repositories.applications.approved(id):
                raise _gone()
            repositories.outbox.approve(id)
            repositories.journal.append(
                now, operator_actor(signed_in.id), Action.APPLICATION_APPROVED, str(id)
            )

        self._lane.submit(work).result()

    def open_copy(self, signed_in: SignedIn, id: ApplicationId) -> bytes:
        """The submission XML that the centre kept with the person's consent.

        Raises a fault where there is none: none was wished, or its time is over. The journal says who.
        """
        signed_in.require(Permission.OPEN_COPY)
        now = self._clock()

        def work(repositories: Repositories) -> bytes:
            record = repositories.applications.get(id)
            kept = (
                None
                if record is None
                else repositories.applications.copy(id, signed_in.centre.for_key(record.centre_key_id))
            )
            if kept is None:
                raise Fault(
                    Message(N_("There is no copy of this application here.")),
                    Message(N_("The person did not want one kept, or its time is over. The agency has it.")),
                )
            repositories.journal.append(now, operator_actor(signed_in.id), Action.COPY_OPENED, str(id))
            return kept

        return self._lane.submit(work).result()


def _gone() -> Fault:
    return Fault(
        Message(N_("This application is no longer here.")),
        Message(N_("It may have been sent or erased in the meantime. Please look at the list again.")),
    )
