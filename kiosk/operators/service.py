"""Volunteers and coordinators: first start, sign-in, coming and going.

The methods of :class:`Operators` take as long as Argon2 does (about 0.4 s) and wait for the writer lane:
a GUI calls them through :meth:`Operators.in_background`.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import TypeVar

from kiosk.errors import Message, SealFault, SignInFault
from kiosk.ids import OperatorId, new_id
from kiosk.journal import KIOSK, Action, operator_actor
from kiosk.operators.centre import CentreIdentity, SignedIn
from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.permissions import Permission
from kiosk.operators.secrets import (
    FIRST_START_DIGITS,
    RECOVERY_DIGITS,
    SALT_BYTES,
    Argon2Parameters,
    check_pin,
    in_groups,
    new_first_start_code,
    new_recovery_code,
    stretched,
    typed_code,
)
from kiosk.operators.throttle import Throttle
from kiosk.store import Clock, Done, Outcome, Repositories, WriterLane, open_database
from kiosk.store.centre_keys import CentreKey, CentreKeyId, Holder, KeyWrap
from kiosk.store.operators import Operator, OperatorState, Role
from kiosk.store.sealing import Sealer, new_key_pair
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
        self._secret = secret
        self._clock = clock
        self._parameters = parameters
        self._throttle = Throttle(lane, clock)
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

    def first_start_code(self) -> str:
        """A one-time code for the first coordinator, in groups of four.

        Asked again, it makes another code and another key pair, and the earlier code opens nothing more.
        Raises :class:`SignInFault` once there is a coordinator.
        """
        recipient, identity = new_key_pair()
        code = new_first_start_code()
        salt = token_bytes(SALT_BYTES)
        sealer = stretched(code.encode(), salt, self._parameters)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            if repositories.operators.coordinators():
                raise SignInFault(
                    Message(N_("This kiosk already has a coordinator.")),
                    Message(N_("A coordinator can add others after signing in.")),
                )
            earlier = repositories.centre_keys.current()
            if earlier is not None:
                repositories.centre_keys.retire(earlier.id, now)
                repositories.centre_keys.drop_wraps(Holder.FIRST_START)
            key = CentreKey(CentreKeyId(new_id()), recipient)
            repositories.centre_keys.add(key, now)
            wrap = self._wrap(key.id, Holder.FIRST_START, None, salt)
            repositories.centre_keys.wrap(wrap, identity, sealer)
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
        opener = stretched(digits.encode(), wraps[0].salt, Argon2Parameters.from_json(wraps[0].parameters))
        recovery = new_recovery_code()
        recovery_salt = token_bytes(SALT_BYTES)
        recovery_sealer = stretched(recovery.encode(), recovery_salt, self._parameters)
        operator = self._new_operator(checked_name, Role.COORDINATOR, language)
        pin_salt, pin_sealer = self._pin_sealer(pin)
        now = self._clock()

        def work(repositories: Repositories) -> SignedIn:
            if repositories.operators.coordinators():
                raise _wrong_code()
            try:
                identity = repositories.centre_keys.unwrap(wraps[0].id, opener)
            except SealFault as fault:
                raise _wrong_code() from fault
            key_id = wraps[0].centre_key_id
            repositories.centre_keys.drop_wraps(Holder.FIRST_START)
            repositories.operators.add(operator)
            keys = repositories.centre_keys
            keys.wrap(self._wrap(key_id, Holder.OPERATOR, operator.id, pin_salt), identity, pin_sealer)
            keys.wrap(self._wrap(key_id, Holder.RECOVERY, None, recovery_salt), identity, recovery_sealer)
            repositories.throttles.clear(Holder.FIRST_START)
            actor = operator_actor(operator.id)
            repositories.journal.append(
                now, actor, Action.OPERATOR_ADDED, str(operator.id), {"role": operator.role}
            )
            repositories.journal.append(now, actor, Action.RECOVERY_SHEET_MADE, str(key_id))
            return SignedIn(operator, CentreIdentity(key_id, {key_id: identity}))

        return FirstCoordinator(self._lane.submit(work).result(), in_groups(recovery))

    def add(self, signed_in: SignedIn, name: str, role: Role, pin: str, language: str) -> Operator:
        """Raises :class:`SignInFault`: not a coordinator, or the PIN will not do."""
        signed_in.require(Permission.MANAGE_OPERATORS)
        check_pin(pin)
        operator = self._new_operator(_checked_name(name), role, language)
        salt, sealer = self._pin_sealer(pin)
        now = self._clock()
        key_id = signed_in.centre.current
        identity = signed_in.centre.for_key(key_id)

        def work(repositories: Repositories) -> Operator:
            repositories.operators.add(operator)
            wrap = self._wrap(key_id, Holder.OPERATOR, operator.id, salt)
            repositories.centre_keys.wrap(wrap, identity, sealer)
            repositories.journal.append(
                now,
                operator_actor(signed_in.id),
                Action.OPERATOR_ADDED,
                str(operator.id),
                {"role": operator.role},
            )
            return operator

        return self._lane.submit(work).result()

    def leave(self, signed_in: SignedIn, id: OperatorId) -> None:
        """Somebody left: their PIN opens nothing more. The last coordinator cannot leave."""
        signed_in.require(Permission.MANAGE_OPERATORS)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            leaving = repositories.operators.get(id)
            if leaving is None or leaving.state is OperatorState.LEFT:
                return
            if leaving.role is Role.COORDINATOR and repositories.operators.coordinators() == 1:
                raise SignInFault(
                    Message(N_("The last coordinator cannot be removed.")),
                    Message(N_("Please add another coordinator first.")),
                )
            repositories.operators.leave(id, now)
            repositories.centre_keys.drop_wraps(Holder.OPERATOR, id)
            repositories.journal.append(now, operator_actor(signed_in.id), Action.OPERATOR_LEFT, str(id))

        self._lane.submit(work).result()

    def change_pin(self, signed_in: SignedIn, pin: str) -> None:
        """Raises :class:`SignInFault` where the new PIN will not do."""
        signed_in.require(Permission.CHANGE_OWN_PIN)
        check_pin(pin)
        salt, sealer = self._pin_sealer(pin)
        now = self._clock()
        key_id = signed_in.centre.current
        identity = signed_in.centre.for_key(key_id)

        def work(repositories: Repositories) -> None:
            repositories.centre_keys.drop_wraps(Holder.OPERATOR, signed_in.id)
            wrap = self._wrap(key_id, Holder.OPERATOR, signed_in.id, salt)
            repositories.centre_keys.wrap(wrap, identity, sealer)
            repositories.journal.append(
                now, operator_actor(signed_in.id), Action.PIN_CHANGED, str(signed_in.id)
            )

        self._lane.submit(work).result()

    def sign_in(self, operator_id: OperatorId, pin: str) -> SignedIn:
        """Raises :class:`SignInFault`: wrong PIN, or too soon after wrong ones."""
        subject = f"pin:{operator_id}"
        self._throttle.begin(subject)
        now = self._clock()
        with self._lane.database.reader() as repositories:
            operator = repositories.operators.get(operator_id)
            wraps = repositories.centre_keys.wraps(Holder.OPERATOR, operator_id)
            current = repositories.centre_keys.current()
        openers = {
            wrap.id: stretched(
                self._secret.with_pin(pin), wrap.salt, Argon2Parameters.from_json(wrap.parameters)
            )
            for wrap in wraps
        }

        def work(repositories: Repositories) -> SignedIn | None:
            actor = operator_actor(operator_id)
            known = operator is not None and operator.state is OperatorState.ACTIVE
            if operator is None or current is None or not known or not wraps:
                return None
            try:
                identities = {
                    wrap.centre_key_id: repositories.centre_keys.unwrap(wrap.id, openers[wrap.id])
                    for wrap in wraps
                }
            except SealFault:
                repositories.journal.append(now, actor, Action.SIGN_IN_REFUSED, str(operator_id))
                return None
            repositories.throttles.clear(subject)
            repositories.journal.append(now, actor, Action.SIGNED_IN, str(operator_id))
            return SignedIn(operator, CentreIdentity(current.id, identities))

        signed_in = self._lane.submit(work).result()
        if signed_in is None:
            raise SignInFault(
                Message(N_("This PIN does not match.")),
                Message(N_("Please check the name and type the PIN again.")),
            )
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

        Raises :class:`SignInFault`: the code is wrong, the PIN will not do, too soon.
        """
        check_pin(pin)
        digits = typed_code(code, RECOVERY_DIGITS)
        self._throttle.begin(Holder.RECOVERY)
        with self._lane.database.reader() as repositories:
            wraps = repositories.centre_keys.wraps(Holder.RECOVERY)
        if not wraps:
            raise _wrong_code()
        opener = stretched(digits.encode(), wraps[0].salt, Argon2Parameters.from_json(wraps[0].parameters))
        salt, sealer = self._pin_sealer(pin)
        now = self._clock()

        def work(repositories: Repositories) -> SignedIn:
            operator = repositories.operators.get(operator_id)
            if operator is None or operator.state is OperatorState.LEFT:
                raise _wrong_code()
            try:
                identity = repositories.centre_keys.unwrap(wraps[0].id, opener)
            except SealFault as fault:
                raise _wrong_code() from fault
            key_id = wraps[0].centre_key_id
            repositories.centre_keys.drop_wraps(Holder.OPERATOR, operator_id)
            wrap = self._wrap(key_id, Holder.OPERATOR, operator_id, salt)
            repositories.centre_keys.wrap(wrap, identity, sealer)
            repositories.throttles.clear(Holder.RECOVERY)
            repositories.throttles.clear(f"pin:{operator_id}")
            repositories.journal.append(now, operator_actor(operator_id), Action.RECOVERED, str(operator_id))
            return SignedIn(operator, CentreIdentity(key_id, {key_id: identity}))

        return self._lane.submit(work).result()

    def _new_operator(self, name: str, role: Role, language: str) -> Operator:
        return Operator(OperatorId(new_id()), name, role, language, OperatorState.ACTIVE, self._clock())

    def _pin_sealer(self, pin: str) -> tuple[bytes, Sealer]:
        salt = token_bytes(SALT_BYTES)
        return salt, stretched(self._secret.with_pin(pin), salt, self._parameters)

    def _wrap(
        self, key_id: CentreKeyId, holder: Holder, operator_id: OperatorId | None, salt: bytes
    ) -> KeyWrap:
        return KeyWrap(new_id(), key_id, holder, operator_id, salt, self._parameters.to_json(), self._clock())


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
