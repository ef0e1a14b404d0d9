"""Whether the receipt is in somebody's hand."""

from concurrent.futures import Future
from datetime import datetime

from kiosk.applications.draft import ReceiptSecret
from kiosk.errors import Message, PrintFault
from kiosk.ids import ApplicationId, DraftId, OperatorId
from kiosk.journal import KIOSK, Action, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.store import Clock, Done, Repositories, WriterLane
from kiosk.texts import N_


class Receipts:
    """What was printed. The papers themselves are never kept."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def came_out(
        self, id: ApplicationId, yes: bool, operator_id: OperatorId | None, done: Done[None] = None
    ) -> Future[None]:
        """The answer to "did it come out?". After a yes the paper alone knows the code; after a no it can
        be printed again, at the latest seven days later by a volunteer."""
        now = self._clock()
        actor = operator_actor(operator_id)

        def work(repositories: Repositories) -> None:
            if yes:
                repositories.applications.came_out(id, now)
                repositories.drafts.forget_receipt(DraftId(id))
                repositories.journal.append(now, actor, Action.RECEIPT_PRINTED, str(id))
            else:
                repositories.applications.did_not_come_out(id)
                repositories.journal.append(now, actor, Action.RECEIPT_NOT_PRINTED, str(id))

        return self._lane.submit(work, done)

    def copied(
        self, id: ApplicationId, operator_id: OperatorId | None, done: Done[None] = None
    ) -> Future[None]:
        """A copy was printed; it carries no code."""
        now = self._clock()

        def work(repositories: Repositories) -> None:
            repositories.applications.copied(id)
            repositories.journal.append(now, operator_actor(operator_id), Action.RECEIPT_COPIED, str(id))

        return self._lane.submit(work, done)

    def unprinted(self, signed_in: SignedIn, id: ApplicationId) -> ReceiptSecret:
        """For a volunteer who prints what did not come out. Raises :class:`PrintFault` where the code is
        no longer here: a copy without it can be printed, and the agency can give a new receipt."""
        signed_in.require(Permission.PRINT_AGAIN)
        with self._lane.database.reader() as repositories:
            record = repositories.applications.get(id)
            secret = (
                None
                if record is None
                else repositories.applications.unprinted_secret(
                    id, signed_in.centre.for_key(record.centre_key_id)
                )
            )
        if secret is None:
            raise PrintFault(
                Message(N_("The code of this receipt is no longer here.")),
                Message(
                    N_(
                        "A copy without the code can be printed."
                        " The agency can give a receipt with a new code."
                    )
                ),
            )
        return ReceiptSecret.from_json(secret)

    def erase_overdue(self, confirmed_now: datetime) -> Future[int]:
        """Erases codes that waited too long and copies whose time is over. The time must be one that a hub
        confirmed. The outcome is how many were erased."""

        def work(repositories: Repositories) -> int:
            secrets = repositories.applications.overdue_secrets(confirmed_now)
            copies = repositories.applications.overdue_copies(confirmed_now)
            for id in secrets:
                repositories.applications.erase_unprinted_secret(id)
                repositories.journal.append(confirmed_now, KIOSK, Action.RECEIPT_SECRET_ERASED, str(id))
            for id in copies:
                repositories.applications.erase_copy(id)
                repositories.journal.append(confirmed_now, KIOSK, Action.COPY_ERASED, str(id))
            return len(secrets) + len(copies)

        return self._lane.submit(work)
