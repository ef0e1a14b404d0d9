"""What a signed-in operator holds: the centre's private half, in memory alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.errors import Message, SealFault
from kiosk.ids import OperatorId
from kiosk.operators.permissions import Permission, may, require
from kiosk.store.centre_keys import CentreKeyId
from kiosk.store.operators import Operator, Role
from kiosk.texts import N_


@dataclass(frozen=True, slots=True)
class CentreIdentity:
    """Private halves (``AGE-SECRET-KEY-1…``) by the key they belong to, the current one and earlier ones."""

    current: CentreKeyId
    _identities: Mapping[CentreKeyId, str] = field(repr=False)

    @property
    def identities(self) -> Mapping[CentreKeyId, str]:
        """All that this operator holds: what can be granted to others."""
        return self._identities

    def for_key(self, id: CentreKeyId) -> str:
        """Raises :class:`SealFault` where this operator holds no such key."""
        identity = self._identities.get(id)
        if identity is None:
            raise SealFault(
                Message(N_("This was sealed with an earlier key of the centre.")),
                Message(N_("Please ask the coordinator to open it.")),
                str(id),
            )
        return identity


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator who has shown who they are. Let go of it to sign out."""

    operator: Operator
    centre: CentreIdentity = field(repr=False)

    @property
    def id(self) -> OperatorId:
        return self.operator.id

    @property
    def role(self) -> Role:
        return self.operator.role

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)

    def require(self, permission: Permission) -> None:
        """Raises :class:`~kiosk.errors.SignInFault` where this operator may not."""
        require(self.role, permission)
