"""The head of the kiosk's journal, signed, as it leaves the machine: what comes after cannot unsay it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from sync.protocol import JournalHead, JournalMark, journal_statement


def head_to_send(repositories: Repositories, kiosk: str, key: Ed25519PrivateKey | None) -> JournalHead | None:
    """The newest head, and what stands now where the last one that was sent stood."""
    head = repositories.journal.head()
    if key is None or head is None:
        return None
    sent = int(repositories.settings.get(Setting.JOURNAL_SENT) or 0)
    earlier = repositories.journal.hash_at(sent)
    # Gone, or other than it was: both are for the hub to find.
    mark = JournalMark(number=sent, hash="0" * 64 if earlier is None else earlier.hex())
    digest = head.hash.hex()
    return JournalHead(
        number=head.number,
        hash=digest,
        signature=key.sign(journal_statement(kiosk, head.number, digest)),
        before=mark if sent else None,
    )


def was_heard(repositories: Repositories, head: JournalHead | None) -> None:
    """The hub has answered a request that carried ``head``."""
    if head is not None:
        repositories.settings.put(Setting.JOURNAL_SENT, str(head.number))
