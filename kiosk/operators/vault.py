"""Changing the centre's keys: everything that is sealed to them is sealed anew, and the old ones are gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.ids import OperatorId
from kiosk.journal import Action, operator_actor
from kiosk.operators.centre import CentreIdentity, SignedIn
from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.holding import new_centre_key, new_holder, shared
from kiosk.operators.locks import Locksmith
from kiosk.operators.permissions import Permission
from kiosk.operators.secrets import Argon2Parameters, in_groups, new_recovery_code
from kiosk.operators.service import let_go
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.store.centre_keys import CentreKey, CentreKeyId, Holder, Purpose
from kiosk.store.operators import Operator


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """``signed_in`` is the same operator with the new keys. ``resealed`` counts records; ``unopened`` those
    that had been changed by somebody and opened with no key any more. ``need_pin`` are people whose PIN was
    made by version 0.1 and not used since: a coordinator gives them a new one. ``needs_sheet``: the
    recovery sheet opens nothing any more."""

    signed_in: SignedIn
    resealed: int
    unopened: int
    need_pin: tuple[Operator, ...]
    needs_sheet: bool


class Vault:
    """For coordinators. Each call waits for the lane: some tenths of a millisecond a record."""

    def __init__(
        self,
        lane: WriterLane,
        secret: DeviceSecret,
        clock: Clock,
        parameters: Argon2Parameters = Argon2Parameters(),  # noqa: B008 - frozen
    ) -> None:
        self._lane = lane
        self._locks = Locksmith(secret, parameters)
        self._clock = clock

    def rotate(self, signed_in: SignedIn) -> Rekeyed:
        """New keys for the centre; whoever holds the present ones holds the new ones, with the same PIN.

        Raises :class:`~kiosk.errors.SignInFault`: not a coordinator.
        """
        signed_in.require(Permission.MANAGE_OPERATORS)
        now = self._clock()
        return self._lane.submit(lambda repositories: _rekeyed(repositories, signed_in, now)).result()

    def rekey(self, signed_in: SignedIn, leaving: OperatorId) -> Rekeyed:
        """Somebody left: their PIN opens nothing, and neither does a key that they may have kept.

        Raises :class:`~kiosk.errors.SignInFault`: not a coordinator, or the last one is to leave.
        """
        signed_in.require(Permission.MANAGE_OPERATORS)
        now = self._clock()

        def work(repositories: Repositories) -> Rekeyed:
            let_go(repositories, signed_in.id, leaving, now)
            return _rekeyed(repositories, signed_in, now)

        return self._lane.submit(work).result()

    def new_sheet(self, signed_in: SignedIn) -> str:
        """A new recovery code in groups of four, to be printed once; the old sheet opens nothing from now
        on. Takes as long as Argon2 does."""
        signed_in.require(Permission.MANAGE_OPERATORS)
        code = new_recovery_code()
        lock = self._locks.for_code(code)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            new_holder(repositories, Holder.RECOVERY, None, lock, signed_in.centre.identities, now)
            subject = str(signed_in.centre.current)
            repositories.journal.append(
                now, operator_actor(signed_in.id), Action.RECOVERY_SHEET_MADE, subject
            )

        self._lane.submit(work).result()
        return in_groups(code)


def _rekeyed(repositories: Repositories, signed_in: SignedIn, now: datetime) -> Rekeyed:
    keys, held = repositories.centre_keys, signed_in.centre.identities
    fresh: dict[CentreKeyId, str] = {}
    resealed = unopened = 0
    index_key = keys.index_key(signed_in.centre.current, held[signed_in.centre.current])
    by_purpose: dict[Purpose, dict[CentreKeyId, str]] = {purpose: {} for purpose in Purpose}
    for id, identity in held.items():
        by_purpose[keys.purpose_of(id)][id] = identity
    for purpose, old in by_purpose.items():
        key, identity = new_centre_key(repositories, purpose, now)
        fresh[key.id] = identity
        if purpose is Purpose.CENTRE:
            if index_key is not None:
                # The index itself stays, so what it is made with does too.
                keys.set_index_key(key, index_key)
            repositories.operators.reseal(held[signed_in.centre.current], key.recipient)
        for id, old_identity in old.items():
            done, failed = _reseal(repositories, purpose)(id, old_identity, key)
            resealed, unopened = resealed + done, unopened + failed
            keys.retire(id, now)
            keys.forget(id)
    shared(repositories, fresh)
    current = keys.current()
    assert current is not None, "it was made above"
    actor, details = operator_actor(signed_in.id), {"records": str(resealed), "unopened": str(unopened)}
    repositories.journal.append(now, actor, Action.CENTRE_KEY_CHANGED, str(current.id), details)
    holders = {(wrap.holder, wrap.operator_id) for wrap in keys.every_wrap()}
    return Rekeyed(
        SignedIn(signed_in.operator, CentreIdentity(current.id, fresh)),
        resealed,
        unopened,
        tuple(one for one in repositories.operators.active() if (Holder.OPERATOR, one.id) not in holders),
        (Holder.RECOVERY, None) not in holders,
    )


_Reseal = Callable[[CentreKeyId, str, CentreKey], tuple[int, int]]
"""From (an old key, its private half, the new key) to (records sealed anew, records that did not open)."""


def _reseal(repositories: Repositories, purpose: Purpose) -> _Reseal:
    if purpose is Purpose.COORDINATORS:
        return repositories.applications.reseal_for_approval

    def both(old: CentreKeyId, identity: str, new: CentreKey) -> tuple[int, int]:
        drafts = repositories.drafts.reseal(old, identity, new)
        applications = repositories.applications.reseal(old, identity, new)
        return drafts[0] + applications[0], drafts[1] + applications[1]

    return both
