"""Volunteers and coordinators: first start, sign-in, coming and going.

The methods of :class:`Operators` take as long as Argon2 does (about 0.4 s) and wait for the writer lane:
a GUI calls them through :meth:`Operators.in_background`.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from kiosk.errors import Message, SealFault, SignInFault
from kiosk.ids import OperatorId, new_id
from kiosk.journal import KIOSK, Action, operator_actor
from kiosk.operators.centre import CentreIdentity, SignedIn
from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.holding import completed, new_centre_key, new_holder, opened
from kiosk.operators.locks import Locksmith
from kiosk.operators.permissions import Permission
from kiosk.operators.rules import CentreRules, read_rules, write_glass, write_rules
from kiosk.operators.second_factor import Factor, NewFactor, Proof, checked, read_badge
from kiosk.operators.secrets import (
    FIRST_START_DIGITS,
    Argon2Parameters,
    check_pin,
    in_groups,
    new_first_start_code,
    new_recovery_code,
    typed_code,
)
from kiosk.operators.setting_up import note_coordinator
from kiosk.operators.signing_in import SigningIn, renew
from kiosk.operators.throttle import Throttle
from kiosk.store import Clock, Done, Outcome, Repositories, WriterLane, open_database
from kiosk.store.centre_keys import CentreKey, Holder, KeyWrap, Purpose
from kiosk.store.operators import Operator, OperatorState, Role
from kiosk.texts import N_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FirstCoordinator:
    """``recovery_code`` is shown and printed once, in groups of four, and kept nowhere."""

    signed_in: SignedIn
    recovery_code: str = field(repr=False)


class Operators:
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
        self._throttle = Throttle(lane, clock)
        self._signing_in = SigningIn(lane, self._locks, clock, self._throttle)
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="operators")

    def close(self) -> None:
        self._background.shutdown()

    def in_background(self, work: Callable[[], T], done: Done[T]) -> Future[T]:
        """Runs a slow call (``lambda: operators.sign_in(id, pin)``) on a thread of its own and delivers
        its outcome as the lane delivers."""

        def run() -> T:
            outcome: Outcome[T]
            try:
                outcome = work()
            except Exception as error:
                outcome = error
            if done is not None:
                told = done
                self._lane.deliver(lambda: told(outcome))
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return self._background.submit(run)

    def names(self) -> tuple[Operator, ...]:
        """Who can sign in, by name."""
        with self._lane.database.reader() as repositories:
            return repositories.operators.active()

    def centre(self) -> CentreKey | None:
        """What is sealed for the centre is sealed to this; None until there is a coordinator who could
        open it."""
        with self._lane.database.reader() as repositories:
            return repositories.centre_keys.current() if repositories.operators.coordinators() else None

    def rules(self) -> CentreRules:
        """What the centre has chosen for itself."""
        with self._lane.database.reader() as repositories:
            return read_rules(repositories)

    def set_rules(self, signed_in: SignedIn, rules: CentreRules) -> CentreRules:
        """Raises :class:`SignInFault`: not a coordinator."""
        signed_in.require(Permission.CHANGE_SETTINGS)
        now = self._clock()
        self._lane.submit(lambda repositories: write_rules(repositories, rules, signed_in, now)).result()
        return rules

    def keep_glass(self, signed_in: SignedIn, measured: str) -> None:
        """How large the screen truly is; see :class:`ui.glass.Glass`. SignInFault: not a coordinator."""
        signed_in.require(Permission.CHANGE_SETTINGS)
        now = self._clock()
        self._lane.submit(lambda repositories: write_glass(repositories, measured, signed_in, now)).result()

    def note_closing(self, signed_in: SignedIn, ending: str) -> None:
        """Journals that the kiosk is about to be closed. SignInFault: not a coordinator."""
        signed_in.require(Permission.CLOSE_KIOSK)
        now, actor = self._clock(), operator_actor(signed_in.id)
        self._lane.submit(
            lambda repositories: repositories.journal.append(now, actor, Action.CLOSED, "", {"by": ending})
        ).result()

    # -- first start

    def first_start_code(self) -> str:
        """A one-time code for the first coordinator, in groups of four.

        Asked again, it makes another code and another key pair, and the earlier code opens nothing more.
        Raises :class:`SignInFault` once there is a coordinator.
        """
        code = new_first_start_code()
        lock = self._locks.for_code(code)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            if repositories.operators.coordinators():
                raise SignInFault(
                    Message(N_("This kiosk already has a coordinator.")),
                    Message(N_("A coordinator can add others after signing in.")),
                )
            keys = repositories.centre_keys
            earlier = keys.current()
            if earlier is not None:
                keys.retire(earlier.id, now)
                keys.drop_wraps(Holder.FIRST_START)
            key, identity = new_centre_key(repositories, Purpose.CENTRE, now)
            wrap = KeyWrap(new_id(), key.id, Holder.FIRST_START, None, lock.salt, lock.to_json(), now)
            keys.wrap(wrap, identity, lock.sealer)
            repositories.journal.append(now, KIOSK, Action.FIRST_START_CODE_MADE, str(key.id))

        self._lane.submit(work).result()
        return in_groups(code)

    def make_first_coordinator(self, code: str, name: str, pin: str, language: str) -> FirstCoordinator:
        """Raises :class:`SignInFault`: the code is wrong or was used, the PIN will not do, too soon."""
        check_pin(pin)
        checked_name = _checked_name(name)
        digits = typed_code(code, FIRST_START_DIGITS)
        self._throttle.begin(Holder.FIRST_START)
        with self._lane.database.reader() as repositories:
            wraps = repositories.centre_keys.wraps(Holder.FIRST_START)
        if not wraps:
            raise _wrong_code()
        opener = self._locks.of_code(wraps[0], digits)
        recovery = new_recovery_code()
        sheet, lock = self._locks.for_code(recovery), self._locks.for_pin(pin)
        operator = self._new_operator(checked_name, Role.COORDINATOR, language)
        now = self._clock()

        def work(repositories: Repositories) -> SignedIn:
            if repositories.operators.coordinators():
                raise _wrong_code()
            try:
                found = opened(repositories, wraps[0], opener)
            except SealFault as fault:
                raise _wrong_code() from fault
            key_id = wraps[0].centre_key_id
            repositories.centre_keys.drop_wraps(Holder.FIRST_START)
            repositories.operators.add(operator)
            held = completed(repositories, Role.COORDINATOR, found, now)
            new_holder(repositories, Holder.OPERATOR, operator.id, lock, held, now)
            new_holder(repositories, Holder.RECOVERY, None, sheet, held, now)
            repositories.throttles.clear(Holder.FIRST_START)
            actor = operator_actor(operator.id)
            repositories.journal.append(
                now, actor, Action.OPERATOR_ADDED, str(operator.id), {"role": operator.role}
            )
            repositories.journal.append(now, actor, Action.RECOVERY_SHEET_MADE, str(key_id))
            note_coordinator(repositories)
            return SignedIn(operator, CentreIdentity(key_id, held))

        return FirstCoordinator(self._lane.submit(work).result(), in_groups(recovery))

    # -- coming and going

    def add(self, signed_in: SignedIn, name: str, role: Role, pin: str, language: str) -> Operator:
        """Raises :class:`SignInFault`: not a coordinator, or the PIN will not do."""
        signed_in.require(Permission.MANAGE_OPERATORS)
        check_pin(pin)
        operator = self._new_operator(_checked_name(name), role, language)
        lock = self._locks.for_pin(pin)
        now = self._clock()

        def work(repositories: Repositories) -> Operator:
            repositories.operators.add(operator)
            held = completed(repositories, role, signed_in.centre.identities, now)
            new_holder(repositories, Holder.OPERATOR, operator.id, lock, held, now)
            actor = operator_actor(signed_in.id)
            repositories.journal.append(now, actor, Action.OPERATOR_ADDED, str(operator.id), {"role": role})
            return operator

        return self._lane.submit(work).result()

    def leave(self, signed_in: SignedIn, id: OperatorId) -> None:
        """Somebody left: their PIN opens nothing more. The last coordinator cannot leave.

        Whoever has a copy of the disk and knew the PIN still has the key of today:
        :meth:`kiosk.operators.vault.Vault.rekey` goes further.
        """
        signed_in.require(Permission.MANAGE_OPERATORS)
        now = self._clock()
        self._lane.submit(lambda repositories: let_go(repositories, signed_in.id, id, now)).result()

    def change_pin(self, signed_in: SignedIn, pin: str, badge: str = "") -> None:
        """Raises :class:`SignInFault` where the new PIN will not do, or the badge is missing."""
        signed_in.require(Permission.CHANGE_OWN_PIN)
        check_pin(pin)
        if signed_in.operator.second_factor == Factor.BADGE:
            read_badge(badge)
        lock = self._locks.for_pin(pin, badge)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            held = completed(repositories, signed_in.role, signed_in.centre.identities, now)
            new_holder(repositories, Holder.OPERATOR, signed_in.id, lock, held, now)
            actor = operator_actor(signed_in.id)
            repositories.journal.append(now, actor, Action.PIN_CHANGED, str(signed_in.id))

        self._lane.submit(work).result()

    def reset_pin(self, signed_in: SignedIn, id: OperatorId, pin: str) -> None:
        """Somebody forgot their PIN: a coordinator gives them another. A second factor is set up anew.

        Raises :class:`SignInFault`: not a coordinator, the PIN will not do, or nobody of that id.
        """
        signed_in.require(Permission.MANAGE_OPERATORS)
        check_pin(pin)
        lock = self._locks.for_pin(pin)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            operator = repositories.operators.get(id)
            if operator is None or operator.state is OperatorState.LEFT:
                raise _gone()
            held = completed(repositories, operator.role, signed_in.centre.identities, now)
            renew(repositories, operator, lock, held, now)
            repositories.journal.append(now, operator_actor(signed_in.id), Action.PIN_RESET, str(id))

        self._lane.submit(work).result()

    def set_second_factor(
        self,
        signed_in: SignedIn,
        pin: str,
        new: NewFactor,
        proof: Proof = Proof(),  # noqa: B008 - frozen
    ) -> SignedIn:
        """The operator's own, from the next sign-in on. ``proof`` shows that the new one works.

        Raises :class:`SignInFault`: the PIN is another, or the proof does not hold; nothing is changed then.
        """
        signed_in.require(Permission.CHANGE_OWN_PIN)
        self._signing_in.open(signed_in.operator, pin, proof.badge)
        now = self._clock()
        kept = checked(new.kind, new.secret, proof, now)
        lock = self._locks.for_pin(pin, new.shown if new.kind is Factor.BADGE else "")

        def work(repositories: Repositories) -> SignedIn:
            held = completed(repositories, signed_in.role, signed_in.centre.identities, now)
            new_holder(repositories, Holder.OPERATOR, signed_in.id, lock, held, now)
            key = repositories.centre_keys.current()
            assert key is not None, "somebody is signed in"
            secret = kept.encode() if kept else None
            repositories.operators.set_second_factor(signed_in.id, new.kind, secret, key.recipient)
            actor, details = operator_actor(signed_in.id), {"kind": new.kind.value}
            repositories.journal.append(now, actor, Action.SECOND_FACTOR_CHANGED, str(signed_in.id), details)

            return SignedIn(replace(signed_in.operator, second_factor=new.kind), CentreIdentity(key.id, held))

        return self._lane.submit(work).result()

    # -- signing in

    def sign_in(
        self,
        operator_id: OperatorId,
        pin: str,
        proof: Proof = Proof(),  # noqa: B008 - frozen
    ) -> SignedIn:
        """Raises :class:`SignInFault`: wrong PIN or second factor, or too soon after wrong ones."""
        return self._signing_in.sign_in(operator_id, pin, proof)

    def signed_out(self, signed_in: SignedIn) -> None:
        self._signing_in.signed_out(signed_in)

    def recover(self, code: str, operator_id: OperatorId, pin: str) -> SignedIn:
        """See :meth:`SigningIn.recover`."""
        return self._signing_in.recover(code, operator_id, pin)

    def _new_operator(self, name: str, role: Role, language: str) -> Operator:
        return Operator(OperatorId(new_id()), name, role, language, OperatorState.ACTIVE, self._clock())


def let_go(repositories: Repositories, by: OperatorId, id: OperatorId, now: datetime) -> None:
    """Lane work of :meth:`Operators.leave`."""
    leaving = repositories.operators.get(id)
    if leaving is None or leaving.state is OperatorState.LEFT:
        return
    if leaving.role is Role.COORDINATOR and repositories.operators.coordinators() == 1:
        raise SignInFault(
            Message(N_("The last coordinator cannot be removed.")),
            Message(N_("Please add another coordinator first.")),
        )
    repositories.operators.leave(id, now)
    repositories.operators.set_second_factor(id, Factor.NONE, None, "")
    repositories.centre_keys.drop_wraps(Holder.OPERATOR, id)
    repositories.journal.append(now, operator_actor(by), Action.OPERATOR_LEFT, str(id))


def first_start_code(
    folder: Path,
    *,
    clock: Clock,
    parameters: Argon2Parameters = Argon2Parameters(),  # noqa: B008 - frozen
) -> str:
    """As :meth:`Operators.first_start_code`, over a data folder that no kiosk has open."""
    database = open_database(folder, clock=clock)
    try:
        lane = WriterLane(database, lambda call: call())
        try:
            operators = Operators(lane, DeviceSecret.none(), clock, parameters)
            try:
                return operators.first_start_code()
            finally:
                operators.close()
        finally:
            lane.close()
    finally:
        database.close()


def _checked_name(name: str) -> str:
    checked = " ".join(name.split())
    if not checked:
        raise SignInFault(
            Message(N_("A name is missing.")), Message(N_("Please type the name that people know you by."))
        )
    return checked


def _wrong_code() -> SignInFault:
    return SignInFault(
        Message(N_("This code opens nothing.")),
        Message(N_("It may have been used or replaced. Please compare it with the paper and try again.")),
    )


def _gone() -> SignInFault:
    return SignInFault(
        Message(N_("This person is no longer here.")),
        Message(N_("Please look at the list again.")),
    )
