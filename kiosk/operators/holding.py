"""Who holds the centre's keys: a holder's own pair under a secret, and what is granted to it.

The functions here are lane work: they read and write within the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime

from kiosk.ids import OperatorId, new_id
from kiosk.operators.locks import Lock
from kiosk.store import Repositories
from kiosk.store.centre_keys import CentreKey, CentreKeyId, Holder, KeyWrap, Purpose
from kiosk.store.operators import Role
from kiosk.store.sealing import Sealer, new_key, new_key_pair


def new_holder(
    repositories: Repositories,
    holder: Holder,
    operator_id: OperatorId | None,
    lock: Lock,
    identities: Mapping[CentreKeyId, str],
    at: datetime,
) -> None:
    """Makes a key pair for a holder, in place of any earlier one, and grants it ``identities``."""
    keys = repositories.centre_keys
    keys.drop_wraps(holder, operator_id)
    recipient, own = new_key_pair()
    current = keys.current()
    assert current is not None, "identities are granted of a centre that has keys"
    wrap = KeyWrap(new_id(), current.id, holder, operator_id, lock.salt, lock.to_json(), at, recipient)
    keys.wrap(wrap, own, lock.sealer)
    for id, identity in identities.items():
        keys.grant(wrap, id, identity)


def opened(repositories: Repositories, wrap: KeyWrap, sealer: Sealer) -> Mapping[CentreKeyId, str]:
    """The centre's private halves that a holder's secret opens.

    Raises :class:`~kiosk.errors.SealFault` where the secret was another.
    """
    own = repositories.centre_keys.unwrap(wrap.id, sealer)
    if wrap.recipient is None:
        return {wrap.centre_key_id: own}
    return repositories.centre_keys.granted(wrap.holder, wrap.operator_id, own)


def new_centre_key(repositories: Repositories, purpose: Purpose, at: datetime) -> tuple[CentreKey, str]:
    """A new key pair of the centre, with a key for the blind index where it is the centre's own."""
    recipient, identity = new_key_pair()
    key = CentreKey(CentreKeyId(new_id()), recipient)
    repositories.centre_keys.add(key, at, purpose)
    if purpose is Purpose.CENTRE:
        repositories.centre_keys.set_index_key(key, new_key())
    return key, identity


def is_complete(repositories: Repositories, role: Role, identities: Mapping[CentreKeyId, str]) -> bool:
    """Whether :func:`completed` would add nothing."""
    keys = repositories.centre_keys
    return role is Role.VOLUNTEER or keys.current(Purpose.COORDINATORS) is not None


def shared(repositories: Repositories, identities: Mapping[CentreKeyId, str]) -> None:
    """Grants what somebody holds to everybody else who is to hold it and does not yet."""
    keys = repositories.centre_keys
    for wrap in keys.every_wrap():
        if wrap.recipient is None or wrap.holder is Holder.FIRST_START:
            continue
        operator = None if wrap.operator_id is None else repositories.operators.get(wrap.operator_id)
        for id in set(identities) - keys.granted_to(wrap.holder, wrap.operator_id):
            volunteers = operator is not None and operator.role is Role.VOLUNTEER
            if not volunteers or keys.purpose_of(id) is Purpose.CENTRE:
                keys.grant(wrap, id, identities[id])


def completed(
    repositories: Repositories, role: Role, identities: Mapping[CentreKeyId, str], at: datetime
) -> dict[CentreKeyId, str]:
    """What a holder of that role is to hold. Makes what a centre of version 0.1 does not have yet: the
    index's key, and with a coordinator's hand the key of the coordinators."""
    keys = repositories.centre_keys
    whole = dict(identities)
    current = keys.current()
    if current is not None and current.id in whole and keys.index_key(current.id, whole[current.id]) is None:
        keys.set_index_key(current, new_key())
    if role is Role.COORDINATOR and keys.current(Purpose.COORDINATORS) is None:
        key, identity = new_centre_key(repositories, Purpose.COORDINATORS, at)
        whole[key.id] = identity
    if role is Role.VOLUNTEER:
        whole = {id: one for id, one in whole.items() if keys.purpose_of(id) is Purpose.CENTRE}
    return whole
