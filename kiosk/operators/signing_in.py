"""Signing in: what a PIN opens, the second factor beside it, and the recovery sheet in place of both."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kiosk.errors import Message, SealFault, SignInFault
from kiosk.ids import OperatorId
from kiosk.journal import Action, operator_actor
from kiosk.operators.centre import CentreIdentity, SignedIn
from kiosk.operators.device_secret import forget_file
from kiosk.operators.holding import completed, is_complete, new_holder, opened, shared
from kiosk.operators.locks import Lock, Locksmith, device_of
from kiosk.operators.second_factor import Factor, Proof, checked
from kiosk.operators.secrets import RECOVERY_DIGITS, check_pin, typed_code
from kiosk.operators.throttle import Throttle
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.store.centre_keys import CentreKey, CentreKeyId, Holder, KeyWrap
from kiosk.store.operators import Operator, OperatorState
from kiosk.store.sealing import Sealer
from kiosk.texts import N_


class SigningIn:
    """Each call takes as long as Argon2 does and waits for the lane."""

    def __init__(self, lane: WriterLane, locks: Locksmith, clock: Clock, throttle: Throttle) -> None:
        self._lane = lane
        self._locks = locks
        self._clock = clock
        self._throttle = throttle

    def sign_in(self, operator_id: OperatorId, pin: str, proof: Proof) -> SignedIn:
        """Raises :class:`SignInFault`: wrong PIN or second factor, or too soon after wrong ones."""
        subject = f"pin:{operator_id}"
        self._throttle.begin(subject)
        now = self._clock()
        with self._lane.database.reader() as repositories:
            operator = repositories.operators.get(operator_id)
            current = repositories.centre_keys.current()
        if operator is None or current is None or operator.state is not OperatorState.ACTIVE:
            raise _wrong_pin()
        try:
            wrap, found = self.open(operator, pin, proof.badge)
            kept = self._second(operator, found, current, proof, now)
        except SignInFault:
            self._refused(operator_id, now)
            raise
        lock = self._new_lock(operator, wrap, found, pin, proof)

        def work(repositories: Repositories) -> SignedIn:
            held = completed(repositories, operator.role, found, now)
            if lock is not None:
                new_holder(repositories, Holder.OPERATOR, operator_id, lock, held, now)
            shared(repositories, held)
            if kept is not None:
                kind = operator.second_factor
                repositories.operators.set_second_factor(operator_id, kind, kept.encode(), current.recipient)
            repositories.throttles.clear(subject)
            repositories.journal.append(now, operator_actor(operator_id), Action.SIGNED_IN, str(operator_id))
            return SignedIn(operator, CentreIdentity(current.id, held))

        signed_in = self._lane.submit(work).result()
        if lock is not None:
            self._forget_older_secret()
        return signed_in

    def signed_out(self, signed_in: SignedIn) -> None:
        now = self._clock()
        self._lane.submit(
            lambda repositories: repositories.journal.append(
                now, operator_actor(signed_in.id), Action.SIGNED_OUT, str(signed_in.id)
            )
        )

    def recover(self, code: str, operator_id: OperatorId, pin: str) -> SignedIn:
        """With the recovery sheet, an operator who forgot the PIN gets a new one; on another machine too.
        A second factor is set up anew.

        Raises :class:`SignInFault`: the code is wrong, the PIN will not do, too soon.
        """
        check_pin(pin)
        digits = typed_code(code, RECOVERY_DIGITS)
        self._throttle.begin(Holder.RECOVERY)
        wrap, sealer = self._recovery(digits)
        sheet = self._locks.for_code(digits) if wrap.recipient is None else None
        lock = self._locks.for_pin(pin)
        now = self._clock()

        def work(repositories: Repositories) -> SignedIn:
            operator = repositories.operators.get(operator_id)
            if operator is None or operator.state is OperatorState.LEFT:
                raise wrong_code()
            try:
                found = opened(repositories, wrap, sealer)
            except SealFault as fault:
                raise wrong_code() from fault
            current = repositories.centre_keys.current()
            assert current is not None, "a recovery sheet is made for a centre that has keys"
            held = completed(repositories, operator.role, found, now)
            if sheet is not None:
                new_holder(repositories, Holder.RECOVERY, None, sheet, held, now)
            renew(repositories, operator, lock, held, now)
            repositories.throttles.clear(Holder.RECOVERY)
            repositories.journal.append(now, operator_actor(operator_id), Action.RECOVERED, str(operator_id))
            return SignedIn(replace(operator, second_factor=""), CentreIdentity(current.id, held))

        return self._lane.submit(work).result()

    def open(self, operator: Operator, pin: str, badge: str) -> tuple[KeyWrap, Mapping[CentreKeyId, str]]:
        """Raises :class:`SignInFault` where PIN (and badge) open nothing."""
        has_badge = operator.second_factor == Factor.BADGE
        with self._lane.database.reader() as repositories:
            wraps = repositories.centre_keys.wraps(Holder.OPERATOR, operator.id)
        if not wraps:
            raise _wrong_pin()
        sealer = self._locks.of_pin(wraps[0], pin, badge if has_badge else "")
        with self._lane.database.reader() as repositories:
            try:
                return wraps[0], opened(repositories, wraps[0], sealer)
            except SealFault as fault:
                raise (_wrong_pin_or_badge() if has_badge else _wrong_pin()) from fault

    def _second(
        self,
        operator: Operator,
        found: Mapping[CentreKeyId, str],
        current: CentreKey,
        proof: Proof,
        now: datetime,
    ) -> str | None:
        """What has to be kept of the second factor from now on; None for nothing."""
        kind = Factor(operator.second_factor)
        if kind in (Factor.NONE, Factor.BADGE):
            return None
        with self._lane.database.reader() as repositories:
            kept = repositories.operators.second_factor_secret(operator.id, found[current.id])
        return None if kept is None else checked(kind, kept.decode(), proof, now)

    def _new_lock(
        self,
        operator: Operator,
        wrap: KeyWrap,
        found: Mapping[CentreKeyId, str],
        pin: str,
        proof: Proof,
    ) -> Lock | None:
        """Where the old one was made by version 0.1, or with a device secret that lay in a worse place, or
        where its holder lacks a key that has to be made."""
        with self._lane.database.reader() as repositories:
            whole = is_complete(repositories, operator.role, found)
        if whole and wrap.recipient is not None and device_of(wrap) == self._locks.secret.mark:
            return None
        return self._locks.for_pin(pin, proof.badge if operator.second_factor == Factor.BADGE else "")

    def _refused(self, operator_id: OperatorId, now: datetime) -> None:
        actor = operator_actor(operator_id)
        self._lane.submit(
            lambda r: r.journal.append(now, actor, Action.SIGN_IN_REFUSED, str(operator_id))
        ).result()

    def _forget_older_secret(self) -> None:
        """Removes the file of the device secret once nobody's PIN needs it."""
        older = self._locks.secret.older
        if older is None:
            return
        with self._lane.database.reader() as repositories:
            wraps = repositories.centre_keys.every_wrap()
        if all(device_of(wrap) not in ("", older.mark) for wrap in wraps if wrap.holder is Holder.OPERATOR):
            forget_file(self._lane.database.folder)

    def _recovery(self, digits: str) -> tuple[KeyWrap, Sealer]:
        with self._lane.database.reader() as repositories:
            wraps = repositories.centre_keys.wraps(Holder.RECOVERY)
        if not wraps:
            raise wrong_code()
        return wraps[0], self._locks.of_code(wraps[0], digits)


def renew(
    repositories: Repositories,
    operator: Operator,
    lock: Lock,
    held: Mapping[CentreKeyId, str],
    now: datetime,
) -> None:
    """Gives an operator another lock, and takes the second factor and the wrong tries away."""
    new_holder(repositories, Holder.OPERATOR, operator.id, lock, held, now)
    repositories.operators.set_second_factor(operator.id, Factor.NONE, None, "")
    repositories.throttles.clear(f"pin:{operator.id}")


def wrong_code() -> SignInFault:
    return SignInFault(
        Message(N_("This code opens nothing.")),
        Message(N_("It may have been used or replaced. Please compare it with the paper and try again.")),
    )


def _wrong_pin() -> SignInFault:
    return SignInFault(
        Message(N_("This PIN does not match.")),
        Message(N_("Please check the name and type the PIN again.")),
    )


def _wrong_pin_or_badge() -> SignInFault:
    return SignInFault(
        Message(N_("PIN and badge do not match.")),
        Message(N_("Please hold your own badge before the reader and type your PIN again.")),
    )
