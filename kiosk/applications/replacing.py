"""A lost receipt: the agency is asked to seal what it says to a new one, and the old one stops."""

from dataclasses import dataclass, field

from kiosk.applications.draft import ReceiptSecret
from kiosk.applications.drafts import PublicKeys
from kiosk.applications.envelope import EnvelopeHeader
from kiosk.applications.submission import UNPRINTED_FOR, outbox_entry
from kiosk.errors import Fault, Message
from kiosk.ids import ApplicationId, EnvelopeId, ReceiptCode, Reference, new_id
from kiosk.journal import Action, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.store.applications import ApplicationContent, Receipt
from kiosk.texts import N_

REPLACEMENT = "receipt-replacement"


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """What is to stand on the new paper; ``holder_view`` is the JSON that it opens."""

    application_id: ApplicationId
    reference: Reference
    code: ReceiptCode = field(repr=False)
    holder_view: str = field(repr=False)


class Replacements:
    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def replace(self, signed_in: SignedIn, new: NewReceipt, keys: PublicKeys, checked: str) -> None:
        """``checked`` says, in a word for the journal, how it was made sure who the person is.

        The old paper finds nothing here any more; at the agency it stops with the next exchange. The new one
        waits among the receipts that nobody has yet. Waits for the lane. Raises
        :class:`~kiosk.errors.SignInFault`, or a fault where the application is not this kiosk's.
        """
        signed_in.require(Permission.REPLACE_RECEIPT)
        now = self._clock()
        receipt = Receipt(keys.recipient, keys.tag)
        secret = ReceiptSecret(new.application_id, new.reference, new.code, new.holder_view)

        def work(repositories: Repositories) -> None:
            record = repositories.applications.get(new.application_id)
            first = repositories.outbox.of(new.application_id)
            if record is None or not first:
                raise Fault(
                    Message(N_("This application is no longer here.")),
                    Message(N_("The kiosk that took it can give a new receipt.")),
                )
            repositories.applications.replace_receipt(
                new.application_id,
                receipt,
                ApplicationContent(b"", new.holder_view.encode(), secret.to_json().encode()),
                repositories.centre_keys.get(record.centre_key_id),
                now + UNPRINTED_FOR,
            )
            repositories.statuses.forget(new.application_id)
            header = EnvelopeHeader(
                id=EnvelopeId(new_id()),
                kind=REPLACEMENT,
                agency=record.agency,
                application=new.application_id,
                order=(repositories.outbox.last_order(new.application_id) or 0) + 1,
                sequence=repositories.outbox.next_sequence(),
                created_at=now,
                form=None,
                consent_version="",
                consent_language="",
                helpers=(signed_in.role.value,),
                receipt=receipt.recipient,
                parts=(),
                tag=receipt.tag,
            )
            repositories.outbox.add(outbox_entry(header, ()))
            actor, details = operator_actor(signed_in.id), {"checked": checked}
            repositories.journal.append(now, actor, Action.RECEIPT_REPLACED, str(new.application_id), details)

        self._lane.submit(work).result()
