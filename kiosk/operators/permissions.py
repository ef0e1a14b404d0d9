"""Who may do what: one table, asked by the domain and not only by the screen."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.errors import Message, SignInFault
from kiosk.store.operators import Role
from kiosk.texts import N_


class Permission(StrEnum):
    SEE_TODAY = "see-today"
    CONTINUE_DRAFT = "continue-draft"
    SEE_EVERY_DRAFT = "see-every-draft"
    """Also where the centre shows volunteers their own alone."""
    ERASE_DRAFT = "erase-draft"
    PRINT_AGAIN = "print-again"
    TRY_NOW = "try-now"
    CHANGE_OWN_PIN = "change-own-pin"
    RESEND = "resend"
    APPROVE = "approve"
    OPEN_COPY = "open-copy"
    REPLACE_RECEIPT = "replace-receipt"
    EXCHANGE_BY_USB = "exchange-by-usb"
    MANAGE_OPERATORS = "manage-operators"
    CHANGE_SETTINGS = "change-settings"
    INSTALL_PACKS = "install-packs"
    READ_JOURNAL = "read-journal"
    BACK_UP = "back-up"
    WIPE = "wipe"
    CLOSE_KIOSK = "close-kiosk"
    """Out of the kiosk there is a desktop, or the power switch."""


_VOLUNTEER = frozenset(
    {
        Permission.SEE_TODAY,
        Permission.CONTINUE_DRAFT,
        Permission.ERASE_DRAFT,
        Permission.PRINT_AGAIN,
        Permission.REPLACE_RECEIPT,
        Permission.TRY_NOW,
        Permission.CHANGE_OWN_PIN,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {Role.VOLUNTEER: _VOLUNTEER, Role.COORDINATOR: frozenset(Permission)}
)


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]


def require(role: Role, permission: Permission) -> None:
    """Raises :class:`SignInFault` where ``role`` may not."""
    if not may(role, permission):
        raise SignInFault(
            Message(N_("Only the coordinator can do this.")),
            Message(N_("Please ask the coordinator to sign in.")),
            permission,
        )
