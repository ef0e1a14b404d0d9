"""What a release holds, and what can be wrong with one, in words for a coordinator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.errors import Message, PackFault
from kiosk.texts import N_

MOST_HEAD = 512 * 1024
"""Bytes of a release's signed list with its chain of keys."""
MOST_BODIES = 64
MOST_BODY = 512 * 1024 * 1024


class Kind(StrEnum):
    """What a body is for. A kiosk passes by kinds that it does not know."""

    CATALOGUE = "catalogue"
    """A pack of :mod:`kiosk.catalogue`: services, agencies, forms."""
    APPLICATION = "application"
    """A Debian package of Opora itself; see :mod:`kiosk.updates.application`."""


@dataclass(frozen=True, slots=True)
class Target:
    """One body. ``digest`` is its SHA-256 in lower-case hex, ``size`` its bytes. ``id`` is the pack's own,
    or the package's architecture."""

    kind: str
    id: str
    version: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Release:
    """``number`` rises with each release of a deployment. ``digest`` is that of the signed list itself.
    ``expires`` is when its signers wanted to have signed anew; it stops nothing."""

    number: int
    digest: str
    expires: datetime
    targets: tuple[Target, ...]

    def of(self, kind: Kind) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if target.kind == kind)


_ASK = Message(N_("Do not use it. Ask your agency where it came from, and for a new copy."))
_KEPT = Message(N_("Everything stays as it is. Ask your agency for a whole new copy."))


def damaged(detail: str) -> PackFault:
    """Cut short, changed on the way, or no such file at all."""
    return PackFault(Message(N_("This update is damaged or incomplete.")), _KEPT, detail)


def not_signed(detail: str) -> PackFault:
    """By too few of the keys that this kiosk trusts; also what is meant for another deployment."""
    return PackFault(Message(N_("This update is not signed by anyone whom this kiosk trusts.")), _ASK, detail)


def older(number: int, seen: int) -> PackFault:
    return PackFault(
        Message(N_("This update is older than what this kiosk knows.")),
        Message(N_("There is nothing to do: the kiosk keeps the newer one.")),
        f"{number} < {seen}",
    )


def two_of_one_number(number: int) -> PackFault:
    return PackFault(Message(N_("There are two different updates with the same number.")), _ASK, str(number))


def elsewhere(detail: str) -> PackFault:
    return PackFault(
        Message(N_("This update is meant for another deployment.")),
        Message(N_("Everything stays as it is. Ask your agency for the update of this kiosk.")),
        detail,
    )


def unusable(what: str, detail: str) -> PackFault:
    """Signed and whole, and this kiosk cannot work with it."""
    return PackFault(
        Message(N_("This update cannot be used: {what}"), {"what": what}),
        Message(N_("The kiosk goes on with what it has. Please tell your agency.")),
        detail,
    )


def nobody_trusted() -> PackFault:
    return PackFault(
        Message(N_("This kiosk does not know yet whose updates it may trust.")),
        Message(N_("Connect it to the agency's hub first, or compare the number of the agency's letter.")),
    )
